"""Another installation: the same database with nothing of tasks, packs and worlds in it."""

from django.db import connection, transaction

from authoring.models import (
    Draft,
    Pack,
    PackEntry,
    PackTask,
    PackVersion,
    ReviewEvent,
    Revision,
    Task,
)
from simulation.environments import environment
from simulation.models import Snapshot, World

OWN = (PackEntry, PackVersion, PackTask, Pack, ReviewEvent, Draft, Revision, Task)


@transaction.atomic
def empty() -> None:
    """Forget everything that was frozen, as only a fresh installation has it."""
    kinds = environment("mock_store").entity_types.values()
    models = [*OWN, *(kind.model for kind in kinds), World, Snapshot]
    deletes = [f'DELETE FROM "{model._meta.db_table}"' for model in models]
    settings = ("SET LOCAL eg.maintenance = 'on'", "SET LOCAL eg.maintenance = 'off'")
    with connection.cursor() as cursor:
        cursor.execute("; ".join([settings[0], *deletes, settings[1]]))
