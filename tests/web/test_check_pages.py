"""Pages of checks: their reference, and trying one on an episode."""

import json
import re

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from grading.graders import GRADERS, read_check
from grading.models import Assessment, Verdict
from tests.factories import signed_in
from tests.web.conftest import HOSTILE
from tests.web.forms import form_data

PAID = {"path": "status", "value": "paid"}
DEES = {"kind": "state", "entity_type": "sale", "where": [{"path": "buyer", "value": "dee"}]}


@pytest.fixture
def rollout(run):
    return run.rollouts.filter(agent="reference").first()


@pytest.fixture
def url(rollout):
    return reverse("grading:try_check", args=[rollout.run_id, rollout.pk])


@pytest.fixture
def send(runner, url):
    def post(data, *, query="", follow=False):
        client = signed_in(runner)
        return client.post(url + query, data, follow=follow)

    return post


def paste(send, check, **options):
    text = check if isinstance(check, str) else json.dumps(check)
    return send({"json": text}, **options)


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


# the reference


def test_every_kind_is_listed_with_its_sentence_its_example_and_its_fields(page):
    body = page(reverse("grading:checks")).content.decode()

    for kind, grader in GRADERS.items():
        assert f'id="{kind}"' in body
        assert escape(read_check(dict(grader.EXAMPLE)).sentence()) in body
        assert escape(json.dumps(dict(grader.EXAMPLE), ensure_ascii=False, indent=2)) in body
        for name in grader.model_fields:
            assert name == "kind" or f'<code class="faint small">{name}</code>' in body


def queries_of(url, person):
    client = signed_in(person)
    client.get(url)  # the first look at an episode is noted in the session, once
    with CaptureQueriesContext(connection) as context:
        assert client.get(url).status_code == 200
    return len(context)


def test_the_reference_asks_the_database_only_who_is_there(runner):
    assert queries_of(reverse("grading:checks"), runner) <= queries_of(reverse("home"), runner)


# trying


def test_the_empty_form_says_what_to_do(page, url):
    response = page(url)

    assert response.status_code == 200
    assert "Nothing tried yet." in words(response)
    assert form_data(response.content.decode(), form="check")


@pytest.mark.parametrize("kind", list(GRADERS))
def test_every_kind_has_its_form(page, url, kind):
    response = page(f"{url}?kind={kind}")

    assert response.status_code == 200
    names = form_data(response.content.decode(), form="check")
    assert any(name.startswith("check.") for name in names)


def test_what_is_typed_is_tried_and_stands_in_the_address(send):
    typed = {
        "check.entity_type": "sale",
        "check.where.0.path": "buyer",
        "check.where.0.value": "dee",
        "check.expect.0.path": "status",
        "check.expect.0.value": "paid",
    }

    response = send(typed)

    assert response.status_code == 303
    assert response.url.endswith("#result")
    shown = send(typed, follow=True)
    assert "Every sale where buyer is dee: status is paid." in words(shown)
    assert "sale-250915-008: status is paid" in words(shown)
    assert re.search(r'href="/runs/\d+/e/\d+/#step-\d+"', shown.content.decode())


@pytest.mark.parametrize(
    ("check", "sentence", "mark"),
    [
        ({**DEES, "expect": [PAID]}, "Every sale where buyer is dee: status is paid.", "met"),
        ({**DEES, "exists": False}, "No sale where buyer is dee is there", "not met"),
        ({"kind": "unchanged"}, "Nothing in the world was changed.", "not met"),
        (
            {"kind": "tool_call", "total": "all", "called": {"lte": 9}},
            "The agent calls tools at most 9 times.",
            "met",
        ),
        (
            {"kind": "response", "text": {"any_of": ["no such words"]}},
            "The answer says no such words.",
            "not met",
        ),
    ],
)
def test_a_pasted_check_is_read_into_the_form_and_tried(send, check, sentence, mark):
    response = paste(send, check, follow=True)

    assert response.status_code == 200
    assert sentence in words(response)
    assert f" {mark} " in words(response)
    assert form_data(response.content.decode(), form="check")


def test_a_bound_value_is_computed_at_the_start_of_the_episode(send):
    first = {"query": {"entity_type": "sale", "measure": {"min": "createdAt", "of": "id"}}}
    check = {"kind": "state", "entity_type": "sale", "id": first, "exists": True}

    response = paste(send, check, follow=True)

    assert "sale-250901-001 (" in words(response)


def test_a_criterion_of_the_episode_is_where_one_may_begin(page, url, rollout):
    criterion = rollout.assessments.get().rubric.value.criteria[0]
    assert f"{url}?criterion={criterion.key}" in page(url).content.decode()

    response = page(f"{url}?criterion={criterion.key}")

    assert read_check(criterion.check).sentence() in words(response)
    sent = form_data(response.content.decode(), form="check")
    assert any(texts != [""] for texts in sent.values())


def test_what_a_try_shows_is_sent_again_as_it_was(page, send, url, rollout):
    criterion = rollout.assessments.get().rubric.value.criteria[0]
    body = page(f"{url}?criterion={criterion.key}").content.decode()

    again = send(form_data(body, form="check"), query=f"?kind={criterion.kind}", follow=True)

    assert read_check(criterion.check).sentence() in words(again)


# what is wrong


