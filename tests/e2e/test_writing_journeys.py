"""A whole task written and reviewed in a browser: by mouse, by keyboard, without scripts."""

import pytest
from playwright.sync_api import expect

from authoring.launch import launch_tasks
from authoring.models import DryRun, Revision
from grading.models import Run
from tests.authoring.conftest import PROMPTS
from tests.e2e.ways import Keyboard, Mouse, Plain
from tests.factories import make_world
from tests.web.conftest import finish

pytestmark = pytest.mark.django_db(transaction=True)
TITLE = "Two lamps for Dee"
PROMPT = "Sell dee two lamps and mark the sale as paid. Then tell me how many sales ana has."
MESSAGE = "Dee's two lamps are sold, and the sale is paid. Ana has 2 sales."


WAYS = [
    pytest.param(Mouse, id="mouse", marks=pytest.mark.long),
    pytest.param(Keyboard, id="keyboard", marks=pytest.mark.long),
    pytest.param(Plain, id="without-scripts"),
]


@pytest.fixture(params=WAYS)
def people(request, visit, author, reviewer, runner):
    """Alice, who writes, and bob, who reviews, each signed in in a browser of their own."""
    make_world(owner=runner, slug="store", version=1, prompts=PROMPTS)
    way = request.param
    found = []
    for name in ("alice", "bob"):
        person = way(visit("/login/", is_signed_in=False, is_quick=True, **way.options))
        person.write("User name", name)
        person.write("Password", "secret")
        person.press("Sign in", then="Your menu")
        found.append(person)
    return found


def begin(alice):
    alice.press("Tasks", then="New task")
    alice.press("New task", then="Start from")
    alice.write("Title", TITLE)
    alice.choose("World", "store@1")
    alice.choose("Category", "multi step workflow")
    alice.press("Make the task", then="Who, where, with what")


def write_prompt(alice):
    prompt, setting, about = map(
        alice.region, ("Prompt", "Who, where, with what", "About the task")
    )
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
    write_state(alice)
    alice.press("Add a criterion: The in stock of …", then="in stock is 8")
    write_unchanged(alice)
    write_response(alice)
    write_bound_number(alice)
    write_harm_as_a_merit(alice)
    alice.sees("6 criteria")


def write_state(alice):
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


def write_unchanged(alice):
    form = add_criterion(alice, "Only the sale and the stock of lamps change.", "unchanged")
    alice.choose("entity type", "item", alice.group("allow 1"))
    alice.write("id", "lamp", alice.group("allow 1"))
    alice.write("fields", "inStock", alice.group("allow 1"))
    alice.press("Add a row to allow", form)
    alice.choose("entity type", "sale", alice.group("allow 2"))
    alice.choose("created", "yes", alice.group("allow 2"))
    alice.write("count", "1", alice.group("allow 2"))
    alice.press("Done", form, then="at most 1 new sale")


def write_response(alice):
    form = add_criterion(alice, "The answer says that the sale is paid.", "response")
    alice.unfold("text", form)
    alice.write("all of", "paid", alice.group("text"))
    alice.press("Done", form, then="The answer says paid.")


def write_bound_number(alice):
    form = add_criterion(alice, "The answer gives the number of sales of ana.", "response")
    alice.unfold("number", form)
    alice.press("Bind to a question: value", alice.group("number"), then="What to compute")
    alice.choose("Rows of", "sale")
    alice.choose("Take the", "count")
    alice.press("Add a condition", then="all conditions hold")
    alice.write("Field of condition 1", "buyer")
    alice.write("Value of condition 1", "ana")
    alice.press("Ask", then="where buyer is ana")
    alice.press("Use this", then="Note for graders")
    alice.press("Done", form, then="(the number of sales where buyer is ana)")


def write_harm_as_a_merit(alice):
    form = add_criterion(alice, "The agent does not void a sale.", "tool call")
    alice.choose("tool", "updateSale", form)
    alice.choose("called", "no", form)
    alice.write("path", "status", alice.group("arguments 1"))
    alice.write("value", "void", alice.group("arguments 1"))
    alice.press("Done", form, then="Edit criterion 6")


