from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "Configuration"

    def ready(self) -> None:
        """Make our Celery application the current one in every process that runs Django."""
        from config import celery  # noqa: F401  it needs the settings
        from config.metrics import workers  # noqa: F401  and so does this
