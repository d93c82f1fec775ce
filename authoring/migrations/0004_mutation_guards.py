from django.db import migrations

from simulation.guards import AppendOnly, FrozenColumns, FrozenWhen


class Migration(migrations.Migration):
    dependencies = [("authoring", "0003_mutation_reports")]

    operations = [
        FrozenWhen("MutationReport", "OLD.status IN ('ended', 'failed', 'cancelled')"),
        FrozenColumns(
            "MutationReport",
            ["task_id", "revision_id", "content_hash", "rubric_hash", "world", "created_at"],
        ),
        AppendOnly("EquivalentMutant"),
    ]
