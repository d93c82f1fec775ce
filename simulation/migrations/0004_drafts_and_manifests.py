from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("simulation", "0003_roles")]

    operations = [
        migrations.AddField(
            model_name="world",
            name="edits",
            field=models.PositiveIntegerField(
                default=0, help_text="how often the rows of the draft were changed"
            ),
        ),
        migrations.AddField(
            model_name="world",
            name="manifest",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="what its generator made untidy on purpose: type, id, noise",
            ),
        ),
    ]
