"""All settings, from the environment. A bad value stops the start and says what would be right."""

from pathlib import Path
from typing import Any

from celery.schedules import crontab
from csp.constants import NONE, SELF
from kombu import Queue
from psycopg.conninfo import conninfo_to_dict

from config import embedded, env, logs
from config.api_words import API_DESCRIPTION
from config.caches import cache_settings
from config.metrics import folder as metrics_folder
from config.secret_key import local_secret_key
from simulation.environments import slugs

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = env.folder("EG_VAR", BASE_DIR / "var")

DATABASE_URL = env.text("DATABASE_URL", "")
REDIS_URL = env.text("REDIS_URL", "")
IS_EMBEDDED = not DATABASE_URL

DEBUG = env.flag("EG_DEBUG", default=False)
# The embedded default makes a random key of its own under var/; every other installation names one.
SECRET_KEY = env.text("EG_SECRET_KEY", local_secret_key(VAR) if IS_EMBEDDED or DEBUG else None)
ALLOWED_HOSTS = env.names("EG_ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.names("EG_TRUSTED_ORIGINS", [])
IS_HTTPS = env.flag("EG_HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "config",
    "authoring",
    "grading",
    "simulation",
    *(f"simulation.environments.{slug}" for slug in slugs()),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.middleware.whole_page_sign_in",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "authoring.layout.layout",
            ],
        },
    },
]


def _database(url: str) -> dict[str, Any]:
    names = {
        "dbname": "NAME",
        "user": "USER",
        "password": "PASSWORD",
        "host": "HOST",
        "port": "PORT",
    }
    given = conninfo_to_dict(url)
    known = {names[name]: value for name, value in given.items() if name in names}
    others = {name: value for name, value in given.items() if name not in names}
    return {"ENGINE": "django.db.backends.postgresql", **known, "OPTIONS": others}


HAS_POOL = env.flag("EG_DATABASE_POOL", default=False)
DATABASES: dict[str, dict[str, Any]] = {
    "default": _database(DATABASE_URL) if DATABASE_URL else embedded.database_settings(VAR)
}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["CONN_MAX_AGE"] = 0 if HAS_POOL else 600
if HAS_POOL:
    # The web server runs each request in a thread of its own: a pool is what keeps connections.
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": 16}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTHENTICATION_BACKENDS = ["simulation.sign_in.RoleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"

LANGUAGE_CODE = "en-us"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
HAS_HASHED_STATIC = env.flag("EG_STATIC_HASHED", default=not DEBUG)
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not HAS_HASHED_STATIC
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if HAS_HASHED_STATIC
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
DATA_UPLOAD_MAX_NUMBER_FILES = 100
FILE_UPLOAD_HANDLERS = ["simulation.portability.uploads.BoundedUploadHandler"]

CACHES = {"default": cache_settings(REDIS_URL or embedded.redis_client_url(VAR))}
API_RATES = {
    "api": env.rate("EG_API_RATE", "1200/minute"),
    "download": env.rate("EG_DOWNLOAD_RATE", "60/minute"),
}

CELERY_BROKER_URL = REDIS_URL or embedded.redis_url(VAR)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a queue that is away is waited for
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# A worker takes from all queues unless it is told otherwise; `manage.py up` starts one for each,
# because a model or a judge that thinks for a minute must keep nothing else waiting.
CELERY_TASK_QUEUES = [Queue("celery"), Queue("models"), Queue("judging")]
CELERY_TASK_ROUTES = {"grading.tasks.judge_assessment": {"queue": "judging"}}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "reap": {"task": "simulation.tasks.reap", "schedule": 5.0},
    "sweep": {"task": "grading.tasks.sweep", "schedule": 10.0},
    "remove-idle-scratches": {
        "task": "simulation.tasks.remove_idle_scratches",
        "schedule": 3600.0,
    },
    "repeat-lost-reports": {"task": "authoring.tasks.repeat_lost_reports", "schedule": 60.0},
    "end-editing-sessions": {"task": "authoring.tasks.end_editing_sessions", "schedule": 60.0},
    "forget-uploads": {"task": "simulation.tasks.forget_uploads", "schedule": 3600.0},
    "forget-answers": {"task": "simulation.tasks.forget_answers", "schedule": 3600.0},
}
# transcripts of training, mutants and dry runs that ended so long ago are removed; 0 keeps them
RETENTION_DAYS = env.whole_number("EG_RETENTION_DAYS", 0, minimum=0, maximum=36_500)
if RETENTION_DAYS:
    CELERY_BEAT_SCHEDULE["forget-old-transcripts"] = {
        "task": "authoring.tasks.forget_old_transcripts",
        "schedule": crontab(hour=3, minute=17),
    }

