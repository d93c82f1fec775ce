"""Criteria of an assessment with all that was said about them, as far as a person may see it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from grading.criteria import Criterion
from grading.models import Assessment, Verdict, Withdrawal
from grading.people.look import Look
from grading.verdicts import criteria_of, effective


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One criterion, the verdict that counts, and every verdict there ever was, oldest first.

    is_hidden: this person has not spoken yet and looks blind; then there are no verdicts here.
    """

    number: int
    criterion: Criterion
    counting: Verdict | None
    verdicts: Sequence[Verdict]
    is_hidden: bool

    @property
    def opinions(self) -> list[Verdict]:
        """The latest standing word of each person."""
        people = (v for v in self.verdicts if v.author_id and withdrawal_of(v) is None)
        return list({verdict.author_id: verdict for verdict in people}.values())

    @property
    def is_disputed(self) -> bool:
        """Tell whether people say different things and nobody has had the last word."""
        has_last_word = bool(self.counting and self.counting.author_id)
        return not has_last_word and len({verdict.outcome for verdict in self.opinions}) > 1


def read_judged(assessment: Assessment | None, look: Look) -> tuple[Judged, ...]:
    """Read them, with one query for all verdicts."""
    if assessment is None:
        return ()
    said: defaultdict[str, list[Verdict]] = defaultdict(list)
    for verdict in all_verdicts(assessment):
        said[verdict.criterion_key].append(verdict)
    criteria = criteria_of(assessment.rubric_id)
    return tuple(
        _judged(number, criterion, said[criterion.key], look)
        for number, criterion in enumerate(criteria, start=1)
    )


def all_verdicts(assessment: Assessment) -> QuerySet[Verdict]:
    """Give every verdict with who gave it, took it back, and where it was copied from."""
    related = ("author", "withdrawal__author", "copy_of__assessment__grading")
    return assessment.verdicts.select_related(*related).order_by("pk")


def withdrawal_of(verdict: Verdict) -> Withdrawal | None:
    return getattr(verdict, "withdrawal", None)


def is_hidden(key_verdicts: Sequence[Verdict], look: Look) -> bool:
    """Tell whether verdicts on one criterion are hidden: the person has given none of them."""
    return look.is_blind and look.user.pk not in {verdict.author_id for verdict in key_verdicts}


def _judged(number: int, criterion: Criterion, verdicts: Sequence[Verdict], look: Look) -> Judged:
    hidden = is_hidden(verdicts, look)
    standing = [verdict for verdict in verdicts if withdrawal_of(verdict) is None]
    return Judged(
        number=number,
        criterion=criterion,
        counting=None if hidden else effective(standing).get(criterion.key),
        verdicts=() if hidden else verdicts,
        is_hidden=hidden,
    )
