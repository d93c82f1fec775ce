from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("simulation", "0005_uploads"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="episode",
            constraint=models.UniqueConstraint(
                condition=models.Q(("agent__kind", "person")),
                fields=("owner", "world"),
                name="episode_one_scratch_a_person_and_world",
            ),
        ),
    ]
