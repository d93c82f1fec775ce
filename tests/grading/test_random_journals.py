"""state and unchanged on random journals of the store, against oracles that only compare rows."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from grading.criteria import Outcome
from grading.graders import Evidence, read_check
from simulation.errors import GymError
from simulation.transcript import StepRecord
from tests.factories import make_spec
from tests.grading.evidence import make_evidence

START = {
    name: {row["id"]: dict(row) for row in make_evidence().before.rows(name)}
    for name in ("sale", "item")
}
STAMPED = "updatedAt"
BUYERS, STATUSES = ("ana", "bo", "dee"), ("open", "paid", "void")
keys = st.sampled_from([*START["sale"], "n1", "n2", "n3"])
fields = st.fixed_dictionaries(
    {}, optional={"buyer": st.sampled_from(BUYERS), "status": st.sampled_from(STATUSES)}
)
writes = st.one_of(
    st.tuples(st.just("update"), keys, fields),
    st.tuples(st.just("create"), keys, fields),
    st.tuples(st.just("delete"), keys, st.just({})),
    st.tuples(st.just("stock"), st.sampled_from([*START["item"]]), st.integers(0, 3)),
)
journals = st.lists(writes, max_size=9)
conditions = st.one_of(
    st.tuples(st.just("buyer"), st.sampled_from(BUYERS)),
    st.tuples(st.just("status"), st.sampled_from(STATUSES)),
)


def play(journal):
    """Do what can be done; what the world refuses leaves no trace. One step a write."""
    world, steps = make_evidence().world, []
    for index, (kind, key, given_) in enumerate(journal, start=1):
        length = len(world.journal)
        try:
            if kind == "create":
                new = {"buyer": "dee", "lines": [], "status": "open", **given_}
                world.create("sale", new, key=key)
            elif kind == "delete":
                world.delete("sale", key)
            elif kind == "stock":
                world.update("item", key, {"inStock": given_})
            else:
                world.update("sale", key, given_)
        except GymError:
            world.rollback(length)
        changes = tuple(world.journal[length:])
        steps.append(StepRecord(index, index, "tool_call", tool="sell", changes=changes))
    return Evidence(make_spec(), steps, "", world)


def rows_at_end(evidence, entity_type):
    return {row["id"]: dict(row) for row in evidence.world.rows(entity_type)}


def is_met(check, evidence):
    finding = read_check(check).bound(evidence.before).grade(evidence)
    assert finding.outcome in (Outcome.MET, Outcome.NOT_MET)
    assert finding.reason
    steps = {step.index for step in evidence.steps}
    assert {cited.step for cited in finding.evidence} <= steps
    return finding.outcome == Outcome.MET


def as_where(pairs):
    return [{"path": path, "value": value} for path, value in pairs]


def meets(row, pairs):
    return all(row.get(path) == value for path, value in pairs)


# state


@given(journals, st.lists(conditions, max_size=2), st.lists(conditions, max_size=2), st.booleans())
def test_state_counts_the_rows_that_an_oracle_counts(journal, where, expect, created):
    evidence = play(journal)
    rows = rows_at_end(evidence, "sale").items()
    chosen = [row for key, row in rows if not (created and key in START["sale"])]
    chosen = [row for row in chosen if meets(row, where)]
    good = [row for row in chosen if meets(row, expect)]
    check = {
        "kind": "state",
        "entity_type": "sale",
        "created": created,
        "where": as_where(where),
        "expect": as_where(expect),
    }

    assert is_met({**check, "count": {"eq": len(good)}}, evidence)
    assert not is_met({**check, "count": {"gte": len(good) + 1}}, evidence)
    assert is_met({**check, "exists": bool(good)}, evidence)
    if expect:
        assert is_met({**check, "match": "any"}, evidence) == bool(good)
        assert is_met({**check, "match": "one"}, evidence) == (len(good) == 1)
        everything = bool(chosen) and len(good) == len(chosen)
        assert is_met({**check, "match": "all"}, evidence) == everything


@given(journals, keys, st.sampled_from([None, *STATUSES]), st.sampled_from([None, *STATUSES]))
def test_state_sees_a_change_where_the_two_ends_differ(journal, key, start, end):
    evidence = play(journal)
    was, now = START["sale"].get(key, {}), rows_at_end(evidence, "sale").get(key)
    transition = {"path": "status"}
    transition |= {"from": start} if start else {}
    transition |= {"to": end} if end else {}
    changed = now is not None and was.get("status") != now["status"]
    changed = changed and start in (None, was.get("status")) and end in (None, now["status"])

    check = {"kind": "state", "entity_type": "sale", "id": key, "changed": [transition]}

    assert is_met(check, evidence) == changed


@given(journals, keys, keys)
def test_state_sees_the_order_of_last_writes(journal, key, other):
    evidence = play(journal)
    rows = rows_at_end(evidence, "sale")
    last = {}
    for step in evidence.steps:
        for change in step.changes:
            last[change.id] = step.index
    check = {"kind": "state", "entity_type": "sale", "id": key}
    place = {"entity_type": "sale", "id": other}
    both = key in rows and key in last and other in last

    is_later = both and last[key] > last[other]
    is_earlier = both and last[key] < last[other]
    assert is_met({**check, "after": place}, evidence) == is_later
    assert is_met({**check, "before": place}, evidence) == is_earlier


@given(journals)
def test_the_step_that_wrote_a_row_last_is_that_of_its_last_write(journal):
    evidence = play(journal)

    assert evidence.last_step == {row: found[-1][0] for row, found in evidence.writes.items()}


# unchanged


@st.composite
def allowances(draw):
    kind = draw(st.sampled_from(["changed", "created", "deleted"]))
    made = {"entity_type": draw(st.sampled_from(["sale", "sale", "item"]))}
    if kind != "changed":
        made[kind] = True
    elif made["entity_type"] == "sale" and draw(st.booleans()):
        # one field or all: rows that need several numbered allowances are not the oracle's matter
        made["fields"] = draw(st.sampled_from([["status", "buyer"], ["status"]]))
    if made["entity_type"] == "sale" and draw(st.booleans()):
        made["where"] = as_where(draw(st.lists(conditions, min_size=1, max_size=1)))
    if draw(st.booleans()):
        made["count"] = draw(st.integers(1, 2))
    return made


def differences(evidence):
    """Give (entity type, row at the start, row at the end) of every row that differs."""
    for name in ("item", "sale"):
        end = rows_at_end(evidence, name)
        for key in sorted(START[name].keys() | end.keys()):
            pair = [
                None if row is None else {k: v for k, v in row.items() if k != STAMPED}
                for row in (START[name].get(key), end.get(key))
            ]
            if pair[0] != pair[1]:
                yield (name, *pair)


def covers(allowance, difference):
    name, was, now = difference
    kind = "created" if was is None else "deleted" if now is None else "changed"
    wanted = next((k for k in ("created", "deleted") if allowance.get(k)), "changed")
    row = now if was is None else was
    where = [(each["path"], each["value"]) for each in allowance.get("where", ())]
    if name != allowance["entity_type"] or kind != wanted or not meets(row, where):
        return False
    if kind != "changed" or "fields" not in allowance:
        return True
    differing = {k for k in was.keys() | now.keys() if was.get(k) != now.get(k)}
    return differing <= set(allowance["fields"])


def can_be_covered(found, allow):
    """Try every way to give the numbered allowances away, seat by seat."""
    numbered = [a for a in allow if "count" in a]
    seats = [a for a in numbered for _ in range(a["count"])]
    free = [a for a in allow if "count" not in a]
    rest = [each for each in found if not any(covers(a, each) for a in free)]
    if len(rest) > len(seats):
        return False
    return any(
        all(covers(seat, each) for seat, each in zip(order, rest, strict=True))
        for order in permutations(seats, len(rest))
    )


@given(journals, st.lists(allowances(), max_size=3))
def test_unchanged_is_met_when_an_oracle_finds_a_way_to_allow_everything(journal, allow):
    evidence = play(journal)

    wanted = can_be_covered([*differences(evidence)], allow)

    assert is_met({"kind": "unchanged", "allow": allow}, evidence) == wanted
