from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction

from authoring.models import PackVersion
from simulation import roles
from simulation.models import World
from tests.authoring.bundles.made import approve, bundle_of, make_version
from tests.authoring.conftest import PROMPTS
from tests.authoring.tasks import make_task
from tests.factories import make_user, make_world


@pytest.fixture
def version(author: User, store_world: World) -> PackVersion:
    """lamps@1: a task to train on and one that is held out."""
    return make_lamps(author, store_world)


@pytest.fixture(scope="session")
def both(django_db_setup: None, django_db_blocker: Any) -> Sequence[Mapping[str, bytes]]:
    """The files of lamps@1, with what is held out and without; nothing of it is in the database."""
    with django_db_blocker.unblock(), transaction.atomic():
        author = make_user("alice", roles.AUTHOR)
        world = make_world(owner=author, slug="store", version=1, prompts=PROMPTS)
        version = make_lamps(author, world)
        files = [bundle_of(version, with_held_out=sees) for sees in (True, False)]
        transaction.set_rollback(True)
    return files


@pytest.fixture
def bundle(both: Sequence[Mapping[str, bytes]]) -> Mapping[str, bytes]:
    return both[0]


@pytest.fixture
def open_bundle(both: Sequence[Mapping[str, bytes]]) -> Mapping[str, bytes]:
    """The same version without its held-out task."""
    return both[1]


def make_lamps(author: User, world: World) -> PackVersion:
    sell, hold = make_task(author, world), make_task(author, world, "hold-lamps")
    return make_version(author, [approve(sell), approve(hold, "heldout")])
