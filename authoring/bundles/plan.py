"""What an import would do, and what stands against it, before it does anything."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.contrib.auth.models import User

from authoring.bundles.bundle import Bundle
from authoring.bundles.known import Known, KnownTask, known_of
from authoring.bundles.objections import Objections, gets_split
from authoring.exports.contents import PackedTask
from authoring.packs.hashes import hash_of_version
from simulation.portability.problems import Problem


class Fate(StrEnum):
    NEW = "new"
    KNOWN = "known"  # it is here, and is the same
    FURTHER = "further"  # a revision that a task which is here does not have yet
    TAKEN = "taken"  # something else has its name


@dataclass(frozen=True, kw_only=True)
class PlannedWorld:
    name: str
    hash: str
    fate: Fate


@dataclass(frozen=True, kw_only=True)
class PlannedTask:
    """number: of the revision here. split: the one that the task gets now, "" for none."""

    packed: PackedTask
    fate: Fate
    number: int
    split: str = ""
    known: KnownTask | None = None


@dataclass(frozen=True, kw_only=True)
class ImportPlan:
    """slug and hash: of the pack as it will be called here. fate: of the version."""

    bundle: Bundle
    approve: bool
    slug: str
    hash: str
    fate: Fate
    worlds: tuple[PlannedWorld, ...]
    tasks: tuple[PlannedTask, ...]
    problems: tuple[Problem, ...]
    known: Known

    @property
    def version(self) -> str:
        return f"{self.slug}@{self.bundle.contents.number}"

    def tasks_that_are(self, fate: Fate) -> list[PlannedTask]:
        return [task for task in self.tasks if task.fate == fate]

    @property
    def is_done(self) -> bool:
        """Tell whether all of it is here already, as far as can be seen."""
        fates = {task.fate for task in self.tasks} | {world.fate for world in self.worlds}
        return fates <= {Fate.KNOWN} and (self.fate == Fate.KNOWN or not self.approve)


def plan_import(
    bundle: Bundle, *, by: User, approve: bool = False, slug: str = "", hold: bool = False
) -> ImportPlan:
    """Compare a bundle with what is there; nothing is written.

    by: whose it will be. slug: of the pack here, instead of its own. hold: lock what is compared
    until the transaction ends.
    """
    slug = slug or bundle.contents.slug
    known, version_hash = known_of(bundle, slug, hold=hold), _hash(bundle, slug)
    objections = Objections(
        bundle=bundle, known=known, by=by, approve=approve, slug=slug, hash=version_hash
    )
    return ImportPlan(
        bundle=bundle,
        approve=approve,
        slug=slug,
        hash=version_hash,
        fate=_fate_of_version(known, version_hash),
        worlds=tuple(_world(name, bundle, known) for name in bundle.worlds),
        tasks=tuple(_task(packed, known, approve=approve) for packed in bundle.tasks),
        problems=tuple(objections),
        known=known,
    )


def _world(name: str, bundle: Bundle, known: Known) -> PlannedWorld:
    wanted, here = bundle.worlds[name].hash, known.worlds.get(name)
    fate = Fate.NEW if here is None else Fate.TAKEN
    if here is not None and here.content_hash == wanted:
        fate = Fate.KNOWN
    return PlannedWorld(name=name, hash=wanted, fate=fate)


def _task(packed: PackedTask, known: Known, *, approve: bool) -> PlannedTask:
    here = known.tasks.get(packed.slug)
    split = "" if here and here.task.split else gets_split(packed, approve=approve)
    fate, number = _fate_of_task(packed, here, approve=approve)
    return PlannedTask(packed=packed, fate=fate, number=number, split=split, known=here)


def _fate_of_task(packed: PackedTask, here: KnownTask | None, *, approve: bool) -> tuple[Fate, int]:
    """Give what becomes of a task, and the number of its revision here.

    A version of a pack names revisions by their numbers, so with approval they are kept.
    """
    if here is None:
        return Fate.NEW, packed.revision
    equal, there = here.equal(packed.hash), here.numbered(packed.revision)
    if equal is None and not here.is_kin:
        return Fate.TAKEN, packed.revision
    if there is not None and there.hash == packed.hash:
        return Fate.KNOWN, packed.revision
    if equal is not None and not approve:
        return Fate.KNOWN, equal.number
    is_free = there is None or approve
    return Fate.FURTHER, packed.revision if is_free else here.newest + 1


def _fate_of_version(known: Known, version_hash: str) -> Fate:
    if known.version is None:
        return Fate.NEW
    return Fate.KNOWN if known.version.hash == version_hash else Fate.TAKEN


def _hash(bundle: Bundle, slug: str) -> str:
    """Give the hash of the version under the name that it gets here."""
    contents = bundle.contents
    said: dict[str, Any] = {
        name: getattr(contents, name)
        for name in ("number", "title", "licence", "canary", "is_for_training", "splits", "worlds")
    }
    return hash_of_version(slug=slug, **said)
