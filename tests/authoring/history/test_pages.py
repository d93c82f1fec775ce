"""The tab History: who sees which revision, comparing, names, restoring, and conflicts."""

import pytest
from django.urls import reverse

from authoring.drafts.document import fingerprint
from authoring.models import Draft, Reveal
from tests.authoring.dry_runs import SELLS_ONE
from tests.authoring.tasks import make_revision, make_task
from tests.factories import signed_in


@pytest.fixture
def task(author, store_world):
    return make_task(author, store_world, title="Sell <b>two</b> lamps")


@pytest.fixture
def revised(task):
    """A task with an approved revision, a saved one, and a draft ahead of both."""
    make_revision(task, "approved")
    make_revision(task, prompt="Sell three lamps.")
    draft = Draft.objects.get(task=task)
    draft.content["prompt"] = "Sell four lamps."
    Draft.objects.filter(task=task).update(content=draft.content, is_ahead=True, hash="x")
    return task


def client(person):
    return signed_in(person)


def address(name, task, *more):
    return reverse(f"history:{name}", args=[task.slug, *more])


def prompt_of(task):
    return Draft.objects.get(task=task).content["prompt"]


def test_the_list_says_what_changed_who_and_why(revised, author):
    html = client(author).get(address("page", revised)).content.decode()

    assert "The draft now" in html
    assert "Revision 2" in html
    assert "submitted for review" in html
    assert "prompt</a>" in html
    assert "<b>two</b>" not in html


def test_others_see_only_what_passed_review(revised, analyst, charlie):
    html = client(analyst).get(address("page", revised)).content.decode()

    assert "Revision 1" in html
    assert "Revision 2" not in html
    assert "The draft" not in html
    assert client(charlie).get(address("page", revised)).status_code == 404


@pytest.mark.parametrize("asked", ["a=1&b=draft", "a=2&b=1", "a=1&b=9", "a=x&b=1", ""])
def test_what_one_may_not_see_is_not_compared(revised, author, analyst, asked):
    url = f"{address('compare', revised)}?{asked}"

    expected = {"a=1&b=9": 404, "a=x&b=1": 404}.get(asked, 200)
    assert client(author).get(url).status_code == expected
    assert client(analyst).get(url).status_code == (200 if asked == "" else 404)


def test_words_that_differ_are_marked(revised, author):
    html = client(author).get(f"{address('compare', revised)}?a=2&b=draft").content.decode()

    assert "Sell <del>three</del><ins>four</ins> lamps." in html


def test_the_draft_is_kept_under_a_name_even_when_it_is_unfinished(revised, author):
    Draft.objects.filter(task=revised).update(content={**revised.draft.content, "reference": []})

    answer = client(author).post(address("name", revised), {"name": " before  the change "})

    assert answer.status_code == 303
    assert revised.revisions.first().name == "before the change"
    assert revised.revisions.first().cause == "named"


def test_a_revision_that_says_the_same_gets_the_name(task, author):
    revision = make_revision(task)

    client(author).post(address("name", task), {"name": "as sent"})

    revision.refresh_from_db()
    assert (task.revisions.count(), revision.name) == (1, "as sent")


def test_a_name_of_no_use_is_asked_for_again_with_what_was_typed(task, author):
    answer = client(author).post(address("name", task), {"name": "x" * 201})

    assert answer.status_code == 422
    assert "x" * 201 in answer.content.decode()


def test_restoring_keeps_what_the_draft_said(revised, author):
    answer = client(author).post(address("restore", revised, 1))

    assert answer.status_code == 303
    assert prompt_of(revised) == "Sell dee two lamps and mark the sale as paid."
    newest = revised.revisions.first()
    assert (newest.number, newest.cause, newest.content["prompt"]) == (
        3,
        "restored",
        "Sell four lamps.",
    )


@pytest.mark.parametrize("name", ["name", "restore", "resolve"])
def test_only_who_edits_a_task_changes_its_history(revised, name, reviewer, analyst, charlie):
    more = [1] if name == "restore" else []
    for person in (reviewer, analyst, charlie):
        answer = client(person).post(address(name, revised, *more), {"name": "x"})
        assert answer.status_code == 404
    assert prompt_of(revised) == "Sell four lamps."


# conflicts


