"""Bringing a bundle in: in one transaction, whole or not at all; a second time adds nothing."""

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from authoring.bundles.approving import approve_plan
from authoring.bundles.bundle import Bundle, BundleProblems
from authoring.bundles.permission import check_may_import_this
from authoring.bundles.plan import Fate, ImportPlan, plan_import
from authoring.bundles.storing import store_tasks
from authoring.exports.task_files import task_path
from authoring.gates import problems_in
from simulation.errors import Conflict, GymError
from simulation.models import World
from simulation.numbering import hold
from simulation.portability.imports import import_parcel
from simulation.portability.problems import Problem

_LOCK = zlib.crc32(b"imports of packs") - 2**31  # an advisory lock of our own


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What an import did: names of worlds, tasks and revisions, and the version of the pack, "" for
    one without approval. is_new: whether that was frozen now."""

    worlds: tuple[str, ...]
    new: tuple[str, ...]
    further: tuple[str, ...]
    known: tuple[str, ...]
    version: str = ""
    is_new: bool = False

    @property
    def adds(self) -> bool:
        """Tell whether anything was not here before."""
        return bool(self.worlds or self.new or self.further or self.is_new)


def import_bundle(
    bundle: Bundle, *, owner: User, approve: bool = False, slug: str = ""
) -> Imported:
    """Make what a bundle brings the owner's.

    approve: its revisions are approved, its tasks get its splits and its version is frozen.
    Raises Forbidden, and BundleProblems for what stands against it; nothing is written then.
    """
    check_may_import_this(bundle, owner, approve=approve)
    refuse(plan_import(bundle, by=owner, approve=approve, slug=slug).problems)
    if approve:
        refuse(tuple(gate_problems(bundle)))
    try:
        return _import(bundle, owner=owner, approve=approve, slug=slug)
    except IntegrityError:
        text = "somebody else just made something of the same name: look at it again"
        raise Conflict(text) from None


def gate_problems(bundle: Bundle) -> Iterator[Problem]:
    """Name what playing its tasks shows against approving them, in memory."""
    for task in bundle.tasks:
        try:
            found = problems_in(task.content, bundle.worlds[task.content.world].snapshot)
        except GymError as error:
            found = error.message.splitlines()
        yield from (Problem.at(task_path(task.slug), text) for text in found)


def refuse(problems: tuple[Problem, ...]) -> None:
    if problems:
        raise BundleProblems(problems)


@transaction.atomic
def _import(bundle: Bundle, *, owner: User, approve: bool, slug: str) -> Imported:
    hold(_LOCK)
    plan = plan_import(bundle, by=owner, approve=approve, slug=slug, hold=True)
    refuse(plan.problems)
    worlds = _store_worlds(plan, owner)
    stored = store_tasks(plan, worlds, by=owner)
    is_new = approve_plan(plan, stored, by=owner) if approve else False
    return Imported(
        worlds=tuple(world.name for world in plan.worlds if world.fate == Fate.NEW),
        new=_names(plan, Fate.NEW),
        further=_names(plan, Fate.FURTHER),
        known=_names(plan, Fate.KNOWN),
        version=plan.version if approve else "",
        is_new=is_new,
    )


def _names(plan: ImportPlan, fate: Fate) -> tuple[str, ...]:
    return tuple(f"{task.packed.slug}@{task.number}" for task in plan.tasks_that_are(fate))


def _store_worlds(plan: ImportPlan, owner: User) -> Mapping[str, World]:
    """Publish the worlds that are not here yet; gives all that the bundle names."""
    worlds = dict(plan.known.worlds)
    for planned in plan.worlds:
        if planned.fate != Fate.NEW:
            continue
        made = import_parcel(plan.bundle.worlds[planned.name].parcel, owner=owner, publish=True)
        if made.content_hash != planned.hash:
            raise Conflict(f"{made} did not become what it was: its hash is {made.content_hash}")
        worlds[planned.name] = made
    return worlds
