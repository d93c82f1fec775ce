"""The world beside the text: finding rows to look at, to refer to, or to change in the setup."""

import json
import re
from collections.abc import Iterator, Mapping

from authoring.access import TaskLook
from authoring.setups.finding import found_groups, group
from authoring.setups.ground import Ground, ground_of
from authoring.setups.pages import FoundGroup, WorldPanel
from simulation.browser.searching import words_of

LONGEST = 200
MOST_NAMED = 12
_REFERENCE = re.compile(r"@([a-z_]+):([\w.-]*\w)")


def world_panel(look: TaskLook, text: str) -> WorldPanel | None:
    """Show what is found in the task's world; the rows that it names while nothing is asked."""
    ground, text = ground_of(look), text.strip()[:LONGEST]
    if ground is None:
        return WorldPanel(
            slug=look.task.slug,
            text=text,
            groups=(),
            may_edit=look.may_edit,
            is_searched=False,
            problem=look.scene.world_problem,
        )
    is_searched = bool(words_of(text))
    groups = found_groups(ground, text) if is_searched else _named(look, ground)
    return WorldPanel(
        slug=look.task.slug,
        text=text,
        groups=tuple(groups),
        may_edit=look.may_edit,
        is_searched=is_searched,
    )


def _named(look: TaskLook, ground: Ground) -> Iterator[FoundGroup]:
    """Give the rows that a task names: who asks, its setup, and references in its texts."""
    named = [place for place in dict.fromkeys(_places(look, ground)) if _is_there(ground, *place)]
    for kind in ground.links.company.entity_types.values():
        keys = [key for name, key in named[:MOST_NAMED] if name == kind.name]
        if keys:
            yield group(ground, kind, keys, text="", total=len(keys))


def _places(look: TaskLook, ground: Ground) -> Iterator[tuple[str, str]]:
    content = look.content
    if content.asker:
        yield content.asker.type, content.asker.id
    yield from ((each.entity_type, each.key) for each in ground.placed)
    rubric: Mapping[str, object] = content.rubric.model_dump(mode="json")
    texts = (content.prompt, json.dumps(rubric)) if look.sees_rubric else (content.prompt,)
    for text in texts:
        yield from _REFERENCE.findall(text)


def _is_there(ground: Ground, entity_type: str, key: str) -> bool:
    links = ground.links
    return entity_type in links.company.entity_types and key in links.whole.rows(entity_type)
