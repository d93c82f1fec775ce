"""Many tasks at once in a browser: by keyboard alone, and without scripts."""

import re

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import expect

from authoring.models import Draft, Task
from tests.authoring.tasks import make_task
from tests.e2e.test_workshop import press, walk_to
from tests.factories import make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def tasks(runner):
    for name in ("author", "reviewer"):
        runner.groups.add(Group.objects.get_or_create(name=name)[0])
    world = make_world(slug="store", version=1, prompts={"clerk": "You are a clerk."})
    return [make_task(runner, world, f"task-{n}", title=f"Task {n}") for n in range(3)]


def tagged(tag):
    found = Draft.objects.filter(content__tags__contains=[tag])
    return sorted(found.values_list("task__slug", flat=True))


def test_by_keyboard_tasks_are_ticked_tagged_and_the_tag_taken_back(tasks, visit):
    page = visit("/tasks/?sort=title")

    walk_to(page, "task")
    press(page, "Space")
    expect(page.get_by_text("1 ticked")).to_be_visible()
    page.locator("#id_action").focus()
    page.keyboard.type("Add")
    press(page, "Tab")
    page.keyboard.type("summer")
    press(page, "Enter")
    expect(page.get_by_role("heading", name="Add the tag “summer” to 1 task?")).to_be_visible()
    walk_to(page, "Add the tag “summer” to 1 task")
    press(page, "Enter")
    expect(page.get_by_text("Add the tag “summer” to 1 task: done.")).to_be_visible()
    assert tagged("summer") == ["task-0"]
    walk_to(page, "Undo")
    press(page, "Enter")

    expect(page.get_by_text("Taken back for 1 task.")).to_be_visible()
    assert tagged("summer") == []


def test_without_scripts_all_that_match_are_retired_and_a_task_is_begun(tasks, visit):
    page = visit("/tasks/", java_script_enabled=False, width=390)

    page.get_by_label("Words in title, name or prompt").fill("task")
    page.get_by_role("button", name="Filter").click()
    page.get_by_label("All 3 matching tasks").check()
    page.get_by_label("What to do with them").select_option("retire")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Retire 3 tasks").click()
    expect(page.get_by_text("Retire 3 tasks: done.")).to_be_visible()
    assert Task.objects.filter(is_retired=True).count() == 3
    page.get_by_role("link", name="New task").click()
    page.get_by_label("Title").fill("Which Ana")
    page.get_by_label("Which of two it is about").check()
    page.get_by_role("button", name="Make the task").click()

    expect(page).to_have_url(re.compile(r"/tasks/which-ana/$"))
    assert Draft.objects.get(task__slug="which-ana").value.category == "reasoning"