DEFAULT_ENVIRONMENT = "corecraft"  # the company that commands speak of when none is named
EPISODE_ENDED_TASK = "grading.tasks.grade_episode"
LEASE_SECONDS = env.seconds("EG_LEASE_SECONDS", 30)
# how long workers wait for a database that is away before they give up a piece of work
OUTAGE_SECONDS = env.seconds("EG_OUTAGE_SECONDS", 600)
# how long a worker that is told to end waits for answers of models that are on their way
SHUTDOWN_SECONDS = env.seconds("EG_SHUTDOWN_SECONDS", 20)
# conversations that one process of `manage.py up` holds with models at a time
CONVERSATIONS = env.whole_number("EG_CONVERSATIONS", 64, minimum=1, maximum=1000)
# of all exports that are kept on the disk; those used longest ago are made again when asked for
EXPORTS_MAX_BYTES = env.whole_number("EG_EXPORTS_MAX_BYTES", 2_000_000_000, minimum=0)
# who sends it as bearer reads /metrics, which otherwise only admins do
METRICS_TOKEN = env.secret("EG_METRICS_TOKEN", minimum=16)
# of a worker that was started by itself; `manage.py up` tells everything at the web server
METRICS_PORT = env.whole_number("EG_METRICS_PORT", 0, minimum=0, maximum=65535)
if METRICS_PORT:
    metrics_folder.share(VAR / f"metrics-{METRICS_PORT}")
FREEZE_ROWS = env.flag("EG_FREEZE_ROWS", default=DEBUG)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "authoring.tokens.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "authoring.tokens.TokenScope",
    ],
    "DEFAULT_RENDERER_CLASSES": ["simulation.rest.renderers.Json"],
    "DEFAULT_PARSER_CLASSES": ["simulation.rest.parsers.StorableJson"],
    "DEFAULT_PAGINATION_CLASS": "simulation.rest.pages.NewestFirst",
    "PAGE_SIZE": 100,
    "DEFAULT_SCHEMA_CLASS": "simulation.rest.schema.ApiSchema",
    "EXCEPTION_HANDLER": "config.api.one_error_shape",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "EnterpriseGym",
    "DESCRIPTION": API_DESCRIPTION,
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "COMPONENT_SPLIT_PATCH": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.openapi.describe_alike",
    ],
    "ENUM_NAME_OVERRIDES": {
        "EpisodeStatusEnum": "simulation.models.Episode.Status",
        "MutationReportStatusEnum": "authoring.models.MutationReport.Status",
        "GradingPurposeEnum": "grading.models.Grading.Purpose",
        "TaskStateEnum": "authoring.states.MARKS",
        "RevisionStateEnum": "authoring.models.Revision.State",
        "AskedPurposeEnum": ["regrade", "trial", "repeat"],
    },
}

LOGGING = logs.logging_settings(
    form=env.choice("EG_LOG_FORMAT", ["console", "json"], "console"),
    level=env.choice("EG_LOG_LEVEL", ["DEBUG", "INFO", "WARNING", "ERROR"], "INFO"),
)
