"""Review in pages: handing in, the page of review, comments, the queue and the inbox."""

import pytest
from django.test import Client
from django.urls import reverse

from authoring.models import Comment, InboxItem, Reveal, Revision, Task, Tick
from authoring.reviewing.checklist import KEYS
from authoring.reviewing.submission import submit
from tests.authoring.tasks import content_of
from tests.authoring import tasks
from tests.factories import make_world


@pytest.fixture
def world(author):
    return make_world(owner=author, slug="store", version=1, prompts={"clerk": "You sell lamps."})


@pytest.fixture
def task(author, world):
    return tasks.make_task(author, world)


def as_(person):
    client = Client()
    client.force_login(person)
    return client


def url(name, task, *more):
    return reverse(f"review:{name}", args=[task.slug, *more])


def test_smoke(task, author, reviewer):
    a = as_(author)
    page = a.get(reverse("editor:prompt", args=[task.slug]))
    assert "Submit for review" in page.content.decode()
    assert a.get(url("page", task)).status_code == 200
    answer = a.post(url("submit", task), {"note": "please", "reviewer": "bob"})
    assert answer.status_code == 303, answer.content.decode()
    b = as_(reviewer)
    for show in ("", "?show=all"):
        page = b.get(url("page", task) + show)
        assert page.status_code == 200
    assert "Criteria" in page.content.decode()
    assert b.get("/reviews/").status_code == 200
    assert b.get("/inbox/").status_code == 200
    assert a.get(url("page", task)).status_code == 200
    answer = b.post(
        url("comment", task), {"place": "prompt", "body": "hello **you**", "back": "review"}
    )
    assert answer.status_code == 303
    page = b.get(answer.url)
    assert "<strong>you</strong>" in page.content.decode()
    page = a.get(reverse("editor:prompt", args=[task.slug]) + "?side=comments")
    assert "<strong>you</strong>" in page.content.decode()
    assert b.post(url("comment", task), {"place": "prompt", "body": ""}).status_code == 422
    assert b.post(url("decide", task), {"revision": 1, "action": "approve"}).status_code == 422
