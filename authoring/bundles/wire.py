"""Imports of bundles on the wire."""

from typing import Any

from rest_framework import serializers

from authoring.bundles.plan import Fate, ImportPlan
from simulation.portability.problems import Problem
from simulation.rest.queries import Query

FATES = [fate.value for fate in Fate]


class ImportQuery(Query):
    """What the address says of an import."""

    dry_run = serializers.BooleanField(
        required=False, default=False, help_text="say what would happen, write nothing"
    )
    approve = serializers.BooleanField(
        required=False,
        default=False,
        help_text="admins: approve the revisions and freeze the version as it was",
    )
    slug = serializers.CharField(
        required=False, default="", max_length=80, help_text="another name for the pack here"
    )


class BundleForm(serializers.Serializer[Any]):
    archive = serializers.FileField(help_text="the zip file of a bundle")


class FoundOut(serializers.Serializer[Any]):
    file = serializers.CharField()
    id = serializers.CharField(allow_blank=True)
    field = serializers.CharField(allow_blank=True)
    text = serializers.CharField()


class BundledWorldOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    hash = serializers.CharField()
    fate = serializers.ChoiceField(FATES)


class BundledTaskOut(serializers.Serializer[Any]):
    slug = serializers.CharField()
    title = serializers.CharField()
    revision = serializers.IntegerField(help_text="its number here")
    split = serializers.CharField(help_text="in the bundle")
    fate = serializers.ChoiceField(FATES)


class PackImportOut(serializers.Serializer[Any]):
    """What an import does, or would do. With problems it would do nothing."""

    pack = serializers.CharField(help_text="SLUG@VERSION")
    hash = serializers.CharField()
    fate = serializers.ChoiceField(FATES, help_text="of the version")
    imported = serializers.BooleanField(help_text="false: nothing was written")
    approved = serializers.BooleanField()
    worlds = BundledWorldOut(many=True)
    tasks = BundledTaskOut(many=True)
    left_out = serializers.ListField(
        child=serializers.CharField(), help_text="splits whose tasks are not in the bundle"
    )
    problems = FoundOut(many=True)
    notes = FoundOut(many=True)
    ignored = serializers.ListField(child=serializers.CharField())


def plan_out(plan: ImportPlan, *, problems: tuple[Problem, ...], imported: bool) -> Any:
    said = {
        "pack": plan.version,
        "hash": plan.hash,
        "fate": plan.fate,
        "imported": imported,
        "approved": imported and plan.approve,
        "worlds": plan.worlds,
        "tasks": [
            {
                "slug": task.packed.slug,
                "title": task.packed.content.title,
                "revision": task.number,
                "split": task.packed.split,
                "fate": task.fate,
            }
            for task in plan.tasks
        ],
        "left_out": plan.bundle.contents.left_out,
        "problems": problems,
        "notes": plan.bundle.notes,
        "ignored": plan.bundle.ignored,
    }
    return PackImportOut(said).data
