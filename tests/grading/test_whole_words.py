"""Words as whole words: the quick search finds what the pattern finds."""

from hypothesis import example, given
from hypothesis import strategies as st

from grading.reading.plain import find_whole, whole

words = st.text("ab1-.,' \n", min_size=1, max_size=4)


@given(words, st.text("ab1-.,' \n", max_size=14))
@example("ana li", "ana lima, ana li-ming and ana li")
@example("1", "1.5 and 11, then 1.")
@example("aa", "aaa aa")
def test_one_text_is_found_where_its_pattern_finds_it(text, inside):
    found, expected = find_whole(text, inside), whole((text,)).search(inside)

    assert (found and found.span()) == (expected and expected.span())
