"""Steps come, go and move; a reference still means the step that it meant."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from authoring.references import changes
from authoring.references.changes import Referred
from simulation.errors import Conflict


def call(name: str, *paths: str, **more: Any) -> dict[str, Any]:
    used = {f"a{place}": {"$ref": path} for place, path in enumerate(paths)}
    return {"call": name, "arguments": {**used, **more}}


THREE = [call("one"), call("two", "1.id"), call("three", "2.0.id", "1"), {"message": "Done."}]


def paths(steps: list[dict[str, Any]], place: int) -> list[str]:
    return list(changes.paths_in(steps[place].get("arguments")))


def names(steps: list[dict[str, Any]]) -> list[str]:
    return [str(step.get("call", "message")) for step in steps]


def test_a_step_that_comes_moves_the_references_behind_it():
    steps = changes.insert(THREE, 1, [call("new", "1.x")])

    assert names(steps) == ["one", "new", "two", "three", "message"]
    assert [paths(steps, at) for at in range(4)] == [[], ["1.x"], ["1.id"], ["3.0.id", "1"]]
    assert paths(THREE, 2) == ["2.0.id", "1"]


def test_nothing_stands_behind_the_last_message():
    assert changes.end_of(THREE) == 3
    with pytest.raises(Conflict, match="no place 5"):
        changes.insert(THREE, 4, [call("new")])


def test_references_in_lists_and_rows_are_numbered_too():
    steps = [call("one"), call("two", lines=[{"id": {"$ref": "1.0.id"}}, "1.0.id"])]

    moved = changes.insert(steps, 0, [call("new")])

    assert moved[2]["arguments"]["lines"] == [{"id": {"$ref": "2.0.id"}}, "1.0.id"]


def test_a_step_that_others_use_is_not_taken_away():
    with pytest.raises(Referred, match="steps 2 and 3 use the result of step 1") as found:
        changes.remove(THREE, 0)

    assert found.value.users == (1, 2)


def test_it_goes_when_its_values_are_put_in_place():
    steps = changes.remove(THREE, 0, [{"id": "sale-1"}, [{"id": "x"}], None])

    assert names(steps) == ["two", "three", "message"]
    assert steps[0]["arguments"] == {"a0": "sale-1"}
    assert steps[1]["arguments"] == {"a0": {"$ref": "1.0.id"}, "a1": {"id": "sale-1"}}


def test_a_call_that_failed_left_no_value_to_put_in_place():
    with pytest.raises(Conflict, match="call 1 failed and has no result"):
        changes.remove(THREE, 0, [None, None, None])


@pytest.mark.parametrize(
    ("place", "to", "says"),
    [
        (1, 0, "step 2 uses the result of step 1"),
        (0, 2, "step 2 uses the result of step 1"),
        (0, 3, "cannot go to place 4"),
        (3, 0, "step 4 cannot go"),
        (0, -1, "cannot go to place 0"),
    ],
)
def test_a_step_stays_behind_those_whose_results_it_uses(place, to, says):
    with pytest.raises(Conflict, match=says):
        changes.move(THREE, place, to)


def test_messages_between_calls_are_not_counted():
    steps = [call("one"), {"message": "Wait."}, call("two"), call("three", "2.id")]

    assert changes.users_of(steps, 2) == [3]
    moved = changes.move(steps, 1, 0)
    assert names(moved) == ["message", "one", "two", "three"]
    assert paths(moved, 3) == ["2.id"]


@pytest.mark.parametrize("path", ["", "x.1", "99.id", "-1.id", "²"])
def test_a_reference_to_nothing_stays_as_it_is(path):
    steps = [call("one"), call("two", path)]

    assert paths(changes.insert(steps, 0, [call("new")]), 2) == [path]


def test_the_end_is_written_and_taken_back():
    assert changes.with_message(THREE, "Bye.")[-1] == {"message": "Bye."}
    assert names(changes.with_message(THREE, " ")) == ["one", "two", "three"]


def test_steps_of_a_clone_are_numbered_behind_those_that_are_there():
    assert paths(changes.shifted([call("a"), call("b", "1.id")], 4), 1) == ["5.id"]


@st.composite
def solutions(draw: Any) -> list[dict[str, Any]]:
    """Make solutions of calls with names of their own, each of which may use earlier ones."""
    count = draw(st.integers(1, 7))
    steps = []
    for place in range(count):
        used = draw(st.lists(st.integers(1, place), max_size=2)) if place else []
        steps.append(call(f"c{place}", *(f"{number}.id" for number in used)))
    return [*steps, {"message": "Done."}] if draw(st.booleans()) else steps


def meant(steps: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Give what each call refers to by its name, which no change touches."""
    calls = [step for step in steps if changes.is_call(step)]
    return {
        step["call"]: [
            calls[changes.number_in(path) - 1]["call"]
            for path in changes.paths_in(step["arguments"])
        ]
        for step in calls
    }


def works(steps: list[dict[str, Any]]) -> bool:
    """Tell whether every reference leads to an earlier call."""
    numbers = changes.call_numbers(steps)
    return all(
        0 < changes.number_in(path) < numbers[at]
        for at, step in enumerate(steps)
        for path in changes.paths_in(step.get("arguments"))
    )


@settings(max_examples=60)
@given(
    solutions(), st.lists(st.tuples(st.sampled_from("imrv"), st.integers(0, 7), st.integers(0, 7)))
)
def test_whatever_is_done_every_reference_means_the_same_step(steps, does):
    known = meant(steps)
    for turn, (what, place, to) in enumerate(does):
        results = [{"id": f"id of {n}"} for n in range(len(steps))] if what == "v" else None
        new = call(f"n{turn}")
        try:
            match what:
                case "i":
                    steps = changes.insert(steps, place, [new])
                    known |= meant([new])
                case "m":
                    steps = changes.move(steps, place, to)
                case _:
                    steps = changes.remove(steps, place, results)
        except Conflict:
            continue
        left = meant(steps)
        gone = known.keys() - left.keys()
        known = {name: [u for u in used if u not in gone] for name, used in known.items()}
        known = {name: used for name, used in known.items() if name not in gone}
        assert left == known
        assert works(steps)
