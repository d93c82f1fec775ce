"""Asking for a grading of stored episodes, and calling it off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.functions import Now

from grading.models import Assessment, Grading, Judge, Rollout, Run
from grading.regrading.carrying import Luggage, pack, unpack
from grading.regrading.measures import Measures, rubrics_of, words_for
from grading.regrading.permissions import check_may_grade
from grading.scopes import Chosen, Scope, count_chosen, rollouts_of
from simulation.errors import Conflict, InvalidArgument
from simulation.messages import send_after_commit
from simulation.numbering import next_number
from simulation.text import clean_text

GRADE = "grading.tasks.grade_assessments"
CHUNK = 20  # assessments of one message
MAX_RUNS = 50  # asked for at once
LONGEST_REASON = 2000
Purpose = Grading.Purpose
ASKED_FOR = (Purpose.REGRADE, Purpose.TRIAL, Purpose.REPEAT)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is asked for.

    rubrics: None for those of the launch, or of the official grading when it is repeated.
    judge: None for that of the official grading.
    key: asking twice with one key gives one grading.
    """

    reason: str
    purpose: str = Purpose.REGRADE
    rubrics: Measures | None = None
    judge: Judge | None = None
    scope: Scope = field(default_factory=Scope)
    key: str = ""


def ask_grading(run: Run, wish: Wish, *, actor: User) -> Grading:
    """Make a new grading of a run beside those that there are; workers are told after commit.

    Of the rollouts that the actor sees: who does not see held-out ones grades none of them again.

    Raises Problems when a rubric does not fit, Conflict when no rollout can be graded, Forbidden.
    """
    (grading,) = ask_gradings([run], wish, actor=actor)
    return grading


@transaction.atomic
def ask_gradings(runs: Sequence[Run], wish: Wish, *, actor: User) -> list[Grading]:
    """Ask for one grading of each of these runs: all of them, or none."""
    _check(wish, runs)
    for run in runs:
        check_may_grade(actor, run)
    ids = [run.pk for run in runs]
    # one at a time for each run: numbers have no gap, and a key is asked once
    locked = (
        Run.objects.select_for_update(of=("self",)).select_related("official__judge").order_by("pk")
    )
    by_id = {run.pk: run for run in locked.filter(pk__in=ids)}
    return [_ask(by_id[pk], wish, actor) for pk in ids]


@transaction.atomic
def cancel_grading(grading: Grading, *, actor: User) -> int:
    """Call off what is not decided yet; what is stays. Gives how many assessments.

    Raises Conflict when nothing is left, or when the run's numbers rest on it.
    """
    run = Run.objects.select_for_update().get(pk=grading.run_id)
    check_may_grade(actor, run)
    if grading.purpose == Purpose.FIRST or run.official_id == grading.pk:
        raise Conflict(f"{grading} is not cancelled: the run rests on it; cancel the run instead")
    left = Assessment.objects.filter(grading=grading, status=Assessment.Status.OPEN)
    cancelled = left.update(status=Assessment.Status.CANCELLED, claimed_until=None)
    if not cancelled:
        raise Conflict(f"{grading} has nothing left to cancel")
    Grading.objects.filter(pk=grading.pk, cancelled_at__isnull=True).update(cancelled_at=Now())
    return cancelled


def _check(wish: Wish, runs: Sequence[Run]) -> None:
    if wish.purpose not in ASKED_FOR:
        words = ", ".join(ASKED_FOR)
        raise InvalidArgument(f"purpose {wish.purpose!r}: write one of {words}", field="purpose")
    if not wish.reason.strip():
        raise InvalidArgument("say why it is graded again", field="reason")
    if wish.purpose == Purpose.REPEAT and wish.rubrics is not None:
        raise InvalidArgument(
            "a repeated grading measures by the same rubrics; ask for a re-grading", field="rubrics"
        )
    if wish.purpose == Purpose.REPEAT and wish.judge is not None:
        raise InvalidArgument("a repeated grading asks the same judge again", field="judge")
    if not 1 <= len({run.pk for run in runs}) == len(runs) <= MAX_RUNS:
        raise InvalidArgument(f"name 1 to {MAX_RUNS} runs, each once", field="runs")


def _ask(run: Run, wish: Wish, actor: User) -> Grading:
    known = run.gradings.filter(key=wish.key).first() if wish.key else None
    if known:
        return known
    official = _official(run)
    found = rollouts_of(run, wish.scope, actor)
    chosen = count_chosen(found)
    if not chosen.gradable:
        raise Conflict(_nothing_to_grade(run, chosen))
    rollouts = Rollout.objects.filter(pk__in=found.order_by().values("pk")).still_gradable()
    like = official if wish.purpose == Purpose.REPEAT else run.gradings.get(number=1)
    rubrics = rubrics_of(rollouts, wish.rubrics, like=like)
    luggage = pack(official, rubrics, purpose=wish.purpose)
    grading = Grading(
        run=run,
        number=next_number(run.gradings.all(), "number"),
        purpose=wish.purpose,
        rubrics=words_for(wish.rubrics, like),
        reason=clean_text(wish.reason.strip(), limit=LONGEST_REASON)[0],
        judge=_judge(wish, official),
        scope=_scope(wish, chosen, official, luggage),
        key=wish.key,
        asked_by=actor,
    )
    return _store(grading, rubrics, luggage)


def _store(grading: Grading, rubrics: Mapping[int, str], luggage: Luggage) -> Grading:
    """Store grading, assessments and what is carried; tell the workers after commit."""
    grading.save()
    assessments = Assessment.objects.bulk_create(
        (
            Assessment(rollout_id=pk, rubric_id=rubric, grading=grading)
            for pk, rubric in sorted(rubrics.items())
        ),
        batch_size=5000,
    )
    unpack(luggage, assessments)
    ids = [assessment.pk for assessment in assessments]
    send_after_commit(GRADE, [ids[n : n + CHUNK] for n in range(0, len(ids), CHUNK)])
    return grading


def _scope(wish: Wish, chosen: Chosen, official: Grading, luggage: Luggage) -> dict[str, Any]:
    """Write down which rollouts, how many others, and what became of the words of people."""
    return {
        "filter": wish.scope.as_json(),
        "masked": chosen.masked,
        "forgotten": chosen.forgotten,
        "unfinished": chosen.unfinished,
        "carried_from": official.number,
        "carried": len(luggage.verdicts),
        "not_carried": luggage.left,
    }


def _judge(wish: Wish, official: Grading) -> Judge | None:
    judge = wish.judge or official.judge
    if judge is not None and judge.is_retired:
        raise Conflict(f"the judge {judge} is retired; choose one that is in use")
    return judge


def _official(run: Run) -> Grading:
    if run.official is None:
        raise Conflict(f"{run} is still being made")
    return run.official


def _nothing_to_grade(run: Run, chosen: Chosen) -> str:
    why = f": {chosen.left_out}" if chosen.left_out else ": the filter finds none"
    return f"no rollout of {run} can be graded{why}"
