"""Launches on the wire: what is asked for, and what is or would be launched."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from authoring.launching.estimating import Amount, Estimate
from authoring.launching.resolving import Launch
from authoring.launching.wish import KINDS, LARGEST_SEED, MOST_AGENTS, MOST_REPEATS, MOST_TASKS
from authoring.splits import SPLITS
from grading.api.runs import RunOut
from simulation.rest.bodies import Body


class PlayerIn(Body):
    """The model that plays customers whom no script plays."""

    endpoint = serializers.CharField(max_length=60)
    model = serializers.CharField(max_length=200)


class LimitsIn(Body):
    """What an episode may use up; 0 is no limit."""

    max_calls = serializers.IntegerField(min_value=0, required=False, help_text="tool calls")
    max_turns = serializers.IntegerField(min_value=0, required=False, help_text="model calls")
    max_tokens = serializers.IntegerField(min_value=0, required=False)
    max_cost = serializers.FloatField(min_value=0, required=False, help_text="USD")
    wall_seconds = serializers.IntegerField(min_value=0, required=False)


class LaunchIn(Body):
    """Which tasks, which agents, how often and how. One of pack, tasks and changed_since is
    needed; together they narrow each other."""

    pack = serializers.CharField(
        max_length=100, required=False, help_text='"slug@3", or "slug" for its newest version'
    )
    split = serializers.ChoiceField(SPLITS, required=False)
    tasks = serializers.ListField(
        child=serializers.CharField(max_length=80), max_length=MOST_TASKS, required=False
    )
    changed_since = serializers.IntegerField(
        min_value=1, required=False, help_text="a run: what it tried as it is now is left out"
    )
    agents = serializers.ListField(
        child=serializers.CharField(max_length=100), min_length=1, max_length=MOST_AGENTS,
        help_text='"name@version", "name" for its newest version, or reference, null, echo,'
        " claims_only",
    )  # fmt: skip
    repeats = serializers.IntegerField(min_value=1, max_value=MOST_REPEATS, required=False)
    judge = serializers.CharField(max_length=100, required=False, help_text="name@version")
    customer = PlayerIn(required=False)
    faults = serializers.DictField(required=False, help_text="see docs/faults.md")
    limits = LimitsIn(required=False)
    max_running = serializers.IntegerField(
        min_value=1, required=False, help_text="episodes of this run at one time"
    )
    kind = serializers.ChoiceField(KINDS, required=False)
    title = serializers.CharField(max_length=200, required=False)
    seed = serializers.IntegerField(min_value=0, max_value=LARGEST_SEED, required=False)
    dry_run = serializers.BooleanField(
        required=False, help_text="gives the estimate alone, and launches nothing"
    )


class AmountOut(serializers.Serializer[Amount]):
    """An expected sum; low and high are null where too few past episodes are known."""

    value = serializers.FloatField()
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class PartOut(serializers.Serializer[Any]):
    """One agent, the customers or the judge. Amounts are null where nothing is known."""

    name = serializers.CharField()
    episodes = serializers.IntegerField()
    seconds = AmountOut(allow_null=True)
    tokens = AmountOut(allow_null=True)
    cost = AmountOut(allow_null=True)
    basis = serializers.CharField()
    at_most = serializers.FloatField(
        source="most", allow_null=True, help_text="USD, by the limits of its episodes"
    )


class EstimateOut(serializers.Serializer[Estimate]):
    """seconds: played one after the other; wall_seconds: at_once of them at one time."""

    episodes = serializers.IntegerField()
    cost = AmountOut(allow_null=True)
    cost_without = serializers.ListField(child=serializers.CharField(), source="unpriced")
    tokens = AmountOut(allow_null=True)
    seconds = AmountOut(allow_null=True)
    wall_seconds = AmountOut(source="wall", allow_null=True)
    at_once = serializers.IntegerField(allow_null=True)
    parts = PartOut(many=True)


class NotRunOut(serializers.Serializer[Any]):
    why = serializers.CharField()
    count = serializers.IntegerField()
    names = serializers.ListField(child=serializers.CharField())


class LaunchOut(serializers.Serializer[Any]):
    """run is null after a dry run, estimate after a launch."""

    run = RunOut(allow_null=True)
    title = serializers.CharField()
    episodes = serializers.IntegerField()
    tasks = serializers.IntegerField()
    agents = serializers.ListField(child=serializers.CharField())
    left_out = NotRunOut(many=True)
    warnings = serializers.ListField(child=serializers.CharField())
    estimate = EstimateOut(allow_null=True)


def launch_out(found: Launch, *, run: Any = None, estimate: Estimate | None = None) -> Any:
    given: Mapping[str, Any] = {
        "run": run,
        "title": found.title,
        "episodes": found.episodes,
        "tasks": len(found.subjects),
        "agents": [agent.name for agent, _ in found.parts],
        "left_out": found.left_out,
        "warnings": found.warnings,
        "estimate": estimate,
    }
    return LaunchOut(given).data
