"""Review in a browser: ticks, answers, comments, a round sent back; nothing typed is lost."""

import os

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from authoring.models import ChecklistAnswer, Comment, Revision, Tick
from authoring.reviewing.submission import submit
from simulation.roles import REVIEWER
from tests.authoring import tasks
from tests.factories import make_user, make_world

pytestmark = pytest.mark.django_db(transaction=True)
SHOTS = os.environ.get("SHOTS", "")


@pytest.fixture
def task(author, runner):
    """A task in review; ruth, who is signed in, is a reviewer."""
    runner.groups.set(make_user("rita", REVIEWER).groups.all())
    world = make_world(owner=author, slug="store", version=1, prompts={"clerk": "You sell."})
    task = tasks.make_task(author, world)
    submit(task, by=author, note="The first one.")
    return task


def test_a_reviewer_examines_a_task_and_sends_it_back(task, visit):
    page = visit(reverse("review:page", args=[task.slug]))
    page.get_by_role("button", name="Criterion 1 is right").click()
    page.get_by_text("1 of 2 ticked").wait_for()
    expect(page.locator(":focus")).to_have_id("tick-sale-is-paid")

    page.get_by_role("radio", name="not fine").first.check()
    page.locator(".question-note textarea").first.fill("Nobody asks like that.")
    page.locator(".question-note textarea").first.blur()
    page.get_by_text("1 of 9 answered").wait_for()

    page.locator("#comment-body").fill("Which lamp?")
    page.reload()
    page.get_by_text("Add a comment").wait_for()
    expect(page.locator("#comment-body")).to_have_value("Which lamp?")
    page.locator("#add-comment").get_by_role("button", name="Comment").click()
    page.locator(".thread", has_text="Which lamp?").wait_for()
    assert Tick.objects.count() == 1
    assert ChecklistAnswer.objects.get().is_fine is False

    page.get_by_text("in the way").click()
    page.get_by_role("link", name="You have not seen the reference yet").click()
    page.get_by_role("button", name="Reveal the reference").click()
    page.get_by_text("Sold and paid.").first.wait_for()
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/review.png", full_page=True)
    page.get_by_label("What you say with it").fill("Please say which.")
    page.get_by_role("button", name="Request changes").click()
    page.get_by_text("goes back to its author").wait_for()

    assert Revision.objects.get().state == "changes_requested"
    assert [comment.body for comment in Comment.objects.all()] == [
        "Which lamp?",
        "Please say which.",
    ]
    expect(page.get_by_label("What you say with it")).to_have_count(0)


def test_it_works_without_scripts_and_on_a_small_screen(task, visit):
    page = visit(
        reverse("review:page", args=[task.slug]),
        width=390,
        java_script_enabled=False,
        color_scheme="dark",
    )
    page.get_by_role("button", name="Criterion 2 is right").click()
    page.get_by_text("1 of 2 ticked").wait_for()
    page.get_by_text("in the way").click()
    expect(page.get_by_text("1 criterion is not ticked")).to_be_visible()
    page.get_by_label("What you say with it").fill("Hm.")
    page.locator(".verdict-form").get_by_role("button", name="Comment").click()
    page.get_by_text("Your comment was added.").wait_for()

    assert Comment.objects.get().body == "Hm."
