from collections.abc import Mapping
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
def bundle(django_db_setup: None, django_db_blocker: Any) -> Mapping[str, bytes]:
    """The files of lamps@1, of which nothing is in the database any more."""
    with django_db_blocker.unblock(), transaction.atomic():
        author = make_user("alice", roles.AUTHOR)
        world = make_world(owner=author, slug="store", version=1, prompts=PROMPTS)
        files = bundle_of(make_lamps(author, world))
        transaction.set_rollback(True)
    return files


def make_lamps(author: User, world: World) -> PackVersion:
    sell, hold = make_task(author, world), make_task(author, world, "hold-lamps")
    return make_version(author, [approve(sell), approve(hold, "heldout")])
