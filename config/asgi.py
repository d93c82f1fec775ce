"""The web application.

It keeps a pool of database connections: requests run in threads of their own.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("EG_DATABASE_POOL", "true")

from django.core.asgi import get_asgi_application

from config.bodies import BoundedBodies
from simulation.portability.limits import MAX_ARCHIVE

FORM = 2_000_000  # bytes that a form has around its files

application = BoundedBodies(get_asgi_application(), MAX_ARCHIVE + FORM)
