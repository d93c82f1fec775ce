"""Launching a run in a browser: chosen, looked at, launched; agents made on the way."""

import os

import pytest
from playwright.sync_api import expect

from authoring.launching.service import launch
from authoring.launching.wish import read_wish
from grading.models import Run
from simulation.agent_configurations import make_agent
from tests.authoring.launching.scenes import CUSTOMER, approve, frozen, give_past
from tests.e2e.conftest import axe_in_both_themes, take_pictures
from tests.e2e.ways import width_of
from tests.factories import make_endpoint, make_world

pytestmark = pytest.mark.django_db(transaction=True)
PICTURES = os.environ.get("EG_PICTURES", "")  # a folder: pictures of the pages are kept there
PRICES = {"*": {"prompt": "0.6", "completion": "2.4"}}
PROMPTS = {"clerk": "You are a clerk."}


@pytest.fixture
def small(runner, author, admin_person):
    """A pack, an agent of a model, and six episodes of it behind us."""
    world = make_world(owner=author, slug="store", version=1, prompts=PROMPTS)
    frozen(author, approve(author, world, "sell-lamps", "pay-later", "send-it-back"))
    approve(author, world, "talk-to-dee", mode="conversation", customer=CUSTOMER)
    make_endpoint(name="local", created_by=admin_person, prices=PRICES, max_running=8)
    given = {"name": "small", "endpoint": "local", "model": "small-1"}
    agent = make_agent({**given, "limits": {"max_cost": 0.5}, "note": "To begin with"}, by=runner)
    asked = {"pack": "basics", "agents": ["small"], "repeats": 2, "title": "The first of all"}
    give_past(launch(read_wish(asked), by=runner), seconds=[31, 40, 22, 65, 48, 39])
    return agent


def keep(page, name):
    if PICTURES:
        take_pictures(page, f"{PICTURES}/{name}")


def fits(page):
    return width_of(page) <= page.viewport_size["width"]


@pytest.mark.parametrize("width", [1400, 390])
def test_a_run_is_launched_from_the_form_after_a_look_at_what_it_takes(visit, small, width):
    page = visit("/runs/new/", width=width)
    keep(page, f"launch-empty-{width}")
    page.get_by_role("button", name="Show what it would be").click()
    expect(page.get_by_role("link", name="Agents: choose at least one")).to_be_visible()
    assert fits(page)
    assert axe_in_both_themes(page) == []
    keep(page, f"launch-errors-{width}")

    page.get_by_label("only these tasks").fill("sell-lamps\npay-later\ntalk-to-dee\nnowhere")
    for name in ("reference", "small@1"):
        page.get_by_role("checkbox", name=name).check()
    page.get_by_label("attempts at each task").fill("4")
    page.get_by_text("what is made to go wrong").click()
    page.get_by_label("level", exact=True).select_option("light")
    keep(page, f"launch-faults-{width}")
    page.get_by_role("button", name="Show what it would be").click()

    expect(page.get_by_role("button", name="Launch 20 episodes")).to_be_visible()
    expect(page.get_by_text("failing tools: 5% of calls")).to_be_visible()
    assert fits(page)
    assert axe_in_both_themes(page) == []
    keep(page, f"launch-check-{width}")
    page.get_by_role("button", name="Launch 20 episodes").dblclick()

    page.get_by_role("link", name="Launch again").wait_for()
    assert Run.objects.count() == 2
    page.get_by_role("link", name="Launch again").click()
    expect(page.get_by_role("checkbox", name="small@1")).to_be_checked()
    keep(page, f"launch-filled-{width}")


def test_agents_are_looked_at_and_get_their_next_version(visit, small):
    for width in (390, 1400):
        page = visit("/settings/agents/", width=width)
        assert fits(page)
        keep(page, f"agents-{width}")
        page.get_by_role("link", name="small@1").click()
        assert fits(page)
        assert axe_in_both_themes(page) == []
        keep(page, f"agent-{width}")
        page.get_by_role("link", name="Next version", exact=True).click()
        assert fits(page)
        assert axe_in_both_themes(page) == []
        keep(page, f"new-agent-{width}")
    page.get_by_label("temperature").fill("0.7")
    page.get_by_role("button", name="Make this version").click()

    expect(page.get_by_text("small@2 was made")).to_be_visible()
