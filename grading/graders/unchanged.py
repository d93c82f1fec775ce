"""unchanged: the agent changed nothing but what it was allowed to."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Literal

from pydantic import Field, model_validator

from grading import expectations
from grading.expectations import Expectation, first_broken, says_all
from grading.expected import ExpectedText, known, misfits, says
from grading.graders import GRADERS, Check, Cited, Evidence, Finding, decided
from simulation.environments import Environment
from simulation.errors import InvalidArgument
from simulation.paths import entity_type_of
from simulation.state import Change
from simulation.values import Frozen
from simulation.wording import listed, plural, shown, spoken

NAMED = 3  # unexpected changes that a reason names
SHOWN = 60  # characters of a value in a reason


class Allowance(Frozen):
    """Changes that are fine: to fields of existing rows, or, with `created`, rows that are made."""

    entity_type: str
    id: ExpectedText = None
    where: tuple[Expectation, ...] = ()
    fields: tuple[str, ...] = Field((), description="only these; without it, every field")
    created: bool = Field(False, description="new rows instead of changed ones")
    count: int | None = Field(None, ge=1, description="so many rows at most")

    @model_validator(mode="after")
    def _agrees(self) -> "Allowance":
        if self.id is not None and (self.where or self.created):
            raise ValueError("id stands alone: leave out where and created")
        if self.created and self.fields:
            raise ValueError("a new row is new as a whole: leave out fields")
        return self

    def covers(self, evidence: Evidence, change: Change) -> bool:
        """Tell whether the change is to such a row; its fields are another question."""
        is_new = change.before is None
        if change.entity_type != self.entity_type or self.created != is_new or not change.after:
            return False
        if self.id is not None:
            return bool(change.id == known(self.id))
        world, row = (evidence.world, change.after) if is_new else (evidence.before, change.before)
        return row is not None and not first_broken(world, self.entity_type, row, self.where)

    def says(self) -> str:
        limit = f"at most {self.count} " if self.count else ""
        rows = f"{limit}{'new ' if self.created else ''}{plural(self.entity_type)}"
        if self.id is not None:
            rows = f"{spoken(self.entity_type)} {says(self.id)}"
        where = f" where {says_all(self.where)}" if self.where else ""
        fields = f"{listed(map(spoken, self.fields))} of " if self.fields else ""
        return f"{fields}{rows}{where}"


@GRADERS.add("unchanged")
class UnchangedCheck(Check):
    """Compare the world at the end with the world at the start of the task: nothing may differ.

    What the task asks for goes into `allow`: a row by `id` or the rows that meet `where` (as they
    were at the start), if need be only some `fields`; `created: true` allows new rows, `count`
    limits their number. The times that the system stamps on rows never count, nor does writing the
    value that was there already."""

    EXAMPLE: ClassVar[Mapping[str, Any]] = {
        "kind": "unchanged",
        "allow": [
            {"entity_type": "order", "id": "ord-250820-007", "fields": ["status"]},
            {"entity_type": "customer_message", "created": True, "count": 1},
        ],
    }

    kind: Literal["unchanged"]
    allow: tuple[Allowance, ...] = ()

    def grade(self, evidence: Evidence) -> Finding:
        real = [(change, names) for change in evidence.diff if (names := _fields(evidence, change))]
        unexpected = [*self._unexpected(evidence, real)]
        if not unexpected:
            reason = "nothing else changed" if real else "nothing changed"
            return decided(True, reason if self.allow else "nothing changed")
        places = [change for change, _ in unexpected]
        count = len(unexpected)
        head = f"{count} unexpected change{'s' if count > 1 else ''}: "
        more = f"; and {count - NAMED} more" if count > NAMED else ""
        text = "; ".join(words for _, words in unexpected[:NAMED])
        return decided(False, f"{head}{text}{more}", _cite(evidence, places))

    def sentence(self) -> str:
        if not self.allow:
            return "Nothing in the world was changed."
        return f"Nothing was changed but {listed(a.says() for a in self.allow)}."

    def problems(self, company: Environment) -> list[str]:
        return [
            f"allow.{number}.{line}"
            for number, allowance in enumerate(self.allow)
            for line in _misfits(company, allowance)
        ]

    def _unexpected(
        self, evidence: Evidence, changes: Iterable[tuple[Change, set[str]]]
    ) -> Iterator[tuple[Change, str]]:
        """Give the changes that no allowance covers, each in words."""
        used = [0] * len(self.allow)
        for change, names in changes:
            left = set(names)
            for number, allowance in enumerate(self.allow):
                is_used_up = allowance.count is not None and used[number] >= allowance.count
                if left and not is_used_up and allowance.covers(evidence, change):
                    used[number] += 1
                    left -= set(allowance.fields or left)
            if left:
                yield change, _says(evidence, change, left)


def _fields(evidence: Evidence, change: Change) -> set[str]:
    """Name the fields that differ, without the stamps; a new or deleted row counts as a whole."""
    before, after = change.before, change.after
    if before is None or after is None:
        return {"id"}
    stamps = evidence.world.entity_types[change.entity_type].stamps
    names = before.keys() | after.keys()
    return {name for name in names if before.get(name) != after.get(name)} - stamps


def _says(evidence: Evidence, change: Change, fields: Collection[str]) -> str:
    label = spoken(change.entity_type)
    steps = evidence.touched.get((change.entity_type, change.id), ())
    place = f" (step {steps[-1]})" if steps else ""
    if change.before is None:
        return f"new {label} {change.id}{place}"
    if change.after is None:
        return f"{label} {change.id} was deleted{place}"
    moved = [
        f"{name} of {label} {change.id}: {_short(old)} → {_short(new)}"
        for name, old, new in change.fields
        if name in fields
    ]
    return f"{', '.join(moved)}{place}"


def _short(value: Any) -> str:
    text = shown(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _cite(evidence: Evidence, changes: Sequence[Change]) -> list[Cited]:
    cited = [c for change in changes for c in evidence.writes_of(change.entity_type, change.id)]
    return sorted(set(cited), key=lambda c: c.step)


def _misfits(company: Environment, allowance: Allowance) -> Iterator[str]:
    try:
        kind = entity_type_of(company, allowance.entity_type)
    except InvalidArgument as error:
        yield error.message
        return
    yield from misfits(company, "id", allowance.id, kinds={"text"})
    yield from expectations.problems_of(company, "where", kind.name, allowance.where)
    for name in allowance.fields:
        if name not in kind.fields:
            yield f"fields: {kind.name} has no field {name!r}; it has {', '.join(kind.fields)}"
