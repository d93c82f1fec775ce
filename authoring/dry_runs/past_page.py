"""Making the page on which the draft rubric is tried on past episodes."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.urls import reverse

from authoring.access import TaskLook
from authoring.drafts.cutting import complete_content
from authoring.dry_runs.blocked import blocked_by
from authoring.dry_runs.page import HIDDEN
from authoring.dry_runs.pages import Blocked, Link
from authoring.dry_runs.past import MOST, USUAL, Flip, PastTrial, Retried, try_on_past
from grading import wording
from grading.marks import verdict_mark
from grading.models import Run
from grading.regrading.permissions import may_grade
from simulation.errors import GymError
from simulation.pages import Choice, Mark
from simulation.wording import counted, listed


@dataclass(frozen=True, slots=True, kw_only=True)
class FlipRow:
    number: int
    text: str
    url: str
    before: Mark
    after: Mark
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeRow:
    """One episode, with what it got and what it would get; `is_other`: passed against failed."""

    name: str
    url: str
    run: str
    at: datetime | None
    before: str
    after: str
    before_mark: Mark
    after_mark: Mark
    is_other: bool
    flips: tuple[FlipRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlipCount:
    """How often a criterion is met by the draft and was not, and the other way round."""

    number: int
    text: str
    url: str
    gained: int
    lost: int
    other: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PastPage:
    """`verdict` says in a sentence what the draft changes; `stored` links to gradings that stay.

    hidden: why episodes are not shown yet.
    """

    back_url: str
    verdict: str = ""
    is_same: bool = False
    numbers: tuple[Choice, ...] = ()
    criteria: tuple[FlipCount, ...] = ()
    episodes: tuple[EpisodeRow, ...] = ()
    left_out: str = ""
    stored: tuple[Link, ...] = ()
    blocked: tuple[Blocked, ...] = ()
    hidden: str = ""


def past_page(look: TaskLook, user: User, number: int) -> PastPage:
    back = reverse("dry_run:page", args=[look.task.slug])
    if look.hides_reference:
        return PastPage(back_url=back, hidden=HIDDEN)
    try:
        content = complete_content(look.content)
        trial = try_on_past(look.task, content, user, number=number)
    except GymError as error:
        return PastPage(back_url=back, blocked=blocked_by(look, error))
    return PastPage(
        back_url=back,
        verdict=_verdict(trial),
        is_same=not trial.flips,
        numbers=tuple(_numbers(number)),
        criteria=tuple(_counts(look, trial)),
        episodes=tuple(map(_episode, trial.episodes)),
        left_out=_left_out(trial.left_out),
        stored=tuple(_stored(user, trial)),
    )


def _verdict(trial: PastTrial) -> str:
    number = len(trial.episodes)
    if not trial.flips:
        return f"No verdict changes: {counted(number, 'episode')} would be graded the same."
    changed = sum(bool(episode.flips) for episode in trial.episodes)
    turned = sum(episode.is_other for episode in trial.episodes)
    flips = counted(len(trial.flips), "verdict")
    words = f"{flips} would change, in {changed} of {counted(number, 'episode')}"
    return f"{words}; {turned} would pass or fail instead." if turned else f"{words}."


def _numbers(chosen: int) -> Iterator[Choice]:
    for number in (USUAL, MOST):
        label = f"last {number}"
        yield Choice(
            value=str(number), label=label, url=f"?n={number}", is_selected=number == chosen
        )


def _counts(look: TaskLook, trial: PastTrial) -> Iterator[FlipCount]:
    """Count the flips of each criterion that has one."""
    kinds = Counter((flip.criterion.key, _direction(flip)) for flip in trial.flips)
    rubric = reverse("rubric:page", args=[look.task.slug])
    for number, criterion in enumerate(trial.criteria, start=1):
        gained, lost, other = (kinds[criterion.key, d] for d in ("gained", "lost", "other"))
        if gained or lost or other:
            yield FlipCount(
                number=number,
                text=criterion.text,
                url=f"{rubric}#criterion-{criterion.key}",
                gained=gained,
                lost=lost,
                other=other,
            )


def _direction(flip: Flip) -> str:
    outcomes = (flip.before.outcome, flip.after.outcome.value)
    return {("not_met", "met"): "gained", ("met", "not_met"): "lost"}.get(outcomes, "other")


def _episode(each: Retried) -> EpisodeRow:
    rollout = each.assessment.rollout
    url = reverse("grading:episode", args=[rollout.run_id, rollout.pk])
    return EpisodeRow(
        name=f"{rollout.subject}, {rollout.agent} #{rollout.index}",
        url=url,
        run=rollout.run.title,
        at=rollout.episode.ended_at,
        before=wording.reward(each.assessment.reward),
        after=wording.reward(each.reward),
        before_mark=_passed(each.assessment.passed),
        after_mark=_passed(each.passed),
        is_other=each.is_other,
        flips=tuple(_flip(flip, url) for flip in each.flips),
    )


def _flip(flip: Flip, episode: str) -> FlipRow:
    return FlipRow(
        number=flip.number,
        text=flip.criterion.text,
        url=f"{episode}#criterion-{flip.criterion.key}",
        before=verdict_mark(flip.criterion, flip.before.outcome),
        after=verdict_mark(flip.criterion, flip.after.outcome),
        by=str(flip.before.author or flip.before.source),
        reason=flip.after.reason,
    )


def _passed(passed: bool | None) -> Mark:
    if passed is None:
        return Mark(state="incomplete", word="open")
    return Mark(state="pass", word="pass") if passed else Mark(state="fail", word="fail")


def _left_out(left_out: Mapping[str, int]) -> str:
    """Say how many newer episodes were left out, and why."""
    if not left_out:
        return ""
    reasons = listed(f"{number} {why}" for why, number in sorted(left_out.items()))
    return f"Left out: {reasons}. A rubric is only fair where world and setup are the same."


def _stored(user: User, trial: PastTrial) -> Iterator[Link]:
    """Link to the forms that grade a run again and keep it, for those who may."""
    runs: dict[int, Run] = {}
    for each in trial.episodes:
        runs[each.assessment.rollout.run_id] = each.assessment.rollout.run
    for run in runs.values():
        if may_grade(user, run):
            yield Link(label=run.title, url=f"{reverse('grade_again', args=[run.pk])}")
