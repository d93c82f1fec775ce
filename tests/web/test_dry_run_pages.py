"""The strip and the pages of dry runs: who finds them, what they say, what is sent to them."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from authoring import gates
from authoring.drafts.saving import replace_draft
from authoring.dry_runs.starting import start_dry_run
from authoring.models import DryRun, Reveal, Task
from authoring.review import move
from grading.models import Run, Verdict
from simulation.models import World
from tests.authoring.conftest import PROMPTS
from tests.authoring.dry_runs import (
    KIND,
    SELLS_ONE,
    make_dry_run,
    make_tried_task,
    reference_of,
    rollout_of,
)
from tests.authoring.tasks import make_revision
from tests.factories import make_world, signed_in
from tests.web.conftest import HOSTILE, finish

HX = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def task(author: User, store_world: World) -> Task:
    return make_tried_task(author, store_world, KIND)


@pytest.fixture
def store_world(author: User) -> World:
    return make_world(owner=author, slug="store", version=1, prompts=PROMPTS)


def address(name: str, *arguments: object) -> str:
    return reverse(f"dry_run:{name}", args=["sell-lamps", *arguments])


def sent(person: User, name: str, *arguments: object, data=None, **options):
    client = signed_in(person)
    return client.post(address(name, *arguments), data or {}, **options)


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_the_page_begins_with_what_a_dry_run_does(task, author, page):
    text = text_of(page(address("page"), author))

    assert "Nothing was tried yet." in text
    assert "data-poll" not in text


def test_started_plainly_it_leads_to_its_page_which_polls_until_it_ends(task, author, page):
    response = sent(author, "start", data={"mutants": "on"})
    dry_run = DryRun.objects.get()

    assert (response.status_code, response.url) == (303, f"{address('page')}?run={dry_run.pk}")
    assert dry_run.mutants is not None
    live = text_of(page(response.url, author))
    assert f'hx-get="{address("progress", dry_run.pk)}"' in live
    assert "data-poll" in live
    sent(author, "cancel", dry_run.pk)
    assert "data-poll" not in text_of(page(response.url, author))


def test_what_is_polled_brings_what_there_is_to_decide_once(task, reviewer, page):
    dry_run = start_dry_run(task, by=reviewer)
    url = address("progress", dry_run.pk)
    assert "decide-kind-words" not in text_of(page(url, reviewer))

    finish(dry_run.run)

    assert "decide-kind-words" in text_of(page(url, reviewer))
    assert "decide-kind-words" not in text_of(page(f"{url}?asked=1", reviewer))
    assert "data-poll" not in text_of(page(url, reviewer))


def test_started_from_the_strip_it_answers_with_the_strip(task, author):
    response = sent(author, "start", **HX)

    text = text_of(response)
    assert response.status_code == 200
    assert 'id="dry-run-live"' in text
    assert "0 of 5 graded" in text
    assert "<html" not in text


@pytest.mark.parametrize("options", [{}, HX], ids=["page", "strip"])
def test_what_an_unfinished_draft_lacks_leads_to_its_tab(options, task, author):
    reference = [{"call": "sell", "arguments": {}}]
    replace_draft(task, {**task.draft.content, "prompt": "", "reference": reference}, by=author)

    response = sent(author, "start", **options)

    text = text_of(response)
    assert response.status_code == 422
    assert "It cannot be tried yet." in text
    assert f'<a href="{reverse("reference:page", args=["sell-lamps"])}">Reference</a>' in text
    assert f'<a href="{reverse("editor:prompt", args=["sell-lamps"])}">Prompt</a>' in text
    assert not Run.objects.exists()


def test_a_judge_that_there_is_none_of_is_refused_in_words(task, author):
    response = sent(author, "start", data={"judge": "nobody@3"})

    assert response.status_code == 422
    assert "nobody@3" in text_of(response)
    assert not Run.objects.exists()


def test_the_page_shows_every_criterion_of_every_agent_with_its_reason(task, author, page):
    dry_run = make_dry_run(task)

    text = text_of(page(address("page"), author))

    assert text.count('class="dry-why"') == 2 * 5
    assert text.count("open for a person") == 5
    for agent in ("reference", "null", "near-miss 1: sells one lamp"):
        assert (
            reverse("grading:episode", args=[dry_run.run_id, rollout_of(dry_run, agent).pk]) in text
        )
    assert "A reviewer decides it who did not write the task." in text
    assert "criterion 3 (kind-words): a reviewer decides it" in text


def test_a_reviewer_decides_in_place_and_it_counts(task, reviewer, page):
    dry_run = make_dry_run(task)
    assert address("decide", dry_run.pk) in text_of(page(address("page"), reviewer))

    response = sent(
        reviewer, "decide", dry_run.pk,
        data={"criterion": "kind-words", "outcome": "met", "reason": "It is kind."},
    )  # fmt: skip

    assert (response.status_code, response.url) == (
        303,
        f"{address('page')}?run={dry_run.pk}#to-decide",
    )
    assert reference_of(dry_run).passed is True
    assert gates.approval_problems(dry_run.revision) == []
    assert "bob: It is kind." in text_of(page(address("page"), reviewer))


def test_a_refused_decision_keeps_what_was_typed(task, reviewer):
    dry_run = make_dry_run(task)
    data = {"criterion": "kind-words", "outcome": "not_met", "reason": "  "}

    response = sent(reviewer, "decide", dry_run.pk, data=data)

    text = text_of(response)
    assert response.status_code == 422
    assert 'href="#decide-kind-words-reason"' in text
    assert 'value="not_met" checked' in text


WHO_DECIDES = [
    ("author", "kind-words", 404),  # of their own task
    ("analyst", "kind-words", 404),
    ("charlie", "kind-words", 404),
    ("reviewer", "sale-is-paid", 404),  # a rule decides it
    ("reviewer", "no-such", 404),
    ("admin_person", "kind-words", 303),
]


def test_who_decides_what(task, request):
    dry_run = make_dry_run(task)

    for person, key, status in WHO_DECIDES:
        data = {"criterion": key, "outcome": "met", "reason": "So it is."}
        response = sent(request.getfixturevalue(person), "decide", dry_run.pk, data=data)
        assert (person, response.status_code) == (person, status)
        assert Verdict.objects.filter(source="human").exists() == (status == 303)


def test_an_author_with_the_role_of_a_reviewer_decides_nothing_of_their_own(task, author, reviewer):
    author.groups.set(reviewer.groups.all())
    dry_run = make_dry_run(task)
    data = {"criterion": "kind-words", "outcome": "met", "reason": "Mine is."}

    response = sent(User.objects.get(pk=author.pk), "decide", dry_run.pk, data=data)

    assert response.status_code == 404


WHO_STARTS = dict.fromkeys(("author", "reviewer", "admin_person"), 303) | dict.fromkeys(
    ("analyst", "runner", "charlie"), 404
)


def test_who_starts_and_cancels(task, request):
    make_revision(task, "approved")  # everybody may know of it
    live = start_dry_run(task, by=task.owner)

    for person, status in WHO_STARTS.items():
        user = request.getfixturevalue(person)
        answers = [sent(user, "start").status_code, sent(user, "cancel", live.pk).status_code]
        assert (person, answers) == (person, [status, status])
        assert sent(user, "cancel", 987654).status_code == 404


def test_a_dry_run_of_another_task_is_not_found_below_this_one(task, store_world, author, page):
    other = make_dry_run(make_tried_task(author, store_world, slug="other"))

    assert page(f"{address('page')}?run={other.pk}", author).status_code == 404
    assert sent(author, "cancel", other.pk).status_code == 404
    assert sent(author, "decide", other.pk).status_code == 404


def test_the_reference_is_not_given_away_to_who_reviews_blind(task, reviewer, page):
    dry_run = make_dry_run(task)
    move(dry_run.revision, "submit", actor=task.owner)
    episode = reverse("grading:episode", args=[dry_run.run_id, rollout_of(dry_run).pk])
    reason = reference_of(dry_run).verdicts.first().rationale
    data = {"criterion": "kind-words", "outcome": "met", "reason": "So it is."}

    text = text_of(page(address("page"), reviewer))
    assert episode not in text
    assert reason not in text
    for name in ("page", "strip"):
        text = text_of(page(address(name), reviewer))
        assert "near-miss 1" in text
        assert SELLS_ONE["name"] not in text
    assert episode not in text_of(page(address("past"), reviewer))
    assert sent(reviewer, "decide", dry_run.pk, data=data).status_code == 404

    Reveal.objects.create(revision=dry_run.revision, reviewer=reviewer)
    text = text_of(page(address("page"), reviewer))
    assert episode in text
    assert reason in text
    assert SELLS_ONE["name"] in text
    assert sent(reviewer, "decide", dry_run.pk, data=data).status_code == 303


def test_hostile_names_are_shown_as_text(author, store_world, page):
    miss = {**SELLS_ONE, "name": HOSTILE}
    criterion = {**KIND, "text": HOSTILE, "check": {"kind": "human", "instructions": HOSTILE}}
    task = make_tried_task(author, store_world, criterion, near_misses=[miss], title=HOSTILE)
    make_dry_run(task)

    for name in ("page", "strip", "past"):
        text = text_of(page(address(name), author))
        assert "<script>alert" not in text
        assert "<img" not in text
    assert "&lt;script&gt;alert" in text_of(page(address("page"), author))


def test_the_strip_stands_below_every_tab_for_those_who_see_the_draft(task, author, analyst, page):
    make_revision(task, "approved")
    make_dry_run(task)

    for tab in ("editor:prompt", "rubric:page", "history:page"):
        url = reverse(tab, args=["sell-lamps"])
        assert 'id="dry-run-over"' in text_of(page(url, author))
        assert 'id="strip"' not in text_of(page(url, analyst))


def test_the_rubric_is_tried_on_past_episodes(task, author, page):
    make_dry_run(task)
    criteria = [dict(c) for c in task.draft.content["rubric"]["criteria"]]
    criteria[1]["check"] = {**criteria[1]["check"], "expect": [{"path": "inStock", "value": 9}]}
    replace_draft(task, {**task.draft.content, "rubric": {"criteria": criteria}}, by=author)

    text = text_of(page(address("past"), author))

    assert "2 verdicts would change, in 2 of 5 episodes" in text
    assert text.index("near-miss 1: sells one lamp") < text.index("echo #1")
    assert reverse("grade_again", args=[Run.objects.get().pk]) in text


def test_the_page_takes_as_many_queries_with_many_dry_runs(task, author, page, request):
    make_dry_run(task)
    count = request.getfixturevalue("django_assert_max_num_queries")
    with count(200) as first:
        page(address("page"), author)
    for _ in range(3):
        make_dry_run(task)
    with count(200) as later:
        page(address("page"), author)

    assert len(later) <= len(first)
