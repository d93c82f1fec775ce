"""A run while it runs, over REST: how far it is, and what can be done with it."""

from collections.abc import Callable
from typing import Any, get_args

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from grading.models import Run
from grading.models.runs import LIVE
from grading.monitor.holds import Kind, read_holds
from grading.monitor.progress import AgentPace, read_pace
from grading.monitor.stops import read_parked, read_stops
from grading.monitor.used import Used
from grading.running import (
    MOST_RUNNING,
    check_may_steer,
    limit_run,
    pause_run,
    release_parked,
    resume_run,
)
from grading.runs import cancel_run, retry_masked
from grading.summaries.rates import AgentCounts, read_counts
from simulation.rest.bodies import Body


class UsedOut(serializers.Serializer[Any]):
    """Tokens and USD so far; of episodes that run, what is stored."""

    agent_tokens = serializers.IntegerField()
    agent_cost = serializers.FloatField()
    customer_tokens = serializers.IntegerField()
    customer_cost = serializers.FloatField()
    judge_tokens = serializers.IntegerField()
    judge_cost = serializers.FloatField()


class PaceOut(serializers.Serializer[Any]):
    """One agent. outcomes: how many rollouts stand where, by outcome; those with 0 are left out."""

    agent = serializers.CharField()
    total = serializers.IntegerField()
    ended = serializers.IntegerField()
    outcomes = serializers.DictField(child=serializers.IntegerField())
    per_minute = serializers.FloatField(allow_null=True, help_text="ended in the last minutes")
    minutes_left = serializers.FloatField(allow_null=True, help_text="at that speed")
    used = UsedOut()


class AlikeOut(serializers.Serializer[Any]):
    words = serializers.CharField(help_text="what the details begin with, without numbers")
    count = serializers.IntegerField()
    example = serializers.IntegerField(help_text="id of a rollout")


class StoppedOut(serializers.Serializer[Any]):
    reason = serializers.CharField()
    count = serializers.IntegerField()
    is_masked = serializers.BooleanField(help_text="ours, so not graded")
    is_truncated = serializers.BooleanField(help_text="graded, though a limit ended it")
    alike = AlikeOut(many=True)


