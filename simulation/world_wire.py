"""What worlds and imports look like over REST."""

from typing import Any

from rest_framework import serializers

from simulation.models import World
from simulation.portability.imports import taken
from simulation.portability.plan import Plan
from simulation.portability.problems import OPTIONS, Problem

NAME = r"[-a-zA-Z0-9_]+@[0-9]{1,9}"


class WorldOut(serializers.ModelSerializer[World]):
    """One version of a world. counts are null for a draft, whose rows still change."""

    name = serializers.CharField(source="__str__", help_text="SLUG@VERSION")
    owner = serializers.CharField(source="owner.username")
    copied_from = serializers.StringRelatedField[World](
        source="parent", allow_null=True, help_text="SLUG@VERSION that it began as a copy of"
    )
    prompts = serializers.SerializerMethodField()
    counts = serializers.SerializerMethodField()

    class Meta:
        model = World
        fields = (
            "name", "slug", "version", "title", "environment", "now", "agent_employee_id", "status",
            "content_hash", "generator_version", "prompts", "counts", "copied_from", "owner",
            "created_at", "published_at",
        )  # fmt: skip

    def get_prompts(self, world: World) -> list[str]:
        return sorted(world.prompts)

    def get_counts(self, world: World) -> dict[str, int] | None:
        counts: dict[str, int] | None = world.snapshot.counts if world.snapshot else None
        return counts


class ImportOptions(serializers.Serializer[Any]):
    """What comes before world.json, and what is to be done."""

    slug = serializers.CharField(required=False, allow_blank=True)
    version = serializers.CharField(
        required=False, allow_blank=True, help_text="a number, or next for the next free one"
    )
    title = serializers.CharField(required=False, allow_blank=True)
    now = serializers.CharField(required=False, allow_blank=True)
    environment = serializers.CharField(required=False, allow_blank=True)
    agentEmployeeId = serializers.CharField(required=False, allow_blank=True)  # noqa: N815
    draft = serializers.BooleanField(default=False, help_text="leave the world open for edits")
    dry_run = serializers.BooleanField(default=False, help_text="preview only: nothing is written")


class ImportForm(ImportOptions):
    archive = serializers.FileField(
        help_text="a zip file, or the .json files of a bare folder, one part each"
    )


class ProblemOut(serializers.Serializer[Problem]):
    file = serializers.CharField()
    id = serializers.CharField()
    field = serializers.CharField()
    text = serializers.CharField()


class TypeCountOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    rows = serializers.IntegerField()
    before = serializers.IntegerField(help_text="rows in the version compared with")
    added = serializers.IntegerField()
    changed = serializers.IntegerField()
    removed = serializers.IntegerField()


class PreviewOut(serializers.Serializer[Any]):
    """What an import would make. With problems it would make nothing."""

    slug = serializers.CharField()
    version = serializers.IntegerField()
    title = serializers.CharField()
    environment = serializers.CharField()
    now = serializers.CharField()
    agentEmployeeId = serializers.CharField()  # noqa: N815
    is_free = serializers.BooleanField()
    next_free = serializers.IntegerField()
    compared_with = serializers.CharField(help_text="SLUG@VERSION, empty for a new slug")
    counts = TypeCountOut(many=True)
    prompts = serializers.DictField(child=serializers.CharField())
    problem_count = serializers.IntegerField()
    problems = ProblemOut(many=True)
    notes = ProblemOut(many=True)
    ignored = serializers.ListField(child=serializers.CharField())


def preview(plan: Plan) -> PreviewOut:
    """Write a plan; a version that is taken is one of its problems."""
    parcel = plan.parcel
    problems = list(parcel.problems)
    if not plan.is_free:
        text = taken(parcel.identity.slug, plan.version)
        problems.append(Problem.at(OPTIONS, text, field="version"))
    return PreviewOut(
        {
            "slug": parcel.identity.slug,
            "version": plan.version,
            "title": parcel.identity.title,
            "environment": parcel.identity.environment,
            "now": parcel.identity.now,
            "agentEmployeeId": parcel.identity.agent_employee_id,
            "is_free": plan.is_free,
            "next_free": plan.next_free,
            "compared_with": plan.compared_with,
            "counts": plan.counts,
            "prompts": plan.prompts,
            "problem_count": parcel.problem_count + (not plan.is_free),
            "problems": problems,
            "notes": parcel.notes,
            "ignored": parcel.ignored,
        }
    )
