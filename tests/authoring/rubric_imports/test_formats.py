"""Formats of rubrics: what is read of each, what is refused with its place, what goes out."""

import json
import time

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from authoring.content import DraftContent
from authoring.rubric_imports import FORMATS, MAX_BYTES
from authoring.rubric_imports.fields import tidy
from authoring.rubric_imports.looking import look_at
from authoring.rubric_imports.source import TOO_LARGE, received_text
from simulation.errors import Conflict, InvalidArgument
from tests.authoring.rubric_imports.samples import (
    CSV,
    HEALTHBENCH,
    OWN,
    PAPERBENCH,
    RAR,
    TEXTS,
    lines,
)


def read(text, **chosen):
    found = look_at(text if isinstance(text, str) else json.dumps(text), **chosen)
    assert found.reading.problems == ()
    return found.reading


def problems(text, **chosen):
    return look_at(text if isinstance(text, str) else json.dumps(text), **chosen).reading.problems


def tree(*children, **fields):
    node = {"requirements": "Something holds.", "weight": 1, "sub_tasks": list(children)}
    return {**node, **fields}


def drafted(*criteria):
    made = [{"key": f"c-{n}", **each} for n, each in enumerate(criteria)]
    data = {"category": "communication", "prompt": "Sell.", "rubric": {"criteria": made}}
    return DraftContent.model_validate(data)


@pytest.mark.parametrize("form", TEXTS)
def test_a_format_is_recognised_by_its_shape(form):
    assert look_at(TEXTS[form]).format == form
    assert read(TEXTS[form]) == read(TEXTS[form], form=form)


@pytest.mark.parametrize(
    ("form", "expected"),
    {
        "healthbench": [
            ("Says that the lamp can be sent back within 30 days.", 8, "completeness"),
            ("Promises money back before the lamp has been seen.", -6, "correctness"),
            ("Answers in at most five sentences.", 2, "correctness"),
        ],
        "rar": [
            ("Names the sale by its number.", 5, "correctness"),
            ("Writes one short paragraph.", 3, "format_compliance"),
            ("Changes a sale of somebody else.", -1, "correctness"),
        ],
        "paperbench": [
            ("Sales of 2025 are loaded.", 2, "completeness"),
            ("Void sales are left out.", 1, "completeness"),
            ("The table shows 12 lamps for March.", 9, "correctness"),
        ],
        "criteria": [
            ("The answer names the lamp.", 2, "completeness"),
            ("Voids a sale.", -3, "correctness"),
        ],
        "csv": [
            ("Says what it costs;\nwith tax.", 2, "correctness"),
            ("Stays polite.", 1, "format_compliance"),
            ("Gives a discount.", -2, "constraint_satisfaction"),
        ],
    }.items(),
)
def test_texts_points_and_categories_are_read(form, expected):
    criteria = read(TEXTS[form]).criteria

    assert [(each.text, each.points, each.category) for each in criteria] == expected


@pytest.mark.parametrize(
    ("form", "kept"),
    [
        ("healthbench", ["row-7", "theme:returns", "level:example, axis:completeness"]),
        ("rar", ["Finds the sale", "Essential", "Weight: 5"]),
        ("paperbench", ["a1", "The study of the shop is reproduced. / The data are prepared.",
                        "Dataset and Model Acquisition", "16.67% of the whole"]),
        ("criteria", ["Any spelling."]),
    ],
)  # fmt: skip
def test_what_a_format_says_besides_is_kept_in_the_note(form, kept):
    note = read(TEXTS[form]).criteria[0].note

    assert all(words in note for words in kept)


def test_a_data_set_of_several_rows_asks_for_one_of_them():
    other = {**HEALTHBENCH, "rubrics": [{"criterion": "Greets.", "points": 1, "tags": []}]}
    for text in (lines(HEALTHBENCH, other), json.dumps([HEALTHBENCH, other])):
        found = look_at(text)

        assert found.needs_part
        assert [each.value for each in found.parts] == ["1", "2"]
        assert found.parts[0].label == "Row 1, 3 criteria: My lamp came broken. What now?"
        assert found.reading.problems == ("it holds 2 rubrics: choose one, 1 to 2",)
        assert [each.text for each in read(text, part="2").criteria] == ["Greets."]
        assert problems(text, part="3") == ("there is no part '3': 1 to 2",)


