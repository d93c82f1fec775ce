from django.db import migrations, models


class Migration(migrations.Migration):
    """The trigger that freezes what has ended stands: only maintenance writes this column."""

    dependencies = [("simulation", "0012_agents_lanes_and_exchanges")]

    operations = [
        migrations.AddField(
            model_name="episode",
            name="forgotten_at",
            field=models.DateTimeField(
                blank=True,
                help_text="when its steps were removed; what was decided stays",
                null=True,
            ),
        ),
        migrations.AddConstraint(
            model_name="episode",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("forgotten_at__isnull", True),
                    ("status__in", ("ended", "cancelled")),
                    _connector="OR",
                ),
                name="episode_forgotten_only_when_over",
            ),
        ),
    ]
