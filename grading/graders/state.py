"""state: what rows of the world look like when the episode is over."""

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any, ClassVar, Literal, NamedTuple

from pydantic import ConfigDict, Field, model_validator

from grading import expectations
from grading.bounds import AT_LEAST_ONE, NONE, Bounds
from grading.expectations import Expectation, first_broken, says_all, value_at, written
from grading.expected import ExpectedAny, ExpectedText, known, misfits, says
from grading.graders import GRADERS, Check, Cited, Evidence, Finding, decided
from grading.moments import OtherWrite, misplaced, order_says, written_in
from simulation.entities import Row
from simulation.environments import Environment
from simulation.errors import InvalidArgument
from simulation.paths import entity_type_of, read_path
from simulation.values import Frozen
from simulation.wording import counted, listed, plural, spoken, spoken_path

NAMED = 3  # rows that a reason names
QUANTIFIERS = {"one": "exactly one", "all": "every", "any": "at least one"}


class Transition(Frozen):
    """A field that the episode changed, `from` one value `to` another; either may be left open."""

    model_config = ConfigDict(validate_by_name=True)

    path: str = Field(min_length=1, max_length=200, description="a field of the row")
    start: ExpectedAny = Field(None, alias="from", description="its value at the start")
    end: ExpectedAny = Field(None, alias="to", description="its value at the end")

    def says(self) -> str:
        start = f" from {says(self.start)}" if self.start is not None else ""
        end = f" to {says(self.end)}" if self.end is not None else ""
        return f"{spoken_path(self.path)} was changed{start}{end}"


@lru_cache(maxsize=1024)
def ends_of(transition: Transition) -> tuple[Expectation | None, Expectation | None]:
    """Give what must hold before and after the episode; None where that is left open."""
    start, end = (
        None if value is None else Expectation(path=transition.path, value=value)
        for value in (transition.start, transition.end)
    )
    return start, end


class Judged(NamedTuple):
    """One chosen row, and what it does not comply with; "" when it complies."""

    key: str
    broken: str


