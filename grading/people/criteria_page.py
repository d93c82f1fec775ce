"""What an episode's page shows of its criteria: what counts, why, and what a person may do."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.urls import reverse

from grading.marks import HIDDEN, question_words, verdict_mark
from grading.models import Assessment, TaskReport, Verdict
from grading.pages import CriterionRow, Evidence
from grading.people.access import may_decide, may_withdraw
from grading.people.evidence import as_lines
from grading.people.judged import Judged, withdrawal_of
from grading.people.look import Look
from grading.people.pages import HistoryRow, Need, ReportForm, Typed, VerdictForm, VoteRow
from grading.verdicts import DECIDED
from simulation.pages import Choice, Mark
from simulation.wording import counted

FAULT_WORDS = {
    TaskReport.Fault.TASK: "the task itself",
    TaskReport.Fault.RUBRIC: "the rubric",
    TaskReport.Fault.JUDGE: "the judge",
    TaskReport.Fault.CUSTOMER: "the simulated customer",
    TaskReport.Fault.INFRASTRUCTURE: "our infrastructure",
}


def criterion_rows(
    judged: Iterable[Judged], assessment: Assessment | None, look: Look, typed: Typed | None
) -> tuple[CriterionRow, ...]:
    if assessment is None:
        return ()
    return tuple(_row(each, assessment, look, typed) for each in judged)


def needs(judged: Iterable[Judged], assessment: Assessment | None) -> tuple[Need, ...]:
    """Name the criteria that wait for this person, by the reason why."""
    if assessment is None or assessment.status not in DECIDED:
        return ()
    found: dict[str, list[tuple[int, str]]] = {}
    for each in judged:
        if why := why_waiting(each):
            found.setdefault(why, []).append((each.number, each.criterion.key))
    return tuple(Need(why=why, criteria=tuple(those)) for why, those in found.items())


def why_waiting(judged: Judged) -> str:
    """Say why a criterion of decided grading waits for a person, "" when it does not."""
    counting = judged.counting
    if judged.is_hidden:
        return "your verdict"
    if counting is None:
        return "a person decides" if judged.criterion.kind == "human" else "nothing decided it"
    if counting.outcome == Verdict.Outcome.GRADER_ERROR:
        return "grader error"
    if judged.is_disputed:
        return "people disagree"
    is_left_open = counting.outcome == Verdict.Outcome.CANNOT_TELL and not counting.author_id
    return "can’t tell" if is_left_open else ""


def fault_choices(selected: str) -> tuple[Choice, ...]:
    return tuple(
        Choice(value=fault.value, label=words, is_selected=fault.value == selected)
        for fault, words in FAULT_WORDS.items()
    )


def _row(judged: Judged, assessment: Assessment, look: Look, typed: Typed | None) -> CriterionRow:
    criterion, counting = judged.criterion, judged.counting
    may_act = assessment.status in DECIDED
    return CriterionRow(
        key=criterion.key,
        number=judged.number,
        text=criterion.text,
        points=f"{criterion.points_word} {criterion.points:+d}".replace("-", "−"),
        mark=_mark(judged),
        source=_source(counting) if counting else "",
        reason=counting.rationale if counting else "",
        evidence=tuple(Evidence(**item) for item in counting.evidence) if counting else (),
        is_hidden=judged.is_hidden,
        is_human=bool(counting and counting.author_id),
        instructions=str(criterion.check.get("instructions", "")),
        needs=why_waiting(judged) if may_act else "",
        opinions=_opinions(judged),
        agree_to=counting.pk if may_act and counting and _can_agree(counting, look) else None,
        form=_form(judged, look, typed) if may_act else None,
        flag=_flag(judged, typed),
        history=tuple(_history(judged, assessment, look)),
    )


def _mark(judged: Judged) -> Mark | None:
    if judged.is_hidden:
        return HIDDEN
    return verdict_mark(judged.criterion, judged.counting.outcome) if judged.counting else None


def _source(verdict: Verdict) -> str:
    return f"decided by {verdict.author}" if verdict.author else str(verdict.source)


def _can_agree(counting: Verdict, look: Look) -> bool:
    is_error = counting.outcome == Verdict.Outcome.GRADER_ERROR
    return not is_error and counting.author_id != look.user.pk


def _opinions(judged: Judged) -> str:
    """Say who holds what, besides the verdict that counts."""
    others = [v for v in judged.opinions if v != judged.counting]
    said = [f"{v.author}: {verdict_mark(judged.criterion, v.outcome).word}" for v in others]
    return f"{counted(len(others), 'other opinion')}: {', '.join(said)}" if others else ""


def _form(judged: Judged, look: Look, typed: Typed | None) -> VerdictForm:
    sent = typed.of("verdict", judged.criterion.key) if typed else None
    given: Mapping[str, str] = sent.values if sent else {}
    decides = may_decide(look.user)
    is_left = judged.counting is None and judged.criterion.kind == "human"
    counts = given.get("authoritative") == "1" if sent else decides and not judged.is_hidden
    return VerdictForm(
        outcomes=tuple(
            Choice(value=value, label=label, is_selected=value == given.get("outcome"))
            for value, label in question_words(judged.criterion).items()
        ),
        reason=given.get("reason", ""),
        evidence=given.get("evidence", "") if sent else _evidence(judged.counting),
        is_authoritative=counts,
        may_decide=decides,
        is_open=bool(sent) or is_left,
        problems=sent.problems if sent else {},
    )


def _evidence(counting: Verdict | None) -> str:
    """Offer what a person cited before; what machines cite is theirs."""
    return as_lines(counting.evidence) if counting and counting.author_id else ""


def _flag(judged: Judged, typed: Typed | None) -> ReportForm:
    sent = typed.of("report", judged.criterion.key) if typed else None
    given: Mapping[str, str] = sent.values if sent else {}
    return ReportForm(
        key=judged.criterion.key,
        faults=fault_choices(given.get("fault", TaskReport.Fault.RUBRIC)),
        text=given.get("text", ""),
        is_open=bool(sent),
        problems=sent.problems if sent else {},
    )


def _history(judged: Judged, assessment: Assessment, look: Look) -> Iterator[HistoryRow]:
    """Tell every verdict, the newest first."""
    for verdict in reversed(judged.verdicts):
        withdrawal = withdrawal_of(verdict)
        yield HistoryRow(
            pk=verdict.pk,
            mark=verdict_mark(judged.criterion, verdict.outcome),
            who=str(verdict.author or verdict.get_source_display()),
            is_human=bool(verdict.author_id),
            when=verdict.created_at,
            reason=verdict.rationale,
            notes=tuple(_notes(verdict)),
            counts=verdict == judged.counting,
            withdrawn=str(withdrawal.author) if withdrawal else "",
            withdrawn_at=withdrawal.created_at if withdrawal else None,
            withdrawn_reason=withdrawal.reason if withdrawal else "",
            votes=tuple(_votes(judged, verdict.votes)),
            withdraw_url=_withdraw_url(verdict, assessment, look),
        )


def _notes(verdict: Verdict) -> Iterator[str]:
    if verdict.author_id:
        yield "authoritative" if verdict.is_authoritative else "opinion"
    if verdict.was_blind:
        yield "given blind"
    if verdict.round > 1:
        yield f"round {verdict.round}"
    if verdict.copy_of:
        yield f"copied from grading {verdict.copy_of.assessment.grading.number}"


def _votes(judged: Judged, votes: Any) -> Iterator[VoteRow]:
    """Read the votes of a judge, each with its own rationale."""
    several: Sequence[Any] = votes if isinstance(votes, list) and len(votes) > 1 else ()
    for vote in several:
        outcome = vote.get("outcome") if isinstance(vote, dict) else None
        if outcome in Verdict.Outcome.values:
            mark = verdict_mark(judged.criterion, outcome)
            yield VoteRow(mark=mark, reason=str(vote.get("rationale", "")))


def _withdraw_url(verdict: Verdict, assessment: Assessment, look: Look) -> str:
    is_standing = verdict.author_id and withdrawal_of(verdict) is None
    may = may_withdraw(look.user, verdict.author_id) and assessment.status in DECIDED
    if not (is_standing and may):
        return ""
    place = [look.run.pk, assessment.rollout_id, verdict.pk]
    return look.address(reverse("grading:verdict_withdraw", args=place))
