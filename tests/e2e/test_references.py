"""A solution written in the browser: steps by form, values of earlier results, a customer."""

import pytest
from playwright.sync_api import expect

from tests.authoring.conftest import PROMPTS
from tests.authoring.tasks import make_task
from tests.e2e.conftest import axe
from tests.factories import make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def task(runner):
    world = make_world(owner=runner, slug="store", version=1, prompts=PROMPTS)
    return make_task(runner, world, mode="conversation")


def steps_of(task):
    task.draft.refresh_from_db()
    return task.draft.content["reference"]


def test_a_step_is_added_moved_and_kept_while_the_message_saves_itself(task, visit):
    page = visit(f"/tasks/{task.slug}/reference/")
    page.get_by_role("link", name="Insert a call before step 2").click()
    page.get_by_role("link", name="updateSale").click()
    page.get_by_text("from an earlier result").first.click()
    page.get_by_label("sale id, taken from an earlier result").fill("1.id")
    page.get_by_label("status", exact=False).first.select_option("void")
    assert axe(page) == []
    page.get_by_role("button", name="Add step 2").last.click()

    page.wait_for_url("**/reference/#step-2")
    expect(page.locator("#step-2 .ref a")).to_have_text(
        "id of the result of step 1", use_inner_text=True
    )
    page.get_by_label("Last message").fill("Sold, *at last*.")
    page.get_by_text("Saved", exact=False).first.wait_for()
    page.locator("#message-read em").wait_for(state="attached")
    page.get_by_role("button", name="Remove step 1").click()
    page.get_by_role("button", name="Put these values in their place").wait_for()
    assert axe(page) == []

    assert [step.get("call") for step in steps_of(task)] == [
        "sell",
        "updateSale",
        "updateSale",
        None,
    ]
    assert steps_of(task)[3] == {"message": "Sold, *at last*."}


def test_a_customer_and_a_try_need_no_script(task, visit):
    page = visit(f"/tasks/{task.slug}/customer/", width=390, java_script_enabled=False)
    page.get_by_label("persona").fill("Dee, in a hurry.")
    page.get_by_label("goal").fill("Two lamps.")
    page.get_by_role("button", name="Add a row to facts withheld until asked").click()
    page.get_by_label("topic").last.fill("the address")
    page.get_by_label("fact", exact=False).last.fill("12 Elm Street")
    page.get_by_role("button", name="Save").last.click()
    page.goto(f"/tasks/{task.slug}/reference/try/sell/")
    page.get_by_label("buyer").fill("dee")
    page.get_by_label("item id").fill("lamp")
    page.get_by_role("button", name="Run the tool").last.click()
    page.get_by_role("link", name="Take these calls").click()
    page.get_by_role("button", name="Add them behind its calls").click()

    page.locator("#step-3").wait_for()
    assert len(steps_of(task)) == 4
    assert task.draft.content["customer"]["facts_withheld"] == [
        {"topic": "the address", "fact": "12 Elm Street"}
    ]
