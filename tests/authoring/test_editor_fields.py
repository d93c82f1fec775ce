"""What an author who has just begun sees and saves: fields that are still empty."""

import pytest
from django.contrib.auth.models import User
from django.http import QueryDict
from django.urls import reverse

from authoring.access import look_at_task
from authoring.editor.fields import forms_of, read_form
from authoring.lint import lint
from authoring.models import Task
from authoring.reviewing.submitting import submit_panel
from simulation.models import World
from tests.authoring.tasks import make_task

EMPTY = {"tags": [], "notes": "", "title": "", "prompt": ""}


@pytest.fixture
def task(author: User, store_world: World) -> Task:
    return make_task(author, store_world, **EMPTY)


def test_an_empty_field_is_an_empty_input_and_reads_back_as_empty(task: Task, author: User) -> None:
    look = look_at_task(author, task.slug)
    bound = [each for form in forms_of(look) for each in form.inputs]
    shown = {each.input.name: each.input for each in bound}
    assert [name for name in EMPTY if shown[name].value or shown[name].is_json] == []

    sent = QueryDict(mutable=True)
    for each in bound:
        sent[f"base.{each.input.name}"] = each.base
        sent[each.input.name] = each.input.value
    read = read_form(look, sent)
    assert read.problems == {}
    assert {e.path: e.value for e in read.edits if e.path in EMPTY} == EMPTY


def test_a_criterion_without_a_check_is_named_once_and_in_words(
    author: User, store_world: World
) -> None:
    bare = {"criteria": [{"key": "bare", "text": "The new sale to dee is paid."}]}
    task = make_task(author, store_world, rubric=bare)
    look = look_at_task(author, task.slug)

    panel = submit_panel(look, lint(look.scene))

    assert panel
    unchecked = "Criterion 1: The new sale to dee is paid: Nothing says yet how this is checked."
    assert [reason.text for reason in panel.reasons] == [unchecked]
    assert panel.reasons[0].target.startswith(reverse("rubric:page", args=[task.slug]))
