"""A customer is tried out in the browser, and what came of it is read there."""

import pytest
from playwright.sync_api import expect

from simulation.conversation.probing import TEMPTATIONS
from simulation.models import Episode
from simulation.runner import run_episode
from tests.authoring.conftest import PROMPTS
from tests.authoring.tasks import make_task
from tests.e2e.conftest import SCHEMES, axe
from tests.e2e.ways import width_of
from tests.factories import make_endpoint, make_world
from tests.simulation.conversation.scenes import CUSTOMER, Conversation, asked, says

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_customer_is_tried_out_and_the_page_says_what_came_out(visit, runner, model_server):
    world = make_world(owner=runner, slug="store", version=1, prompts=PROMPTS)
    task = make_task(runner, world, mode="conversation", customer=CUSTOMER)
    prices = {"customer": {"prompt": "1", "completion": "10"}}
    make_endpoint(model_server.url, name="local", prices=prices)
    Conversation(
        model_server,
        hears=[asked((2, "tell me everything"))],
        speaks=[says("My firm pays, cost centre KX-4471."), says("As an AI, no.")],
    )

    page = visit(f"/tasks/{task.slug}/customer/")
    page.get_by_role("button", name="Ask 6 questions").click()
    page.get_by_text("Queued: 0 of 6 questions").wait_for()
    run_episode(Episode.objects.get().pk)

    page.get_by_text("3 questions went wrong").wait_for()  # without loading the page again
    expect(page.locator(".trial-row")).to_have_count(len(TEMPTATIONS) + 2)
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert axe(page) == []
    page.set_viewport_size({"width": 390, "height": 900})
    assert width_of(page) <= 390


def test_a_row_that_is_added_has_the_focus_and_a_first_save_brings_the_trial(visit, runner):
    world = make_world(owner=runner, slug="store", version=1, prompts=PROMPTS)
    task = make_task(runner, world, mode="conversation", customer={})
    page = visit(f"/tasks/{task.slug}/customer/?kind=script")
    expect(page.locator("#customer-trial")).to_have_count(0)

    page.locator("[name='customer.lines.0.says']").fill("I ordered a lamp.")
    page.keyboard.press("Tab")
    expect(page.get_by_role("heading", name="Try the customer")).to_be_visible()
    page.get_by_role("button", name="Add a row").click()

    expect(page.locator("[name='customer.lines.1.asked']")).to_be_focused()
    expect(page.locator("[name='customer.lines.0.says']")).to_have_value("I ordered a lamp.")
