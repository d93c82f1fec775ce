"""What is here already of what a bundle brings, read with as many queries for many as for one."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from authoring.bundles.bundle import Bundle
from authoring.models import (
    Draft,
    Pack,
    PackEntry,
    PackVersion,
    ReviewEvent,
    Revision,
    Task,
)
from simulation.models import World

IMPORT = "import"  # the action of events that say from which pack a revision came


@dataclass(frozen=True, kw_only=True)
class KnownTask:
    """A task that has the name of one of the bundle's. is_kin: it was in the same pack before."""

    task: Task
    draft: Draft | None
    revisions: Sequence[Revision]
    is_kin: bool

    def numbered(self, number: int) -> Revision | None:
        return next((each for each in self.revisions if each.number == number), None)

    def equal(self, content_hash: str) -> Revision | None:
        """Give the newest revision of that content."""
        return next((each for each in self.revisions if each.hash == content_hash), None)

    @property
    def approved(self) -> Revision | None:
        is_approved = (r for r in self.revisions if r.state == Revision.State.APPROVED)
        return next(is_approved, None)

    @property
    def newest(self) -> int:
        return max((revision.number for revision in self.revisions), default=0)


@dataclass(frozen=True, kw_only=True)
class Known:
    """worlds by SLUG@VERSION, tasks by slug. families: the splits of families, by their name.

    pack and version: those of the bundle's name. canary_of: the other pack with its canary.
    """

    worlds: Mapping[str, World]
    tasks: Mapping[str, KnownTask]
    families: Mapping[str, set[str]]
    pack: Pack | None
    version: PackVersion | None
    entries: frozenset[str] = field(default_factory=frozenset)
    canary_of: Pack | None = None


def known_of(bundle: Bundle, slug: str, *, hold: bool = False) -> Known:
    """Look up what is here. slug: of the pack here. hold: lock the tasks for the transaction."""
    pack = Pack.objects.filter(slug=slug).first()
    version = pack.versions.filter(number=bundle.contents.number).first() if pack else None
    entries = PackEntry.objects.filter(version=version).values_list("task__slug", flat=True)
    others = Pack.objects.filter(canary=bundle.canary).exclude(slug=slug)
    return Known(
        worlds=_worlds(bundle),
        tasks=_tasks(bundle, slug, hold=hold),
        families=_families(bundle),
        pack=pack,
        version=version,
        entries=frozenset(entries) if version else frozenset(),
        canary_of=others.first(),
    )


def _worlds(bundle: Bundle) -> dict[str, World]:
    named = Q()
    for name in bundle.worlds:
        slug, _, version = name.partition("@")
        named |= Q(slug=slug, version=int(version))
    return {str(world): world for world in World.objects.filter(named)} if named else {}


def _tasks(bundle: Bundle, slug: str, *, hold: bool) -> dict[str, KnownTask]:
    tasks = Task.objects.filter(slug__in=[task.slug for task in bundle.tasks]).order_by("pk")
    found = list(tasks.select_for_update() if hold else tasks)
    drafts = {draft.task_id: draft for draft in Draft.objects.filter(task__in=found)}
    revisions = defaultdict(list)
    for revision in Revision.objects.filter(task__in=found).defer("content"):
        revisions[revision.task_id].append(revision)
    kin = _kin(found, bundle, slug)
    return {
        task.slug: KnownTask(
            task=task,
            draft=drafts.get(task.pk),
            revisions=revisions[task.pk],
            is_kin=task.pk in kin,
        )
        for task in found
    }


def _kin(tasks: Sequence[Task], bundle: Bundle, slug: str) -> set[int]:
    """Give the tasks that are in a version of this pack, or came with one."""
    entries = PackEntry.objects.filter(task__in=tasks, version__pack__slug=slug)
    came = ReviewEvent.objects.filter(
        revision__task__in=tasks,
        action=IMPORT,
        comment__startswith=f"{bundle.contents.slug}@",
    )
    return {
        *entries.values_list("task_id", flat=True),
        *came.values_list("revision__task_id", flat=True),
    }


def _families(bundle: Bundle) -> dict[str, set[str]]:
    names = {task.family for task in bundle.tasks if task.family}
    own = [task.slug for task in bundle.tasks]
    others = Task.objects.filter(family__in=names).exclude(split="").exclude(slug__in=own)
    found: dict[str, set[str]] = defaultdict(set)
    for family, split in others.values_list("family", "split"):
        found[family].add(split)
    return found
