"""A task's whole way, written and reviewed in the browser: by mouse, by keyboard, without scripts."""

import os

import pytest

from authoring.launch import launch_tasks
from authoring.models import DryRun, Revision
from grading.models import Run
from tests.authoring.conftest import PROMPTS
from tests.e2e.ways import Keyboard, Mouse, Plain
from tests.factories import make_world
from tests.web.conftest import finish

pytestmark = pytest.mark.django_db(transaction=True)
PROMPT = "Sell dee two lamps and mark the sale as paid. Then tell me how many sales ana has."
MESSAGE = "Dee's two lamps are sold, and the sale is paid. Ana has 2 sales."


@pytest.fixture(params=[Mouse, Keyboard, Plain], ids=["mouse", "keyboard", "without-scripts"])
def people(request, visit, author, reviewer, runner):
    """Alice, who writes, and bob, who reviews, both signed in and each in a browser of their own."""
    make_world(owner=runner, slug="store", version=1, prompts=PROMPTS)
    way = request.param
    found = []
    for name in ("alice", "bob"):
        person = way(visit("/login/", is_signed_in=False, **way.options))
        if os.environ.get("SHOW"):
            person.page.set_default_timeout(5000)
        person.write("User name", name)
        person.write("Password", "secret")
        person.press("Sign in", then="Your menu")
        found.append(person)
    yield found
    if os.environ.get("SHOW"):
        for person in found:
            print("=====", person.page.url)
            print(person.page.locator("body").inner_text())
            person.page.screenshot(path=f"/tmp/journeys/{type(person).__name__}.png")


def begin(alice):
    alice.press("Tasks", then="New task")
    alice.press("New task", then="Start from")
    alice.write("Title", "Two lamps for Dee")
    alice.choose("World", "store@1")
    alice.choose("Category", "multi step workflow")
    alice.press("Make the task", then="Who, where, with what")


def write_prompt(alice):
    prompt, setting, about = map(alice.region, ("Prompt", "Who, where, with what", "About the task"))
    alice.write("prompt", PROMPT, prompt)
    alice.save(prompt)
    alice.choose("mode", "autonomous", setting)
    alice.choose("system prompt", "clerk", setting)
    alice.save(setting)
    alice.choose("difficulty", "easy", about)
    alice.save(about)


def write_setup(alice):
    alice.press("Setup", then="The task plays in the world as it is.")
    alice.press("Add from the world", then="Search, or choose a kind of row.")
    alice.press("items 2", then="New item")
    alice.press("Change it: lamp", then="as it is in the world")
    alice.write("price", "9.50")
    alice.press("Add to the setup", then="12.50")
    alice.press("Add from the world", then="Search, or choose a kind of row.")
    alice.press("sales 3", then="New sale")
    alice.press("New sale", then="It never changes afterwards.")
    alice.write("buyer", "eve")
    lines = alice.group("lines 1")
    alice.write("item", "chair", lines)
    alice.write("qty", "1", lines)
    alice.choose("status", "open")
    alice.press("Add to the setup", then="sale-250915-008")


def write_reference(alice):
    alice.press("Reference", then="Near-misses")
    alice.press("Add a call", then="Choose what is called.")
    alice.press("sell", then="Sell so many of an item")
    call = alice.page.get_by_role("form", name="Arguments of sell")
    alice.write("buyer", "dee", call)
    alice.write("item id", "lamp", call)
    alice.write("qty", "2", call)
    alice.press("Add step 1", then="sale-250915-009")
    alice.press("Add a call", then="Choose what is called.")
    alice.press("updateSale", then="Set the status of a sale.")
    alice.unfold("from an earlier result")
    alice.write("sale id, taken from an earlier result", "1.id")
    alice.choose("status", "paid")
    alice.press("Add step 2", then="id of the result of step 1")
    alice.write("Last message", MESSAGE)
    alice.save(alice.page.locator("form", has_text="Last message"))


def add_criterion(alice, text, kind):
    """Begin a criterion; gives the region of its form."""
    alice.press("Rubric", then="Add a criterion")
    alice.write("What must be true", text, alice.region("Add a criterion"))
    alice.press(f"Add a criterion of the kind {kind}", then="How it is checked")
    return alice.page.get_by_role("form", name="Criterion")


def write_rubric(alice):
    form = add_criterion(alice, "The new sale to dee has status paid.", "state")
    alice.choose("Weight", "Essential", form)
    alice.choose("entity type", "sale", form)
    alice.choose("created", "yes", form)
    alice.write("path", "buyer", alice.group("where 1"))
    alice.write("value", "dee", alice.group("where 1"))
    alice.write("path", "status", alice.group("expect 1"))
    alice.write("value", "paid", alice.group("expect 1"))
    alice.choose("match", "one", form)
    alice.press("Done", form, then="Exactly one new sale where buyer is dee: status is paid.")


def test_a_task_is_written_reviewed_and_run(people):
    alice, bob = people
    begin(alice)
    write_prompt(alice)
    write_setup(alice)
    write_reference(alice)
    write_rubric(alice)
