"""Pages of tasks ask the database as often for many of everything as for few."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from authoring.models import Comment, InboxItem, KeptFinding, Revision, Task
from authoring.reviewing.submission import submit
from simulation.roles import AUTHOR, REVIEWER
from tests.authoring.conftest import PROMPTS
from tests.authoring.folders import CRITERIA, TASK
from tests.authoring.listed import make_many
from tests.authoring.tasks import make_revision, make_task
from tests.factories import make_world, signed_in

FEW, MANY = 3, 30
TABS = ("editor:prompt", "setup:page", "reference:page", "customer:page", "rubric:page")
TABS += ("editor:agent", "history:page", "lint:page", "dry_run:page", "review:page")


@pytest.fixture
def world(author):
    return make_world(owner=author, slug="store", version=1, prompts=PROMPTS)


@pytest.fixture
def client(author):
    """Alice, who writes and reviews."""
    author.groups.set(Group.objects.get_or_create(name=name)[0] for name in (AUTHOR, REVIEWER))
    return signed_in(author)


def content(count):
    """Give what a task of so many criteria, steps, rows of setup and near-misses has."""
    check = {"kind": "state", "entity_type": "item", "id": "lamp", "exists": True}
    criteria = [
        {"key": f"c-{n}", "text": f"Lamp {n} is there.", "check": check} for n in range(count)
    ]
    call = {"call": "sell", "arguments": {"buyer": "dee", "item_id": "vase", "qty": 1}}
    vase = {"name": "Vase", "price": 9.5, "inStock": 500}
    rows = [
        {"op": "create", "entity_type": "item", "id": f"vase-{n}", "fields": vase}
        for n in range(count)
    ]
    rows.append({"op": "create", "entity_type": "item", "id": "vase", "fields": vase})
    misses = [{"name": f"miss {n}", "solution": [call, {"message": "Sold."}]} for n in range(count)]
    first = {**CRITERIA[0], "points": 2}
    return {
        "rubric": {"criteria": [first, *criteria]},
        "reference": [*[call] * count, *TASK["reference"]],
        "setup": rows,
        "near_misses": misses,
    }


def make_full(owner, world, slug, count):
    """Make a task in review with so many of everything that belongs to a task."""
    task = make_task(owner, world, slug, **content(count))
    Revision.objects.bulk_create(
        Revision(task=task, number=n, content=task.draft.content, hash=f"{n}", author=owner)
        for n in range(1, count + 1)
    )
    revision = submit(task, by=owner)
    Comment.objects.bulk_create(
        Comment(task=task, revision=revision, place=place, body="Hm.", author=owner)
        for place in ("prompt", "setup/1", "reference/2", "criterion/c-1") * count
    )
    KeptFinding.objects.bulk_create(
        KeptFinding(
            task=task, rule="C01", place="prompt", fingerprint=str(n), reason="x", kept_by=owner
        )
        for n in range(count)
    )
    return task


def cost(client, address):
    client.get(address)  # what is cached for all pages is read now
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    assert answer.status_code == 200, address
    return len(queries)


def test_pages_of_one_task_cost_the_same_for_many_of_everything(client, author, reviewer, world):
    few = make_full(author, world, "few", FEW)
    many = make_full(author, world, "many", MANY)
    judge = signed_in(reviewer)

    def costs(task):
        pages = {name: cost(client, reverse(name, args=[task.slug])) for name in TABS}
        sides = {
            side: cost(client, f"{reverse('editor:prompt', args=[task.slug])}?side={side}")
            for side in ("lint", "comments", "world")
        }
        judged = {"judged": cost(judge, reverse("review:page", args=[task.slug]))}
        return {**pages, **sides, **judged}

    asked = {task.slug: costs(task) for task in (few, many)}
    if asked["many"] != asked["few"]:  # what is remembered for a minute was asked anew in one
        asked = {task.slug: costs(task) for task in (few, many)}
    assert asked["many"] == asked["few"]


def test_pages_of_all_tasks_cost_the_same_for_many_tasks(client, author, reviewer, world):
    pages = ("/", "/tasks/", "/tasks/?sort=title", "/reviews/", "/reviews/?which=own", "/inbox/")
    judge = signed_in(reviewer)

    def grow(count, start=0):
        made = make_many(author, world, count)
        for number, task in enumerate(made, start=start):
            make_revision(make_task(author, world, f"waits-{number}"), "in_review")
            Comment.objects.create(task=task, place="prompt", body="Hm.", author=reviewer)
        InboxItem.objects.bulk_create(
            InboxItem(person=author, event="commented", task=task, actor=reviewer) for task in made
        )

    def costs():
        return {(page, who): cost(who, page) for page in pages for who in (client, judge)}

    grow(FEW)
    few = costs()
    grow(MANY - FEW, FEW)

    assert Task.objects.count() == 2 * MANY
    assert costs() == few