@GRADERS.add("state")
class StateCheck(Check):
    """Look at rows of the world as the agent left it.

    Say which rows: one by `id`, those that meet `where`, or all of a type; with `created: true`
    only those that the agent made. Then say what must be true of them: `expect` lists what their
    fields hold, `changed` which fields the agent changed. With `match` every chosen row must
    comply (all, unless you say otherwise), exactly one, or any. Instead, `count` says how many may
    comply, and `exists: false` that none does. A row that is not there never complies. With
    `before` or `after` a row complies only when its fields of `expect` and `changed` (or else the
    row itself) got their last value in a step before or after the one that wrote the other row."""

    EXAMPLE: ClassVar[Mapping[str, Any]] = {
        "kind": "state",
        "entity_type": "support_ticket",
        "id": "tick-250901-001",
        "expect": [
            {"path": "status", "value": "resolved"},
            {"path": "resolutionId.outcome", "op": "in", "value": ["refund_issued", "no_action"]},
        ],
    }

    kind: Literal["state"]
    entity_type: str
    id: ExpectedText = Field(None, description="of one row; without it, the lines of where choose")
    where: tuple[Expectation, ...] = Field(
        (), description="which rows, as they are at the end; every line must hold"
    )
    created: bool = Field(False, description="only rows that the agent made")
    expect: tuple[Expectation, ...] = Field(
        (), description="what the fields of these rows hold at the end"
    )
    changed: tuple[Transition, ...] = Field(
        (), description="fields that the agent changed; from and to may be left open"
    )
    match: Literal["one", "all", "any"] = Field(
        "all", description="how many of these rows must comply"
    )
    count: Bounds | None = Field(None, description="instead: so many rows comply")
    exists: bool | None = Field(
        None, description="instead: yes, at least one row complies; no, none does"
    )
    before: OtherWrite | None = Field(None, description="written before this other row was")
    after: OtherWrite | None = Field(None, description="written after this other row was")

    @model_validator(mode="after")
    def _says_something(self) -> "StateCheck":
        if self.id is not None and self.where:
            raise ValueError("write id or where, not both")
        if self.count is not None and self.exists is not None:
            raise ValueError("write count or exists, not both")
        if self._wanted and "match" in self.model_fields_set:
            raise ValueError("match goes with expect or changed, not with count or exists")
        is_ordered = self.before or self.after
        if not (self._wanted or self.expect or self.changed or is_ordered):
            raise ValueError("say what must be true: expect, changed, count or exists")
        return self

    def grade(self, evidence: Evidence) -> Finding:
        entity_type_of(evidence.world.snapshot.company, self.entity_type)
        judged = [Judged(row["id"], self._broken(evidence, row)) for row in self._rows(evidence)]
        if self._wanted:
            return self._decide_count(evidence, judged, self._wanted)
        return self._decide_match(evidence, judged)

    def sentence(self) -> str:
        quantifier = self._wanted.says() if self._wanted else QUANTIFIERS[self.match]
        rows = "the " if self.id is not None and not self._wanted else f"{quantifier} "
        true = f": {self._true}" if self._true else " is there at the end"
        sentence = f"{rows}{self._chosen}{true}."
        return sentence[0].upper() + sentence[1:]

    def problems(self, company: Environment) -> list[str]:
        try:
            entity_type_of(company, self.entity_type)
        except InvalidArgument as error:
            return [error.message]
        ends = [
            end or Expectation(path=transition.path, op="not_null")
            for transition in self.changed
            for end in ends_of(transition)
        ]
        found = [
            *misfits(company, "id", self.id, kinds={"text"}),
            *expectations.problems_of(company, "where", self.entity_type, self.where),
            *expectations.problems_of(company, "expect", self.entity_type, self.expect),
            *expectations.problems_of(company, "changed", self.entity_type, ends),
            *(f"before.{line}" for line in (self.before.problems(company) if self.before else ())),
            *(f"after.{line}" for line in (self.after.problems(company) if self.after else ())),
        ]
        return list(dict.fromkeys(found))

    @cached_property
    def _true(self) -> str:
        """What must be true of a row, in words."""
        parts = [*(e.says() for e in self.expect), *(t.says() for t in self.changed)]
        return listed(parts + order_says(self.before, self.after))

    @cached_property
    def _fields(self) -> frozenset[str]:
        """The fields whose last write is the row's place in the order of the episode."""
        paths = (*(e.path for e in self.expect), *(t.path for t in self.changed))
        return frozenset(path.partition(".")[0] for path in paths)

    @cached_property
    def _wanted(self) -> Bounds | None:
        if self.exists is not None:
            return AT_LEAST_ONE if self.exists else NONE
        return self.count

    @cached_property
    def _wanted_rows(self) -> str:
        return self._wanted.says() if self._wanted and self._wanted.eq != 0 else "none"

    def _rows(self, evidence: Evidence) -> list[Row]:
        world, key = evidence.world, known(self.id)
        if self.created:
            return [
                row
                for row in evidence.made(self.entity_type)
                if key in (None, row["id"])
                and not first_broken(world, self.entity_type, row, self.where)
            ]
        if key is not None:
            row = world.get(self.entity_type, key)
            return [row] if row else []
        return expectations.select(world, self.entity_type, self.where)

    def _broken(self, evidence: Evidence, row: Row) -> str:
        """Say the first thing that a row does not comply with, "" when there is none."""
        broken = first_broken(evidence.world, self.entity_type, row, self.expect)
        if broken:
            return self._found(evidence, row, broken)
        reasons = (self._unchanged(evidence, row, transition) for transition in self.changed)
        return next(filter(None, reasons), "") or self._misplaced(evidence, row)

    def _misplaced(self, evidence: Evidence, row: Row) -> str:
        if not (self.before or self.after):
            return ""
        key, is_new = row["id"], self.created
        step = written_in(evidence, self.entity_type, key, self._fields, is_new=is_new)
        reason = misplaced(evidence, step, self.before, self.after)
        return f"{spoken(self.entity_type)} {key} {reason}" if reason else ""

    def _found(self, evidence: Evidence, row: Row, broken: Expectation) -> str:
        found = value_at(evidence.world, self.entity_type, row, broken.path)
        place = f"{broken.path} of {spoken(self.entity_type)} {row['id']}"
        return f"{place} is {found}, expected {broken.expected()}"

    def _unchanged(self, evidence: Evidence, row: Row, transition: Transition) -> str:
        """Say why a row did not change as it should have, "" when it did."""
        start, end = ends_of(transition)
        before, after = evidence.before, evidence.world
        old = before.get(self.entity_type, row["id"]) or {"id": row["id"]}
        path = read_path(after.snapshot.company, self.entity_type, transition.path)
        was, now = path.values(before, old), path.values(after, row)
        place = f"{transition.path} of {spoken(self.entity_type)} {row['id']}"
        if start and first_broken(before, self.entity_type, old, [start]):
            return f"{place} was {written(was)} at the start, expected {start.expected()}"
        if end and first_broken(after, self.entity_type, row, [end]):
            return f"{place} is {written(now)}, expected {end.expected()}"
        if was == now:
            return f"{place} is {written(now)} as it was at the start, expected a change"
        return ""

    def _decide_match(self, evidence: Evidence, judged: Sequence[Judged]) -> Finding:
        good = [row for row in judged if not row.broken]
        bad = [row for row in judged if row.broken]
        if not judged:
            return decided(False, self._missing(evidence), self._deletion(evidence))
        if self.match == "all" and bad:
            return decided(False, _reasons(bad), self._cite(evidence, bad))
        if self.match == "one" and len(good) > 1:
            reason = f"{len(good)} {plural(self.entity_type)} comply, expected exactly one: "
            return decided(False, reason + _keys(good), self._cite(evidence, good))
        if not good:
            return decided(False, _reasons(bad), self._cite(evidence, bad))
        return decided(True, self._as_expected(good), self._cite(evidence, good))

    def _decide_count(
        self, evidence: Evidence, judged: Sequence[Judged], wanted: Bounds
    ) -> Finding:
        good = [row for row in judged if not row.broken]
        bad = [row for row in judged if row.broken]
        met = wanted.hold(len(good))
        noun = f"new {self.entity_type}" if self.created else self.entity_type
        comply = "complies" if len(good) == 1 else "comply"
        found = f"{counted(len(good), noun)} {comply}, expected {self._wanted_rows}"
        detail = _keys(good) if good else _reasons(bad)
        reason = f"{found}: {detail}" if detail else found
        return decided(met, reason, self._cite(evidence, good or bad))

    def _as_expected(self, good: Sequence[Judged]) -> str:
        if not self._true:
            return f"there is {_keys(good)}"
        return f"{spoken(self.entity_type)} {_keys(good)}: {self._true}"

    def _missing(self, evidence: Evidence) -> str:
        deleted = " any more: it was deleted" if self._deletion(evidence) else ""
        return f"there is no {self._chosen}{deleted}"

    @cached_property
    def _chosen(self) -> str:
        """Name the rows that are looked at: "new refund where status is paid"."""
        noun = f"new {spoken(self.entity_type)}" if self.created else spoken(self.entity_type)
        if self.id is not None:
            return f"{noun} {says(self.id)}"
        return f"{noun} where {says_all(self.where)}" if self.where else noun

    def _deletion(self, evidence: Evidence) -> list[Cited]:
        if self.id is None:
            return []
        return evidence.writes_of(self.entity_type, known(self.id))

    def _cite(self, evidence: Evidence, rows: Sequence[Judged]) -> list[Cited]:
        return evidence.last_writes([(self.entity_type, row.key) for row in rows[:NAMED]])


def _reasons(rows: Sequence[Judged]) -> str:
    more = len(rows) - NAMED
    return "; ".join(row.broken for row in rows[:NAMED]) + (
        f"; and {more} more" if more > 0 else ""
    )


def _keys(rows: Sequence[Judged]) -> str:
    more = len(rows) - NAMED
    keys = ", ".join(row.key for row in rows[:NAMED])
    return f"{keys} and {more} more" if more > 0 else keys
