import pytest
from django.contrib.auth.models import User

from simulation.models import World
from tests.factories import make_world

PROMPTS = {"clerk": "You are a clerk."}


@pytest.fixture
def store_world(author: User) -> World:
    """The world that the small task is about: store@1."""
    return make_world(owner=author, slug="store", version=1, prompts=PROMPTS)
