"""The tasks of a bundle as rows: tasks, revisions and drafts, with few statements for many."""

from collections.abc import Iterable, Mapping, Sequence

from django.contrib.auth.models import User

from authoring.bundles.known import IMPORT
from authoring.bundles.lint import Verdict, lint_of
from authoring.bundles.plan import Fate, ImportPlan, PlannedTask
from authoring.holding import hold_tasks
from authoring.models import Draft, ReviewEvent, Revision, Task
from authoring.splits import HELD_OUT
from grading.held_out import hold_out
from simulation.models import World

BATCH = 200


def store_tasks(plan: ImportPlan, worlds: Mapping[str, World], *, by: User) -> dict[str, Revision]:
    """Store what is not here yet; gives the revision of each task, by slug.

    Raises BundleProblems where lint finds errors and they are to be approved.
    """
    new = plan.tasks_that_are(Fate.NEW)
    tasks = {name: known.task for name, known in plan.known.tasks.items()}
    tasks |= _make_tasks(new, by)
    _give_splits(plan, tasks)
    said = lint_of(plan, worlds)
    revisions = _revisions(plan, tasks, by)
    _make_drafts(new, tasks, said, by)
    _move_drafts(plan.tasks_that_are(Fate.FURTHER), said, by)
    return revisions


def _make_tasks(new: Sequence[PlannedTask], by: User) -> dict[str, Task]:
    made = Task.objects.bulk_create(
        (Task(slug=p.packed.slug, owner=by, family=p.packed.family, split=p.split) for p in new),
        batch_size=BATCH,
    )
    return {task.slug: task for task in made}


def _give_splits(plan: ImportPlan, tasks: Mapping[str, Task]) -> None:
    """Give splits to tasks that were here without one, and hide what is held out from now on."""
    given = [p for p in plan.tasks if p.split and p.known]
    hold_tasks([tasks[p.packed.slug].pk for p in given])
    for planned in given:
        tasks[planned.packed.slug].split = planned.split
    Task.objects.bulk_update([tasks[p.packed.slug] for p in given], ["split"], batch_size=BATCH)
    hold_out([p.packed.slug for p in given if p.split == HELD_OUT])


def _revisions(plan: ImportPlan, tasks: Mapping[str, Task], by: User) -> dict[str, Revision]:
    known = {
        p.packed.slug: revision
        for p in plan.tasks_that_are(Fate.KNOWN)
        if p.known and (revision := p.known.numbered(p.number))
    }
    made = Revision.objects.bulk_create(
        (
            Revision(
                task=tasks[p.packed.slug],
                number=p.number,
                content=p.packed.content.model_dump(mode="json"),
                hash=p.packed.hash,
                author=by,
                cause=Revision.Cause.IMPORTED,
            )
            for p in plan.tasks
            if p.fate in (Fate.NEW, Fate.FURTHER)
        ),
        batch_size=BATCH,
    )
    if not plan.approve:  # approval says it otherwise
        note_origin(made, plan, by)
    return known | {revision.task.slug: revision for revision in made}


def note_origin(revisions: Iterable[Revision], plan: ImportPlan, by: User) -> None:
    """Say of revisions with which pack they came: by that they are known again."""
    ReviewEvent.objects.bulk_create(
        (
            ReviewEvent(revision=each, actor=by, action=IMPORT, comment=plan.bundle.name)
            for each in revisions
        ),
        batch_size=BATCH,
    )


def _make_drafts(
    new: Sequence[PlannedTask],
    tasks: Mapping[str, Task],
    said: Mapping[str, Verdict],
    by: User,
) -> None:
    Draft.objects.bulk_create(
        (
            Draft(
                task=tasks[p.packed.slug],
                content=p.packed.content.model_dump(mode="json"),
                hash=p.packed.hash,
                findings=said[p.packed.slug].counts,
                updated_by=by,
            )
            for p in new
        ),
        batch_size=BATCH,
    )


def _move_drafts(further: Sequence[PlannedTask], said: Mapping[str, Verdict], by: User) -> None:
    """Let drafts follow that say what the newest revision says; work that is ahead stays."""
    moved = []
    for planned in further:
        draft = planned.known.draft if planned.known else None
        newest = planned.known.newest if planned.known else 0
        if draft is None or draft.is_ahead or planned.number < newest:
            continue
        draft.content = planned.packed.content.model_dump(mode="json")
        draft.hash, draft.updated_by = planned.packed.hash, by
        draft.version += 1
        draft.findings = said[planned.packed.slug].counts
        moved.append(draft)
    fields = ["content", "hash", "updated_by", "version", "findings"]
    Draft.objects.bulk_update(moved, fields, batch_size=BATCH)
