"""What a pack says of itself: read, cleaned and checked."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field, field_validator

from authoring.loading import SLUG
from authoring.models import Pack
from authoring.splits import SPLITS
from simulation.errors import InvalidArgument
from simulation.text import clean_json
from simulation.validating import place_of, read_as, reason_of
from simulation.values import Frozen

LONGEST_SLUG = 80
RESERVED = frozenset({"new", "import"})  # first words of addresses below /packs/
MOST_TASKS = 1_000_000
EXAMPLES = {"title": "a title, such as Support basics", "licence": "an SPDX name, or proprietary"}


class Members(Frozen):
    """sizes: {split: tasks}; a split that is not named takes what is left."""

    title: str = Field(min_length=1, max_length=200)
    description: str = Field("", max_length=50_000)
    licence: str = Field("proprietary", min_length=1, max_length=100)
    is_for_training: bool = False
    sizes: dict[str, int] = Field(default_factory=dict)

    @field_validator("title", "licence", mode="before")
    @classmethod
    def _one_line(cls, text: Any) -> Any:
        return " ".join(text.split()) if isinstance(text, str) else text

    @field_validator("sizes", mode="before")
    @classmethod
    def _sizes(cls, sizes: Any) -> Any:
        if not isinstance(sizes, Mapping):
            raise ValueError('write an object such as {"heldout": 50}')  # noqa: TRY004
        for split, size in sizes.items():
            if split not in SPLITS:
                raise ValueError(f"there is no split {split!r}; there are {', '.join(SPLITS)}")
            if type(size) is not int or not 0 <= size <= MOST_TASKS:
                raise ValueError(f"{split}: write a whole number of tasks, 0 or more")
        return dict(sizes)


def new_members(members: Mapping[str, Any], *, before: Pack | None = None) -> dict[str, Any]:
    """Give what changes, or with nothing before, all of it. Raises Problems that name every bad
    value."""
    given = clean_json(dict(members))
    known = {name: getattr(before, name) for name in Members.model_fields} if before else {}
    read = read_as(Members, {**known, **given}, line=_line)
    return read.model_dump(include=set(given) if before else None)


def read_slug(slug: str) -> str:
    """Raises InvalidArgument for what is no slug, or an address of the application."""
    if len(slug) > LONGEST_SLUG or not SLUG.fullmatch(slug):
        raise InvalidArgument(
            f"write a name of lower-case letters and digits with single hyphens, at most"
            f" {LONGEST_SLUG} long, such as support-basics",
            field="slug",
        )
    if slug in RESERVED:
        raise InvalidArgument(
            f"{slug} is an address of the application: write {slug}-pack", field="slug"
        )
    return slug


def _line(problem: Any) -> str:
    place = place_of(problem)
    if problem["type"] == "string_too_short":
        return f"{place}: write {EXAMPLES[place]}"
    if problem["type"] == "extra_forbidden":
        return f"{place}: a pack has no such member; it has {', '.join(Members.model_fields)}"
    return f"{place}: {reason_of(problem)}"
