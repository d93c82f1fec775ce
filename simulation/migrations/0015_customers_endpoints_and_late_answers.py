import django.db.models.deletion
from django.db import migrations, models

from simulation.guards import FrozenColumns, FrozenWhen

# Of what may still be claimed; the events of the constraint shall not be in the way of what follows.
FILL = """
    UPDATE simulation_episode AS episode SET customer_endpoint_id = endpoint.id
    FROM simulation_modelendpoint AS endpoint
    WHERE episode.status NOT IN ('ended', 'cancelled')
        AND episode.spec ->> 'mode' = 'conversation'
        AND coalesce(episode.spec -> 'customer' ->> 'kind', 'played') = 'played'
        AND episode.spec -> 'customer_player' ->> 'endpoint_id' = endpoint.id::text
        AND episode.endpoint_id IS NOT NULL;
    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("simulation", "0014_indexes_at_scale"),
    ]

    operations = [
        migrations.AddField(
            model_name="episode",
            name="customer_endpoint",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="where its customer's model is asked; empty where no model plays one",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="conversations",
                to="simulation.modelendpoint",
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RemoveIndex(model_name="episode", name="episode_waiting"),
        migrations.RemoveIndex(model_name="episode", name="episode_at_work"),
        migrations.AddIndex(
            model_name="episode",
            index=models.Index(
                condition=models.Q(("status", "queued")),
                fields=["lane", "endpoint", "customer_endpoint", "id"],
                name="episode_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="episode",
            index=models.Index(
                condition=models.Q(("status", "running")),
                fields=["lane", "endpoint", "customer_endpoint"],
                name="episode_at_work",
            ),
        ),
        FrozenColumns(
            "Episode",
            [
                *("world_id", "owner_id", "spec", "agent", "created_at", "lane_id"),
                *("endpoint_id", "customer_endpoint_id"),
            ],
        ),
        FrozenWhen("Episode", "OLD.status = 'ended'", but=["is_held_out"]),
        # its end is final; what an answer on its way has cost comes after it
        FrozenWhen(
            "Episode",
            "OLD.status = 'cancelled'",
            but=[
                *("is_held_out", "step_count"),
                *("usage", "cost", "customer_usage", "customer_cost"),
            ],
            name="eg_final_cancelled",
        ),
    ]
