"""The list of tasks: what each person finds in it, and what it costs."""

import re

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from authoring.drafts.saving import replace_draft
from authoring.listing.asked import KNOWN, read_asked
from authoring.listing.list_page import tasks_page
from authoring.models import Draft, DryRun, Task
from grading.models import Run
from tests.authoring.listed import make_many, run_agents
from tests.authoring.tasks import make_revision, make_task
from tests.factories import make_run, make_user, signed_in

LIST = reverse("tasks:list")


def page_of(person, query=""):
    return tasks_page(person, read_asked(QueryDict(query)))


def slugs(person, query=""):
    return [row.slug for row in page_of(person, query).rows]


@pytest.fixture
def approved(author, reviewer, store_world):
    """A task whose approved revision says one thing and whose draft another."""
    task = make_task(author, store_world, "sold", tags=["summer"], difficulty="easy")
    make_revision(task, "approved")
    changes = {
        "title": "Secret title",
        "prompt": "A hidden word",
        "category": "reasoning",
        "difficulty": "hard",
        "tags": ["winter"],
    }
    replace_draft(task, {**task.draft.content, **changes}, by=author)
    Task.objects.filter(pk=task.pk).update(reviewer=reviewer)
    Draft.objects.filter(task=task).update(findings={"errors": 2, "warnings": 1, "hints": 0})
    return task


@pytest.fixture
def draft(author, store_world, approved):
    task = make_task(author, store_world, "new-one", title="A new one", category="communication")
    Draft.objects.filter(task=task).update(findings={"errors": 0, "warnings": 0, "hints": 0})
    return task


def test_those_who_see_the_draft_find_it_with_all_that_is_known(author, reviewer, approved, draft):
    for person in (author, reviewer):
        page = page_of(person, "sort=title")
        new, old = page.rows

        assert (new.title, new.mark.word) == ("A new one", "draft")
        assert (old.title, old.mark.word) == ("Secret title", "draft ahead")
        assert (old.category, old.difficulty, old.tags) == ("reasoning", "hard", ("winter",))
        assert (old.reviewer, old.lint.errors, old.lint.warnings) == ("bob", 2, 1)
        assert {state.label: state.count for state in page.states} == {
            "all": "2",
            "draft": "1",
            "draft ahead": "1",
        }


def test_everybody_else_finds_what_is_approved_and_nothing_more(charlie, approved, draft):
    page = page_of(charlie)
    (row,) = page.rows

    assert (row.title, row.mark.word) == ("Sell two lamps", "approved")
    assert (row.category, row.difficulty, row.tags) == ("multi step workflow", "easy", ("summer",))
    assert (row.reviewer, row.lint, row.dry_run, page.bulk) == ("", None, None, None)
    assert page.filter.reviewers == page.filter.lints == ()
    assert [state.label for state in page.states] == ["all", "approved"]
    html = as_person(charlie).get(LIST).content.decode()
    for secret in ("Secret", "A hidden", "bob", "new-one", "winter", "state=draft"):
        assert secret not in html


HIDDEN = (
    "q=Secret",
    "q=hidden",
    "q=new",
    "state=ahead",
    "state=draft",
    "category=reasoning",
    "difficulty=hard",
    "tag=winter",
    "reviewer=bob",
    "reviewer=-",
    "lint=errors",
    "lint=warnings",
    "lint=clean",
)


def test_no_filter_tells_what_a_person_does_not_see(charlie, author, approved, draft):
    pages = {query: page_of(charlie, query) for query in HIDDEN}

    assert {query for query, page in pages.items() if page.rows or page.count != "0 tasks"} == set()
    # chips count all states: filters on states alone leave their sum
    counts = {query: page.states[0].count for query, page in pages.items()}
    assert counts == {query: "1" if query.startswith("state") else "0" for query in HIDDEN}
    assert all(slugs(author, query) for query in HIDDEN)


def test_the_order_tells_nothing_of_drafts_either(charlie, author, approved, store_world):
    second = make_task(author, store_world, "another", title="B title")
    make_revision(second, "approved")
    Draft.objects.filter(task=second).update(findings={"errors": 0})

    assert slugs(charlie, "sort=title") == ["another", "sold"]  # "B title", "Sell two lamps"
    assert slugs(author, "sort=title") == ["another", "sold"]  # "B title", "Secret title"
    assert slugs(charlie, "sort=-errors") == ["another", "sold"]  # by name alone
    assert slugs(author, "sort=-errors") == ["sold", "another"]
    assert slugs(charlie) == ["another", "sold"]  # the last approved first


def test_held_out_tasks_are_for_admins_alone(reviewer, author, admin_person, approved):
    Task.objects.update(split="heldout")

    assert slugs(reviewer) == slugs(author) == []
    assert slugs(admin_person) == ["sold"]


