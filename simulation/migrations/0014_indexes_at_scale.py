import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from simulation.guards import FrozenColumns


class Migration(migrations.Migration):
    dependencies = [
        ("simulation", "0013_forgotten_transcripts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="episode",
            name="episode_unfinished",
        ),
        migrations.AlterField(
            model_name="episode",
            name="owner",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="episodes",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="step",
            name="episode",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="steps",
                to="simulation.episode",
            ),
        ),
        migrations.AddIndex(
            model_name="episode",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", False)),
                fields=["ended_at"],
                name="episode_ended",
            ),
        ),
        # made anew: they look at fewer statements
        FrozenColumns(
            "Episode",
            ["world_id", "owner_id", "spec", "agent", "created_at", "lane_id", "endpoint_id"],
        ),
    ]
