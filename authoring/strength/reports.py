"""Starting, running, cancelling and keeping mutation reports."""

import datetime as dt
import time

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from authoring.models import MutationReport, Task
from authoring.mutants.judges import decided_by, is_judged
from authoring.mutants.measure import Cancelled, Strength, measure
from authoring.mutants.scores import counts_of, results_as_json, score_of
from authoring.strength.access import Measured, of_draft
from authoring.strength.marks import equivalent_hashes
from grading.judging import Stopped
from grading.models import Judge
from simulation.errors import Conflict, GymError
from simulation.messages import send_after_commit
from simulation.text import clean_json

RUN_TASK = "authoring.tasks.measure_strength"
SILENT = dt.timedelta(minutes=2)  # a worker that has said nothing for so long is gone
EVERY_SECONDS = 0.5
Status = MutationReport.Status


@transaction.atomic
def start_report(
    task: Task, measured: Measured, *, by: User, judge: Judge | None = None
) -> MutationReport:
    """Queue the measuring of a task's rubric; one that is under way already is given instead.

    judge: decides what no rule does, where the rubric asks for that.
    """
    Task.objects.select_for_update().get(pk=task.pk)
    content = measured.content
    live = task.mutation_reports.filter(status__in=MutationReport.LIVE, content_hash=content.hash)
    live.filter(touched_at__lt=timezone.now() - SILENT).update(
        status=Status.FAILED, problem="its worker was lost", ended_at=timezone.now()
    )
    running = live.first()
    if running:
        return running
    report = MutationReport.objects.create(
        task=task,
        revision=measured.revision,
        content_hash=content.hash,
        rubric_hash=content.rubric.hash,
        world=content.world,
        judge=judge if is_judged(content.rubric.criteria) else None,
        created_by=by,
    )
    send_after_commit(RUN_TASK, [report.pk])
    return report


def run_report(pk: int) -> None:
    """Measure what a report is about. Safe to call twice: who comes second does nothing."""
    if not _claim(pk):
        return
    reports = MutationReport.objects.select_related("task", "revision", "judge__endpoint")
    report, tell = reports.get(pk=pk), _Teller(pk)
    try:
        measured = _content_of(report)
        decide = decided_by(report.judge, goes_on=tell.again)
        strength = measure(measured.content, decide=decide, progress=tell)
    except (Cancelled, Stopped):
        return
    except GymError as error:
        _end(pk, Status.FAILED, problem=error.message)
        return
    _keep(report, measured, strength)


def cancel_report(pk: int) -> bool:
    """End a report that is not over. False when it was."""
    return _end(pk, Status.CANCELLED)


@transaction.atomic
def repeat_lost_reports() -> int:
    """Tell the workers again of reports that nobody has worked on for long. Gives how many."""
    silent = MutationReport.objects.filter(
        status__in=MutationReport.LIVE, touched_at__lt=timezone.now() - SILENT
    )
    ids = list(silent.select_for_update(skip_locked=True).values_list("pk", flat=True)[:1000])
    send_after_commit(RUN_TASK, ids)
    return len(ids)


def _claim(pk: int) -> bool:
    """Take a report that nobody works on; one whose worker fell silent is taken over."""
    now = timezone.now()
    is_free = Q(status=Status.QUEUED) | Q(status=Status.RUNNING, touched_at__lt=now - SILENT)
    free = MutationReport.objects.filter(is_free, pk=pk)
    return free.update(status=Status.RUNNING, touched_at=now) == 1


def _content_of(report: MutationReport) -> Measured:
    """Raises Conflict when the draft is not what it was when the report was started."""
    if report.revision is not None:
        return Measured(report.revision.value, report.revision)
    measured = of_draft(report.task)
    if measured.content.hash != report.content_hash:
        raise Conflict("the draft was changed meanwhile: start again")
    return measured


class _Teller:
    """Writes down how far a report is, now and then; gives False once it was cancelled."""

    def __init__(self, pk: int) -> None:
        self._pk = pk
        self._last = 0.0
        self._place = (0, 0)

    def again(self) -> bool:
        """Say the same as before: the work goes on, slowly."""
        return self(*self._place)

    def __call__(self, done: int, total: int) -> bool:
        self._place = (done, total)
        if time.monotonic() - self._last < EVERY_SECONDS:
            return True
        self._last = time.monotonic()
        running = MutationReport.objects.filter(pk=self._pk, status=Status.RUNNING)
        return running.update(done=done, total=total, touched_at=timezone.now()) == 1


def _keep(report: MutationReport, measured: Measured, strength: Strength) -> None:
    equivalent = equivalent_hashes(report.task)
    share = score_of(strength.results, strength.criteria, equivalent).share
    number = len(strength.results)
    _end(
        report.pk,
        Status.ENDED,
        done=number,
        total=number,
        score=share.value if share else None,
        counts={**counts_of(strength), "criteria": list(strength.criteria)},
        results=clean_json(results_as_json(strength.results)),
    )


def _end(pk: int, status: str, **fields: object) -> bool:
    live = MutationReport.objects.filter(pk=pk, status__in=MutationReport.LIVE)
    return live.update(status=status, ended_at=timezone.now(), **fields) == 1
