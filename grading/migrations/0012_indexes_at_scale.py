import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from simulation.guards import FrozenColumns


class Migration(migrations.Migration):
    dependencies = [
        ("grading", "0010_launched_runs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="assessment",
            name="rollout",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assessments",
                to="grading.rollout",
            ),
        ),
        migrations.AlterField(
            model_name="assessment",
            name="rubric",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assessments",
                to="grading.rubric",
            ),
        ),
        migrations.AlterField(
            model_name="rollout",
            name="run",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rollouts",
                to="grading.run",
            ),
        ),
        migrations.AlterField(
            model_name="verdict",
            name="author",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="verdicts",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="verdict",
            name="copy_of",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="carried from another grading, or a judge's verdict used again",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="copies",
                to="grading.verdict",
            ),
        ),
        migrations.AlterField(
            model_name="verdict",
            name="imported",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="the file that it came in with",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="verdicts",
                to="grading.labelimport",
            ),
        ),
        migrations.AddIndex(
            model_name="assessment",
            index=models.Index(fields=["rubric"], name="assessment_of_rubric"),
        ),
        migrations.AddIndex(
            model_name="verdict",
            index=models.Index(
                condition=models.Q(("author__isnull", False)),
                fields=["author"],
                name="verdict_author",
            ),
        ),
        migrations.AddIndex(
            model_name="verdict",
            index=models.Index(
                condition=models.Q(("copy_of__isnull", False)),
                fields=["copy_of"],
                name="verdict_copy_of",
            ),
        ),
        migrations.AddIndex(
            model_name="verdict",
            index=models.Index(
                condition=models.Q(("imported__isnull", False)),
                fields=["imported"],
                name="verdict_imported",
            ),
        ),
        # made anew: they look at fewer statements
        FrozenColumns("Assessment", ["rollout_id", "rubric_id", "grading_id"]),
        FrozenColumns("Rollout", ["run_id", "subject", "agent", "index", "group", "labels"]),
    ]
