"""Templates of tasks: a prompt with [blanks], and a rubric that is begun, for every category.

One file a template in library/templates, named CATEGORY-NAME; adding a file adds a template.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from django.utils.text import slugify

from authoring.content import CATEGORIES, DraftContent, DraftCriterion
from authoring.drafts.document import Document
from authoring.loading import LIBRARY, POINTS, PlainLoader
from simulation.wording import spoken

FOLDER = LIBRARY / "templates"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskTemplate:
    """A begun task. about: when to take it. document: the parts of a draft that it fills."""

    name: str
    title: str
    about: str
    category: str
    document: Document

    @property
    def prompt(self) -> str:
        return str(self.document["prompt"])

    @property
    def facts(self) -> str:
        """Say "hard, a copilot's task"."""
        return f"{self.document['difficulty']}, {self.document['mode']}"

    @property
    def category_words(self) -> str:
        return spoken(self.category)

    @property
    def criteria(self) -> tuple[DraftCriterion, ...]:
        return tuple(map(DraftCriterion.model_validate, self.document["rubric"]["criteria"]))


def _read(file: Path) -> TaskTemplate:
    category = next(name for name in CATEGORIES if file.stem.startswith(_as_slug(name)))
    data = yaml.load(file.read_text("utf-8"), PlainLoader)  # noqa: S506  a SafeLoader of few types
    points = [POINTS[each.get("points", "standard")] for each in data["rubric"]]
    criteria = [{**each, "points": n} for each, n in zip(data["rubric"], points, strict=True)]
    content = DraftContent.model_validate(
        {
            "prompt": data["prompt"].strip(),
            "category": category,
            "mode": data["mode"],
            "difficulty": data["difficulty"],
            "rubric": {"criteria": criteria},
        }
    )
    written = content.model_dump(mode="json", exclude_unset=True)
    return TaskTemplate(
        name=file.stem,
        title=data["title"],
        about=data["about"].strip(),
        category=category,
        document={**written, "rubric": content.rubric.model_dump(mode="json")},
    )


def _as_slug(category: str) -> str:
    return slugify(spoken(category))


def _read_all() -> Mapping[str, TaskTemplate]:
    read = map(_read, sorted(FOLDER.glob("*.yaml")))
    by_place = sorted(read, key=lambda each: (CATEGORIES.index(each.category), each.name))
    return {template.name: template for template in by_place}


TEMPLATES = _read_all()
