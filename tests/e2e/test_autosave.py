"""Nothing that is typed into a task is lost: saving by itself, lost networks, two people."""

import pytest
from playwright.sync_api import expect

from authoring.models import Draft
from tests.authoring.tasks import make_task
from tests.factories import make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def task(author, live_server):
    world = make_world(owner=author, slug="store", version=1, prompts={"clerk": "You sell."})
    return make_task(author, world)


def prompt_of(task):
    return Draft.objects.get(task=task).content["prompt"]


def wait_until_saved(page, task, text):
    for _ in range(60):
        if prompt_of(task) == text:
            return
        page.wait_for_timeout(100)
    assert prompt_of(task) == text


def open_prompt(visit, task, person="alice", **options):
    return visit(f"/tasks/{task.slug}/", person=person, **options)


def test_what_is_typed_is_saved_by_itself_and_the_caret_stays(visit, task):
    page = open_prompt(visit, task)
    prompt = page.get_by_label("prompt", exact=True)
    prompt.fill("Sell three lamps.")
    prompt.press("Home")
    page.keyboard.type("Please s", delay=20)

    wait_until_saved(page, task, "Please sSell three lamps.")
    page.wait_for_timeout(600)  # outline and side are morphed
    page.keyboard.type("ELL, s")

    expect(prompt).to_have_value("Please sELL, sSell three lamps.")
    expect(page.locator(":focus")).to_have_attribute("name", "prompt")
    wait_until_saved(page, task, "Please sELL, sSell three lamps.")
    expect(page.locator('[data-save-state="saved"]')).to_contain_text("Saved ")
    assert Draft.objects.get(task=task).version > 2


def test_a_lost_network_loses_nothing(visit, task):
    page = open_prompt(visit, task, is_cut_off=True)
    prompt = page.get_by_label("prompt", exact=True)
    before = prompt_of(task)
    page.route("**/save/", lambda route: route.abort())
    prompt.fill("Typed in a tunnel.")

    expect(page.locator("[data-save-state]")).to_have_text("Not saved – retrying")
    assert prompt_of(task) == before
    page.unroute("**/save/")
    expect(page.locator("[data-save-state]")).to_contain_text("Saved ")

    assert prompt_of(task) == "Typed in a tunnel."


def test_a_page_that_was_closed_before_it_could_save_offers_what_was_typed(visit, task):
    page = open_prompt(visit, task, is_cut_off=True)
    page.route("**/save/", lambda route: route.abort())
    page.get_by_label("prompt", exact=True).fill("Typed before the crash.")
    expect(page.locator("[data-save-state]")).to_have_text("Not saved – retrying")
    again = page.context.new_page()
    page.close()

    again.goto(f"/tasks/{task.slug}/")
    again.get_by_role("button", name="Put it back").click()

    expect(again.get_by_label("prompt", exact=True)).to_have_value("Typed before the crash.")
    expect(again.locator("[data-save-state]")).to_contain_text("Saved ")
    assert prompt_of(task) == "Typed before the crash."


def test_two_people_on_one_text_see_both_and_choose(visit, task, admin_person):
    alice, adam = open_prompt(visit, task), open_prompt(visit, task, "adam")
    adam.get_by_label("prompt", exact=True).fill("Adam's prompt.")
    expect(adam.locator("[data-save-state]")).to_contain_text("Saved ")

    alice.get_by_label("prompt", exact=True).fill("Alice's prompt.")
    expect(alice.locator("[data-save-state]")).to_contain_text("somebody else changed it")
    alice.get_by_role("button", name="Compare both").click()

    expect(alice.get_by_role("heading", name="You both changed this")).to_be_visible()
    expect(alice.locator(".clash-theirs")).to_have_text("Adam's prompt.")
    alice.get_by_label("Mine, to be edited").fill("Alice's and Adam's prompt.")
    alice.get_by_role("button", name="Save as chosen").click()
    expect(alice.get_by_label("prompt", exact=True)).to_have_value("Alice's and Adam's prompt.")
    assert prompt_of(task) == "Alice's and Adam's prompt."


def test_everything_is_saved_by_a_button_without_scripts(visit, task):
    page = open_prompt(visit, task, java_script_enabled=False)
    page.get_by_label("prompt", exact=True).fill("By hand.")

    page.get_by_role("button", name="Save").first.click()

    expect(page.get_by_label("prompt", exact=True)).to_have_value("By hand.")
    assert prompt_of(task) == "By hand."
