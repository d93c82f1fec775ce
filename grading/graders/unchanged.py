"""unchanged: the agent changed nothing but what it was allowed to."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Literal

from pydantic import Field

from grading.allowances import Allowance, Fields, uncovered
from grading.graders import GRADERS, Check, Cited, Evidence, Finding, decided
from simulation.environments import Environment
from simulation.state import Change
from simulation.wording import listed, shown, spoken

NAMED = 3  # unexpected changes that a reason names
SHOWN = 60  # characters of a value in a reason


@GRADERS.add("unchanged")
class UnchangedCheck(Check):
    """Compare the world at the end with the world at the start of the task: nothing may differ.

    What the task asks for goes into `allow`: a row by `id` or the rows that meet `where` (as they
    were at the start), if need be only some `fields`; `created: true` allows new rows, `deleted:
    true` rows that go, `count` limits their number. The times that the system stamps on rows never
    count, nor does writing the value that was there already, nor what was made and deleted again.
    """

    EXAMPLE: ClassVar[Mapping[str, Any]] = {
        "kind": "unchanged",
        "allow": [
            {"entity_type": "order", "id": "ord-250820-007", "fields": ["status"]},
            {"entity_type": "customer_message", "created": True, "count": 1},
        ],
    }

    kind: Literal["unchanged"]
    allow: tuple[Allowance, ...] = Field((), description="what the task asks to be changed")

    def grade(self, evidence: Evidence) -> Finding:
        real = [(change, names) for change in evidence.diff if (names := _fields(evidence, change))]
        unexpected = [*self._unexpected(evidence, real)]
        if not unexpected:
            reason = "nothing else changed" if real else "nothing changed"
            return decided(True, reason, _cite(evidence, [change for change, _ in real[:NAMED]]))
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
            for line in allowance.problems(company)
        ]

    def _unexpected(
        self, evidence: Evidence, changes: Sequence[tuple[Change, Fields]]
    ) -> Iterator[tuple[Change, str]]:
        """Give the changes that no allowance covers, each in words."""
        left = uncovered(evidence, self.allow, changes)
        for (change, _), names in zip(changes, left, strict=True):
            if names:
                yield change, _says(evidence, change, names)


def _fields(evidence: Evidence, change: Change) -> Fields:
    """Name the fields that differ, without the stamp; a new or deleted row counts as a whole."""
    before, after = change.before, change.after
    if before is None or after is None:
        return frozenset({"id"})
    stamp = evidence.world.entity_types[change.entity_type].updated_field
    changed = {name for name, value in after.items() if name != stamp and before.get(name) != value}
    if not before.keys() <= after.keys():
        changed |= before.keys() - after.keys() - {stamp}
    return frozenset(changed)


def _says(evidence: Evidence, change: Change, fields: Collection[str]) -> str:
    label = spoken(change.entity_type)
    step = evidence.last_step.get((change.entity_type, change.id))
    place = "" if step is None else f" (step {step})"
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
    return evidence.last_writes([(change.entity_type, change.id) for change in changes])
