"""Runs and verdicts over REST, to read."""

from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from grading.api.filters import RolloutQuery
from grading.api.judges import SpentOut
from grading.api.running import RunningActions
from grading.api.statistics import StatisticsOut
from grading.judging.costs import calls_of_run, spent
from grading.judging.retrying import retry_assessments
from grading.models import Assessment, Grading, Rollout, Run, Verdict
from grading.models.runs import outcome_by, settled_by, shown_by
from grading.settled import maybe_settled
from grading.summaries.runs import comparable, run_figures
from simulation.among import among
from simulation.rest.pages import NewestFirst
from simulation.rest.queries import Query, moment, number, one_of, text
from simulation.rest.views import ApiView
from simulation.stops import TRUNCATED


class RunOut(serializers.ModelSerializer[Run]):
    owner = serializers.CharField(source="owner.username")
    official_grading = serializers.IntegerField(source="official.number")
    judge = serializers.SerializerMethodField(help_text="of the official grading: name@version")

    class Meta:
        model = Run
        fields = (
            "id", "title", "kind", "source", "owner", "seed", "official_grading", "judge",
            "created_at",
        )  # fmt: skip

    def get_judge(self, run: Run) -> str | None:
        judge = run.official.judge if run.official else None
        return str(judge) if judge else None


class RolloutOut(serializers.ModelSerializer[Rollout]):
    """One attempt. reward and passed are null unless it is completely graded."""

    outcome = serializers.CharField()
    reward = serializers.FloatField(source="official_reward", allow_null=True)
    passed = serializers.BooleanField(source="official_passed", allow_null=True)
    stop_reason = serializers.CharField(help_text="of the episode; empty before its end")
    is_truncated = serializers.SerializerMethodField(help_text="a limit ended it, not the agent")
    is_forgotten = serializers.BooleanField(help_text="its transcript was removed")
    ended_at = serializers.DateTimeField(allow_null=True, help_text="when its episode ended")
    settled_at = serializers.DateTimeField(
        allow_null=True, help_text="when it was graded last, or ended without a grade"
    )

    class Meta:
        model = Rollout
        fields = (
            "id", "subject", "agent", "index", "group", "labels", "episode", "outcome", "reward",
            "passed", "stop_reason", "is_truncated", "is_forgotten", "ended_at", "settled_at",
        )  # fmt: skip

    def get_is_truncated(self, rollout: Any) -> bool:
        return rollout.stop_reason in TRUNCATED


class WithdrawalOut(serializers.Serializer[Any]):
    author = serializers.CharField(source="author.username")
    reason = serializers.CharField()
    created_at = serializers.DateTimeField()


class VerdictOut(serializers.ModelSerializer[Verdict]):
    """A verdict, with who took it back; `withdrawal` is null while it stands."""

    rollout = serializers.IntegerField(source="assessment.rollout_id")
    grading = serializers.IntegerField(source="assessment.grading.number")
    author = serializers.CharField(source="author.username", default=None, allow_null=True)
    withdrawal = WithdrawalOut(default=None, allow_null=True)

    class Meta:
        model = Verdict
        fields = (
            "id", "rollout", "grading", "criterion_key", "outcome", "source", "author", "rationale",
            "evidence", "votes", "round", "is_authoritative", "was_blind", "copy_of", "withdrawal",
            "grader_fingerprint", "created_at",
        )  # fmt: skip


class RetriedOut(serializers.Serializer[dict[str, int]]):
    retried = serializers.IntegerField(help_text="assessments that are open again")


class RunQuery(Query):
    kind = one_of(Run.Kind.values)
    source = text("pack@version")  # type: ignore[assignment]  # a filter of that name
    owner = text("user name")
    since = moment("made at that time or later")
    lookups = {
        "kind": "kind",
        "source": "source",
        "owner": "owner__username",
        "since": "created_at__gte",
    }


class OfRunQuery(RolloutQuery):
    settled_since = moment(
        "settled at that time or later: graded, or ended without a grade. The first to settle come"
        " first then"
    )
    lookups = {**RolloutQuery.lookups, "settled_since": "settled_at__gte"}


class SettledOrNewestFirst(NewestFirst):
    """In the order in which they settled where that is what is asked for."""

    offset_cutoff = 1_000_000  # a cancelled run has as many that settled in one moment

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str, ...]:
        return ("settled_at", "pk") if "settled_since" in request.query_params else ("-pk",)


class VerdictQuery(Query):
    source = one_of(Verdict.Source.values)  # type: ignore[assignment]  # a filter of that name
    outcome = one_of(Verdict.Outcome.values)
    criterion = text("key of the criterion")
    lookups = {"source": "source", "outcome": "outcome", "criterion": "criterion_key"}


class StatisticsQuery(Query):
    baseline = text("agent that the others are compared with", allow_blank=True)
    against = number("run to compare with instead")


