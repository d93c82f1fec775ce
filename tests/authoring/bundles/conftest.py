from collections.abc import Mapping

import pytest
from django.contrib.auth.models import User

from authoring.models import PackVersion
from simulation.models import World
from tests.authoring.bundles.made import approve, bundle_of, make_version
from tests.authoring.tasks import make_task


@pytest.fixture
def version(author: User, store_world: World) -> PackVersion:
    """lamps@1: a task to train on and one that is held out."""
    sell, hold = make_task(author, store_world), make_task(author, store_world, "hold-lamps")
    return make_version(author, [approve(sell), approve(hold, "heldout")])


@pytest.fixture
def bundle(version: PackVersion) -> Mapping[str, bytes]:
    return bundle_of(version)
