"""Tasks from readable files: one folder a task, named by its slug.

<slug>/task.yaml   everything but the long texts
<slug>/prompt.md   what the agent is asked
<slug>/notes.md    why it is hard, for people
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.contrib.auth.models import User
from django.db import transaction

from authoring.content import TaskContent, bind_content, read_content
from authoring.drafts.cutting import cut_revision
from authoring.drafts.saving import replace_draft
from authoring.models import Revision, Task
from grading.criteria import POINT_WORDS
from simulation.errors import GymError, InvalidArgument, Problems
from simulation.state import WorldState
from simulation.text import clean_json
from simulation.worlds import find_world, load_snapshot

LIBRARY = Path(__file__).parent / "library"
MAX_FILE = 500_000  # bytes
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
POINTS = {word: points for points, word in POINT_WORDS.items()}


class PlainLoader(yaml.SafeLoader):
    """YAML as JSON would read it: dates and words such as `no` stay text."""


_SURPRISES = ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")
PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _SURPRISES]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
PlainLoader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf")
)


@dataclass(frozen=True)
class Loaded:
    """What loading a folder did to one task."""

    revision: Revision
    is_new: bool


def load_tasks(folder: Path, *, owner: User) -> list[Loaded]:
    """Load every task below a folder; equal content changes nothing.

    Raises Problems that name file, field and what would be right, all at once; nothing is loaded
    then.
    """
    contents: dict[str, TaskContent] = {}
    problems: list[str] = []
    folders = sorted(path.parent for path in folder.glob("**/task.yaml"))
    if not folders:
        raise InvalidArgument(f"{folder} holds no task.yaml: one folder a task is expected")
    for place in folders:
        try:
            contents[_slug(place, contents)] = read_task(place)
        except GymError as error:
            problems += [f"{place.name}/task.yaml: {line}" for line in error.message.splitlines()]
    if problems:
        raise Problems(problems)
    with transaction.atomic():
        return [_store(slug, content, owner) for slug, content in contents.items()]


def read_task(folder: Path) -> TaskContent:
    """Read one task folder, check it against its world and bind its queries. Raises GymError."""
    data = _read_yaml(folder / "task.yaml")
    for name in ("prompt", "notes"):
        file = folder / f"{name}.md"
        if name in data:
            raise InvalidArgument(f"{name}: write it in {name}.md")
        if file.exists():
            data[name] = _read_text(file).strip()
    content = read_content(clean_json(_with_rubric(data)))
    world = find_world(content.world)
    return bind_content(content, WorldState(load_snapshot(world)), world.prompts)


def _store(slug: str, content: TaskContent, owner: User) -> Loaded:
    task, _ = Task.objects.get_or_create(slug=slug, defaults={"owner": owner})
    replace_draft(task, content.model_dump(mode="json"), by=owner)
    last = task.revisions.first()
    revision = cut_revision(task, by=owner, cause=Revision.Cause.LOADED)
    return Loaded(revision, is_new=last is None or revision.pk != last.pk)


def _slug(folder: Path, known: Mapping[str, Any]) -> str:
    if not SLUG.fullmatch(folder.name):
        raise InvalidArgument(
            f"{folder.name!r} is no slug: lower-case letters and digits with single hyphens"
        )
    if folder.name in known:
        raise InvalidArgument(f"two folders are named {folder.name}")
    return folder.name


def _with_rubric(data: Mapping[str, Any]) -> dict[str, Any]:
    """Read the short form of files: the rubric is a list, points may be a word."""
    rubric = data.get("rubric")
    if not isinstance(rubric, list):
        raise InvalidArgument("rubric: write a list of criteria")
    criteria = [
        {**item, "points": POINTS.get(item.get("points", 1), item.get("points", 1))}
        if isinstance(item, Mapping)
        else item
        for item in rubric
    ]
    return {**data, "rubric": {"criteria": criteria}}


def _read_yaml(file: Path) -> dict[str, Any]:
    try:
        data = yaml.load(_read_text(file), PlainLoader)  # noqa: S506  a SafeLoader with fewer types
    except yaml.YAMLError as error:
        raise InvalidArgument(f"is not valid YAML: {' '.join(str(error).split())}") from None
    if not isinstance(data, dict):
        raise InvalidArgument("is empty or no mapping: write fields such as `title: …`")
    return data


def _read_text(file: Path) -> str:
    if file.stat().st_size > MAX_FILE:
        raise InvalidArgument(f"{file.name} is larger than {MAX_FILE} bytes")
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError:
        raise InvalidArgument(f"{file.name} is not UTF-8") from None