def test_a_data_set_of_rar_is_read_by_row():
    rows = [{"question": "Where is it?", "rubric": RAR}, {"question": "When?", "rubric": RAR[:1]}]

    assert len(read(lines(*rows), part="1").criteria) == 3
    assert len(read({"rubric": RAR}).criteria) == 3


@pytest.mark.parametrize(
    ("weights", "points", "rule"),
    [
        (["Essential", "important", "Optional criteria", "Pitfall"], [5, 3, 1, -1], "words"),
        ([1.0, 0.7, 0.3, -0.9], [10, 7, 3, -9], "multiplied by 10"),
        (["5", "-2", 1, 100], [5, -2, 1, 100], ""),
    ],
)
def test_weights_of_rar_become_points_by_rules_that_are_told(weights, points, rule):
    rubric = [{**RAR[0], "description": f"Holds {n}.", "weight": w} for n, w in enumerate(weights)]

    reading = read(rubric)

    assert [each.points for each in reading.criteria] == points
    assert any(rule in notice for notice in reading.notices)


def test_a_pitfall_that_gives_points_is_pointed_out():
    (made,) = read([{**RAR[2], "weight": 1}]).criteria

    assert made.hints == ("is called pitfall, and gives points",)


@pytest.mark.parametrize(
    ("root", "points", "told"),
    [
        (tree(tree(weight=4), tree(weight=6)), [4, 6], "weights are kept"),
        (tree(tree(weight=0.5), tree(weight=1.5)), [1, 3], "moves none"),
        (tree(tree(tree(weight=1), tree(weight=2)), tree(weight=1)), [1, 2, 3], "moves none"),
        (tree(tree(weight=1), tree(weight=1000)), [1, 100], "had 0.10% and gets 0.99%"),
        (tree(tree(weight=0), tree(weight=7)), [7], "weight 0 are left out: 1"),
        (tree(), [1], "moves none"),
    ],
)
def test_leaves_of_a_tree_weigh_what_their_branches_leave_them(root, points, told):
    reading = read(root)

    assert [each.points for each in reading.criteria] == points
    assert any(told in notice for notice in reading.notices)


@settings(max_examples=15)
@given(st.lists(st.lists(st.integers(1, 60), min_size=1, max_size=5), min_size=2, max_size=5))
def test_the_told_move_of_shares_is_the_farthest_there_is(branches):
    root = tree(*(tree(*(tree(weight=w) for w in weights)) for weights in branches))

    reading = read(root)

    points = [each.points for each in reading.criteria]
    exact = [w / sum(ws) / len(branches) for ws in branches for w in ws]
    farthest = max(abs(p / sum(points) - e) for p, e in zip(points, exact, strict=True))
    assert all(1 <= each <= 100 for each in points)
    told = f"more than {farthest:.2%}" if farthest > 1e-9 else "moves none"
    assert told in reading.notices[0]


