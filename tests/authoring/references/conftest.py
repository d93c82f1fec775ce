import pytest
from django.contrib.auth.models import User
from django.test import Client

from authoring.models import Task
from simulation.models import World
from tests.authoring.tasks import make_task
from tests.factories import signed_in


@pytest.fixture
def task(author: User, store_world: World) -> Task:
    return make_task(author, store_world)


@pytest.fixture
def client(author: User) -> Client:
    """The author's browser."""
    return signed_in(author)
