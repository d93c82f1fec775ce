"""Drafts that there are get their hash, and know whether a revision says the same."""

import hashlib

from django.db import migrations

from simulation.guards import AppendOnly, FrozenColumns, FrozenWhen
from simulation.text import canonical, without_nulls


def fill(apps, schema_editor):
    Draft = apps.get_model("authoring", "Draft")
    Revision = apps.get_model("authoring", "Revision")
    for draft in Draft.objects.filter(hash="").iterator(chunk_size=500):
        newest = Revision.objects.filter(task_id=draft.task_id).order_by("-number").first()
        digest = hashlib.sha256(canonical(without_nulls(draft.content))).hexdigest()
        is_ahead = newest is None or newest.hash != digest
        Draft.objects.filter(pk=draft.pk).update(hash=digest, is_ahead=is_ahead)


class Migration(migrations.Migration):
    dependencies = [("authoring", "0006_editing_and_review")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        FrozenWhen("Revision", "true", but=["state", "name"]),
        FrozenColumns(
            "Comment", ["task_id", "revision_id", "parent_id", "place", "body", "author_id"]
        ),
        FrozenColumns("InboxItem", ["person_id", "event", "task_id", "actor_id", "text", "path"]),
        FrozenColumns("DryRun", ["task_id", "revision_id", "run_id", "started_by_id"]),
        AppendOnly("Reveal"),
    ]
