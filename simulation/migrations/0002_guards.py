from django.db import migrations

from simulation.guards import DROP_FUNCTIONS, FUNCTIONS, AppendOnly, FrozenColumns, FrozenWhen


class Migration(migrations.Migration):
    dependencies = [("simulation", "0001_worlds_and_episodes")]

    operations = [
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
        AppendOnly("Snapshot"),
        AppendOnly("Step"),
        FrozenWhen("World", "OLD.status = 'published'", but=["title"]),
        FrozenColumns("Episode", ["world_id", "owner_id", "spec", "agent", "created_at"]),
        FrozenWhen("Episode", "OLD.status IN ('ended', 'cancelled')"),
    ]
