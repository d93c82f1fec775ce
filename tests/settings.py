"""The settings for tests: the same, but rows are frozen and files are served as they lie."""

import os
import uuid

os.environ["EG_STATIC_HASHED"] = "false"
os.environ["EG_FREEZE_ROWS"] = "true"
os.environ.setdefault("EG_SECRET_KEY", "for-tests-only")

from config.settings import *  # noqa: F403
from config.settings import CELERY_BROKER_URL as _BROKER

# A queue of its own: a worker of a running `manage.py up` must not take the tests' episodes, nor
# may the tests of one process those of another.
_PROCESS = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
CELERY_BROKER_URL = f"{_BROKER}?virtual_host={1 + int(_PROCESS) % 14}"
CACHES["default"]["KEY_PREFIX"] = f"tests-{uuid.uuid4().hex}"  # noqa: F405  no other process's
API_RATES = {"api": None, "download": None}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
