"""Starting and cancelling dry runs: real runs, played by workers and graded like every other."""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from authoring.drafts.cutting import cut_revision
from authoring.dry_runs.results import is_live, tried_in
from authoring.gates import agents_of
from authoring.launch import launch_tasks
from authoring.models import Draft, DryRun, Revision, Task
from authoring.mutants.judges import is_judged
from authoring.strength.access import Measured
from authoring.strength.reports import cancel_report, start_report
from grading.models import Judge, Run
from grading.runs import cancel_run


@transaction.atomic
def start_dry_run(
    task: Task, *, by: User, judge: Judge | None = None, with_mutants: bool = False
) -> DryRun:
    """Cut a revision of the draft and try it; one of the same content that is under way is given
    instead.

    judge: decides what no rule does, where the rubric asks for that.

    Raises Problems that name everything the draft lacks.
    """
    Task.objects.select_for_update().get(pk=task.pk)
    author = Draft.objects.select_related("updated_by").get(task=task).updated_by
    revision = cut_revision(task, by=author, cause=Revision.Cause.DRY_RUN)
    dry_run = _under_way(task, revision) or _launch(task, revision, judge, by)
    if with_mutants and dry_run.mutants is None:
        measured = Measured(revision.value, revision)
        official = dry_run.run.official
        judge = official.judge if official else None
        dry_run.mutants = start_report(task, measured, by=by, judge=judge)
        dry_run.save(update_fields=["mutants"])
    return dry_run


def cancel_dry_run(dry_run: DryRun) -> bool:
    """End what has not ended of it, mutants too. False when all was over."""
    ended = cancel_run(dry_run.run)
    report = dry_run.mutants
    return bool(report and cancel_report(report.pk)) or bool(ended)


def dry_runs_of(task: Task) -> QuerySet[DryRun]:
    """Give the dry runs of a task, newest first, with what reading one needs."""
    related = ("task", "revision", "run__official__judge", "mutants", "started_by")
    return task.dry_runs.select_related(*related).defer("mutants__results", "revision__content")


def _under_way(task: Task, revision: Revision) -> DryRun | None:
    newest = dry_runs_of(task).filter(revision__hash=revision.hash).first()
    if newest is None or not is_live(tried_in([newest])[newest.run_id]):
        return None
    return newest


def _launch(task: Task, revision: Revision, judge: Judge | None, by: User) -> DryRun:
    content = revision.value
    run = launch_tasks(
        [revision],
        agents=agents_of(content),
        repeats=1,
        title=f"Dry run of {revision}",
        kind=Run.Kind.DRY_RUN,
        owner=task.owner,  # the author and all reviewers see its episodes
        judge=judge if is_judged(content.rubric.criteria) else None,
    )
    return DryRun.objects.create(task=task, revision=revision, run=run, started_by=by)
