"""Comments: where they stand, who is told, what stays of a place that is gone."""

import pytest
from django.http import Http404

from authoring.models import Comment, InboxItem, Revision
from authoring.reviewing.comments import LONGEST, add_comment, reopen, reply, resolve
from authoring.reviewing.judging import reveal
from authoring.reviewing.places import address_of, is_place
from authoring.reviewing.submission import assign
from authoring.reviewing.threads import comments_panel, open_by_place
from simulation.errors import Conflict, Forbidden, Problems
from tests.authoring.reviewing.conftest import change, look

PLACES = {
    "task": "The whole task",
    "prompt": "Prompt",
    "setup": "Setup",
    "setup/1": "Setup 1: item lamp",
    "reference": "Reference",
    "reference/1": "Step 1: sell",
    "reference/3": "Step 3: message",
    "customer": "Customer",
    "rubric": "Rubric",
    "criterion/sale-is-paid": "Criterion 1: The new sale to dee has status paid.",
}
NOWHERE = (
    "", "nonsense", "criterion", "criterion/", "criterion/nobody", "criterion/../x", "prompt/1",
    "setup/0", "setup/9", "setup/01", "reference/-1", "reference/4", "reference/1/2", "x" * 500,
)  # fmt: skip
SETUP = [{"op": "update", "entity_type": "item", "id": "lamp", "fields": {"inStock": 10}}]


@pytest.fixture
def furnished(task):
    return change(task, setup=SETUP)


def test_every_place_takes_comments_and_has_a_name(furnished, author):
    seen = look(furnished, author)
    for place in PLACES:
        add_comment(seen, place, "Hm.")

    groups = comments_panel(seen, "").groups
    assert [group.name for group in groups] == [*PLACES.values()]
    assert not any(group.is_gone for group in groups)
    assert open_by_place(seen) == dict.fromkeys(PLACES, 1)


def test_nothing_is_said_of_a_place_that_is_not_there(furnished, author):
    seen = look(furnished, author)
    for place in NOWHERE:
        with pytest.raises(Problems, match="place: the task has no"):
            add_comment(seen, place, "Hm.")


def test_places_lead_to_their_tab(furnished, author, client):
    client.force_login(author)
    addresses = {place: address_of(furnished.slug, place) for place in PLACES}

    tabs = {address.partition("#")[0] for place, address in addresses.items() if "/" in place}
    assert all(is_place(place) and ("#" in addresses[place]) == ("/" in place) for place in PLACES)
    assert {client.get(tab).status_code for tab in tabs} == {200}


@pytest.mark.parametrize(
    ("body", "said"),
    [("", "write what"), (" \r\n ", "write what"), ("x" * 10_001, "at most 10,000")],
)
def test_a_comment_says_something_and_not_too_much(body, said, task, author):
    with pytest.raises(Problems, match=said):
        add_comment(look(task, author), "prompt", body)
    assert add_comment(look(task, author), "prompt", "x" * LONGEST).pk


def test_hostile_text_is_shown_as_text(task, author):
    add_comment(look(task, author), "prompt", "<script>alert(1)</script>\x00 **b** ![x](http://e)")

    (group,) = comments_panel(look(task, author), "").groups
    html = group.threads[0].remarks[0].body_html
    assert "<script" not in html
    assert "<img" not in html
    assert "<strong>b</strong>" in html


def test_a_thread_is_answered_resolved_and_opened_again(task, author, reviewer):
    thread = add_comment(look(task, reviewer), "prompt", "Why?")
    reply(look(task, author), thread, "Because.")
    resolve(look(task, author), thread)

    panel = comments_panel(look(task, reviewer), "")
    assert (panel.count, panel.groups) == (0, ())
    (resolved,) = panel.resolved
    assert [remark.author for remark in resolved.remarks] == ["bob", "alice"]
    assert resolved.resolved_by == "alice"
    with pytest.raises(Conflict, match="resolved already"):
        resolve(look(task, reviewer), thread)
    reopen(look(task, reviewer), thread)
    with pytest.raises(Conflict, match="is open"):
        reopen(look(task, reviewer), thread)
    assert open_by_place(look(task, author)) == {"prompt": 1}


