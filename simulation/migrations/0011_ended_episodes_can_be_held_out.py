from django.db import migrations

from simulation.guards import FrozenWhen


class Migration(migrations.Migration):
    dependencies = [("simulation", "0010_held_out_and_remembered_answers")]

    operations = [
        # who may look at it may become fewer after its end; what happened in it stays as it is
        FrozenWhen("Episode", "OLD.status IN ('ended', 'cancelled')", but=["is_held_out"]),
    ]
