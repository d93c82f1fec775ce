"""What dry runs look like over REST."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rest_framework import serializers

from authoring.access import TaskLook
from authoring.dry_runs.decisions import decided_on_reference
from authoring.dry_runs.results import GRADED, Result, Role, Tried, is_live
from authoring.dry_runs.strip import stale
from authoring.dry_runs.summaries import mark_of
from authoring.dry_runs.to_decide import why_not
from authoring.models import DryRun
from grading.criteria import Outcome
from grading.graders import is_deterministic
from grading.models import Verdict
from simulation.rest.bodies import Body


class DryRunOut(serializers.Serializer[Any]):
    """A dry run in a line. is_stale: the draft says something else by now."""

    id = serializers.IntegerField()
    revision = serializers.IntegerField()
    run = serializers.IntegerField()
    judge = serializers.CharField(allow_null=True, help_text="NAME@VERSION")
    summary = serializers.CharField(help_text="such as: reference passes, claims-only passes")
    is_live = serializers.BooleanField()
    is_stale = serializers.BooleanField()
    started_by = serializers.CharField()
    created_at = serializers.DateTimeField()


class CountingVerdictOut(serializers.Serializer[Any]):
    """The verdict that counts. rationale is empty while you may not see the reference."""

    criterion = serializers.CharField(source="criterion_key")
    outcome = serializers.ChoiceField([str(outcome) for outcome in Outcome])
    source = serializers.CharField()  # type: ignore[assignment]
    rationale = serializers.CharField(allow_blank=True)


class TriedOut(serializers.Serializer[Any]):
    """How one agent did. is_wrong: it stands against approval."""

    agent = serializers.CharField()
    role = serializers.ChoiceField([str(role) for role in Role])
    rollout = serializers.IntegerField()
    outcome = serializers.CharField()
    reward = serializers.FloatField(allow_null=True)
    passed = serializers.BooleanField(allow_null=True)
    is_wrong = serializers.BooleanField()
    verdicts = CountingVerdictOut(many=True)


class ToDecideOut(serializers.Serializer[Any]):
    """A criterion that no rule decides. outcome: what counts on the reference, null while open."""

    criterion = serializers.CharField()
    text = serializers.CharField()
    kind = serializers.CharField()
    outcome = serializers.CharField(allow_null=True)
    why_not = serializers.CharField(allow_blank=True, help_text="why you do not decide it")


class DryRunDetailOut(DryRunOut):
    tried = TriedOut(many=True)
    to_decide = ToDecideOut(many=True)
    mutants = serializers.IntegerField(allow_null=True, help_text="id of the mutation report")


class DryRunIn(Body):
    """judge: decides what no rule does, where the rubric asks for that."""

    judge = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=200, help_text="NAME@VERSION"
    )
    mutants = serializers.BooleanField(required=False, default=False, help_text="measure them too")


class DecisionIn(Body):
    criterion = serializers.CharField(max_length=80)
    outcome = serializers.CharField(max_length=20, help_text="met, not_met or cannot_tell")
    reason = serializers.CharField(required=False, default="", allow_blank=True)


def dry_run_row(look: TaskLook, dry_run: DryRun, tried: Sequence[Tried]) -> dict[str, Any]:
    official = dry_run.run.official
    judge = official.judge if official else None
    report = dry_run.mutants
    return {
        "id": dry_run.pk,
        "revision": dry_run.revision.number,
        "run": dry_run.run_id,
        "judge": str(judge) if judge else None,
        "summary": mark_of(tried).word,
        "is_live": is_live(tried) or bool(report and report.is_live),
        "is_stale": bool(stale(look, dry_run)),
        "started_by": dry_run.started_by.get_username(),
        "created_at": dry_run.created_at,
    }


def dry_run_body(look: TaskLook, result: Result) -> dict[str, Any]:
    """Give a dry run as DryRunDetailOut shows it."""
    return {
        **dry_run_row(look, result.dry_run, result.tried),
        "tried": [_tried(look, result, tried) for tried in result.tried],
        "to_decide": list(_to_decide(look, result)),
        "mutants": result.dry_run.mutants_id,
    }


def _tried(look: TaskLook, result: Result, tried: Tried) -> dict[str, Any]:
    is_hidden = look.hides_reference and tried.role != Role.TRIVIAL
    name = tried.agent
    said = result.verdicts.get(tried.agent, {}).values()
    return {
        "agent": name.partition(":")[0] if is_hidden else name,  # near-misses say what they do
        "role": tried.role,
        "rollout": tried.rollout,
        "outcome": tried.outcome,
        "reward": tried.reward,
        "passed": tried.passed,
        "is_wrong": tried.is_wrong,
        "verdicts": [_said(verdict, is_hidden=is_hidden) for verdict in said],
    }


def _said(verdict: Verdict, *, is_hidden: bool) -> Mapping[str, Any]:
    names = ("criterion_key", "outcome", "source", "rationale")
    shown = {name: getattr(verdict, name) for name in names}
    return {**shown, "rationale": ""} if is_hidden else shown


def _to_decide(look: TaskLook, result: Result) -> Iterator[dict[str, Any]]:
    """Give what people decide, once the reference was graded."""
    reference = result.reference
    open_ = [criterion for criterion in result.criteria if not is_deterministic(criterion)]
    if reference is None or reference.outcome not in GRADED or not open_:
        return
    counting = decided_on_reference(result.dry_run.revision)
    why = why_not(look, result)
    for criterion in open_:
        verdict = counting.get(criterion.key)
        is_open = verdict is None or verdict.outcome == Outcome.GRADER_ERROR
        yield {
            "criterion": criterion.key,
            "text": criterion.text,
            "kind": criterion.kind,
            "outcome": None if verdict is None or is_open else verdict.outcome,
            "why_not": why,
        }