def test_a_thread_outlives_its_criterion_under_its_old_name(task, revision, author, reviewer):
    add_comment(look(task, reviewer), "criterion/lamps-left-the-shelf", "Eight?")
    change(task, rubric={"criteria": task.draft.content["rubric"]["criteria"][:1]})

    (group,) = comments_panel(look(task, author), "").groups

    assert group.name == "Criterion 2: Eight lamps are left in stock."
    assert (group.is_gone, group.url) == (True, "")


def test_what_was_never_in_a_revision_keeps_its_key(task, author):
    add_comment(look(task, author), "criterion/lamps-left-the-shelf", "Eight?")
    change(task, rubric={"criteria": task.draft.content["rubric"]["criteria"][:1]})

    (group,) = comments_panel(look(task, author), "").groups
    assert group.name == "Criterion lamps-left-the-shelf"


def test_the_reviewer_speaks_of_what_is_in_review_though_the_draft_lost_it(
    task, revision, reviewer
):
    change(task, rubric={"criteria": task.draft.content["rubric"]["criteria"][:1]})

    comment = add_comment(look(task, reviewer), "criterion/lamps-left-the-shelf", "Eight?")

    assert comment.revision == revision


def test_the_place_that_is_asked_for_comes_first(task, author):
    for place in ("prompt", "rubric", "task"):
        add_comment(look(task, author), place, "Hm.")

    panel = comments_panel(look(task, author), "rubric")

    assert panel.groups[0].name == "Rubric"
    assert [choice.value for choice in panel.choices if choice.is_selected] == ["rubric"]


def test_talk_of_the_reference_waits_until_it_is_revealed(task, revision, author, reviewer):
    assign(task, reviewer, by=author)
    add_comment(look(task, author), "reference/1", "Here is the trick.")
    add_comment(look(task, author), "prompt", "Hm.")

    assert not InboxItem.objects.filter(person=reviewer, text__contains="trick").exists()
    panel = comments_panel(look(task, reviewer), "")
    assert ([group.name for group in panel.groups], panel.hidden) == (["Prompt"], 1)
    assert not any(choice.value.startswith("reference") for choice in panel.choices)
    with pytest.raises(Forbidden):
        add_comment(look(task, reviewer), "reference", "Let me see.")

    reveal(revision, by=reviewer)
    panel = comments_panel(look(task, reviewer), "")
    assert (len(panel.groups), panel.hidden) == (2, 0)


def test_owner_reviewer_and_speakers_are_told_once_and_never_of_themselves(
    task, revision, author, reviewer, admin_person
):
    InboxItem.objects.all().delete()
    thread = add_comment(look(task, reviewer), "criterion/sale-is-paid", "Paid how?")
    reply(look(task, admin_person), thread, "In full?")
    reply(look(task, author), thread, "In full.")

    paths = {
        (item.person.username, item.actor.username): item.path for item in InboxItem.objects.all()
    }
    beside = f"/tasks/{task.slug}/rubric/?side=comments#thread-{thread.pk}"
    review = f"/tasks/{task.slug}/review/#thread-{thread.pk}"
    assert paths == {
        ("alice", "bob"): beside,
        ("alice", "adam"): beside,
        ("bob", "adam"): review,
        ("bob", "alice"): review,
        ("adam", "alice"): review,
    }


def test_who_sees_no_draft_says_nothing(task, runner, analyst, charlie):
    for somebody in (runner, analyst, charlie):
        with pytest.raises(Http404):
            look(task, somebody)


def test_who_sees_the_approved_task_alone_says_nothing(task, revision, analyst):
    Revision.objects.update(state="approved")

    with pytest.raises(Forbidden):
        add_comment(look(task, analyst), "prompt", "Hm.")
    assert comments_panel(look(task, analyst), "") is None
    assert open_by_place(look(task, analyst)) == {}


@pytest.mark.parametrize("number", [1, 100])
def test_threads_cost_the_same_however_many(number, task, author, django_assert_num_queries):
    seen = look(task, author)
    for n in range(number):
        Comment.objects.create(
            task=task, place="prompt" if n % 2 else "rubric", body=f"No {n}.", author=author
        )
    with django_assert_num_queries(1):
        panel = comments_panel(seen, "")
    assert panel.count == number
