import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grading", "0012_indexes_at_scale"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="assessment",
            index=models.Index(fields=["grading", "graded_at"], name="assessment_graded"),
        ),
        migrations.AlterField(
            model_name="assessment",
            name="grading",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assessments",
                to="grading.grading",
            ),
        ),
    ]
