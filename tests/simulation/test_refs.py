"""References to earlier results inside planned calls."""

import pytest

from simulation.errors import InvalidArgument
from simulation.refs import resolve

RESULTS = [{"id": "a", "rows": [{"id": "b"}, {"id": "c"}]}, None, [1, 2]]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("1.id", "a"),
        ("1.rows.1.id", "c"),
        ("1.rows.0", {"id": "b"}),
        ("3.1", 2),
        ("3", [1, 2]),
        (3, [1, 2]),
    ],
)
def test_a_path_starts_with_the_call_and_goes_on_by_keys_and_positions(path, value):
    assert resolve({"$ref": path}, RESULTS) == value


def test_references_are_found_at_any_depth_and_the_rest_is_kept():
    planned = {"ids": [{"$ref": "1.id"}, "x"], "deep": {"in": {"$ref": "3.0"}}, "n": None}

    assert resolve(planned, RESULTS) == {"ids": ["a", "x"], "deep": {"in": 1}, "n": None}


def test_an_object_with_more_members_is_no_reference():
    assert resolve({"$ref": "9.id", "also": 1}, RESULTS) == {"$ref": "9.id", "also": 1}


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("0.id", "there is no call 0"),
        ("4.id", "there is no call 4"),
        ("-1", "there is no call -1"),
        ("", "there is no call"),
        ("first.id", "there is no call first"),
        ("9" * 5000, "there is no call 9"),
        ("2.id", "call 2 failed and has no result"),
        ("1.name", "the result has no 'name' there"),
        ("1.rows.2", "the result has no '2' there"),
        ("1.rows.-1", "the result has no '-1' there"),
        ("1.rows." + "9" * 5000, "the result has no '9"),
        ("1.id.x", "the result has no 'x' there"),
        (None, "there is no call None"),
    ],
)
def test_a_reference_that_leads_nowhere_says_why(path, reason):
    with pytest.raises(InvalidArgument) as refusal:
        resolve({"$ref": path}, RESULTS)

    assert reason in refusal.value.message
