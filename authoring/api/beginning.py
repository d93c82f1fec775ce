"""Which of the ways to begin a task is meant."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User

from authoring.access import look_at_task
from authoring.content import CATEGORIES
from authoring.listing.beginning import Beginning, begin_task, begin_whole_task, duplicate_task
from authoring.listing.templates import TEMPLATES
from authoring.models import Task
from simulation.errors import InvalidArgument

TYPED = ("title", "world", "category", "template")


def begin(sent: Mapping[str, Any], *, by: User) -> Task:
    """Make a task as TaskIn says. Raises InvalidArgument where it says two things at once."""
    typed = [name for name in TYPED if sent.get(name)]
    if "content" in sent:
        _check_alone("content", [*typed, *_named(sent, "duplicate_of")])
        return begin_whole_task(sent["slug"], sent["content"], by=by)
    if "duplicate_of" in sent:
        _check_alone("duplicate_of", [*typed, *_named(sent, "slug")])
        return duplicate_task(look_at_task(by, sent["duplicate_of"]), by=by)
    template = TEMPLATES.get(sent.get("template", ""))
    category = template.category if template else sent.get("category", CATEGORIES[0])
    return begin_task(
        Beginning(
            title=sent["title"],
            slug=sent["slug"],
            world=sent["world"],
            category=category,
            template=template.name if template else "",
        ),
        by=by,
    )


def _named(sent: Mapping[str, Any], name: str) -> list[str]:
    return [name] if sent.get(name) else []


def _check_alone(name: str, others: list[str]) -> None:
    if others:
        raise InvalidArgument(f"{name} says all of it: leave out {', '.join(others)}", field=name)
