import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("simulation", "0006_one_scratch_a_person"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ModelEndpoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.SlugField(max_length=60, unique=True)),
                ("base_url", models.CharField(help_text="as far as the /v1", max_length=500)),
                (
                    "key_variable",
                    models.CharField(
                        blank=True,
                        help_text="the environment variable that holds the key",
                        max_length=100,
                    ),
                ),
                (
                    "capabilities",
                    models.JSONField(blank=True, default=dict, help_text="what the server takes"),
                ),
                (
                    "prices",
                    models.JSONField(
                        blank=True, default=dict, help_text="USD per million tokens, by model"
                    ),
                ),
                (
                    "timeout_s",
                    models.PositiveSmallIntegerField(
                        default=120, help_text="seconds for an answer"
                    ),
                ),
                (
                    "connect_timeout_s",
                    models.PositiveSmallIntegerField(
                        default=5, help_text="seconds for a connection"
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name__regex", "^[a-z0-9]+(-[a-z0-9]+)*$")),
                        name="endpoint_name_is_a_slug",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("base_url__regex", "^https?://[^/?#@[:space:]]+(/[^?#[:space:]]*)?$")
                        ),
                        name="endpoint_address_is_http_and_bare",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("key_variable", ""),
                            ("key_variable__regex", "^EG_MODEL_KEY_[A-Z0-9_]+$"),
                            _connector="OR",
                        ),
                        name="endpoint_key_variable_is_one_of_ours",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("connect_timeout_s__range", (1, 60)), ("timeout_s__range", (1, 3600))
                        ),
                        name="endpoint_timeouts_within_bounds",
                    ),
                ],
            },
        ),
    ]
