from django.db import migrations

from simulation.guards import AppendOnly, FrozenColumns, FrozenWhen


class Migration(migrations.Migration):
    dependencies = [("authoring", "0001_tasks_and_tokens"), ("simulation", "0002_guards")]

    operations = [
        FrozenWhen("Revision", "true", but=["state"]),
        AppendOnly("ReviewEvent"),
        FrozenColumns("Task", ["slug", "created_at"]),
    ]
