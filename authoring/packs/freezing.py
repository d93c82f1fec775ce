"""Freezing a version of a pack."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from authoring.models import Pack, PackEntry, PackTask, PackVersion, Task
from authoring.packs.access import may_change_pack
from authoring.packs.changes import Side, compare, sides_of
from authoring.packs.checking import Composition, Level, composition_of, report_of
from authoring.packs.chosen import Chosen, worlds_of
from authoring.packs.composing import hold_pack
from authoring.packs.hashes import hash_of_split, hash_of_version
from authoring.splits import HELD_OUT, SPLITS
from grading.held_out import hold_out
from simulation.errors import Conflict, Forbidden, Problems
from simulation.text import clean_text
from simulation.wording import counted

LONGEST_NOTES = 20_000


def freeze_pack(
    pack: Pack, *, by: User, notes: str = "", seconds: float | None = None
) -> PackVersion:
    """Freeze what is put together as the next version; its tasks get their splits for life.

    seconds: for so long tasks are played that were not yet. Raises Forbidden for others than its
    owner and admins, Problems where a check is an error, Conflict when it would equal the newest
    version or tasks are still to be played.
    """
    if not may_change_pack(by, pack):
        raise Forbidden(f"{pack}: only its owner and admins freeze it")
    _refuse_waiting(composition_of(pack, seconds=seconds))  # while nobody waits for a lock
    return _freeze(pack, by=by, notes=clean_text(notes, limit=LONGEST_NOTES)[0].strip())


@transaction.atomic
def _freeze(pack: Pack, *, by: User, notes: str) -> PackVersion:
    held = hold_pack(pack, by=by)
    _hold_tasks(held)
    newest = held.versions.first()
    composition = composition_of(held)
    _refuse_errors(composition, by)
    chosen, plan = composition.chosen, composition.plan
    said = _said(held, chosen, plan)
    if newest and _equals(newest, said):
        raise Conflict(f"{newest} says the same already: change something before freezing again")
    number = newest.number + 1 if newest else 1
    version = PackVersion.objects.create(
        pack=held,
        number=number,
        hash=_hash(held.slug, number, said),
        notes=notes,
        changelog=_changelog(newest, chosen),
        frozen_by=by,
        **said,
    )
    PackEntry.objects.bulk_create(
        PackEntry(version=version, task_id=c.task_id, revision_id=c.revision_id, split=plan[c.slug])
        for c in chosen
    )
    _give_splits(chosen, plan)
    return version


def _hold_tasks(pack: Pack) -> None:
    """Lock its tasks, and others of their families: they get one split together."""
    of_pack = PackTask.objects.filter(pack=pack)
    families = of_pack.exclude(task__family="").values("task__family")
    tasks = Task.objects.filter(Q(pk__in=of_pack.values("task")) | Q(family__in=families))
    list(tasks.select_for_update().order_by("pk").values_list("pk"))


def _refuse_waiting(composition: Composition) -> None:
    if waiting := len(composition.waiting):
        is_are = "is" if waiting == 1 else "are"
        raise Conflict(
            f"{counted(waiting, 'task')} {is_are} still to be played before anything is frozen: "
            "look at the checks until none waits"
        )


def _refuse_errors(composition: Composition, by: User) -> None:
    problems = report_of(composition, by=by).problems
    errors = [problem for problem in problems if problem.level == Level.ERROR]
    if errors:
        raise Problems([_line(error.text, error.tasks) for error in errors])


def _line(text: str, tasks: Sequence[str]) -> str:
    said = "; ".join(text.splitlines())
    return f"{', '.join(tasks)}: {said}" if tasks else said


def _said(pack: Pack, chosen: Sequence[Chosen], plan: Mapping[str, str]) -> dict[str, Any]:
    """Give all that a version says apart from its number and what people note of it."""
    worlds = {name: world.content_hash for name, world in worlds_of(chosen).items()}
    lines = defaultdict(list)
    for each in chosen:
        line = (each.slug, each.number, each.hash, worlds.get(each.world, ""))
        lines[plan[each.slug]].append(line)
    return {
        "title": pack.title,
        "description": pack.description,
        "licence": pack.licence,
        "canary": pack.canary,
        "is_for_training": pack.is_for_training,
        "splits": {
            split: {"tasks": len(lines[split]), "hash": hash_of_split(lines[split])}
            for split in SPLITS
            if split in lines
        },
        "worlds": [{"name": name, "hash": worlds[name]} for name in sorted(worlds)],
    }


def _hash(slug: str, number: int, said: Mapping[str, Any]) -> str:
    hashed = {name: value for name, value in said.items() if name != "description"}
    return hash_of_version(slug=slug, number=number, **hashed)


def says_the_same(version: PackVersion, composition: Composition) -> bool:
    """Tell whether freezing what is put together would only repeat its newest version."""
    if composition.size_problems:
        return False
    return _equals(version, _said(version.pack, composition.chosen, composition.plan))


def _equals(version: PackVersion, said: Mapping[str, Any]) -> bool:
    return all(getattr(version, name) == value for name, value in said.items())


def _changelog(newest: PackVersion | None, chosen: Sequence[Chosen]) -> list[dict[str, Any]]:
    new = {c.slug: Side(revision_id=c.revision_id, number=c.number) for c in chosen}
    return [change.as_json() for change in compare(sides_of(newest), new)]


def _give_splits(chosen: Sequence[Chosen], plan: Mapping[str, str]) -> None:
    """Give splits to those that have none, and withdraw from sight what is held out now."""
    new = defaultdict(list)
    for each in chosen:
        if not each.split:
            new[plan[each.slug]].append(each)
    for split, tasks in new.items():
        pks = [each.task_id for each in tasks]
        Task.objects.filter(pk__in=pks, split="").update(split=split)
    if held_out := [each.slug for each in new[HELD_OUT]]:
        hold_out(held_out)
