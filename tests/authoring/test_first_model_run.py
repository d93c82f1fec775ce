"""Home leads who launches runs to a model's first one, one step after the other."""

import pytest

from authoring.home import home_page
from authoring.launching.service import launch
from authoring.launching.wish import read_wish
from authoring.models import Revision
from tests.authoring.launching.scenes import approve, make_agent
from tests.factories import make_endpoint, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def started(author, runner, store_world):
    """An installation whose start is done: a world, a task, a run of a scripted agent."""
    approve(author, store_world, "lamps")
    launch(read_wish({"tasks": ["lamps"], "agents": ["null"]}), by=runner)


def open_step(person):
    """Give the title and link of the first open step."""
    step = next(step for step in home_page(person).to_model_run if not step.is_done)
    return step.title, step.url


def test_no_endpoint_no_agent_no_run_then_nothing(runner, admin_person, author):
    assert open_step(admin_person) == ("Say where models are asked", "/settings/endpoints/new/")
    assert open_step(runner) == ("Say where models are asked", "")  # an admin's to do
    endpoint = make_endpoint(name="local", created_by=admin_person)
    assert open_step(runner) == ("Make an agent", "/settings/agents/new/")
    make_agent(endpoint)
    assert open_step(runner) == ("Launch a run", "/runs/new/")
    launch(read_wish({"tasks": ["lamps"], "agents": ["small"]}), by=runner)
    assert home_page(runner).to_model_run == ()


def test_a_task_has_to_be_approved_first(runner, admin_person):
    make_agent(make_endpoint(name="local", created_by=admin_person))
    Revision.objects.update(state="withdrawn")

    assert open_step(runner) == ("Have a task approved", "/tasks/")


@pytest.mark.parametrize("name", ["author", "reviewer", "charlie"])
def test_who_launches_nothing_is_led_nowhere(name, request):
    assert home_page(request.getfixturevalue(name)).to_model_run == ()


def test_the_page_shows_the_steps_and_one_link(runner):
    client = signed_in(runner)

    body = client.get("/").content.decode()

    assert "Let a model work" in body
    assert "An admin makes one." in body
