from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("simulation", "0008_find_parked_episodes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="episode",
            name="scene",
            field=models.CharField(
                blank=True,
                default="",
                help_text="of a scratch clone: what it is for",
                max_length=120,
            ),
        ),
        migrations.RemoveConstraint(
            model_name="episode",
            name="episode_one_scratch_a_person_and_world",
        ),
        migrations.AddConstraint(
            model_name="episode",
            constraint=models.UniqueConstraint(
                condition=models.Q(("agent__kind", "person")),
                fields=("owner", "world", "scene"),
                name="episode_one_scratch_a_person_and_scene",
            ),
        ),
    ]
