"""The comparison of two gradings as JSON: numbers, flips first, then criterion by criterion."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.paginator import Paginator
from rest_framework import serializers

from grading.models import Assessment, Grading, Run, Verdict
from grading.regrading.comparing import Comparison, Pair, Tally, both_assessments, compare
from grading.verdicts import effective

ROLLOUTS = 100  # of one page


class SideOut(serializers.Serializer[Any]):
    """One grading on the same n rollouts."""

    number = serializers.IntegerField()
    passed = serializers.IntegerField()
    mean_reward = serializers.FloatField(allow_null=True)


class SaidOut(serializers.Serializer[Any]):
    outcome = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # a member of that name
    rationale = serializers.CharField()


class VerdictPairOut(serializers.Serializer[Any]):
    """before and after are null where a grading says nothing of the criterion."""

    criterion_key = serializers.CharField()
    before = SaidOut(allow_null=True)
    after = SaidOut(allow_null=True)


class RolloutPairOut(serializers.Serializer[Any]):
    """passed and reward are [a, b]."""

    rollout = serializers.IntegerField()
    subject = serializers.CharField()
    agent = serializers.CharField()
    index = serializers.IntegerField()
    change = serializers.CharField()
    passed = serializers.ListField(child=serializers.BooleanField(allow_null=True))
    reward = serializers.ListField(child=serializers.FloatField(allow_null=True))
    verdicts = VerdictPairOut(many=True)


class OutcomesOut(serializers.Serializer[Any]):
    """So many rollouts got these two outcomes; "" is no verdict."""

    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)
    count = serializers.IntegerField()


class CriterionPairOut(serializers.Serializer[Any]):
    """state: same, rewritten, new or gone; before and after are the criteria themselves."""

    subject = serializers.CharField()
    criterion_key = serializers.CharField()
    state = serializers.CharField()
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)
    outcomes = OutcomesOut(many=True)


class GradingsComparedOut(serializers.Serializer[Any]):
    """n rollouts are completely decided in both; `changes` counts every kind of change."""

    a = SideOut()
    b = SideOut()
    n = serializers.IntegerField()
    changes = serializers.DictField(child=serializers.IntegerField())
    count = serializers.IntegerField(help_text="rollouts that the filters find")
    pages = serializers.IntegerField()
    rollouts = RolloutPairOut(many=True)
    criteria = CriterionPairOut(many=True)


def comparison(run: Run, a: Grading, b: Grading, filters: Mapping[str, str]) -> dict[str, Any]:
    both = compare(run, a, b, filters)
    sheet = Paginator(both.shown, ROLLOUTS).get_page(filters.get("page"))
    return {
        "a": _side(a, both, 0),
        "b": _side(b, both, 1),
        "n": both.head.n,
        "changes": dict(both.head.changes),
        "count": sheet.paginator.count,
        "pages": sheet.paginator.num_pages,
        "rollouts": list(_rollouts(sheet.object_list, a, b)),
        "criteria": list(_criteria(both.pairs, both.found, filters.get("criterion", ""))),
    }


def _side(grading: Grading, both: Comparison, place: int) -> dict[str, Any]:
    head = both.head
    return {
        "number": grading.number,
        "passed": head.passed[place],
        "mean_reward": head.mean[place],
    }


def _rollouts(rollouts: Iterable[Any], a: Grading, b: Grading) -> Iterable[dict[str, Any]]:
    chosen = list(rollouts)
    assessments = both_assessments([rollout.pk for rollout in chosen], a, b)
    for rollout in chosen:
        pair = assessments[rollout.pk, a.pk], assessments[rollout.pk, b.pk]
        yield {
            "rollout": rollout.pk,
            "subject": rollout.subject,
            "agent": rollout.agent,
            "index": rollout.index,
            "change": rollout.change,
            "passed": [each.passed for each in pair],
            "reward": [each.reward for each in pair],
            "verdicts": list(_verdicts(*pair)),
        }


def _verdicts(before: Assessment, after: Assessment) -> Iterable[dict[str, Any]]:
    old, new = (effective(each.verdicts.all()) for each in (before, after))
    for key in sorted(old.keys() | new.keys()):
        said = old.get(key), new.get(key)
        outcomes = {verdict.outcome if verdict else "" for verdict in said}
        if len(outcomes) > 1:
            yield {"criterion_key": key, "before": _said(said[0]), "after": _said(said[1])}


def _said(verdict: Verdict | None) -> dict[str, str] | None:
    if verdict is None:
        return None
    names = ("outcome", "source", "rationale")
    return {name: str(getattr(verdict, name)) for name in names}


def _criteria(pairs: Iterable[Pair], found: Iterable[Tally], key: str) -> Iterable[dict[str, Any]]:
    outcomes: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for tally in found:
        counted = {"before": tally.before, "after": tally.after, "count": tally.count}
        outcomes.setdefault((tally.subject, tally.key), []).append(counted)
    for pair in pairs:
        if key in ("", pair.key):
            yield {
                "subject": pair.subject,
                "criterion_key": pair.key,
                "state": pair.state,
                "before": pair.before.model_dump(mode="json") if pair.before else None,
                "after": pair.after.model_dump(mode="json") if pair.after else None,
                "outcomes": outcomes.get((pair.subject, pair.key), []),
            }
