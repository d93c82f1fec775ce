"""Prompts that are nearly the same are all found, without comparing each with each."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from authoring.packs.likeness import ALIKE, alike, likeness

WORDS = st.frozensets(st.sampled_from("abcdefghijkl"), max_size=10)


@settings(max_examples=40)
@given(st.sets(WORDS, max_size=20))
def test_rare_words_miss_no_pair_that_is_alike(sets):
    near = alike(sets)

    found = {frozenset((one, other)) for one, others in near.items() for other in others}
    pairs = combinations((words for words in sets if words), 2)
    assert found == {frozenset(pair) for pair in pairs if likeness(*pair) >= ALIKE}
