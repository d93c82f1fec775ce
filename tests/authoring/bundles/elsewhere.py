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


@transaction.atomic
def empty() -> None:
    """Forget everything that was frozen, as only a fresh installation has it."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL eg.maintenance = 'on'")
    for model in (PackEntry, PackVersion, PackTask, Pack, ReviewEvent, Draft, Revision, Task):
        model.objects.all().delete()
    for kind in environment("mock_store").entity_types.values():
        kind.model._default_manager.all().delete()
    World.objects.update(parent=None)
    World.objects.all().delete()
    Snapshot.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL eg.maintenance = 'off'")
