"""What checks know of a task: what playing it shows, and what its prompt and rows are like.

Each is played once, best when it is approved: what is known of one is small and is kept.
"""

import re
import time
from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from authoring.content import CallStep, TaskContent, read_content
from authoring.gates import problems_of, warnings_of
from authoring.models import Revision
from authoring.packs.chosen import Chosen
from authoring.packs.kept import Key, keep, kept
from simulation.errors import GymError
from simulation.models import World
from simulation.snapshots import Snapshot
from simulation.text import canonical, texts_in, without_nulls
from simulation.tools import find_tool
from simulation.worlds import load_snapshot

KEPT = 4000  # tasks of which a process knows this
CHUNK = 100  # contents in memory at the same time, and facts that are kept at once
_WORD = re.compile(r"\w+")
Row = tuple[str, str]  # entity type and id


@dataclass(frozen=True, slots=True)
class Facts:
    """same: equal for tasks that ask the same of an agent in the same situation. words: of the
    prompt. rows: those that the setup or calls of the reference that write change or name. kinds:
    of checks.
    """

    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    same: bytes = b""
    words: frozenset[str] = frozenset()
    rows: frozenset[Row] = frozenset()
    kinds: frozenset[str] = frozenset()


_known: OrderedDict[Key, Facts] = OrderedDict()


def facts_of(
    chosen: Collection[Chosen], worlds: Mapping[str, World], *, seconds: float | None = None
) -> dict[str, Facts]:
    """Give what is known of each task whose world is published, by slug.

    seconds: for so long tasks are played, at least one; those that are left have no facts.
    """
    playable = [each for each in chosen if each.world in worlds]
    keys = {each.slug: _key(each, worlds[each.world]) for each in playable}
    known = _recall(keys.values())
    found = {slug: known[key] for slug, key in keys.items() if key in known}
    missing = {each.revision_id: each for each in playable if each.slug not in found}
    end = time.monotonic() + seconds if seconds is not None else float("inf")
    new: dict[Key, Facts] = {}
    for each, data in _contents(missing):
        found[each.slug] = new[keys[each.slug]] = _facts(data, worlds[each.world])
        is_over = time.monotonic() >= end
        if is_over or len(new) == CHUNK:
            _remember(new)
            new = {}
        if is_over:
            break
    _remember(new)
    return found


def keep_facts(revision: Revision, world: World) -> None:
    """Keep what playing a revision shows, as whoever approves it has played it just now."""
    key = (revision.pk, revision.hash, world.content_hash)
    _remember({key: _facts(revision.content, world)})


def _contents(missing: Mapping[int, Chosen]) -> Iterator[tuple[Chosen, Any]]:
    """Give contents world by world, so that each is loaded once."""
    if not missing:
        return
    rows = Revision.objects.filter(pk__in=missing).order_by("content__world", "pk")
    for pk, content in rows.values_list("pk", "content").iterator(chunk_size=CHUNK):
        yield missing[pk], content


def _key(chosen: Chosen, world: World) -> Key:
    return chosen.revision_id, chosen.hash, world.content_hash


def _remember(new: Mapping[Key, Facts]) -> None:
    keep(new)
    _hold(new)


def _recall(keys: Collection[Key]) -> dict[Key, Facts]:
    here = {key: _known[key] for key in keys if key in _known}
    elsewhere = kept([key for key in keys if key not in here])
    _hold(elsewhere)
    return here | elsewhere


def _hold(known: Mapping[Key, Facts]) -> None:
    _known.update(known)
    while len(_known) > KEPT:
        _known.popitem(last=False)


def _facts(data: Mapping[str, Any], world: World) -> Facts:
    try:
        content = read_content(data)
        problems, warnings = problems_of(content, world), warnings_of(content, world)
    except GymError as error:
        return Facts(problems=tuple(error.message.splitlines()))
    return Facts(
        problems=tuple(problems),
        warnings=tuple(warnings),
        same=_same(content),
        words=frozenset(_WORD.findall(content.prompt.lower())),
        rows=frozenset(_rows(content, world)),
        kinds=frozenset(criterion.kind for criterion in content.rubric.criteria),
    )


def _same(content: TaskContent) -> bytes:
    names = {"prompt", "mode", "customer", "world", "setup"}
    return canonical(without_nulls(content.model_dump(mode="json", include=names)))


def _rows(content: TaskContent, world: World) -> Iterator[Row]:
    """Give the rows that a task is about; the agent's own row is in every task."""
    snapshot = load_snapshot(world)
    for operation in content.setup:
        if key := operation.get("id"):
            yield str(operation.get("entity_type")), str(key)
        yield from _existing(snapshot, {*texts_in(operation.get("fields"))})
    tools = world.company.toolsets[content.toolset]
    for step in content.reference:
        if isinstance(step, CallStep) and (tool := find_tool(tools, step.call)) and tool.writes:
            named = set(texts_in(step.arguments)) - {world.agent_employee_id}
            yield from _existing(snapshot, named)


def _existing(snapshot: Snapshot, named: Collection[str]) -> Iterator[Row]:
    for entity_type in snapshot.company.entity_types:
        rows = snapshot.rows(entity_type)
        yield from ((entity_type, key) for key in named if key in rows)
