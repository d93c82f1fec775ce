"""The web application.

It keeps a pool of database connections: requests run in threads of their own.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("EG_DATABASE_POOL", "true")

from django.core.asgi import get_asgi_application

application = get_asgi_application()
