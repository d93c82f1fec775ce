"""One worker at a time judges an assessment, so that a judge is paid once.

A claim is a moment until which it holds; the worker moves it on while it works. A worker that died
leaves a claim that ends, and the sweep finds the assessment again.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from grading.models import Assessment

CLAIM = dt.timedelta(seconds=60)
_MOMENT = dt.timedelta(microseconds=1)


@dataclass(slots=True)
class Claim:
    """An assessment that this worker holds. until: the moment that stands in its row."""

    assessment: Assessment
    until: dt.datetime

    def goes_on(self) -> bool:
        """Hold it for longer; False when another has it, it is decided, or nobody wants it."""
        until = max(timezone.now() + CLAIM, self.until + _MOMENT)
        mine = wanted(self.assessment).filter(claimed_until=self.until)
        held = bool(mine.update(claimed_until=until))
        self.until = until if held else self.until
        return held


def claim(assessment: Assessment) -> Claim | None:
    """Hold an open assessment; None when another worker does, or there is nothing to do."""
    until = timezone.now() + CLAIM
    taken = wanted(assessment).filter(unclaimed()).update(claimed_until=until)
    return Claim(assessment, until) if taken else None


def unclaimed() -> Q:
    """Match assessments that no worker holds."""
    return Q(claimed_until=None) | Q(claimed_until__lt=Now())


def wanted(assessment: Assessment) -> QuerySet[Assessment]:
    """Find the assessment while its round is open and its grading goes on."""
    return Assessment.objects.filter(
        pk=assessment.pk,
        round=assessment.round,
        status=Assessment.Status.OPEN,
        grading__cancelled_at=None,
    )