@pytest.mark.parametrize(
    ("typed", "place", "message"),
    [
        ({}, "id_check.entity_type", "Entity type: is required"),
        ({"check.entity_type": "sale"}, "", "say what must be true"),
        (
            {"check.entity_type": "cat", "check.exists": "true"},
            "id_check.entity_type",
            "it has item, sale",
        ),
        (
            {
                "check.entity_type": "sale",
                "check.expect.0.path": "colour",
                "check.expect.0.value": "red",
            },
            "id_check.expect.0.path",
            "sale has no field",
        ),
        (
            {
                "check.entity_type": "sale",
                "check.expect.0.path": "status",
                "check.expect.0.value": "{x",
            },
            "id_check.expect.0.value",
            "is no JSON",
        ),
        (
            {
                "check.entity_type": "sale",
                "check.expect.0.path": "buyer",
                "check.expect.0.value": '{"query": {"entity_type": "item", "x": 1e999}}',
            },
            "",
            "NaN",
        ),
    ],
)
def test_a_check_that_cannot_be_tried_is_shown_again_with_its_problems(send, typed, place, message):
    response = send(typed)

    assert response.status_code == 422
    body = response.content.decode()
    summary = re.search(r'<div class="notice tone-bad" id="problems".*?</div>', body, re.DOTALL)
    assert summary
    assert "This check cannot be tried yet." in summary[0]
    if place:
        assert f'href="#{place}' in summary[0]
        assert message in summary[0].replace("&#x27;", "'")
    for name, text in typed.items():
        assert name in body
        assert escape(text) in body


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "are not valid JSON"),
        ("[1]", "must be one JSON object"),
        ("{}", "kind None: write one of"),
        ('{"kind": ["state"]}', "write one of"),
        ('{"kind": "magic"}', "write one of"),
        ('{"kind": "state", "count": 1e999}', ""),
        ('{"kind": "state", "id": 123456789012345678901234567890}', ""),
        ("[" * 5000, ""),
    ],
)
def test_json_that_is_no_check_is_refused_where_it_was_pasted(send, text, message):
    response = paste(send, text)

    assert response.status_code == 422
    assert message in words(response).replace("&#x27;", "'")
    assert response.content.decode().count('aria-invalid="true"') == 1


def test_a_pattern_that_runs_away_is_no_verdict(send):
    slow = {"path": "buyer", "op": "matches", "value": "(x+x+)+y"}
    response = paste(send, {**DEES, "expect": [slow]}, follow=True)

    assert response.status_code == 200


def test_rows_are_added_and_removed_without_trying_anything(send):
    data = {"check.entity_type": "sale", "check.expect.0.path": "status", "add": "check.expect"}

    more = send(data)

    assert more.status_code == 200
    assert "check.expect.1.path" in more.content.decode()
    assert "Nothing tried yet." in words(more)
    fewer = send({**data, "check.expect.1.path": "buyer", "remove": "check.expect.0"})
    sent = form_data(fewer.content.decode(), form="check")
    assert sent["check.expect.0.path"] == ["buyer"]


def test_a_long_check_is_shown_without_an_address(send):
    names = [f"somebody with a rather long name {n}" for n in range(200)]
    check = {**DEES, "expect": [{"path": "buyer", "op": "in", "value": names}]}

    response = paste(send, check)

    assert response.status_code == 200
    assert "Link to this try" not in words(response)


# whose and on what


def test_nothing_is_stored(send, rollout):
    before = (
        Verdict.objects.count(),
        Assessment.objects.values_list("status", "reward").get(rollout=rollout),
    )

    paste(send, {"kind": "unchanged"}, follow=True)

    assert before == (
        Verdict.objects.count(),
        Assessment.objects.values_list("status", "reward").get(rollout=rollout),
    )


def test_hostile_texts_are_shown_as_text(send, page, url):
    response = paste(send, {**DEES, "expect": [{"path": "buyer", "value": HOSTILE}]}, follow=True)

    assert HOSTILE not in response.content.decode()
    assert escape(HOSTILE) in response.content.decode()
    assert HOSTILE not in page(f"{url}?check.entity_type={HOSTILE}").content.decode()


def test_an_episode_that_has_not_ended_shows_the_check_and_no_outcome(launch, page):
    rollout = launch(is_finished=False).rollouts.get()
    url = reverse("grading:try_check", args=[rollout.run_id, rollout.pk])

    response = page(f"{url}?kind=unchanged&check.allow.0.entity_type=sale")

    assert response.status_code == 200
    assert "This episode cannot be graded now." in words(response)
    assert "Nothing was changed but sales." in words(response)
    assert "not met" not in words(response)


def test_what_a_model_or_a_person_decides_is_shown_and_not_decided(send, rollout):
    check = {"kind": "human", "instructions": "Read it\naloud."}

    response = paste(send, check, follow=True)

    assert "Nothing is decided here." in words(response)
    assert "A person decides: Read it aloud." in words(response)
    sent = form_data(response.content.decode(), form="check")
    assert sent["check.instructions"] == ["Read it\r\naloud."]


def test_others_try_nothing(url, charlie: User):
    client = signed_in(charlie)

    assert client.post(url, {"json": "{}"}).status_code == 404


def test_a_try_asks_the_database_as_often_however_long_the_check(url, runner):
    rows = "&".join(f"check.expect.{n}.path=status&check.expect.{n}.value=paid" for n in range(20))
    queries_of(url, runner)  # what a process reads once, it has read

    short = queries_of(f"{url}?check.entity_type=sale&check.exists=true", runner)
    assert queries_of(f"{url}?check.entity_type=sale&{rows}", runner) == short <= 8
