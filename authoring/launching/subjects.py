"""Which revisions a wish is about, as far as its person may know of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Case, Q, QuerySet, Value, When

from authoring.access import visible_tasks
from authoring.launching.left_out import LeftOut, left
from authoring.launching.wish import Wish
from authoring.models import PackVersion, Revision, Task
from authoring.packs.access import seen_entries
from grading.models import Rollout, Run
from simulation.customers import SCRIPT
from simulation.errors import Problems
from simulation.roles import sees_held_out

CONVERSATION = "conversation"
NAMED = 5  # versions of packs in a message
UNKNOWN = "there is no such task, or it is not yours to see"
HELD = "held out: they are run by those who see held-out tasks"
ELSEWHERE = "held out, and did not come along with the import"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A revision that is run. is_played: a model has to play its customer.

    is_judged, is_human: it has criteria that a judge, or a person, decides.
    """

    revision_id: int
    task_id: int
    slug: str
    number: int
    split: str
    is_retired: bool
    is_played: bool
    is_judged: bool
    is_human: bool

    @property
    def name(self) -> str:
        return f"{self.slug}@{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """version: of the pack, None where tasks are chosen otherwise. since: the run that is asked for
    what changed since."""

    subjects: tuple[Subject, ...]
    left_out: tuple[LeftOut, ...]
    version: PackVersion | None
    since: Run | None


def find_subjects(wish: Wish, by: User) -> Found:
    """Raises Problems where a pack or run is not there, or nothing says which tasks."""
    if not (wish.pack or wish.tasks or wish.changed_since):
        raise Problems(
            ["pack: choose a pack, name tasks, or choose a run to look for changes since"]
        )
    version = find_version(wish.pack, by) if wish.pack else None
    since = _run(wish.changed_since, by) if wish.changed_since else None
    there, left_out = _of_pack(wish, version, by) if version else _approved(wish, by)
    kept, others = _sifted(there, _obstacles(wish, since))
    return Found(
        subjects=tuple(kept),
        left_out=(*left_out, *others),
        version=version,
        since=since,
    )


def find_version(text: str, by: User) -> PackVersion:
    """Find a version of a pack by "slug@3", or its newest one by "slug". Raises Problems."""
    slug, _, number = text.partition("@")
    is_number = number.isdecimal() and number.isascii() and len(number) < 10
    versions = PackVersion.objects.visible_to(by).filter(pack__slug=slug).order_by("-number")
    if number:
        versions = versions.filter(number=int(number)) if is_number else versions.none()
    version: PackVersion | None = versions.select_related("pack").first()
    if version is None:
        raise Problems([f"pack: there is no frozen version {text!r}; {_versions_there_are(by)}"])
    return version


def _versions_there_are(by: User) -> str:
    known = list(PackVersion.objects.visible_to(by).select_related("pack").order_by("-pk")[:NAMED])
    if not known:
        return "none is frozen yet: name tasks, or freeze a pack at /packs/"
    return f"the newest are {', '.join(map(str, known))}"


def _run(number: int, by: User) -> Run:
    run = Run.objects.visible_to(by).filter(pk=number).first()
    if run is None:
        raise Problems([f"changed_since: there is no run {number}, or it is not yours to see"])
    return run


def _of_pack(wish: Wish, version: PackVersion, by: User) -> tuple[list[Subject], list[LeftOut]]:
    entries = seen_entries(by, version)
    splits = [wish.split] if wish.split else list(version.splits)
    entries = entries.filter(split__in=splits)
    splits_of = dict(entries.order_by().values_list("revision_id", "split"))
    there = _read(Revision.objects.filter(pk__in=entries.order_by().values("revision")), splits_of)
    missing = sum(version.splits.get(each, {}).get("tasks", 0) for each in splits) - len(there)
    hidden = [LeftOut(why=ELSEWHERE if sees_held_out(by) else HELD, unnamed=missing)]
    absent = set(wish.tasks) - {subject.slug for subject in there}
    if wish.tasks:
        there = [subject for subject in there if subject.slug in wish.tasks]
    where = f"{version}{f', split {wish.split}' if wish.split else ''}"
    return there, [*(hidden if missing > 0 and not wish.tasks else []),
                   *left(f"not in {where}, or not yours to see", absent)]  # fmt: skip


def _approved(wish: Wish, by: User) -> tuple[list[Subject], list[LeftOut]]:
    tasks = visible_tasks(by)
    if wish.tasks:
        tasks = tasks.filter(slug__in=wish.tasks)
    if wish.split:
        tasks = tasks.filter(split=wish.split)
    approved = Revision.objects.filter(state=Revision.State.APPROVED, task__in=tasks)
    there = _read(approved)
    known = set(tasks.values_list("slug", flat=True)) if wish.tasks else set[str]()
    waiting = known - {subject.slug for subject in there}
    return there, [*left("no revision of it is approved", waiting),
                   *left(UNKNOWN, set(wish.tasks) - known)]  # fmt: skip


def _obstacles(wish: Wish, since: Run | None) -> list[tuple[str, Callable[[Subject], bool]]]:
    """Give what keeps a task out, with the words for it."""
    found: list[tuple[str, Callable[[Subject], bool]]] = [
        ("retired", lambda subject: subject.is_retired)
    ]
    if since:
        tried = Rollout.objects.shown_in(since).order_by().values_list("subject", flat=True)
        known = set(tried.distinct())
        words = f"run {since.pk} has tried the same revision"
        found.append((words, lambda subject: subject.name in known))
    if wish.kind == "training":
        words = "a person decides one of its criteria, and training does not wait for people"
        found.append((words, lambda subject: subject.is_human))
    return found


def _sifted(
    there: Sequence[Subject], obstacles: Sequence[tuple[str, Callable[[Subject], bool]]]
) -> tuple[list[Subject], list[LeftOut]]:
    kept, left_out = list(there), list[LeftOut]()
    for words, keeps_out in obstacles:
        left_out += left(words, (subject.slug for subject in kept if keeps_out(subject)))
        kept = [subject for subject in kept if not keeps_out(subject)]
    return kept, left_out


def _has_check(kind: str) -> Case:
    of_kind = Q(content__rubric__criteria__contains=[{"check": {"kind": kind}}])
    return Case(When(of_kind, then=Value(True)), default=Value(False))


def _read(revisions: "QuerySet[Revision]", splits: dict[int, str] | None = None) -> list[Subject]:
    """Read what decides about running a revision, without its content; by slug."""
    rows = revisions.annotate(judged=_has_check("judge"), human=_has_check("human"))
    columns = (
        *("pk", "task_id", "task__slug", "number", "task__split", "task__is_retired"),
        *("content__mode", "content__customer__kind", "judged", "human"),
    )
    found = rows.order_by("task__slug").values_list(*columns)
    return [_subject(row, (splits or {}).get(row[0], "")) for row in found]


def _subject(row: Sequence[Any], split: str) -> Subject:
    pk, task, slug, number, own_split, is_retired, mode, customer, judged, human = row
    return Subject(
        revision_id=pk,
        task_id=task,
        slug=slug,
        number=number,
        split=split or own_split,
        is_retired=is_retired,
        is_played=mode == CONVERSATION and customer != SCRIPT,
        is_judged=judged,
        is_human=human,
    )


def seen_slugs(slugs: Sequence[str], by: User) -> tuple[str, ...]:
    """Keep those of tasks that a person may know of, in their order."""
    seen = set(Task.objects.visible_to(by).filter(slug__in=slugs).values_list("slug", flat=True))
    return tuple(slug for slug in slugs if slug in seen)
