"""The strip below every tab: what the last dry run of a task gave, agent by agent."""

from collections.abc import Iterator, Sequence

from django.urls import reverse

from authoring.access import TaskLook
from authoring.dry_runs.mutants import mutants_chip
from authoring.dry_runs.pages import Blocked, Chip, Link, Shown, StartForm, Strip
from authoring.dry_runs.results import GRADED, Result, Role, Tried, read_result
from authoring.dry_runs.starting import dry_runs_of
from authoring.gates import HIGH_TRIVIAL_REWARD
from authoring.models import DryRun
from grading import wording
from grading.criteria import Criterion, Outcome
from grading.marks import outcome_mark
from grading.models import Judge, RolloutOutcome
from simulation.pages import Choice, Mark
from simulation.wording import counted

MOST = 3  # criteria that a chip names


def strip_for(look: TaskLook, blocked: tuple[Blocked, ...] = ()) -> Strip:
    """blocked: why the draft could not be tried just now."""
    dry_run = dry_runs_of(look.task).first()
    result = read_result(dry_run) if dry_run else None
    return strip_of(look, result, blocked)


def strip_of(look: TaskLook, result: Result | None, blocked: tuple[Blocked, ...] = ()) -> Strip:
    slug = look.task.slug
    return Strip(
        page_url=reverse("dry_run:page", args=[slug]),
        poll_url=reverse("dry_run:strip", args=[slug]),
        past_url=reverse("dry_run:past", args=[slug]),
        start=StartForm(
            url=reverse("dry_run:start", args=[slug]),
            label="Dry-run again" if result else "Dry-run",
            judges=_judges(look),
        ),
        shown=_shown(look, result) if result else None,
        blocked=blocked,
    )


def chip_of(look: TaskLook, result: Result, tried: Tried) -> Chip:
    lead, criteria = _deciding(result, tried)
    return Chip(
        agent=shown_name(look, tried),
        mark=_mark(result, tried),
        points=points(result, tried),
        reward=wording.reward(tried.reward) if tried.role == Role.TRIVIAL else "",
        url=episode_url(look, result, tried),
        lead=lead if criteria else "",
        criteria=tuple(criterion_link(look, n, c) for n, c in criteria[:MOST]),
        more=max(0, len(criteria) - MOST),
    )


def shown_name(look: TaskLook, tried: Tried) -> str:
    """Name an agent; a near-miss by its number where its name would give the reference away."""
    is_hidden = look.hides_reference and tried.role == Role.NEAR_MISS
    return tried.word.partition(":")[0] if is_hidden else tried.word


def points(result: Result, tried: Tried) -> str:
    rubric = {"criteria": [{"points": criterion.points} for criterion in result.criteria]}
    return wording.points(tried.reward, rubric)


def episode_url(look: TaskLook, result: Result, tried: Tried) -> str:
    """Give the page of an episode; "" where it would give the reference away too early."""
    if look.hides_reference and tried.role != Role.TRIVIAL:
        return ""
    return reverse("grading:episode", args=[result.dry_run.run_id, tried.rollout])


def criterion_link(look: TaskLook, number: int, criterion: Criterion) -> Link:
    url = f"{reverse('rubric:page', args=[look.task.slug])}#criterion-{criterion.key}"
    return Link(label=str(number), url=url)


def stale(look: TaskLook, dry_run: DryRun) -> str:
    """Say that the draft says something else by now, "" when it does not."""
    is_same = look.draft is None or look.draft.hash == dry_run.revision.hash
    return "" if is_same else "the draft has changed since"


def _shown(look: TaskLook, result: Result) -> Shown:
    dry_run = result.dry_run
    return Shown(
        version=f"revision {dry_run.revision.number}",
        stale=stale(look, dry_run),
        at=dry_run.created_at,
        is_live=result.is_live,
        done=result.done,
        total=len(result.tried),
        chips=tuple(chip_of(look, result, tried) for tried in result.tried),
        mutants=mutants_chip(dry_run),
        cancel_url=reverse("dry_run:cancel", args=[look.task.slug, dry_run.pk]),
        warnings=tuple(_warnings(result)),
        undecided=_undecided(result),
    )


def _judges(look: TaskLook) -> tuple[Choice, ...]:
    """Offer the judges in use; none where the rubric asks for no judge."""
    if not any(criterion.kind == "judge" for criterion in look.content.rubric.criteria):
        return ()
    names = [str(judge) for judge in Judge.objects.in_use()]
    nobody = Choice(value="", label="no judge: a reviewer decides")
    return (nobody, *(Choice(value=name, label=name) for name in names))


def _mark(result: Result, tried: Tried) -> Mark:
    """Say whether an agent did as it has to: a green tick for a do-nothing agent that fails.

    Where something is still open, one criterion that stands against it decides all the same.
    """
    if tried.outcome not in GRADED:
        return outcome_mark(tried.outcome)
    fails = tried.passed is False or any(_against(result, tried))
    if tried.passed is None and not fails:
        return Mark(state="incomplete", word=f"{open_in(result, tried)} open")
    if tried.role == Role.REFERENCE:
        return Mark(state="fail", word="fails") if fails else Mark(state="pass", word="passes")
    if not fails:
        return Mark(state="fail", word="wrongly passes")
    if earns_much(tried):
        return Mark(state="incomplete", word="earns too much")
    return Mark(state="pass", word="rightly fails")


def open_in(result: Result, tried: Tried) -> int:
    """Count the criteria that nobody has decided, or whose grader failed."""
    verdicts = result.verdicts.get(tried.agent, {})
    decided = {k for k, v in verdicts.items() if v.outcome != Outcome.GRADER_ERROR}
    return sum(criterion.key not in decided for criterion in result.criteria)


def earns_much(tried: Tried) -> bool:
    is_trivial = tried.role == Role.TRIVIAL
    return is_trivial and tried.reward is not None and tried.reward > HIGH_TRIVIAL_REWARD


def _deciding(result: Result, tried: Tried) -> tuple[str, Sequence[tuple[int, Criterion]]]:
    """Name what failed the reference or a near-miss, and what a trivial agent gets points for."""
    against = [*_against(result, tried)]
    if tried.role != Role.TRIVIAL:
        return ("failed by" if tried.role == Role.NEAR_MISS else "because of"), against
    met = [
        (n, c)
        for n, c in enumerate(result.criteria, start=1)
        if c.points > 0 and _outcome(result, tried, c) == Outcome.MET
    ]
    return "earns", met


def _against(result: Result, tried: Tried) -> Iterator[tuple[int, Criterion]]:
    """Give the positive criteria that are not met, and the harms that were done."""
    for number, criterion in enumerate(result.criteria, start=1):
        outcome = _outcome(result, tried, criterion)
        is_met = outcome == Outcome.MET
        if outcome not in ("", Outcome.GRADER_ERROR) and is_met != (criterion.points > 0):
            yield number, criterion


def _outcome(result: Result, tried: Tried, criterion: Criterion) -> str:
    verdict = result.verdicts.get(tried.agent, {}).get(criterion.key)
    return verdict.outcome if verdict else ""


def _warnings(result: Result) -> Iterator[str]:
    for tried in filter(earns_much, result.tried):
        yield f"{tried.word} gets a reward of {tried.reward:.2f} for nothing"


def _undecided(result: Result) -> str:
    """Say what of the reference waits for somebody, once it was graded."""
    reference = result.reference
    if reference is None or reference.outcome != RolloutOutcome.INCOMPLETE:
        return ""
    number = open_in(result, reference)
    return f"{counted(number, 'criterion', 'criteria')} of the reference to decide"
