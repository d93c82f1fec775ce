"""When rows were written: the order of an episode's journal."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from pydantic import Field, model_validator

from grading import expectations
from grading.expectations import Expectation, first_broken, says_all
from grading.expected import ExpectedText, known, misfits, says
from grading.graders import Evidence
from simulation.environments import Environment
from simulation.errors import InvalidArgument
from simulation.paths import entity_type_of
from simulation.values import Frozen
from simulation.wording import listed, spoken


class OtherWrite(Frozen):
    """A write that others stand before or after: to one row, or to all that meet `where` at the
    end."""

    entity_type: str
    id: ExpectedText = Field(None, description="of one row; without it, the lines of where choose")
    where: tuple[Expectation, ...] = Field((), description="every line must hold at the end")
    created: bool = Field(False, description="only rows that the agent made")
    fields: tuple[str, ...] = Field(
        (), description="only when these were written; without them, whatever was"
    )

    @model_validator(mode="after")
    def _agrees(self) -> "OtherWrite":
        if self.id is not None and (self.where or self.created):
            raise ValueError("id stands alone: leave out where and created")
        return self

    def says(self) -> str:
        noun = f"new {spoken(self.entity_type)}" if self.created else spoken(self.entity_type)
        fields = f"{listed(map(spoken, self.fields))} of " if self.fields else ""
        where = f" where {says_all(self.where)}" if self.where else ""
        key = f" {says(self.id)}" if self.id is not None else ""
        return f"{fields}the {noun}{key}{where}"

    def steps(self, evidence: Evidence) -> list[int]:
        """Give the steps that wrote these rows, in order."""
        found = (
            written_in(evidence, self.entity_type, key, self.fields, is_new=self.created)
            for key in self._keys(evidence)
        )
        return sorted(step for step in found if step is not None)

    def problems(self, company: Environment) -> Iterator[str]:
        try:
            kind = entity_type_of(company, self.entity_type)
        except InvalidArgument as error:
            yield error.message
            return
        yield from misfits(company, "id", self.id, kinds={"text"})
        yield from expectations.problems_of(company, "where", kind.name, self.where)
        yield from unknown_fields(kind.name, kind.fields, self.fields)

    def _keys(self, evidence: Evidence) -> Iterable[str]:
        world, kind = evidence.world, self.entity_type
        if self.id is not None:
            return [known(self.id)]
        if not self.created:
            return [row["id"] for row in expectations.select(world, kind, self.where)]
        made = evidence.made(kind)
        return [row["id"] for row in made if not first_broken(world, kind, row, self.where)]


def written_in(
    evidence: Evidence, entity_type: str, key: str, fields: Collection[str], *, is_new: bool = False
) -> int | None:
    """Give the step that gave a row what it has at the end in some fields, None if none did.

    Without fields it is the step that made the row (is_new), or else the last that wrote it.
    """
    writes = evidence.writes.get((entity_type, key), ())
    if is_new and not fields:
        return writes[0][0] if writes else None
    for step, change in reversed(writes):
        if not fields or any(name in fields for name, *_ in change.fields):
            return step
    return None


def unknown_fields(
    entity_type: str, there_are: Collection[str], fields: Iterable[str]
) -> Iterator[str]:
    for name in fields:
        if name not in there_are:
            yield f"fields: {entity_type} has no field {name!r}; it has {', '.join(there_are)}"


def misplaced(
    evidence: Evidence, step: int | None, before: OtherWrite | None, after: OtherWrite | None
) -> str:
    """Say why a write does not stand where it should, "" when it does.

    Two writes of one step are in no order: which comes first is up to the tool.
    """
    if not (before or after):
        return ""
    if step is None:
        return "was not written"
    for other, word in ((after, "after"), (before, "before")):
        if other is None:
            continue
        steps = other.steps(evidence)
        if not steps:
            return f"was written in step {step}, expected {word} {other.says()}, never written"
        late = step <= steps[-1] if word == "after" else step >= steps[0]
        if late:
            at = steps[-1] if word == "after" else steps[0]
            return f"was written in step {step}, expected {word} {other.says()} (step {at})"
    return ""


def order_says(before: OtherWrite | None, after: OtherWrite | None) -> list[str]:
    """Say where a write should stand, as parts of a sentence."""
    pairs: tuple[tuple[Any, str], ...] = ((after, "after"), (before, "before"))
    return [f"it was written {word} {other.says()}" for other, word in pairs if other]
