"""How often agents pass a task: official gradings of evaluations and demos, in one query."""

from collections import Counter
from collections.abc import Collection, Mapping

from django.contrib.auth.models import User
from django.db.models import CharField, Count, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from authoring.models import Revision
from grading.models import Assessment, Run
from grading.pages import Rate
from grading.statistics.rates import wilson
from grading.wording import rate
from simulation.roles import INSPECTORS, has_role


def pass_rates(user: User, tasks: Collection[int]) -> Mapping[str, Rate | None]:
    """Give the pass rate of tasks by slug; those of which nothing is graded are left out.

    People without a look at everybody's runs see the rate over their own runs, and for tasks of
    their own over all.
    """
    graded = Assessment.objects.filter(
        rollout__subject__in=_subjects(tasks),
        rollout__run__kind__in=Run.COUNTING,
        grading=F("rollout__run__official"),
        status=Assessment.Status.GRADED,
    )
    if not has_role(user, *INSPECTORS):
        own = _subjects(tasks).filter(task__owner=user)
        graded = graded.filter(Q(rollout__run__owner=user) | Q(rollout__subject__in=own))
    rows = (
        graded.order_by()
        .values_list("rollout__subject")
        .annotate(n=Count("pk"), passed=Count("pk", filter=Q(passed=True)))
    )
    trials: Counter[str] = Counter()
    passes: Counter[str] = Counter()
    for subject, n, passed in rows:
        slug = subject.partition("@")[0]
        trials[slug] += n
        passes[slug] += passed
    return {slug: rate(wilson(passes[slug], n)) for slug, n in trials.items()}


def _subjects(tasks: Collection[int]) -> QuerySet[Revision, str]:
    """Give the revisions of tasks as rollouts name them: slug@number."""
    number = Cast("number", CharField())
    named = Revision.objects.filter(task__in=tasks).order_by()
    subject = Concat("task__slug", Value("@"), number, output_field=CharField())
    return named.values_list(subject, flat=True)