def is_told_off_and_mends_it(alice):
    alice.unfold("Submit for review")
    alice.sees("In the way:", "An agent that does nothing at all meets this, and gets the points.")
    expect(alice.control("Submit for review")).to_be_disabled()
    alice.press("Make it harmful", then="The agent voids a sale.")
    alice.sees("updateSale is called at least once where status is void")


def dry_run(alice):
    strip = alice.region("Dry run")
    alice.press("Dry-run", strip, then="0 of 4 graded")
    finish(DryRun.objects.latest("pk").run)
    alice.refresh()
    alice.sees("reference", "passes", "rightly fails")


def hand_in(alice, label, note):
    alice.unfold(label)
    form = alice.page.locator("form", has_text="Message to the reviewer")
    alice.write("Message to the reviewer", note, form)
    alice.press(label, form, then="waits for review.")


def ask_for_changes(bob):
    bob.press("Inbox …", then="alice asks for your review of")
    bob.sees("Mind the words.")
    bob.press(TITLE, then="0 of 6 ticked")
    bob.press("Comment on criterion 4", then="Your comment")
    comments = bob.region("Comments")
    bob.write("Your comment", "Is it not more important than that?", comments)
    bob.press("Comment", comments, then="Is it not more important than that?")
    bob.write("What you say with it", "One weight to think about.")
    bob.press("Request changes", then="goes back to its author")


def change_and_answer(alice):
    alice.press("Home", then="2 open comments of the review")
    alice.press(f"Change it: {TITLE}", then="One weight to think about.")
    alice.unfold("To do")
    alice.press("Criterion 4 …", then="Is it not more important than that?")
    thread = alice.page.get_by_role("article", name="Thread on Criterion 4")
    alice.unfold("Reply", thread)
    alice.write("Your answer", "It is: important now.", thread)
    alice.press("Reply", thread, then="It is: important now.")
    alice.press("Edit criterion 4", then="Note for graders")
    form = alice.page.get_by_role("form", name="Criterion")
    alice.choose("Weight", "Important", form)
    alice.press("Done", form, then="The answer says paid.")


def approve(bob):
    bob.press("Reviews …", then="Waiting for you 1")
    bob.press(TITLE, then="What changed since")
    bob.sees("Now it is important.", "It is: important now.")
    for number in range(1, 7):
        bob.press(f"Criterion {number} is right", then=f"{number} of 6 ticked")
    for question in bob.page.get_by_role("radio", name="fine", exact=True).all():
        bob.tick(question)
    bob.answer()
    bob.sees("9 of 9 answered")
    for left in (1, 0):
        bob.press("Resolve")
        still_open = bob.page.get_by_role("button", name="Resolve", exact=True)
        expect(still_open).to_have_count(left)
    bob.press("Reveal the reference", then="Dee's two lamps are sold")
    bob.write("What you say with it", "Well asked.")
    bob.press("Approve", then="approved")


def test_a_task_is_written_reviewed_and_run(people):
    alice, bob = people
    begin(alice)
    write_prompt(alice)
    write_setup(alice)
    write_reference(alice)
    write_rubric(alice)
    is_told_off_and_mends_it(alice)
    dry_run(alice)
    hand_in(alice, "Submit for review", "Mind the words.")
    ask_for_changes(bob)
    change_and_answer(alice)
    hand_in(alice, "Submit again", "Now it is important.")
    approve(bob)

    first, second = Revision.objects.exclude(state="saved").order_by("number")
    assert (first.state, second.state) == ("changes_requested", "approved")
    assert second.task.approved == second
    runs = {"repeats": 1, "title": "It runs", "kind": Run.Kind.EVALUATION}
    run = finish(launch_tasks([second], agents=["reference", "null"], owner=second.author, **runs))
    passed = dict(run.rollouts.values_list("agent", "assessments__passed"))
    assert passed == {"reference": True, "null": False}
