"""Another installation: the same database with nothing of tasks, packs and worlds in it."""

from django.apps import apps
from django.db import connection, transaction

from authoring.models import ApiToken
from simulation.environments import environment
from simulation.models import Snapshot, World


@transaction.atomic
def empty() -> None:
    """Forget everything that was frozen, as only a fresh installation has it."""
    kinds = environment("mock_store").entity_types.values()
    own = (m for m in apps.get_app_config("authoring").get_models() if m is not ApiToken)
    models = [*own, *(kind.model for kind in kinds), World, Snapshot]
    deletes = [f'DELETE FROM "{model._meta.db_table}"' for model in models]
    settings = ("SET LOCAL eg.maintenance = 'on'", "SET LOCAL eg.maintenance = 'off'")
    with connection.cursor() as cursor:
        cursor.execute("; ".join([settings[0], *deletes, settings[1]]))