def test_a_branch_of_a_tree_can_be_chosen_and_its_shares_are_its_own():
    found = look_at(json.dumps(PAPERBENCH))
    reading = read(PAPERBENCH, part="1")

    assert [(each.value, each.label) for each in found.parts] == [
        ("1", "1 The data are prepared. (2 leaves)")
    ]
    assert not found.needs_part
    assert [each.points for each in reading.criteria] == [2, 1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["there is no text: paste a rubric, or choose a file"]),
        ("hello", ["it is in none of these forms"]),
        ("{", ["the text is not valid JSON: "]),
        ('[{"text": "A"},\n{"text": "B"},,]', ["the text is not valid JSON: Expecting value in l"]),
        ('{"criterion": 1}\n{"criterion": }\n[', ["line 2: is not", "line 3: is not"]),
        ('[{"text": "A", "points": NaN}]', ["item 1, points: NaN is not a number that JSON has"]),
        ('[{"text": "A", "points": 1e999}]', ["item 1, points: a number is too large"]),
        ('[{"text": "A", "points": 12345678901234567890123}]', ["beyond 64 bits"]),
        ('[{"text": "A", "text": "B"}]', ["item 1, text: stands there more than once"]),
        ('{"sub_tasks": ' * 40 + "[]" + "}" * 40, ["nested deeper than 32 levels"]),
        ("[" * 100_000, ["the text is nested deeper than 32 levels"]),
        ('[{"text": "A", "points": 0}]', ["item 1, points: points are 0: write a whole number"]),
        ('[{"text": "A", "points": 2.5}]', ["points are 2.5"]),
        ('[{"text": "A", "points": true}]', ["points are True"]),
        ('[{"text": "A", "points": "many"}]', ["points are 'many'"]),
        ('[{"text": "A", "points": 101}]', ["from -100 to 100, never 0"]),
        ('[{"text": " ", "category": "x", "weight": 1}]',
         ["weight: there is no such field", "text: say what", "category: 'x': write one of"]),
        ('[{"text": "A", "check": {"kind": "magic"}}]', ["check: write an object whose kind is"]),
        ('[{"text": "A"}, 3]', ["item 2: write an object"]),
        ('{"rubrics": [{"criterion": "A", "tags": "x"}]}',
         ["rubrics 1, tags: write a list of texts", "rubrics 1, points: points are missing"]),
        (json.dumps([{"text": "x" * 1001}]), ["has 1,001 characters; a criterion has at most"]),
        ('[{"title": "A", "description": "B", "weight": "huge"}]', ["essential (5)"]),
        ('[{"title": "A", "description": "B", "weight": 0.123}]', ["0.123 makes no points"]),
        ("text,points\nA,two\n,3\n", ["line 2: points are 'two'", "line 3, text: say what"]),
        ("text,points\n", ["the table has no row below its names"]),
        ("text,text\nA,B\n", ["two columns are named 'text'"]),
        ("text,price\nA,2\n", ["there is no column 'price'"]),
        ('text,points\n"A,2\n', ["the table cannot be read: unexpected end of data"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place_and_all_at_once(text, expected):
    found = problems(text)

    assert len(found) == len(expected)
    assert all(part in said for part, said in zip(expected, found, strict=True))


@pytest.mark.parametrize(
    ("root", "expected"),
    [
        (tree(tree(weight=-1), tree(weight="2")), ["sub_tasks 1, weight: ", "sub_tasks 2, weight"]),
        (tree(tree(id="x"), tree(id="x")), ["sub_tasks 2, id: 'x' is there already"]),
        (tree(tree(weight=0)), ["no leaf weighs anything"]),
        (tree(tree(requirements=None)), ["sub_tasks 1, requirements: say what must be true"]),
        (tree(sub_tasks={"a": 1}), ["sub_tasks: write a list", "no leaf weighs anything"]),
        (tree(*([tree()] * 10_000)), ["the tree has 10,000 leaves and a rubric at most 100"]),
    ],
)
def test_what_is_wrong_with_a_tree_is_said_with_its_path(root, expected):
    found = problems(root)

    assert len(found) == len(expected)
    assert all(part in said for part, said in zip(expected, found, strict=True))


@pytest.mark.parametrize(
    "root",
    [
        tree(*(tree(weight=w, id=f"n{w}") for w in range(1, 9_000))),
        tree(*(tree(*(tree(weight=1.0001 + n / 7) for n in range(10))) for _ in range(10))),
        {"rubrics": [{"criterion": "A" * 900, "points": n} for n in range(1_000)]},
        [[[]] * 100_000],
    ],
)
def test_large_and_awkward_documents_are_answered_quickly(root):
    text = json.dumps(root)[:MAX_BYTES]

    started = time.process_time()
    look_at(text)

    assert time.process_time() - started < 3


def test_a_text_that_is_too_large_is_refused_before_it_is_read():
    assert problems("[" + " " * MAX_BYTES) == (TOO_LARGE,)
    with pytest.raises(InvalidArgument, match="larger than 1 MB"):
        received_text(b"x" * (MAX_BYTES + 1))
    with pytest.raises(InvalidArgument, match="the file is not UTF-8"):
        received_text("Größe,points".encode("latin-1"))


def test_what_cannot_be_stored_is_replaced_and_what_cannot_be_seen_is_pointed_out():
    reading = read('[{"text": "Says \\u0000 and \\ud800\\u202e."}]')

    assert reading.criteria[0].text == "Says \ufffd and \ufffd\u202e."
    assert reading.criteria[0].hints
    assert "U+FFFD" in reading.notices[0]
    assert received_text(b"\xef\xbb\xbftext\x00") == "text\ufffd"


def test_a_spreadsheets_formula_goes_out_as_text_and_comes_back():
    texts = ["=1+1", "'=1+1", "-2 is said", "'quoted'", "@here"]
    data = FORMATS["csv"].write("t", drafted(*({"text": text} for text in texts))).decode()

    assert "\n'=1+1," in data
    assert "\n''=1+1," in data
    assert [each.text for each in read(data).criteria] == texts


TEXT = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\0\r"), min_size=1, max_size=40
)
POINTS = st.integers(-100, 100).filter(bool)
CATEGORIES = ("completeness", "correctness", "constraint_satisfaction", "format_compliance")


@pytest.mark.parametrize("form", ["healthbench", "rar", "paperbench", "csv", "criteria"])
@settings(max_examples=30)
@given(st.lists(st.tuples(TEXT, POINTS, st.sampled_from(CATEGORIES)), min_size=1, max_size=6))
def test_what_goes_out_comes_in_with_its_texts_points_and_order(form, rubric):
    assume(all(tidy(text) for text, _, _ in rubric))
    if form == "paperbench":
        rubric = [(text, abs(points), category) for text, points, category in rubric]
    names = ("text", "points", "category")
    content = drafted(*(dict(zip(names, (tidy(e[0]), *e[1:]), strict=True)) for e in rubric))

    data = FORMATS[form].write("t", content).decode()

    made = read(data, form=form).criteria
    assert [(e.text, e.points) for e in made] == [
        (e.text, e.points) for e in content.rubric.criteria
    ]
    assert look_at(data).format == form
    if form in ("healthbench", "csv", "criteria"):
        assert [e.category for e in made] == [e.category for e in content.rubric.criteria]
        assert [e.key for e in made] == [e.key for e in content.rubric.criteria]


@pytest.mark.parametrize(
    ("form", "criteria", "said"),
    [
        ("paperbench", [{"text": "A"}, {"text": "B", "points": -2}], "c-1: PaperBench has no"),
        ("rar", [{"text": ""}], "c-0: write what must be true first"),
        ("csv", [], "no criteria yet"),
    ],
)
def test_what_a_format_cannot_say_is_not_written(form, criteria, said):
    with pytest.raises(Conflict, match=said):
        FORMATS[form].write("t", drafted(*criteria))


def test_our_own_form_keeps_checks_and_takes_task_files():
    for document in (OWN, {"rubric": OWN}, {"rubric": {"criteria": OWN}}):
        first, second = read(document).criteria

        assert first.check == {"kind": "judge", "look_at": ["answer"]}
        assert (first.key, second.check) == ("names-the-lamp", {})


def test_columns_may_be_in_any_order_and_separated_by_tabs():
    reading = read("\n\nPoints\tCriterion\nessential\tNames it.\n\n")

    assert [(e.text, e.points, e.place) for e in reading.criteria] == [("Names it.", 3, "line 4")]
    assert CSV.count("\n") == 5


def test_a_text_that_begins_like_a_rank_keeps_its_beginning():
    texts = ["Essential: the lamp.", "Pitfall criteria: none are named."]
    data = FORMATS["rar"].write("t", drafted(*({"text": text} for text in texts))).decode()

    assert [each.text for each in read(data).criteria] == texts
