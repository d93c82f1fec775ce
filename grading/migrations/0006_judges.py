import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from simulation.guards import AppendOnly, FrozenColumns, FrozenWhen


class Migration(migrations.Migration):
    dependencies = [
        ("grading", "0005_gradings_instead_of_numbers"),
        ("simulation", "0007_model_endpoints"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Judge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.SlugField(max_length=60)),
                ("version", models.PositiveIntegerField()),
                ("model", models.CharField(help_text="as the endpoint calls it", max_length=200)),
                ("settings", models.JSONField(default=dict)),
                (
                    "prompt",
                    models.PositiveSmallIntegerField(
                        help_text="version of the words it is asked with"
                    ),
                ),
                ("note", models.TextField(blank=True, help_text="what this version is for")),
                (
                    "hash",
                    models.CharField(help_text="of all that decides its verdicts", max_length=64),
                ),
                (
                    "is_retired",
                    models.BooleanField(default=False, help_text="not offered for new runs"),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="judges",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "endpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="judges",
                        to="simulation.modelendpoint",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "-version"],
            },
        ),
        migrations.AddField(
            model_name="grading",
            name="judge",
            field=models.ForeignKey(
                blank=True,
                help_text="decides the criteria of its kind; without one they stay open",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="gradings",
                to="grading.judge",
            ),
        ),
        migrations.CreateModel(
            name="JudgeCall",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1)),
                (
                    "criteria",
                    models.JSONField(default=list, help_text="keys of those that were asked for"),
                ),
                ("vote", models.PositiveSmallIntegerField(default=1)),
                (
                    "repair",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="0 is the question, 1 the request to mend the answer"
                    ),
                ),
                ("request_hash", models.CharField(max_length=64)),
                (
                    "response",
                    models.TextField(blank=True, help_text="what the judge wrote, shortened"),
                ),
                ("finish_reason", models.CharField(blank=True, max_length=300)),
                (
                    "failure",
                    models.TextField(blank=True, help_text="why there is no answer at all"),
                ),
                (
                    "problems",
                    models.JSONField(
                        blank=True, default=list, help_text="what is wrong with the answer"
                    ),
                ),
                ("attempts", models.JSONField(blank=True, default=list)),
                (
                    "model",
                    models.CharField(
                        blank=True, help_text="as the server names it", max_length=300
                    ),
                ),
                ("prompt_tokens", models.PositiveIntegerField(default=0)),
                ("completion_tokens", models.PositiveIntegerField(default=0)),
                ("cached_tokens", models.PositiveIntegerField(default=0)),
                ("reasoning_tokens", models.PositiveIntegerField(default=0)),
                (
                    "cost",
                    models.DecimalField(
                        decimal_places=6, default=0, help_text="USD", max_digits=14
                    ),
                ),
                ("duration_ms", models.FloatField(default=0)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "assessment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="judge_calls",
                        to="grading.assessment",
                    ),
                ),
                (
                    "judge",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to="grading.judge",
                    ),
                ),
            ],
            options={
                "ordering": ["created_at", "pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="judge",
            constraint=models.UniqueConstraint(
                fields=("name", "version"), name="judge_version_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="judge",
            constraint=models.CheckConstraint(
                condition=models.Q(("version__gte", 1)), name="judge_version_from_1"
            ),
        ),
        migrations.AddConstraint(
            model_name="judge",
            constraint=models.CheckConstraint(
                condition=models.Q(("name__regex", "^[a-z0-9]+(-[a-z0-9]+)*$")),
                name="judge_name_is_a_slug",
            ),
        ),
        migrations.AddIndex(
            model_name="judgecall",
            index=models.Index(fields=["judge", "-created_at"], name="judge_call_of_judge"),
        ),
        FrozenWhen("Judge", "TRUE", but=["is_retired"]),
        AppendOnly("JudgeCall"),
        FrozenColumns(
            "Grading",
            [
                "run_id",
                "number",
                "purpose",
                "rubrics",
                "reason",
                "scope",
                "key",
                "asked_by_id",
                "judge_id",
            ],
        ),
    ]
