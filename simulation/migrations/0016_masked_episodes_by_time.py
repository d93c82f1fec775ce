from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("simulation", "0015_customers_endpoints_and_late_answers"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="episode",
            index=models.Index(
                condition=models.Q(
                    (
                        "stop_reason__in",
                        [
                            "abandoned",
                            "cancelled",
                            "customer_failed",
                            "provider_error",
                            "tool_server_error",
                            "wall_time",
                            "worker_lost",
                        ],
                    )
                ),
                fields=["ended_at"],
                name="episode_masked",
            ),
        ),
    ]
