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
