"""The least that the supervisor needs: a page, a database, a queue and one task."""

import os
from pathlib import Path

from config import embedded, env, logs

VAR = env.folder("EG_VAR", Path("var"))
SECRET_KEY = "only for tests"
HAS_HASHED_STATIC = False
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ["config", "django.contrib.contenttypes"]
ROOT_URLCONF = "small_urls"
USE_TZ = True
DATABASES = {"default": embedded.database_settings(VAR)}
CELERY_BROKER_URL = embedded.redis_url(VAR)
SHUTDOWN_SECONDS = 20
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat")
CELERY_IMPORTS = [os.environ.get("SMALL_TASKS", "small_urls")]
LOGGING = logs.logging_settings(form="console", level="INFO")
