"""Making something of the calls of a clone: the reference, a part of it, or a near-miss."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from authoring.access import TaskLook
from authoring.drafts.document import Document, fingerprint
from authoring.references.changes import Step
from authoring.references.solutions import solution_of
from authoring.references.trying import as_steps
from authoring.references.wording import say_path
from simulation.errors import InvalidArgument
from simulation.pages import shown_value
from simulation.playground.reference import TakenCalls, taken_calls
from simulation.playground.scratch import Scratch
from simulation.refs import REF
from simulation.text import clean_text
from simulation.wording import counted

MAX_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenStep:
    tool: str
    arguments: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakePage:
    """The calls to take. there: what the reference has now; base: which state of it was seen.

    is_outdated: they were made in a setup that the task has not any more.
    """

    summary: str
    steps: tuple[TakenStep, ...]
    there: str
    base: str
    name: str
    problem: str
    is_outdated: bool
    url: str
    try_url: str
    back_url: str


def take_page(
    look: TaskLook, clone: Scratch | None, *, name: str = "", problem: str = ""
) -> TakePage:
    taken = taken_calls(clone.steps) if clone and clone.steps else None
    reference = solution_of(look, None)
    steps = as_steps(taken) if taken else []
    slug = look.task.slug
    return TakePage(
        summary=_summary(taken) if taken else "",
        steps=tuple(
            TakenStep(tool=step["call"], arguments=_shown(step["arguments"])) for step in steps
        ),
        there=counted(len(reference.steps), "step") if reference.steps else "",
        base=fingerprint(list(reference.steps)),
        name=name,
        problem=problem,
        is_outdated=clone is not None and clone.is_outdated,
        url=reverse("reference:take", args=[slug]),
        try_url=reverse("reference:try", args=[slug]),
        back_url=reference.url(),
    )


def with_miss(document: Document, name: str, steps: list[Step]) -> Document:
    """Add a near-miss to a draft. Raises InvalidArgument for a name that is empty or taken."""
    misses = document["near_misses"]
    name = read_name(name, [miss["name"] for miss in misses])
    return {**document, "near_misses": [*misses, {"name": name, "solution": steps}]}


def read_name(text: str, known: list[str]) -> str:
    """Read the name of a near-miss. Raises InvalidArgument."""
    name = clean_text(" ".join(text.split()), limit=MAX_NAME)[0]
    if not name:
        raise InvalidArgument("name the near-miss: what goes wrong in it?", field="name")
    if name in known:
        raise InvalidArgument(f"there is a near-miss {name!r} already", field="name")
    return name


def _summary(taken: TakenCalls) -> str:
    parts = [counted(len(taken.steps), "call")]
    if taken.left_out:
        parts.append(f"{taken.left_out} refused left out")
    if taken.references:
        parts.append(f"{counted(taken.references, 'id')} taken from earlier results")
    return ", ".join(parts)


def _shown(arguments: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} = {_value(value)}" for name, value in arguments.items())


def _value(value: Any) -> str:
    if isinstance(value, Mapping) and set(value) == {REF}:
        path = str(value[REF])
        return say_path(path, {number: number for number in range(1, 1001)})
    return shown_value(value)
