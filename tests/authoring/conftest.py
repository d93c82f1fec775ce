import pytest
from django.contrib.auth.models import User

from simulation.models import World
from simulation.worlds import generate_world
from tests.factories import make_user, make_world

PROMPTS = {"clerk": "You are a clerk."}


@pytest.fixture
def store_world(author: User) -> World:
    """The world that the small task is about: store@1."""
    return make_world(owner=author, slug="store", version=1, prompts=PROMPTS)


@pytest.fixture
def corecraft(db: None) -> World:
    """The world that the shipped tasks are about, as they find it."""
    return generate_world(
        environment="corecraft",
        slug="corecraft",
        version=2,
        title="CoreCraft",
        owner=make_user(),
        seed=7,
        size=1,
    )
