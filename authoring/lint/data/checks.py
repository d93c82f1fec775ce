"""The checks of a draft as far as they can be read, and what they name and expect."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from authoring.content import DraftContent, DraftCriterion
from authoring.drafts.scene import Scene
from authoring.lint import Rewrite
from authoring.lint.data.memory import once_for_each
from grading.graders import Check, read_check
from simulation.environments import Environment
from simulation.errors import GymError, InvalidArgument
from simulation.paths import reference_at
from simulation.text import canonical, without_nulls

# what a check raises that does not fit yet, or whose frozen values are of a wrong type
UNDECIDED = (GymError, ValueError, TypeError, ArithmeticError, TimeoutError)
_NAMING_OPS = ("eq", "ne", "in", "not_in")


@dataclass(frozen=True)
class Written:
    """A criterion with its check."""

    criterion: DraftCriterion
    check: Check

    @cached_property
    def encoded(self) -> bytes:
        """The check in canonical bytes, to know it again by."""
        return canonical(self.check.as_data())

    @property
    def place(self) -> str:
        return place_of(self.criterion)

    @property
    def is_wanted(self) -> bool:
        return self.criterion.points > 0


def place_of(criterion: DraftCriterion) -> str:
    return f"criterion/{criterion.key}"


def path_of(criterion: DraftCriterion) -> str:
    return f"rubric/{criterion.key}"


@once_for_each
def written_checks(scene: Scene) -> list[Written]:
    """Give the criteria whose checks can be read and fit the world, with those checks."""
    found = []
    for criterion in scene.content.rubric.criteria:
        check = _check_of(criterion, scene)
        if check is not None:
            found.append(Written(criterion, check))
    return found


@once_for_each
def decided_by_rules(scene: Scene) -> list[Written]:
    """Give the criteria that need neither a judge nor a person."""
    return [each for each in written_checks(scene) if each.check.IS_DETERMINISTIC]


def _check_of(criterion: DraftCriterion, scene: Scene) -> Check | None:
    check = readable_check(criterion)
    if check is None or scene.snapshot is None:
        return None
    return None if check.problems(scene.snapshot.company) else check


def readable_check(criterion: DraftCriterion) -> Check | None:
    """Give a check that is complete, None for one that is still being written."""
    if not criterion.kind:
        return None
    try:
        return read_check(without_nulls(criterion.check))
    except UNDECIDED:
        return None


def with_check(criterion: DraftCriterion, check: Mapping[str, Any]) -> dict[str, Any]:
    """Write a criterion as the document holds it, with another check."""
    return {**criterion.model_dump(mode="json"), "check": dict(check)}


def replaced(data: Any, old: Any, new: Any) -> Any:
    """Copy a check's data with one literal in place of another; queries' frozen results stay."""
    if isinstance(data, Mapping):
        frozen = "query" in data
        return {
            name: item if frozen and name == "value" else replaced(item, old, new)
            for name, item in data.items()
        }
    if isinstance(data, list | tuple):
        return [replaced(item, old, new) for item in data]
    return new if type(data) is type(old) and data == old else data


def rows_named(
    data: Any, company: Environment, entity_type: str | None = None
) -> Iterator[tuple[str, str]]:
    """Give (entity type, id) of every row that a check names by its id, inside queries as well."""
    if isinstance(data, list | tuple):
        for item in data:
            yield from rows_named(item, company, entity_type)
    if not isinstance(data, Mapping):
        return
    kind = _kind_of(data, company, entity_type)
    if kind and "entity_type" in data and isinstance(data.get("id"), str):
        yield kind, data["id"]
    if isinstance(data.get("path"), str):
        yield from _named_by_condition(data, company, kind)
    for name, item in data.items():
        if name != "value" or "query" not in data:
            yield from rows_named(item, company, kind)


def _kind_of(data: Mapping[str, Any], company: Environment, outer: str | None) -> str | None:
    """Name the entity type that the members of data are about; an inner one counts."""
    if "tool" in data:
        return None
    named = data.get("entity_type", outer)
    return named if named in company.entity_types else None


def _named_by_condition(
    data: Mapping[str, Any], company: Environment, kind: str | None
) -> Iterator[tuple[str, str]]:
    target = _target(company, kind, data["path"])
    if target is None or data.get("op", "eq") not in _NAMING_OPS:
        return
    for member in ("value", "from", "to"):
        given = data.get(member)
        for value in given if isinstance(given, list | tuple) else (given,):
            if isinstance(value, str):
                yield target, value


def _target(company: Environment, kind: str | None, path: str) -> str | None:
    if kind is None:
        return argument_target(company, path)
    try:
        return reference_at(company, kind, path)
    except InvalidArgument:
        return None


def argument_target(company: Environment, argument: str) -> str | None:
    """Give the entity type that an argument of a tool is surely an id of: `order_id` of order."""
    for ending in ("_id", "_ids", "Id", "Ids"):
        name = argument.removesuffix(ending)
        if name != argument:
            snake = "".join(f"_{c.lower()}" if c.isupper() else c for c in name)
            return snake if snake in company.entity_types else None
    return None


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a task: where findings about it stand, and the part of the document it is in."""

    place: str
    text: str
    path: str
    of: DraftCriterion | None = None  # the criterion that it is a member of
    member: str = ""

    def with_words(self, old: str, new: str) -> Rewrite:
        text = self.text.replace(old, new)
        value = {**self.of.model_dump(mode="json"), self.member: text} if self.of else text
        return Rewrite(label=f"Write {new}", path=self.path, value=value)


def texts_of(content: DraftContent) -> Iterator[Text]:
    """Give all that people write about a task, notes for graders as well."""
    yield Text("prompt", content.prompt, "prompt")
    yield Text("task", content.notes, "notes")
    for criterion in content.rubric.criteria:
        place, path = place_of(criterion), path_of(criterion)
        yield Text(place, criterion.text, path, criterion, "text")
        yield Text(place, criterion.note, path, criterion, "note")