def save(person, task, base, **fields):
    sent = {**fields, **{f"base.{name}": base[name] for name in fields}}
    return client(person).post(reverse("editor:save", args=[task.slug]), sent)


@pytest.fixture
def base(task):
    content = Draft.objects.get(task=task).content
    return {name: fingerprint(content[name]) for name in ("prompt", "title", "notes")}


@pytest.fixture
def conflict(task, base, author, admin_person):
    """What the author gets whose prompt the admin had changed, while the title is the author's."""
    assert save(admin_person, task, base, prompt="Theirs <i>now</i>.").status_code == 303
    return save(author, task, base, prompt="Mine & ours.", title="My title")


def chosen(answer, **picks):
    """Send the screen's own form, with what is picked."""
    page = answer.context["page"]
    sent = {}
    for row in page.rows:
        sent |= {f"path-{row.number}": row.path, f"base-{row.number}": row.base}
        sent |= (
            {f"text-{row.number}": row.text} if row.is_text else {f"value-{row.number}": row.value}
        )
    for part in page.carried:
        sent |= {f"path-{part.number}": part.path, f"base-{part.number}": part.base}
        sent |= {f"value-{part.number}": part.value}
    return {**sent, **picks}


def test_the_screen_of_a_conflict_shows_both_and_says_who(conflict):
    html = conflict.content.decode()

    assert conflict.status_code == 409
    assert "adam saved at" in html
    assert "Mine &amp; ours." in html
    assert "Theirs &lt;i&gt;now&lt;/i&gt;." in html


@pytest.mark.parametrize(
    ("picks", "prompt"),
    [
        ({}, "Mine & ours."),
        ({"pick-0": "theirs"}, "Theirs <i>now</i>."),
        ({"text-0": "Both of us."}, "Both of us."),
    ],
    ids=["mine", "theirs", "a text of both"],
)
def test_what_is_chosen_is_saved_and_what_nobody_else_changed_as_well(
    conflict, task, author, picks, prompt
):
    answer = client(author).post(address("resolve", task), chosen(conflict, **picks))

    assert answer.status_code == 303
    assert prompt_of(task) == prompt
    assert Draft.objects.get(task=task).content["title"] == "My title"


def test_who_is_overtaken_once_more_sees_both_sides_again(conflict, task, author, admin_person):
    now = fingerprint(prompt_of(task))
    save(admin_person, task, {"prompt": now}, prompt="Theirs again.")

    answer = client(author).post(address("resolve", task), chosen(conflict))

    assert answer.status_code == 409
    assert "Theirs again." in answer.content.decode()
    assert "Mine &amp; ours." in answer.content.decode()


def test_a_conflict_of_what_is_no_text_is_chosen_whole(task, author, admin_person):
    content = Draft.objects.get(task=task).content
    base = {"asker": fingerprint(content["asker"])}
    url = reverse("editor:save", args=[task.slug])
    sent = {"base.asker": base["asker"], "asker.type": "customer", "asker.id": "ana"}
    client(admin_person).post(url, sent)

    answer = client(author).post(url, {**sent, "asker.id": "bo"})
    client(author).post(address("resolve", task), chosen(answer))

    assert Draft.objects.get(task=task).content["asker"] == {"type": "customer", "id": "bo"}


def test_a_form_that_is_none_of_ours_changes_nothing(task, author):
    sent = {"path-0": "prompt", "base-0": "x", "value-0": "{"}

    answer = client(author).post(address("resolve", task), sent)

    assert answer.status_code == 303
    assert prompt_of(task) == "Sell dee two lamps and mark the sale as paid."


def test_a_comparison_tells_nothing_of_the_reference_to_who_reviews_blind(task, author, reviewer):
    make_revision(task, near_misses=[{**SELLS_ONE, "name": "Sells velveteen"}])
    waiting = make_revision(task, "in_review", near_misses=[], notes="Say velveteen.")
    url = f"{address('compare', task)}?a=1&b={waiting.number}"

    assert "velveteen" in client(author).get(url).content.decode()
    assert "velveteen" not in client(reviewer).get(url).content.decode()

    Reveal.objects.create(revision=waiting, reviewer=reviewer)
    assert "velveteen" in client(reviewer).get(url).content.decode()
