"""The solutions of a task: its reference, and its near-misses by their number from 1."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth.models import User
from django.http import Http404
from django.urls import reverse

from authoring.access import TaskLook
from authoring.content import DraftContent
from authoring.drafts.document import Document, fingerprint, read_part, with_part
from authoring.drafts.saving import Edit, change
from authoring.drafts.scene import Scene
from authoring.references.changes import Step, Steps
from simulation.errors import Conflict

Do = Callable[[list[Step]], list[Step]]


@dataclass(frozen=True)
class Solution:
    """The steps of the reference, or with a number those of a near-miss."""

    look: TaskLook
    miss: int | None
    name: str
    steps: tuple[Step, ...]

    @property
    def scene(self) -> Scene:
        """The task's scene, with this solution as what is played."""
        if self.miss is None:
            return self.look.scene
        solution = self.look.content.near_misses[self.miss - 1].solution
        content = self.look.content.model_copy(update={"reference": solution})
        return replace(self.look.scene, content=content)

    def url(self, name: str = "", *arguments: Any) -> str:
        """Give the address of the solution's own page, or of what stands below it."""
        slug = self.look.task.slug
        if self.miss is None:
            return reverse(f"reference:{name or 'page'}", args=[slug, *arguments])
        return reverse(f"reference:{name or 'miss'}", args=[slug, self.miss, *arguments])

    @property
    def path(self) -> str:
        return "reference" if self.miss is None else f"near_misses/{self.miss}"

    @property
    def document(self) -> Any:
        """The part of the draft that holds it."""
        steps = list(self.steps)
        return steps if self.miss is None else {"name": self.name, "solution": steps}

    def edit_of(self, steps: Steps, place: int, base: str) -> Edit:
        """Say what saving one step changes; `steps` are all of them as they shall be.

        base: what was seen of the step in the reference, of the whole near-miss otherwise.
        """
        if self.miss is None:
            value = dict(steps[place]) if place < len(steps) else None
            return Edit(path=f"reference/{place + 1}", value=value, base=base)
        value = {"name": self.name, "solution": [dict(step) for step in steps]}
        return Edit(path=self.path, value=value, base=base)

    def seen(self, place: int) -> str:
        """Give the fingerprint that a form of one step carries."""
        if self.miss is not None:
            return fingerprint(self.document)
        return fingerprint(self.steps[place] if place < len(self.steps) else None)

    def key(self, place: int) -> str:
        """Give the path that a form's base is named after."""
        return f"reference/{place + 1}" if self.miss is None else self.path


def solution_of(look: TaskLook, miss: int | None) -> Solution:
    """Raises Http404 for a near-miss that is not there."""
    return _solution(look, look.content, miss)


def _solution(look: TaskLook, content: DraftContent, miss: int | None) -> Solution:
    if miss is None:
        return Solution(look, None, "reference", _dumped(content.reference))
    if not 1 <= miss <= len(content.near_misses):
        raise Http404
    found = content.near_misses[miss - 1]
    return Solution(look, miss, found.name, _dumped(found.solution))


def _dumped(steps: Sequence[Any]) -> tuple[Step, ...]:
    return tuple(step.model_dump(mode="json") for step in steps)


def change_steps(
    solution: Solution, do: Do, *, by: User, place: int | None = None, base: str = ""
) -> None:
    """Change the steps of a solution in its draft.

    place and base: a step that must still be what was seen. Raises Conflict when it is not.
    """

    def changed(document: Document) -> Document:
        part = read_part(document, solution.path)
        steps = _steps_in(part, solution)
        if place is not None:
            _still_there(steps, place, base)
        new = do(steps)
        value = new if solution.miss is None else {**part, "solution": new}
        return with_part(document, solution.path, value)

    change(solution.look.task, changed, by=by)


def _steps_in(part: Any, solution: Solution) -> list[Step]:
    if solution.miss is None:
        return list(part)
    if not isinstance(part, Mapping) or part["name"] != solution.name:
        raise Conflict(f"the near-miss {solution.name!r} is not there any more")
    return list(part["solution"])


def _still_there(steps: Steps, place: int, base: str) -> None:
    if place >= len(steps) or fingerprint(steps[place]) != base:
        raise Conflict(
            f"step {place + 1} is not what you saw: somebody changed the steps meanwhile."
            " Look at them again"
        )


def step_base(solution: Solution, place: int) -> str:
    """Name the state of one step: what the buttons beside it carry."""
    return fingerprint(solution.steps[place])
