"""Criteria that no rule decides, as the forms in which a reviewer decides them on the reference."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.urls import reverse

from authoring.access import TaskLook
from authoring.dry_runs.decisions import decided_on_reference, may_decide
from authoring.dry_runs.pages import ToDecide
from authoring.dry_runs.results import GRADED, Result, Tried
from authoring.dry_runs.strip import episode_url
from grading.criteria import Criterion, Outcome
from grading.graders import is_deterministic
from grading.marks import question_words, verdict_mark
from grading.models import Verdict
from simulation.pages import Choice, Mark

OPEN = Mark(state="queued", word="to be decided")
QUESTIONS = {"judge": "question", "human": "instructions"}  # what a check asks, by kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What somebody sent of one criterion and was refused, and why, by field."""

    key: str
    values: Mapping[str, str]
    problems: Mapping[str, str] = field(default_factory=dict)


def to_decide(look: TaskLook, result: Result, sent: Sent | None) -> Iterator[ToDecide]:
    """Give them once the reference was graded; what counts for approval is said with each."""
    reference = result.reference
    undecidable = [
        (n, c) for n, c in enumerate(result.criteria, start=1) if not is_deterministic(c)
    ]
    if reference is None or reference.outcome not in GRADED or not undecidable:
        return
    counting = decided_on_reference(result.dry_run.revision)
    for number, criterion in undecidable:
        typed = sent if sent and sent.key == criterion.key else None
        verdict = counting.get(criterion.key)
        yield _one(look, result, reference, number, criterion, verdict, typed)


def why_not(look: TaskLook, result: Result) -> str:
    """Say why this person decides nothing here, "" when they may."""
    if not may_decide(look.user, look.task, result.dry_run.revision):
        return "A reviewer decides it who did not write the task."
    if look.hides_reference:
        return "Ask for the reference first, on its tab."
    return ""


def _one(
    look: TaskLook,
    result: Result,
    reference: Tried,
    number: int,
    criterion: Criterion,
    verdict: Verdict | None,
    typed: Sent | None,
) -> ToDecide:
    why = why_not(look, result)
    given = typed.values if typed else {}
    is_open = verdict is None or verdict.outcome == Outcome.GRADER_ERROR
    return ToDecide(
        number=number,
        key=criterion.key,
        text=criterion.text,
        question=str(criterion.check.get(QUESTIONS.get(criterion.kind, ""), "")),
        kind=criterion.kind,
        answers=tuple(
            Choice(value=value, label=label, is_selected=value == given.get("outcome"))
            for value, label in question_words(criterion).items()
        ),
        mark=verdict_mark(criterion, verdict.outcome) if verdict and not is_open else OPEN,
        said=_said(verdict) if verdict and not look.hides_reference else "",
        is_open=is_open or typed is not None,
        form_url="" if why else reverse("dry_run:decide", args=[look.task.slug, result.dry_run.pk]),
        episode_url=_verdict_form(episode_url(look, result, reference), criterion),
        why=why,
        reason=given.get("reason", ""),
        problems=typed.problems if typed else {},
    )


def _verdict_form(episode: str, criterion: Criterion) -> str:
    return f"{episode}#criterion-{criterion.key}" if episode else ""


def _said(verdict: Verdict) -> str:
    who = str(verdict.author) if verdict.author else f"the {verdict.source}"
    return f"{who}: {verdict.rationale}"
