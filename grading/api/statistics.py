"""A run's statistics over REST, as named fields."""

from typing import Any

from rest_framework import serializers

from grading.statistics.rates import Share
from grading.summaries.criteria import CriterionFigures

Plain = serializers.Serializer[Any]


class IntervalOut(Plain):
    """low and high are null where there is none, and `why` says so."""

    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    method = serializers.CharField(help_text="wilson, clustered_wilson, t, bca, or empty")
    why = serializers.CharField()


class FigureOut(Plain):
    """A number of n values in so many clusters; value is null where there is none (`why`)."""

    value = serializers.FloatField(allow_null=True)
    n = serializers.IntegerField()
    clusters = serializers.IntegerField(help_text="tasks")
    interval = IntervalOut(help_text="95 %")
    why = serializers.CharField()


class ShareOut(Plain):
    """A share of n with Wilson's 95 % interval."""

    n = serializers.IntegerField()
    value = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()


class CountsOut(Plain):
    tasks = serializers.IntegerField()
    graded_tasks = serializers.IntegerField(help_text="with at least one graded rollout")
    rollouts = serializers.IntegerField()
    graded = serializers.IntegerField()
    incomplete = serializers.IntegerField(help_text="no reward: something could not be decided")
    masked = serializers.IntegerField(help_text="ended for a reason of ours, or cancelled")
    unfinished = serializers.IntegerField()


class OverKOut(Plain):
    k = serializers.IntegerField()
    any_passes = FigureOut(help_text="pass@k")
    all_pass = FigureOut(help_text="pass^k")


class RepeatsOut(Plain):
    rates = serializers.DictField(child=ShareOut(), help_text="by index of the repeat")
    deviation = serializers.FloatField(allow_null=True)
    why = serializers.CharField()


class GroupOut(Plain):
    # named so by the data; Serializer.label is something else
    label = serializers.CharField(help_text="category, difficulty or target_level")  # type: ignore[assignment]
    name = serializers.CharField()
    passed = FigureOut()
    reward = FigureOut()


class ConductOut(Plain):
    """Means an episode; truncated: the share ended by a limit."""

    turns = FigureOut()
    calls = FigureOut()
    errors = FigureOut()  # type: ignore[assignment]  # a field, as `label` above
    repeats = FigureOut(help_text="calls with arguments that the tool was called with before")
    truncated = FigureOut()


class FailuresOut(Plain):
    """Rollouts with a failure note, and how many have each level and kind."""

    noted = serializers.IntegerField()
    levels = serializers.DictField(child=serializers.IntegerField())
    kinds = serializers.DictField(child=serializers.IntegerField())


class AgentOut(Plain):
    agent = serializers.CharField()
    counts = CountsOut()
    passed = FigureOut(help_text="pass@1")
    reward = FigureOut()
    over_k = OverKOut(many=True)
    repeats = RepeatsOut()
    groups = GroupOut(many=True)
    criteria = serializers.DictField(
        child=FigureOut(), help_text="share of criteria fulfilled, by category"
    )
    conduct = ConductOut()
    failures = FailuresOut(allow_null=True)


class _CriteriaOut(serializers.ListSerializer[Any]):
    """Written by hand: a run has ten thousand of them, and fields take ten times as long."""

    def to_representation(self, data: Any) -> list[dict[str, Any]]:
        return [_criterion(figures) for figures in data]


def _criterion(figures: CriterionFigures) -> dict[str, Any]:
    share = figures.fulfilled
    return {
        "agent": figures.agent,
        "task": figures.task,
        "key": figures.key,
        "text": figures.text,
        "category": figures.category,
        "points": figures.points,
        "fulfilled": share and _share(share),
        "cannot_tell": figures.cannot_tell,
        "grader_errors": figures.grader_errors,
    }


def _share(share: Share) -> dict[str, Any]:
    return {"n": share.n, "value": share.value, "low": share.low, "high": share.high}


class CriterionOut(Plain):
    """fulfilled: met, or for negative points not met; null while nothing was decided."""

    class Meta:
        list_serializer_class = _CriteriaOut

    agent = serializers.CharField()
    task = serializers.CharField()
    key = serializers.CharField()
    text = serializers.CharField()
    category = serializers.CharField()
    points = serializers.IntegerField()
    fulfilled = ShareOut(allow_null=True)
    cannot_tell = serializers.IntegerField()
    grader_errors = serializers.IntegerField()


class FlipsOut(Plain):
    better = serializers.IntegerField()
    worse = serializers.IntegerField()
    same = serializers.IntegerField()


class ChangeOut(Plain):
    task = serializers.CharField()
    first = serializers.FloatField()
    second = serializers.FloatField()


class ComparisonOut(Plain):
    """Second minus first over common tasks; p is of sign flips, mcnemar for single trials."""

    difference = FigureOut()
    deviation = serializers.FloatField(allow_null=True)
    p = serializers.FloatField(allow_null=True)
    mcnemar = serializers.FloatField(allow_null=True)
    tasks = FlipsOut()
    trials = FlipsOut()
    changes = ChangeOut(many=True)
    only_first = serializers.ListField(child=serializers.CharField())
    only_second = serializers.ListField(child=serializers.CharField())


class PairOut(Plain):
    first = serializers.CharField()
    second = serializers.CharField()
    passed = ComparisonOut()
    reward = ComparisonOut()
    adjusted_p = serializers.FloatField(allow_null=True, help_text="Holm's, over these pairs")
    detectable = serializers.FloatField(
        allow_null=True, help_text="difference in pass rate found with 80 % power"
    )
    tasks_needed = serializers.IntegerField(
        allow_null=True, help_text="to find a difference of 0.05"
    )


class LeftOutOut(Plain):
    rollouts = serializers.IntegerField()
    tasks = serializers.IntegerField()


class StatisticsOut(Plain):
    """A run by its official grading; docs/statistics.md explains each number."""

    grading = serializers.IntegerField(source="run.official.number")
    agents = AgentOut(many=True)
    criteria = CriterionOut(many=True)
    baseline = serializers.CharField(help_text="whom the pairs compare with, or empty")
    against = serializers.IntegerField(allow_null=True, help_text="the other run, or null")
    pairs = PairOut(many=True)
    left_out = LeftOutOut(help_text="held-out rollouts that are in no number, for your eyes")