class RunViewSet(RunningActions, ApiView, viewsets.ReadOnlyModelViewSet[Run]):
    """Runs that you may see, newest first."""

    serializer_class = RunOut
    pagination_class = NewestFirst
    query_class = RunQuery
    queryset = Run.objects.none()

    def get_queryset(self) -> QuerySet[Run]:
        return Run.objects.visible_to(self.request.user).select_related(
            "owner", "official__judge", "lane"
        )

    @extend_schema(responses=RolloutOut(many=True), filters=False)
    @action(
        detail=True,
        serializer_class=RolloutOut,
        query_class=OfRunQuery,
        pagination_class=SettledOrNewestFirst,
    )
    def rollouts(self, request: Request, pk: str | None = None) -> Response:
        """Give the rollouts of a run with their official reward, newest first; with settled_since
        those that are settled, first come first."""
        run = self.get_object()
        rollouts = with_rewards(Rollout.objects.shown_in(run).with_outcome(run.official_id))
        if since := self.asked(request).get("settled_since"):
            rollouts = rollouts.filter(maybe_settled([run.official_id], since))
        return self._page(RolloutOut, self.narrowed(rollouts))

    @extend_schema(responses=VerdictOut(many=True), filters=False)
    @action(detail=True, serializer_class=VerdictOut, query_class=VerdictQuery)
    def verdicts(self, request: Request, pk: str | None = None) -> Response:
        """Give every verdict of a run, of all gradings that you may see, taken back ones too."""
        run = self.get_object()
        gradings = Grading.objects.visible_to(request.user).filter(run=run)
        measured = Assessment.objects.filter(grading__in=gradings).values("pk")
        shown = shown_by([run], "assessment__rollout__episode")
        verdicts = Verdict.objects.filter(*shown, among("assessment_id", measured))
        related = "assessment__grading", "author", "withdrawal__author"
        return self._page(VerdictOut, self.narrowed(verdicts.select_related(*related)))

    @extend_schema(responses=StatisticsOut, filters=False)
    @action(
        detail=True,
        pagination_class=None,
        serializer_class=StatisticsOut,
        query_class=StatisticsQuery,
    )
    def statistics(self, request: Request, pk: str | None = None) -> Response:
        """Give a run's rates, means, repeats and comparisons, with n and interval."""
        run, asked = self.get_object(), self.asked(request)
        figures = run_figures(
            run,
            baseline=asked.get("baseline", ""),
            against=self._against(run, asked.get("against")),
        )
        given = {
            "run": run,
            "agents": figures.agents,
            "criteria": figures.criteria,
            "baseline": figures.baseline,
            "against": figures.against.pk if figures.against else None,
            "pairs": figures.pairs,
            "left_out": figures.left_out,
        }
        return Response(StatisticsOut(given).data)

    def _against(self, run: Run, given: int | None) -> Run | None:
        if given is None:
            return None
        visible = Run.objects.visible_to(self.request.user)
        return get_object_or_404(comparable(visible, run), pk=given)

    @extend_schema(responses=SpentOut, filters=False)
    @action(detail=True, pagination_class=None, serializer_class=SpentOut, url_path="judging-costs")
    def judging_costs(self, request: Request, pk: str | None = None) -> Response:
        """Give what judging a run has cost, over all of its gradings."""
        paid = spent(calls_of_run(self.get_object()))
        return Response(SpentOut(paid).data)

    @extend_schema(request=None, responses=RetriedOut, filters=False)
    @action(detail=True, methods=["post"], serializer_class=RetriedOut, url_path="retry-grading")
    def retry_grading(self, request: Request, pk: str | None = None) -> Response:
        """Let graders of the official grading try again what they failed at."""
        grading = get_object_or_404(Grading, pk=self.get_object().official_id)
        return Response(RetriedOut({"retried": retry_assessments(grading)}).data)

    def _page(self, serializer: Any, rows: Any) -> Response:
        page = self.paginate_queryset(rows) or []
        return self.get_paginated_response(serializer(page, many=True).data)


def with_rewards(rollouts: Any) -> Any:
    return rollouts.annotate(
        official_reward=F("graded__reward"),
        official_passed=F("graded__passed"),
        **_ends(F("graded__graded_at")),
    )


def officially_graded(rollouts: "QuerySet[Rollout]") -> "QuerySet[Rollout]":
    """Annotate outcome, reward and pass by the official grading of each one's own run."""
    official = {"rollout": OuterRef("pk"), "grading": OuterRef("run__official")}
    graded = Assessment.objects.filter(**official)
    with_all = rollouts.annotate(
        official_reward=Subquery(graded.values("reward")),
        official_passed=Subquery(graded.values("passed")),
        official_status=Subquery(graded.values("status")),
        **_ends(Subquery(graded.values("graded_at"))),
    )
    return with_all.annotate(outcome=outcome_by("official_passed", "official_status"))


def _ends(graded_at: Any) -> dict[str, Any]:
    """Give what is said of the end of a rollout."""
    return {
        "stop_reason": F("episode__stop_reason"),
        "is_forgotten": Q(episode__forgotten_at__isnull=False),
        "ended_at": F("episode__ended_at"),
        "settled_at": settled_by(graded_at),
    }
