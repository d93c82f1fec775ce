"""Making the page of a task's dry runs: agents × criteria, and what people have to decide."""

from collections.abc import Iterator, Sequence

from django.urls import reverse

from authoring.access import TaskLook
from authoring.dry_runs.history import history
from authoring.dry_runs.pages import (
    Blocked,
    Cell,
    Column,
    CriterionLine,
    DryRunPage,
    Link,
)
from authoring.dry_runs.results import LIVE, Result, Role, Tried
from authoring.dry_runs.strip import chip_of, shown_name, strip_of
from authoring.dry_runs.to_decide import Sent, to_decide
from authoring.gates import approval_problems, warnings_of
from grading.criteria import Criterion
from grading.marks import outcome_mark, verdict_mark
from grading.models import RolloutOutcome
from simulation.pages import Mark

HINTS = {
    Role.REFERENCE: "has to meet every criterion",
    Role.TRIVIAL: "must not pass",
    Role.NEAR_MISS: "must not pass",
}
HIDDEN = (
    "You review this task and have not asked for its reference yet: its episodes and reasons are"
    " shown once you have."
)


def dry_run_page(
    look: TaskLook,
    result: Result | None,
    *,
    blocked: tuple[Blocked, ...] = (),
    sent: Sent | None = None,
) -> DryRunPage:
    """result: the dry run that is looked at. sent: what somebody decided and was refused."""
    waiting = tuple(to_decide(look, result, sent)) if result else ()
    return DryRunPage(
        strip=strip_of(look, result, blocked),
        poll_url=_poll_url(look, result, is_asked=bool(waiting)),
        columns=tuple(_columns(look, result)) if result else (),
        lines=tuple(_lines(look, result)) if result else (),
        to_decide=waiting,
        gates=tuple(_gates(look, result)) if result else (),
        warnings=tuple(_warnings(result)) if result else (),
        run_url=reverse("grading:run", args=[result.dry_run.run_id]) if result else "",
        strength_url=reverse("strength:page", args=[look.task.slug]),
        history=history(look, result),
        hidden=HIDDEN if look.hides_reference else "",
        problems=_problems(sent),
    )


def _poll_url(look: TaskLook, result: Result | None, *, is_asked: bool) -> str:
    if result is None or not result.is_live:
        return ""
    url = reverse("dry_run:progress", args=[look.task.slug, result.dry_run.pk])
    return f"{url}?asked=1" if is_asked else url


def _columns(look: TaskLook, result: Result) -> Iterator[Column]:
    for tried in result.tried:
        yield Column(chip=chip_of(look, result, tried), hint=HINTS[tried.role])


def _lines(look: TaskLook, result: Result) -> Iterator[CriterionLine]:
    rubric = reverse("rubric:page", args=[look.task.slug])
    for number, criterion in enumerate(result.criteria, start=1):
        yield CriterionLine(
            number=number,
            key=criterion.key,
            text=criterion.text,
            points=f"{criterion.points_word} {criterion.points:+d}".replace("-", "−"),
            kind=criterion.kind.replace("_", " "),
            url=f"{rubric}#criterion-{criterion.key}",
            cells=tuple(_cell(look, result, tried, criterion) for tried in result.tried),
        )


def _cell(look: TaskLook, result: Result, tried: Tried, criterion: Criterion) -> Cell:
    verdict = result.verdicts.get(tried.agent, {}).get(criterion.key)
    if verdict is None:
        return Cell(agent=shown_name(look, tried), mark=_without_verdict(tried, criterion))
    is_hidden = look.hides_reference and tried.role != Role.TRIVIAL
    return Cell(
        agent=shown_name(look, tried),
        mark=verdict_mark(criterion, verdict.outcome),
        reason="" if is_hidden else verdict.rationale,
        by=str(verdict.author or verdict.source),
    )


def _without_verdict(tried: Tried, criterion: Criterion) -> Mark:
    """Say why nothing is decided: it is under way, was not finished, or waits for somebody."""
    is_over = tried.outcome not in LIVE and tried.outcome != RolloutOutcome.CANCELLED
    if is_over and tried.assessment and tried.outcome == RolloutOutcome.INCOMPLETE:
        who = "a judge" if criterion.kind == "judge" else "a person"
        return Mark(state="queued", word=f"open for {who}")
    return outcome_mark(tried.outcome)


def _gates(look: TaskLook, result: Result) -> Sequence[str]:
    """Name what stands against approving the version, where that does not tell the reference."""
    if result.is_live or look.hides_reference:
        return ()
    return approval_problems(result.dry_run.revision)


def _warnings(result: Result) -> Sequence[str]:
    return () if result.is_live else warnings_of(result.dry_run.revision.value)


def _problems(sent: Sent | None) -> tuple[Link, ...]:
    if sent is None:
        return ()
    fields = sent.problems.items()
    return tuple(Link(label=text, url=f"#decide-{sent.key}-{name}") for name, text in fields)
