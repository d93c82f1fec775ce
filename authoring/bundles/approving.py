"""Taking over what was approved elsewhere: revisions, and the frozen version of the pack."""

from collections.abc import Mapping

from django.contrib.auth.models import User

from authoring.bundles.plan import ImportPlan, PlannedTask
from authoring.bundles.storing import BATCH, note_origin
from authoring.models import Pack, PackEntry, PackTask, PackVersion, ReviewEvent, Revision

State = Revision.State
LASTING = (State.APPROVED, State.SUPERSEDED)  # what was approved once stays as it is


def approve_plan(plan: ImportPlan, stored: Mapping[str, Revision], *, by: User) -> bool:
    """Approve the revisions and freeze the version; tells whether anything of it is new.

    The gates were passed before. stored: the revision of each task, by slug.
    """
    _approve(plan, stored, by)
    pack = plan.known.pack or _make_pack(plan, stored, by)
    version = plan.known.version or _freeze(plan, pack, by)
    missing = [task for task in plan.tasks if task.packed.slug not in plan.known.entries]
    PackEntry.objects.bulk_create(
        (
            PackEntry(
                version=version,
                task_id=stored[task.packed.slug].task_id,
                revision=stored[task.packed.slug],
                split=task.packed.split,
            )
            for task in missing
        ),
        batch_size=BATCH,
    )
    return bool(missing) or plan.known.version is None


def _approve(plan: ImportPlan, stored: Mapping[str, Revision], by: User) -> None:
    """Approve what is the newest; what is older than the approved revision is superseded by it."""
    waiting = [task for task in plan.tasks if stored[task.packed.slug].state not in LASTING]
    older = [task for task in waiting if _is_outdated(task)]
    newer = [task for task in waiting if not _is_outdated(task)]
    before = [task.known.approved for task in newer if task.known and task.known.approved]
    _move(before, State.SUPERSEDED)
    ReviewEvent.objects.bulk_create(
        (ReviewEvent(revision=each, actor=by, action="supersede") for each in before),
        batch_size=BATCH,
    )
    _move([stored[task.packed.slug] for task in older], State.SUPERSEDED)
    _move([stored[task.packed.slug] for task in newer], State.APPROVED)
    note_origin([stored[task.packed.slug] for task in waiting], plan, by)


def _is_outdated(task: PlannedTask) -> bool:
    approved = task.known.approved if task.known else None
    return approved is not None and approved.number > task.number


def _move(revisions: list[Revision], state: str) -> None:
    Revision.objects.filter(pk__in=[revision.pk for revision in revisions]).update(state=state)


def _make_pack(plan: ImportPlan, stored: Mapping[str, Revision], by: User) -> Pack:
    """Make the pack, with the same tasks for its next version."""
    contents = plan.bundle.contents
    pack = Pack.objects.create(
        slug=plan.slug,
        title=contents.title,
        description=contents.description,
        licence=contents.licence,
        canary=contents.canary,
        is_for_training=contents.is_for_training,
        owner=by,
    )
    PackTask.objects.bulk_create(
        (
            PackTask(pack=pack, task_id=revision.task_id, revision=revision, added_by=by)
            for revision in stored.values()
        ),
        batch_size=BATCH,
    )
    return pack


def _freeze(plan: ImportPlan, pack: Pack, by: User) -> PackVersion:
    contents = plan.bundle.contents
    return PackVersion.objects.create(
        pack=pack,
        number=contents.number,
        hash=plan.hash,
        title=contents.title,
        description=contents.description,
        licence=contents.licence,
        canary=contents.canary,
        is_for_training=contents.is_for_training,
        notes=contents.notes,
        splits=dict(contents.splits),
        worlds=list(contents.worlds),
        changelog=list(contents.changelog),
        frozen_by=by,
    )
