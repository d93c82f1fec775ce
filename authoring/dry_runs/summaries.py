"""The last dry run of many tasks in a word, for lists."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse

from authoring.dry_runs.results import BROKEN, Role, Tried, is_live, tried_in, wrongs
from authoring.models import Draft, DryRun, Task
from grading.models import RolloutOutcome
from simulation.pages import Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRunSummary:
    """mark: how it went, such as "reference passes", "claims-only passes", "running".

    is_stale: it was of an older version than the draft is now.
    """

    mark: Mark
    at: dt.datetime
    url: str
    is_live: bool
    is_stale: bool


def last_dry_runs(tasks: Iterable[Task]) -> Mapping[int, DryRunSummary]:
    """Sum up the last dry run of each task that has one, by primary key, in three queries."""
    slugs = {task.pk: task.slug for task in tasks}
    newest = DryRun.objects.filter(task__in=slugs).order_by("task_id", "-pk").distinct("task_id")
    # what a revision says is long, and no list needs it
    found = list(newest.select_related("run", "revision").defer("revision__content"))
    if not found:
        return {}
    hashes = dict(Draft.objects.filter(task__in=slugs).values_list("task_id", "hash"))
    tried = tried_in(found)
    return {
        each.task_id: DryRunSummary(
            mark=mark_of(tried[each.run_id]),
            at=each.created_at,
            url=f"{reverse('dry_run:page', args=[slugs[each.task_id]])}?run={each.pk}",
            is_live=is_live(tried[each.run_id]),
            is_stale=hashes.get(each.task_id, each.revision.hash) != each.revision.hash,
        )
        for each in found
    }


def mark_of(tried: Sequence[Tried]) -> Mark:
    """Say how a dry run went, what matters most first."""
    outcomes = {each.outcome for each in tried}
    if is_live(tried):
        return Mark(state="running", word="running")
    if wrong := next(wrongs(tried), None):
        return Mark(state="fail", word=_words(wrong))
    if RolloutOutcome.CANCELLED in outcomes:
        return Mark(state="cancelled", word="cancelled")
    if outcomes & {*BROKEN}:
        return Mark(state="masked", word="not finished")
    if any(each.role == Role.REFERENCE and each.passed is None for each in tried):
        return Mark(state="incomplete", word="to be decided")
    return Mark(state="pass", word="reference passes")


def _words(wrong: Tried) -> str:
    if wrong.role == Role.REFERENCE:
        return "reference fails"
    word = wrong.word.partition(":")[0] if wrong.role == Role.NEAR_MISS else wrong.word
    return f"{word} passes"
