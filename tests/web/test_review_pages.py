"""Review in pages: handing in, the page of review, comments, the queue and the inbox."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from authoring.access import look_at_task
from authoring.drafts.saving import replace_draft
from authoring.lint import RULES, Finding, Severity
from authoring.models import (
    ChecklistAnswer,
    Comment,
    InboxItem,
    KeptFinding,
    Reveal,
    Revision,
    Task,
    Tick,
)
from authoring.reviewing.checklist import KEYS
from authoring.reviewing.comments import add_comment, reply, resolve
from authoring.reviewing.submission import submit
from simulation.roles import REVIEWER
from tests.authoring import tasks
from tests.factories import make_user, make_world, signed_in
from tests.web.conftest import HOSTILE

SECRET = "Sold and paid."  # only the reference says so


@pytest.fixture
def world(author):
    return make_world(owner=author, slug="store", version=1, prompts={"clerk": "You sell lamps."})


@pytest.fixture
def task(author, world):
    return tasks.make_task(author, world)


@pytest.fixture
def revision(task, author, reviewer):
    """The first round; the reviewer is told."""
    return submit(task, by=author, note="Please be quick.")


def url(name: str, task: Task, *more: object) -> str:
    return reverse(f"review:{name}", args=[task.slug, *more])


def text_of(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def change(task: Task, **changes: object) -> None:
    task.refresh_from_db()
    replace_draft(task, {**task.draft.content, **changes}, by=task.owner)
    task.refresh_from_db()


def examined(task: Task, reviewer: User, number: int = 1) -> Client:
    """Do all on the page that a reviewer does before they approve, as forms do it."""
    client = signed_in(reviewer)
    for key in ("sale-is-paid", "lamps-left-the-shelf"):
        client.post(url("tick", task), {"revision": number, "criterion": key, "on": "1"})
    answers = {f"fine.{key}": "yes" for key in KEYS}
    client.post(url("checklist", task), {"revision": number, **answers})
    client.post(url("reveal", task), {"revision": number})
    return client


# Handing in


def test_the_head_of_the_editor_hands_in_and_takes_back(task, author, reviewer):
    client = signed_in(author)
    editor = reverse("editor:prompt", args=[task.slug])
    assert "Submit for review" in text_of(client, editor)

    answer = client.post(url("submit", task), {"note": "Mind it.", "reviewer": "bob"})
    assert (answer.status_code, answer.url) == (303, editor)
    shown = text_of(client, editor)
    assert "Revision 1 waits for bob." in shown
    assert "Withdraw" in shown

    assert client.post(url("withdraw", task)).status_code == 303
    assert task.revisions.get().state == "withdrawn"


def test_the_button_is_off_and_says_why(task, author):
    change(task, prompt="", reference=[])

    shown = text_of(signed_in(author), reverse("editor:prompt", args=[task.slug]))

    assert 'disabled aria-describedby="hand-in-reasons"' in shown
    for reason in ("The prompt is empty.", "There is no reference solution."):
        assert reason in shown
    assert f'href="{reverse("reference:page", args=[task.slug])}"' in shown


def test_what_cannot_be_handed_in_is_answered_with_all_reasons_and_the_message(task, author):
    change(task, prompt="", reference=[])

    answer = signed_in(author).post(url("submit", task), {"note": "My long message."})

    assert answer.status_code == 422
    shown = answer.content.decode()
    for part in ("Prompt: ", "Reference: ", "My long message."):
        assert part in shown
    assert not task.revisions.exists()


def test_handing_in_the_same_again_is_a_conflict(revision, task, author):
    answer = signed_in(author).post(url("submit", task))

    assert answer.status_code == 409
    assert "Nothing changed since revision 1 was submitted" in answer.content.decode()


def test_the_author_has_a_list_of_what_to_do(revision, task, author, reviewer):
    add_comment(look_at_task(reviewer, task.slug), "criterion/sale-is-paid", f"Why? {HOSTILE}")
    signed_in(reviewer).post(
        url("decide", task), {"revision": 1, "action": "request_changes", "text": "See below."}
    )

    shown = text_of(signed_in(author), reverse("editor:prompt", args=[task.slug]))

    assert "bob asks for changes in revision 1." in shown
    for thing in ("Criterion 1: The new sale", "See below.", "Submit again"):
        assert thing in shown
    assert "<script>alert" not in shown


# The page


def test_a_task_that_was_never_handed_in_says_so(task, reviewer):
    assert "Nothing was handed in yet." in text_of(signed_in(reviewer), url("page", task))


def test_the_first_round_shows_everything_but_the_reference(revision, task, reviewer):
    change(task, near_misses=[{"name": "pays twice", "solution": [{"message": SECRET}]}])
    shown = text_of(signed_in(reviewer), url("page", task))

    for part in ("The whole task", "Please be quick.", "Eight lamps are left", "Try it yourself"):
        assert part in shown
    assert SECRET not in shown
    assert "updateSale" not in shown


def test_the_reference_is_shown_after_it_is_asked_for(revision, task, reviewer):
    client = signed_in(reviewer)
    assert client.post(url("reveal", task), {"revision": 1}).status_code == 303

    shown = text_of(client, url("page", task))
    assert SECRET in shown
    assert Reveal.objects.get().reviewer == reviewer


def test_the_author_sees_their_reference_and_no_verdict(revision, task, author):
    shown = text_of(signed_in(author), url("page", task))

    assert SECRET in shown
    assert "This is your own task: somebody else reviews it." in shown
    assert 'name="action"' not in shown


@pytest.fixture
def second(task, revision, author):
    """A second round after an approved first; the reference changed too."""
    Revision.objects.update(state="approved")
    criteria = task.draft.content["rubric"]["criteria"]
    changed = [{**criteria[0], "text": "The sale to dee is paid."}, criteria[1]]
    steps = [*task.draft.content["reference"][:-1], {"message": "Sold, with a secret."}]
    change(task, prompt="Sell dee two LAMPS.", rubric={"criteria": changed}, reference=steps)
    return submit(task, by=author)


def test_a_later_round_shows_what_changed_since_the_approved_one(second, task, reviewer):
    client = signed_in(reviewer)
    shown = text_of(client, url("page", task))

    assert "What changed since revision 1 was approved" in shown
    assert "<ins" in shown
    assert "The reference changed too." in shown
    assert "secret" not in shown
    assert "What changed" not in text_of(client, f"{url('page', task)}?show=all")


def test_a_round_that_was_sent_back_can_be_compared_with(second, task, author, reviewer):
    Revision.objects.filter(pk=second.pk).update(state="changes_requested")
    change(task, prompt="Sell dee two lamps of brass.")
    submit(task, by=author)

    shown = text_of(signed_in(reviewer), f"{url('page', task)}?show=last")

    assert "What changed since revision 2 was sent back" in shown
    assert "brass" in shown


def test_past_rounds_are_read_only_and_tell_nothing_of_the_reference(second, task, reviewer):
    client = signed_in(reviewer)
    shown = text_of(client, f"{url('page', task)}?revision=1")

    assert "This round is over" in shown
    assert SECRET not in shown
    assert 'name="action"' not in shown
    client.post(url("reveal", task), {"revision": 2})
    assert SECRET in text_of(client, f"{url('page', task)}?revision=1")
    assert client.get(f"{url('page', task)}?revision=7").status_code == 404


def test_a_tick_that_fell_says_so(revision, task, author, reviewer):
    client = examined(task, reviewer)
    criteria = task.draft.content["rubric"]["criteria"]
    changed = [{**criteria[0], "text": "The sale to dee is paid."}, criteria[1]]
    change(task, rubric={"criteria": changed})
    submit(task, by=author)

    shown = text_of(client, url("page", task))

    assert shown.count("changed since you ticked it") == 1
    assert "1 of 2 ticked" in shown


def test_kept_findings_stand_with_their_reasons(revision, task, reviewer, author, strict):
    found = next(iter(strict(look_at_task(author, task.slug).scene)))
    KeptFinding.objects.create(
        task=task, rule=found.rule, place=found.place, fingerprint=found.fingerprint,
        reason="people talk like that", kept_by=author,
    )  # fmt: skip

    shown = text_of(signed_in(reviewer), url("page", task))

    assert "keep, because people talk like that" in shown


@pytest.fixture
def strict():
    """A rule that warns of every prompt."""
    list(RULES)

    def rule(scene):
        yield Finding(rule="T98", severity=Severity.WARNING, place="prompt", why="Sounds odd.")

    RULES.add("T98")(rule)
    yield rule
    RULES._parts.pop("T98")


def test_approve_is_off_with_its_reasons_until_everything_is_done(revision, task, reviewer):
    before = text_of(signed_in(reviewer), url("page", task))
    assert 'disabled aria-describedby="approve-reasons"' in before
    assert "2 criteria are not ticked" in before

    client = examined(task, reviewer)
    assert "approve-reasons" not in text_of(client, url("page", task))
    answer = client.post(url("decide", task), {"revision": 1, "action": "approve", "text": "Good."})

    assert answer.status_code == 303
    revision.refresh_from_db()
    assert revision.state == "approved"
    assert Tick.objects.count() == 2
    assert ChecklistAnswer.objects.count() == len(KEYS)


def test_what_is_refused_keeps_what_was_typed(revision, task, reviewer):
    client = signed_in(reviewer)
    for action, said in (("approve", "not ticked"), ("comment", ""), ("request_changes", "")):
        text = "Nearly there." if said else " "
        sent = {"revision": 1, "action": action, "text": text}
        answer = client.post(url("decide", task), sent)
        shown = answer.content.decode()
        assert answer.status_code == 422
        assert 'id="problems"' in shown
        assert said in shown
        assert text in shown
    revision.refresh_from_db()
    assert revision.state == "in_review"
    assert not Comment.objects.exists()


def test_a_verdict_on_a_round_that_is_over_is_a_conflict(revision, task, reviewer):
    Revision.objects.update(state="withdrawn")
    sent = {"revision": 1, "action": "request_changes", "text": "Shorter."}

    answer = signed_in(reviewer).post(url("decide", task), sent)

    assert answer.status_code == 409
    assert signed_in(reviewer).post(url("tick", task), {**sent, "criterion": "x", "on": "1"}).url


# Comments


def test_comments_stand_beside_the_text_and_on_the_page_of_review(revision, task, author, reviewer):
    client = signed_in(reviewer)
    sent = {"place": "criterion/sale-is-paid", "body": f"**Paid** how? {HOSTILE}", "back": "review"}
    answer = client.post(url("comment", task), sent)
    thread = Comment.objects.get()
    assert answer.url == f"{url('page', task)}#thread-{thread.pk}"

    beside = f"{reverse('rubric:page', args=[task.slug])}?side=comments"
    for shown in (text_of(client, url("page", task)), text_of(signed_in(author), beside)):
        assert "<strong>Paid</strong>" in shown
        assert "<script>alert" not in shown
        assert f'id="thread-{thread.pk}"' in shown

    writer = signed_in(author)
    answer = writer.post(url("reply", task, thread.pk), {"body": "In full."})
    assert answer.url == f"{beside}#thread-{thread.pk}"
    assert writer.post(url("resolve", task, thread.pk)).status_code == 303
    assert "1 resolved" in text_of(writer, beside)
    assert writer.post(url("reopen", task, thread.pk)).status_code == 303


def test_a_place_is_chosen_by_the_address(task, author):
    beside = f"{reverse('editor:prompt', args=[task.slug])}?side=comments&place=reference/2"

    assert '<option value="reference/2" selected>' in text_of(signed_in(author), beside)


def test_a_comment_that_cannot_be_taken_keeps_its_text(task, author):
    client = signed_in(author)
    thread = add_comment(look_at_task(author, task.slug), "prompt", "Hm.")
    refused = {
        url("comment", task): {"place": "nowhere", "body": f"Look {HOSTILE}"},
        url("reply", task, thread.pk): {"body": "Look" + "x" * 10_000},
    }
    for address, sent in refused.items():
        answer = client.post(address, sent)
        shown = answer.content.decode()
        assert answer.status_code == 422
        assert 'id="problems"' in shown
        assert "Look" in shown
        assert "<script>alert" not in shown
        assert answer.headers["HX-Retarget"] == "#main"
    assert Comment.objects.count() == 1


def test_a_thread_of_another_task_is_not_found(task, author, world):
    other = tasks.make_task(author, world, slug="other-task")
    thread = add_comment(look_at_task(author, other.slug), "prompt", "Hm.")

    for name in ("reply", "resolve", "reopen"):
        assert (
            signed_in(author).post(url(name, task, thread.pk), {"body": "Hm."}).status_code == 404
        )


# The queue


def test_the_queue_gives_what_is_asked_of_me_then_what_is_anybodys_oldest_first(
    author, reviewer, world
):
    other = make_user("rita", REVIEWER)
    asked = {"first": None, "second": None, "mine": reviewer, "hers": other}
    for slug, person in asked.items():
        submit(tasks.make_task(author, world, slug), by=author, reviewer=person)
    signed_in(reviewer).post(
        reverse("review:tick", args=["mine"]),
        {"revision": 1, "criterion": "sale-is-paid", "on": "1"},
    )

    shown = text_of(signed_in(reviewer), reverse("reviews:queue"))

    places = [shown.index(f"{slug}@1") for slug in ("mine", "first", "second")]
    assert places == sorted(places)
    assert "hers@1" not in shown
    assert "1 of 2" in shown
    assert "hers@1" in text_of(signed_in(reviewer), f"{reverse('reviews:queue')}?which=others")
    assert "4 revisions" in text_of(signed_in(author), f"{reverse('reviews:queue')}?which=own")


def test_an_empty_queue_says_where_the_others_are(author, reviewer, world, runner):
    other = make_user("rita", REVIEWER)
    submit(tasks.make_task(author, world, "hers"), by=author, reviewer=other)
    own = tasks.make_task(reviewer, world, "own")
    tasks.make_revision(own, "in_review")

    shown = text_of(signed_in(reviewer), reverse("reviews:queue"))

    assert "0 wait for you: 1 of your own is with reviewers, 1 is asked of others." in shown
    assert "for people with the role reviewer" in text_of(
        signed_in(runner), reverse("reviews:queue")
    )


def test_held_out_and_retired_tasks_are_in_nobodys_queue(revision, task, reviewer, admin_person):
    Task.objects.update(split="heldout")
    assert "sell-lamps@1" not in text_of(signed_in(reviewer), reverse("reviews:queue"))
    assert "sell-lamps@1" in text_of(signed_in(admin_person), reverse("reviews:queue"))
    Task.objects.update(is_retired=True)
    assert "sell-lamps@1" not in text_of(signed_in(admin_person), reverse("reviews:queue"))


# The inbox and the top bar


def test_news_is_counted_opened_and_read(revision, task, author, reviewer):
    client = signed_in(reviewer)
    home = text_of(client, "/")
    assert '1<span class="sr"> unread</span>' in home
    assert '1<span class="sr"> waiting</span>' in home

    item = InboxItem.objects.get(person=reviewer)
    shown = text_of(client, reverse("inbox:inbox"))
    assert "is-unread" in shown
    answer = client.get(reverse("inbox:open", args=[item.pk]))
    assert (answer.status_code, answer.url) == (303, url("page", task))
    assert "is-unread" not in text_of(client, reverse("inbox:inbox"))
    assert '<span class="sr"> unread</span>' not in text_of(client, "/")
    assert signed_in(author).get(reverse("inbox:open", args=[item.pk])).status_code == 404


def test_everything_is_read_at_once_and_only_ones_own(revision, task, author, reviewer):
    add_comment(look_at_task(reviewer, task.slug), "prompt", HOSTILE)
    assert "<script>alert" not in text_of(signed_in(author), reverse("inbox:inbox"))

    signed_in(author).post(reverse("inbox:read"))

    unread = InboxItem.objects.filter(read_at__isnull=True)
    assert [item.person for item in unread] == [reviewer]


def test_an_empty_inbox_says_what_comes_here(author):
    assert "Nothing happened yet." in text_of(signed_in(author), reverse("inbox:inbox"))


def test_nobody_is_told_what_waits_before_they_sign_in(revision):
    assert "news-bar" not in text_of(Client(), reverse("styleguide"))


# Who may


POSTS = {
    # by name: what is sent; who may, of: the author, reviewer, admin, runner, analyst, charlie
    "submit": ({}, {"author", "admin_person"}),
    "withdraw": ({}, {"author", "admin_person"}),
    "assign": ({}, {"author", "admin_person"}),
    "decide": ({"revision": 1, "action": "comment", "text": "Hm."}, None),
    "tick": ({"revision": 1, "criterion": "sale-is-paid", "on": "1"}, None),
    "checklist": ({"revision": 1}, None),
    "reveal": ({"revision": 1}, None),
    "comment": ({"place": "prompt", "body": "Hm."}, None),
    "reply": ({"body": "Hm."}, None),
    "resolve": ({}, None),
    "reopen": ({}, None),
}
SEES_DRAFTS = {"author", "reviewer", "admin_person"}


STRANGERS = ("charlie", "runner", "analyst")


def test_what_is_posted_by_whom(revision, task, author, request):
    thread = add_comment(look_at_task(author, task.slug), "prompt", "Hm.")

    for person in (*STRANGERS, "reviewer", "author", "admin_person"):
        client = signed_in(request.getfixturevalue(person))
        answers = {}
        for name, (sent, _) in POSTS.items():
            more = [thread.pk] if name in ("reply", "resolve", "reopen") else []
            answers[name] = client.post(url(name, task, *more), sent).status_code != 404

        allowed = {name: person in (who or SEES_DRAFTS) for name, (_, who) in POSTS.items()}
        assert answers == allowed, person


def test_the_author_ticks_answers_and_reveals_nothing(revision, task, author):
    examined(task, author)

    assert not Tick.objects.exists()
    assert not ChecklistAnswer.objects.exists()
    assert not Reveal.objects.exists()


def test_a_stranger_cannot_tell_a_task_from_none(revision, task, charlie):
    client = signed_in(charlie)
    for slug in (task.slug, "no-such-task"):
        assert client.get(reverse("review:page", args=[slug])).status_code == 404
        assert client.post(reverse("review:comment", args=[slug]), {}).status_code == 404


# How much it costs


def queries_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_a_hundred_comments_cost_no_more_queries(revision, task, author, reviewer):
    look = look_at_task(reviewer, task.slug)
    pages = {
        url("page", task): signed_in(reviewer),
        f"{reverse('editor:prompt', args=[task.slug])}?side=comments": signed_in(author),
    }
    reply(look, add_comment(look, "prompt", "Hm."), "Hm.")
    resolve(look, add_comment(look, "setup", "Hm."))
    few = {address: queries_of(client, address) for address, client in pages.items()}

    Comment.objects.bulk_create(
        Comment(task=task, place=place, body="Hm.", author=author, revision=revision)
        for place in ["prompt", "criterion/gone", "reference", "setup"] * 25
    )

    many = {address: queries_of(client, address) for address, client in pages.items()}
    gone = 1  # the revisions in which places were that are gone
    assert all(many[address] <= few[address] + gone for address in pages)


def test_queue_and_inbox_cost_no_more_queries_when_long(author, reviewer, world):
    addresses = [reverse("reviews:queue"), reverse("inbox:inbox"), "/reviews/?which=others"]
    client = signed_in(reviewer)
    submit(tasks.make_task(author, world, "one"), by=author)
    few = [queries_of(client, address) for address in addresses]

    for number in range(3):
        tasks.make_revision(tasks.make_task(author, world, f"more-{number}"), "in_review")
    InboxItem.objects.bulk_create(
        InboxItem(person=reviewer, event="commented", task=Task.objects.first(), actor=author)
        for _ in range(60)
    )

    assert [queries_of(client, address) for address in addresses] == few
    assert "1 to 50 of 61" in text_of(client, reverse("inbox:inbox"))


def test_who_is_signed_in_comes_with_their_roles_in_one_query(reviewer):
    client = signed_in(reviewer)
    client.get("/inbox/")

    with CaptureQueriesContext(connection) as captured:
        client.get("/inbox/")

    asked = [query["sql"] for query in captured]
    assert sum("auth_group" in sql for sql in asked) == 1
    assert len(asked) == 5  # session, person, how many items, how many unread, the top bar
