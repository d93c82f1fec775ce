"""Whatever stands on a line, the answer is one line, and the next case is played as ever."""

import json

from hypothesis import example, given
from hypothesis import strategies as st

from simulation.cases.running import Stage, answer
from tests.factories import make_snapshot

STAGE = Stage(make_snapshot())
GOOD = json.dumps(
    {"case": "good", "calls": [{"tool": "sell", "arguments": {"buyer": "d", "item_id": "lamp"}}]}
).encode()
EXPECTED = answer(STAGE, 1, GOOD).line

WORDS = st.sampled_from(
    ["", "x", "lamp", "chair", "item", "sale", "ghost", "sale-250901-001", "lines", "\ud800", "\0"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.dictionaries(
    st.sampled_from(["name", "price", "inStock", "note", "buyer", "lines", "status", "createdAt"])
    | WORDS,
    JSON,
    max_size=3,
)
OPERATION = st.fixed_dictionaries(
    {},
    optional={
        "op": st.sampled_from(["create", "update", "delete"]) | JSON,
        "entity_type": st.sampled_from(["item", "sale"]) | JSON,
        "id": WORDS | JSON,
        "fields": FIELDS | JSON,
    },
)
REFERENCE = st.fixed_dictionaries({"$ref": st.sampled_from(["1", "1.0", "1.id", "2.0"]) | JSON})
ARGUMENTS = st.dictionaries(
    st.sampled_from(["buyer", "item_id", "qty", "sale_id", "status", "limit"]) | WORDS,
    REFERENCE | JSON,
    max_size=3,
)
CALL = st.fixed_dictionaries(
    {
        "tool": st.sampled_from(["sell", "searchSales", "updateSale", "update_sale"]) | JSON,
        "arguments": ARGUMENTS | JSON,
    }
)
CASE = st.fixed_dictionaries(
    {"case": WORDS | st.integers() | JSON, "calls": st.lists(CALL, max_size=4) | JSON},
    optional={"setup": st.lists(OPERATION | JSON, max_size=3) | JSON},
)

# well formed, so that the hostile part gets as far as tools and setup
LIKELY = {
    "buyer": WORDS | st.just("ana"),
    "item_id": st.sampled_from(["lamp", "chair", "ghost"]),
    "qty": st.integers(-1, 12),
    "sale_id": st.sampled_from(["sale-250901-001", "sale-250915-007", "ghost"]),
    "status": st.sampled_from(["open", "paid", "lost"]),
    "limit": st.integers(0, 3),
}
LIKELY_CALL = st.one_of(
    *(
        st.fixed_dictionaries(
            {
                "tool": st.just(name),
                "arguments": st.fixed_dictionaries(
                    {each: LIKELY[each] | REFERENCE | JSON for each in needed},
                    optional={each: LIKELY[each] for each in ("limit",) if name == "searchSales"},
                ),
            }
        )
        for name, needed in (
            ("sell", ["buyer", "item_id", "qty"]),
            ("updateSale", ["sale_id", "status"]),
            ("searchSales", []),
        )
    )
)
LIKELY_OPERATION = st.fixed_dictionaries(
    {
        "op": st.sampled_from(["create", "update", "delete"]),
        "entity_type": st.sampled_from(["item", "sale"]),
        "id": st.sampled_from(["lamp", "pen", "sale-250915-004"]),
    },
    optional={"fields": FIELDS | st.just({"name": "Pen", "price": 1, "inStock": 3})},
)
LIKELY_CASE = st.fixed_dictionaries(
    {"case": st.just("c"), "calls": st.lists(LIKELY_CALL, min_size=1, max_size=4)},
    optional={"setup": st.lists(LIKELY_OPERATION, max_size=2)},
)


def check_answer(line):
    got = answer(STAGE, 7, line)
    written = json.loads(got.line)

    assert b"\n" not in got.line
    if got.is_played:
        assert list(written) == ["case", "calls", "changes", "hash"]
    else:
        assert (written["case"], written["line"]) == (None, 7)
        assert written["error"]["code"] in ("invalid_argument", "not_found", "conflict")
    assert answer(STAGE, 1, GOOD).line == EXPECTED


@given(st.binary(max_size=60))
@example(b"\xed\xa0\x80")
def test_any_bytes(line):
    check_answer(line)


@given(CASE)
def test_anything_in_the_form_of_a_case(case):
    check_answer(json.dumps(case).encode())


@given(LIKELY_CASE)
def test_hostile_arguments_and_setups_of_cases_that_are_well_formed(case):
    check_answer(json.dumps(case).encode())
