"""Places of a task that can be commented on: whether they are there, their names, their addresses.

A place is a part ("prompt"), or an item of one: "criterion/KEY", "setup/N", "reference/N".
"""

import re
from collections.abc import Iterator

from django.urls import reverse

from authoring.content import CallStep, DraftContent
from simulation.errors import Problems
from simulation.pages import shortened
from simulation.wording import spoken

PARTS = {
    "task": "The whole task",
    "prompt": "Prompt",
    "setup": "Setup",
    "reference": "Reference",
    "customer": "Customer",
    "rubric": "Rubric",
}
LAST_SEEN = "reference"  # what a reviewer sees last
SHOWN = 70  # characters of a criterion's text in a name
_ITEM = re.compile(r"(?:criterion/[a-z0-9-]{1,80}|(?:setup|reference)/[1-9][0-9]{0,4})")


def is_place(text: str) -> bool:
    """Tell whether it could name a place, there or gone."""
    return text in PARTS or _ITEM.fullmatch(text) is not None


def is_there(place: str, content: DraftContent) -> bool:
    name, _, item = place.partition("/")
    if not item:
        return name in PARTS
    if name == "criterion":
        return any(criterion.key == item for criterion in content.rubric.criteria)
    items = content.setup if name == "setup" else content.reference
    return int(item) <= len(items)


def read_place(text: str, *contents: DraftContent) -> str:
    """Check what a form names. Raises Problems for what is in none of these contents."""
    if is_place(text) and any(is_there(text, content) for content in contents):
        return text
    raise Problems([f"place: the task has no {text[:120]!r} (any more); choose what is there"])


def is_secret(place: str) -> bool:
    """Tell whether what is said of a place may give the reference away."""
    return place.partition("/")[0] == LAST_SEEN


def name_of(place: str, content: DraftContent) -> str:
    """Name a place as people read it; one that the content lacks by its path."""
    name, _, item = place.partition("/")
    if not item:
        return PARTS.get(name, name)
    if not is_there(place, content):
        return f"{name.capitalize()} {item}"
    if name == "criterion":
        return _criterion_name(item, content)
    number = int(item)
    if name == "setup":
        operation = content.setup[number - 1]
        row = f"{spoken(str(operation.get('entity_type', 'row')))} {operation.get('id', '')}"
        return f"Setup {number}: {row.strip()}"
    step = content.reference[number - 1]
    return f"Step {number}: {step.call if isinstance(step, CallStep) else 'message'}"


def places_of(content: DraftContent, *, is_secret_hidden: bool) -> Iterator[tuple[str, str]]:
    """Give every place of a task with its name, in the order of the page."""
    for part, label in PARTS.items():
        if part == "customer" and content.mode != "conversation":
            continue
        if part == LAST_SEEN and is_secret_hidden:
            continue
        yield part, label
        for place in _items(part, content):
            yield place, name_of(place, content)


def address_of(slug: str, place: str) -> str:
    """Lead to where a place is written: its tab, and the anchor of an item."""
    name, _, item = place.partition("/")
    tab = {"task": "editor:prompt", "prompt": "editor:prompt", "criterion": "rubric:page"}
    url = reverse(tab.get(name, f"{name}:page"), args=[slug])
    return f"{url}#{name}-{item}" if item else url


def tab_of(slug: str, place: str) -> str:
    """Give the address of the tab that a place is on."""
    return address_of(slug, place).partition("#")[0]


def _items(part: str, content: DraftContent) -> Iterator[str]:
    if part == "setup":
        yield from (f"setup/{n}" for n in range(1, len(content.setup) + 1))
    elif part == "reference":
        yield from (f"reference/{n}" for n in range(1, len(content.reference) + 1))
    elif part == "rubric":
        yield from (f"criterion/{criterion.key}" for criterion in content.rubric.criteria)


def _criterion_name(key: str, content: DraftContent) -> str:
    for number, criterion in enumerate(content.rubric.criteria, start=1):
        if criterion.key == key:
            return f"Criterion {number}: {shortened(criterion.text or key, SHOWN)}"
    return key
