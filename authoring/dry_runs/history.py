"""The dry runs that a task had, newest first, in one line each."""

from authoring.access import TaskLook
from authoring.dry_runs.pages import PastRow
from authoring.dry_runs.results import Result, tried_in
from authoring.dry_runs.starting import dry_runs_of
from authoring.dry_runs.strip import stale
from authoring.dry_runs.summaries import mark_of
from authoring.models import DryRun
from grading.wording import percent

LONGEST = 20  # dry runs that are listed


def history(look: TaskLook, shown: Result | None) -> tuple[PastRow, ...]:
    found = list(dry_runs_of(look.task)[:LONGEST])
    tried = tried_in(found) if found else {}
    return tuple(
        PastRow(
            version=f"revision {each.revision.number}",
            url=f"?run={each.pk}",
            mark=mark_of(tried[each.run_id]),
            mutants=_mutants(each),
            by=each.started_by.get_username(),
            at=each.created_at,
            is_current=shown is not None and each == shown.dry_run,
            is_stale=bool(stale(look, each)),
        )
        for each in found
    )


def _mutants(dry_run: DryRun) -> str:
    report = dry_run.mutants
    if report is None:
        return ""
    return percent(report.score) if report.score is not None else str(report.status)