FINDS = {
    "state=draft": ["new-one"],
    "owner=alice": ["new-one", "sold"],
    "owner=bob": [],
    "reviewer=bob": ["sold"],
    "reviewer=-": ["new-one"],
    "category=communication": ["new-one"],
    "difficulty=hard": ["sold"],
    "tag=winter": ["sold"],
    "tag=wint": [],
    "lint=errors": ["sold"],
    "q=secret+TITLE": ["sold"],
    "q=hidden": ["sold"],
    "q=sold": ["sold"],
    "q=hidden+nowhere": [],
    "state=nonsense&sort=nonsense&page=-1": ["new-one", "sold"],
    "page=7": ["new-one", "sold"],
    "owner=%00&tag=%ED%A0%80": [],
}


def test_filters_find(reviewer, approved, draft):
    assert {query: sorted(slugs(reviewer, query)) for query in FINDS} == FINDS


def test_every_order_has_every_task(reviewer, approved, draft):
    for sort in KNOWN["sort"]:
        assert sorted(slugs(reviewer, f"sort={sort}")) == ["new-one", "sold"]


def test_the_pass_rate_is_of_official_gradings_of_runs_that_count(
    author, reviewer, runner, charlie, approved, store_world
):
    run_agents(store_world, "sold@1", owner=runner)
    run_agents(store_world, "sold@1", owner=runner, kind=Run.Kind.DEMO)
    run_agents(store_world, "sold@1", owner=runner, kind=Run.Kind.DRY_RUN)
    run_agents(store_world, "sold-out@1", owner=runner)

    rates = {who: page_of(who).rows[0].rate for who in (author, reviewer, runner, charlie)}

    for who in (author, reviewer, runner):
        assert (rates[who].text, rates[who].n) == ("50 %", 4)
        assert rates[who].interval
    assert rates[charlie] is None  # whose runs they are not


def as_person(person):
    return signed_in(person)


def cost(person, url):
    client = as_person(person)
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        html = client.get(url).content.decode()
    return len(queries), html


def test_the_page_costs_the_same_with_ten_times_the_tasks(author, reviewer, store_world):
    make_many(author, store_world, 6)
    few = {person: cost(person, LIST)[0] for person in (author, reviewer)}
    make_many(author, store_world, 54)

    for person in (author, reviewer):
        queries, html = cost(person, LIST)
        assert queries == few[person] <= 16
        assert "1 to 50 of 60" in html
        assert len(re.findall(r'name="task" value=', html)) == 50
    second = as_person(author).get(f"{LIST}?page=2&tag=").content.decode()
    assert "51 to 60 of 60" in second


def test_an_empty_list_says_what_to_do(author, charlie, store_world):
    assert "Write the first task" in as_person(author).get(LIST).content.decode()
    assert "once their review has approved them" in as_person(charlie).get(LIST).content.decode()
    narrowed = as_person(author).get(f"{LIST}?q=nothing").content.decode()
    assert "No task is like this." in narrowed


def test_what_people_wrote_is_escaped(author, store_world):
    hostile = "<script>alert(1)</script>"
    make_task(author, store_world, "bad", title=hostile, tags=[hostile])

    html = as_person(author).get(LIST, {"q": "script", "tag": hostile}).content.decode()

    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_an_owner_finds_and_opens_their_retired_task(author, store_world):
    task = make_task(author, store_world, "old")
    Task.objects.update(is_retired=True)

    assert slugs(author, "state=retired") == ["old"]
    answer = as_person(author).get(reverse("editor:prompt", args=[task.slug]))
    assert answer.status_code == 200
    assert "data-autosave" not in answer.content.decode()
    assert as_person(make_user()).get(answer.request["PATH_INFO"]).status_code == 404


def test_the_last_dry_run_stands_beside_drafts(author, charlie, approved):
    run = make_run(owner=author, kind=Run.Kind.DRY_RUN)
    DryRun.objects.create(
        task=approved, revision=approved.revisions.get(), run=run, started_by=author
    )

    assert page_of(author).rows[0].dry_run.mark.word == "running"
    assert page_of(author).rows[0].dry_run.is_stale
    assert page_of(charlie).rows[0].dry_run is None
    assert "changed since" in as_person(author).get(LIST).content.decode()


@pytest.mark.parametrize(
    ("person", "labels"),
    [("author", ["Duplicate", "Retire"]), ("reviewer", []), ("charlie", [])],
)
def test_the_head_of_a_task_offers_what_is_this_persons(person, labels, approved, request):
    user = request.getfixturevalue(person)

    html = as_person(user).get(reverse("editor:prompt", args=["sold"])).content.decode()

    assert [label for label in ("Duplicate", "Retire") if f"{label}</button>" in html] == labels
