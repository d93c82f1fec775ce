"""Verdicts of people: each is a fact of its own, and taking one back is another."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction

from grading.criteria import Criterion
from grading.graders import Cited
from grading.models import Assessment, Verdict, Withdrawal
from grading.people import evidence as places
from grading.people.access import check_speaks, check_withdraws, may_decide
from grading.people.locking import check_decided, locked
from grading.verdicts import REASON_LIMIT, criteria_of, outcomes_of, settle, standing
from simulation.errors import Conflict, NotFound, Problems
from simulation.text import clean_text

OUTCOMES = (Verdict.Outcome.MET, Verdict.Outcome.NOT_MET, Verdict.Outcome.CANNOT_TELL)


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a person says about one criterion, and with what weight.

    is_authoritative: it counts before all machines; else it is an opinion.
    """

    outcome: str
    reason: str
    evidence: Sequence[Cited] = ()
    is_authoritative: bool = False

    def problems(self, assessment: Assessment) -> Iterator[str]:
        if self.outcome not in OUTCOMES:
            yield f"outcome: choose one of {', '.join(OUTCOMES)}"
        if not self.reason.strip():
            yield "reason: say why, in a sentence at least"
        elif len(self.reason) > REASON_LIMIT:
            yield f"reason: write at most {REASON_LIMIT:,} characters, not {len(self.reason):,}"
        for problem in places.problems_of(self.evidence, assessment.rollout.episode):
            yield f"evidence: {problem}"


@transaction.atomic
def record_verdict(
    assessment_id: int, key: str, said: Said, *, author: User, is_blind: bool = False
) -> Verdict:
    """Store what a person says and settle the reward. Saying the same again changes nothing.

    is_blind: the person has not seen what others and machines said about the criterion; whoever
    has spoken on it before is no longer blind.

    Raises Conflict while it is not graded, Forbidden, NotFound for a criterion there is none of,
    Problems that begin with the field.
    """
    assessment = locked(assessment_id)
    criterion_of(assessment, key)
    check_speaks(author, assessment.rollout, decides=said.is_authoritative)
    check_decided(assessment)
    if problems := list(said.problems(assessment)):
        raise Problems(problems)
    verdict = _verdict(assessment, key, said, author)
    verdict.evidence = places.stored(said.evidence)
    return _store(verdict, is_blind=is_blind)


@transaction.atomic
def agree(assessment_id: int, key: str, *, author: User, seen: int | None = None) -> Verdict:
    """Make the verdict that counts this person's own, with its evidence.

    It is authoritative where the person may decide, else an opinion.

    seen: the verdict that was on the page; raises Conflict when another one counts by now.
    """
    assessment = locked(assessment_id)
    criterion_of(assessment, key)
    check_speaks(author, assessment.rollout)
    check_decided(assessment)
    counting = outcomes_of(assessment).get(key)
    if counting is None or counting.outcome == Verdict.Outcome.GRADER_ERROR:
        raise Conflict("there is no verdict to agree with; give one, with a reason")
    if counting.author_id == author.pk:
        return counting
    if seen not in (None, counting.pk):
        raise Conflict("the verdict has changed since you opened the page; look at it again")
    said = Said(
        outcome=counting.outcome,
        reason=f"Agrees with {_whose(counting)}.",
        is_authoritative=may_decide(author),
    )
    verdict = _verdict(assessment, key, said, author)
    verdict.evidence = counting.evidence
    return _store(verdict, is_blind=False)


@transaction.atomic
def withdraw(verdict_id: int, *, actor: User, reason: str = "") -> Withdrawal:
    """Take a verdict back: it stays, and counts no longer. Doing so twice changes nothing.

    Raises Conflict for a verdict of a machine and while it is being graded, Forbidden.
    """
    verdict = Verdict.objects.select_related("author").get(pk=verdict_id)
    assessment = locked(verdict.assessment_id)
    if verdict.source != Verdict.Source.HUMAN:
        raise Conflict("a machine's verdict is not taken back; override it")
    check_withdraws(actor, verdict)
    if known := Withdrawal.objects.filter(verdict=verdict).first():
        return known
    check_decided(assessment)
    if len(reason) > REASON_LIMIT:
        raise Problems([f"reason: write at most {REASON_LIMIT:,} characters"])
    text = clean_text(reason.strip())[0]
    made = Withdrawal.objects.create(verdict=verdict, author=actor, reason=text)
    settle(assessment.pk)
    return made


def criterion_of(assessment: Assessment, key: str) -> Criterion:
    """Raises NotFound for a criterion that the rubric of an assessment has none of."""
    found = next((c for c in criteria_of(assessment.rubric_id) if c.key == key), None)
    if found is None:
        raise NotFound(f"this rubric has no criterion {key!r}", field="criterion")
    return found


def _verdict(assessment: Assessment, key: str, said: Said, author: User) -> Verdict:
    return Verdict(
        assessment=assessment,
        criterion_key=key,
        outcome=said.outcome,
        source=Verdict.Source.HUMAN,
        author=author,
        rationale=clean_text(said.reason.strip())[0],
        round=assessment.round,
        is_authoritative=said.is_authoritative,
    )


def _store(verdict: Verdict, *, is_blind: bool) -> Verdict:
    if same := _same_again(verdict):
        return same
    verdict.was_blind = is_blind and not _has_spoken(verdict)
    verdict.save(force_insert=True)
    settle(verdict.assessment_id)
    return verdict


def _same_again(verdict: Verdict) -> Verdict | None:
    """Give the person's latest verdict where it stands, counts as much and says the same."""
    said = standing().filter(assessment=verdict.assessment, criterion_key=verdict.criterion_key)
    latest = said.filter(author=verdict.author).order_by("-pk").first()
    names = ("outcome", "rationale", "evidence", "is_authoritative")
    if latest is None or any(getattr(latest, n) != getattr(verdict, n) for n in names):
        return None
    if latest.is_authoritative and said.filter(is_authoritative=True, pk__gt=latest.pk).exists():
        return None
    return latest


def _has_spoken(verdict: Verdict) -> bool:
    """Tell whether the person gave a verdict on the criterion before, taken back or not."""
    return Verdict.objects.filter(
        assessment=verdict.assessment, criterion_key=verdict.criterion_key, author=verdict.author
    ).exists()


def _whose(verdict: Verdict) -> str:
    return f"{verdict.author}" if verdict.author else f"the {verdict.source}"