class HoldOut(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(get_args(Kind))
    title = serializers.CharField()
    text = serializers.CharField()


class ProgressOut(serializers.Serializer[Any]):
    """Where a run stands now. Rollouts that are held out from you are in none of the numbers."""

    run = serializers.IntegerField()
    is_live = serializers.BooleanField(help_text="whether something waits, runs or is graded")
    is_paused = serializers.BooleanField()
    max_running = serializers.IntegerField(allow_null=True)
    total = serializers.IntegerField()
    ended = serializers.IntegerField()
    outcomes = serializers.DictField(child=serializers.IntegerField())
    per_minute = serializers.FloatField(allow_null=True)
    minutes_left = serializers.FloatField(allow_null=True)
    used = UsedOut()
    agents = PaceOut(many=True)
    holds = HoldOut(many=True)
    stops = StoppedOut(many=True)
    parked = AlikeOut(many=True)


class TouchedOut(serializers.Serializer[Any]):
    """changed: how many episodes were touched."""

    changed = serializers.IntegerField()


class StateOut(serializers.Serializer[Any]):
    is_paused = serializers.BooleanField()
    max_running = serializers.IntegerField(allow_null=True)


class LimitIn(Body):
    max_running = serializers.IntegerField(
        allow_null=True, min_value=1, max_value=MOST_RUNNING, help_text="null for no limit"
    )


class RunningActions:
    """Mixed into the view of runs, which gives `get_object`."""

    get_object: Callable[[], Run]

    @extend_schema(responses=ProgressOut, filters=False)
    @action(detail=True, pagination_class=None, serializer_class=ProgressOut)
    def progress(self, request: Request, pk: str | None = None) -> Response:
        """Give where a run stands: counts, speed, what holds it up, what stopped it, cost."""
        return Response(ProgressOut(progress_of(self.get_object())).data)

    @extend_schema(request=None, responses=TouchedOut, filters=False)
    @action(detail=True, methods=["post"], serializer_class=TouchedOut)
    def cancel(self, request: Request, pk: str | None = None) -> Response:
        """End every episode that has not ended, without a grade; what has ended stays."""
        return self._changed(request, cancel_run)

    @extend_schema(request=None, responses=TouchedOut, filters=False)
    @action(detail=True, methods=["post"], serializer_class=TouchedOut, url_path="retry-masked")
    def retry_masked(self, request: Request, pk: str | None = None) -> Response:
        """Try again every rollout whose episode ended for a reason of ours."""
        return self._changed(request, retry_masked)

    @extend_schema(request=None, responses=TouchedOut, filters=False)
    @action(detail=True, methods=["post"], serializer_class=TouchedOut)
    def release(self, request: Request, pk: str | None = None) -> Response:
        """Let workers go on with every parked episode where it stood."""
        return self._changed(request, release_parked)

    @extend_schema(request=None, responses=StateOut, filters=False)
    @action(detail=True, methods=["post"], serializer_class=StateOut)
    def pause(self, request: Request, pk: str | None = None) -> Response:
        """Start nothing more; what runs rests when the answer on its way is stored."""
        pause_run(self._steered(request))
        return self._state()

    @extend_schema(request=None, responses=StateOut, filters=False)
    @action(detail=True, methods=["post"], serializer_class=StateOut)
    def resume(self, request: Request, pk: str | None = None) -> Response:
        """Go on with what is paused."""
        resume_run(self._steered(request))
        return self._state()

    @extend_schema(request=LimitIn, responses=StateOut, filters=False)
    @action(detail=True, methods=["post"], serializer_class=StateOut)
    def limit(self, request: Request, pk: str | None = None) -> Response:
        """Say how many of its episodes run at one time; what runs already goes on."""
        run = self._steered(request)
        sent = LimitIn(data=request.data)
        sent.is_valid(raise_exception=True)
        limit_run(run, sent.validated_data["max_running"])
        return self._state()

    def _steered(self, request: Request) -> Run:
        run = self.get_object()
        check_may_steer(request.user, run)
        return run

    def _changed(self, request: Request, act: Callable[[Run], int]) -> Response:
        return Response(TouchedOut({"changed": act(self._steered(request))}).data)

    def _state(self) -> Response:
        lane = self.get_object().lane
        state = {"is_paused": bool(lane and lane.paused_at), "max_running": _most(lane)}
        return Response(StateOut(state).data)


def progress_of(run: Run) -> dict[str, Any]:
    """Give the members of a ProgressOut, in a number of queries that does not grow."""
    counts, pace = read_counts([run])[run.pk], read_pace(run)
    outcomes = counts.outcomes
    return {
        "run": run.pk,
        "is_live": any(outcomes[outcome] for outcome in LIVE),
        "is_paused": bool(run.lane and run.lane.paused_at),
        "max_running": _most(run.lane),
        "total": outcomes.total(),
        "ended": sum(agent.done for agent in counts.agents),
        "outcomes": dict(outcomes),
        "per_minute": pace.per_minute,
        "minutes_left": pace.minutes_left,
        "used": _used(pace.used, pace.judged),
        "agents": [_agent(agent, pace.agents[agent.agent]) for agent in counts.agents],
        "holds": read_holds(run),
        "stops": read_stops(run),
        "parked": read_parked(run),
    }


def _agent(counts: AgentCounts, pace: AgentPace) -> dict[str, Any]:
    return {
        "agent": counts.agent,
        "total": counts.outcomes.total(),
        "ended": counts.done,
        "outcomes": dict(counts.outcomes),
        "per_minute": pace.per_minute,
        "minutes_left": pace.minutes_left,
        "used": _used(pace.used, pace.judged),
    }


def _used(used: Used, judged: Any) -> dict[str, Any]:
    return {
        "agent_tokens": used.tokens,
        "agent_cost": used.cost,
        "customer_tokens": used.customer_tokens,
        "customer_cost": used.customer_cost,
        "judge_tokens": judged.prompt + judged.completion,
        "judge_cost": judged.cost,
    }


def _most(lane: Any) -> int | None:
    return lane.max_running if lane else None
