"""The page of agreement, labels as files, and both over REST."""

import json

import pytest
from django.test import Client

from authoring.tokens import make_token
from grading.models import Verdict
from grading.people.verdicts import record_verdict
from tests.factories import signed_in
from tests.grading.people.makers import make_graded, said

pytestmark = pytest.mark.django_db
URL = "/insights/agreement/"


@pytest.fixture
def assessment(runner, reviewer):
    assessment = make_graded(owner=runner, labels={"author": "ana"})
    record_verdict(assessment.pk, "lamp-sold", said("not_met"), author=reviewer)
    return assessment


def lines_for(assessment, **fields):
    line = {"rollout": assessment.rollout_id, "criterion": "lamp-sold", "outcome": "met"}
    return json.dumps({**line, "reason": "It is.", **fields})


def test_the_page_says_who_agrees_with_how_much(assessment, page, analyst):
    html = page(URL, analyst).content.decode()

    assert "Checks and people agree on 0 % of 1 verdict" in html
    assert "Too few to rely on" in html
    assert "By author of the task" in html


def test_an_empty_page_says_how_numbers_come_about(page, analyst):
    html = page(URL, analyst).content.decode()

    assert "Nobody has decided a criterion that a machine decided too." in html
    assert "each counts here" in html


@pytest.mark.parametrize("query", ["run=x", "kind=no", "judge=%00", "blind=2", "author=<b>"])
def test_what_is_no_filter_is_left_open(query, page, analyst):
    assert page(f"{URL}?{query}", analyst).status_code == 200


def test_the_page_takes_the_same_number_of_queries_for_more(
    assessment, analyst, runner, reviewer, django_assert_num_queries
):
    for _ in range(3):
        more = make_graded(owner=runner)
        record_verdict(more.pk, "lamp-sold", said("met"), author=reviewer)

    client = signed_in(analyst)

    with django_assert_num_queries(9):
        client.get(URL)


def test_labels_come_down_as_lines_and_go_up_again(assessment, page, analyst):
    down = b"".join(page(f"{URL}labels.jsonl", analyst).streaming_content).decode()
    client = signed_in(analyst)

    looked = client.post(f"{URL}import/", {"text": down + lines_for(assessment)})
    assert "1 new verdict of" in looked.content.decode()
    assert Verdict.objects.filter(source="human").count() == 1, "looking stores nothing"

    taken = client.post(f"{URL}import/", {"text": down + lines_for(assessment), "take": ""})
    assert (taken.status_code, taken["Location"]) == (303, URL)
    assert Verdict.objects.get(author=analyst).rationale == "It is."


def test_lines_that_do_not_fit_are_named_and_kept_in_the_form(assessment, analyst):
    text = lines_for(assessment, author="<b>who</b>")

    answer = signed_in(analyst).post(f"{URL}import/", {"text": text, "take": ""})

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "there is no such person here" in html
    assert "&lt;b&gt;who" in html
    assert "<b>who" not in html


def test_rest_gives_the_same_numbers(assessment, analyst):
    data = signed_in(analyst).get("/api/v1/agreement/?check=state").json()

    assert data["items"] == 1
    assert data["check"]["two"]["counts"] == [[0, 1], [0, 0]]
    kappa = data["check"]["two"]["kappa"]
    assert (kappa["value"], kappa["n"], kappa["interval"]["low"]) == (0, 1, None)
    assert data["judge"] is None


def test_labels_go_in_over_rest_by_a_token_that_may_change(assessment, analyst):
    def post(token, data, **query):
        header = {"HTTP_AUTHORIZATION": f"Bearer {token}", "QUERY_STRING": query.get("query", "")}
        return Client().post("/api/v1/labels/", data, content_type="application/jsonl", **header)

    data = lines_for(assessment)
    reads = make_token(analyst, name="reads", scopes=["read"])
    changes = make_token(analyst, name="changes", scopes=["read", "run"])

    assert post(reads, data).status_code == 403
    assert post(changes, data, query="dry_run=1").json() == {"lines": 1, "new": 1, "known": 0}
    assert post(changes, data).status_code == 201
    assert post(changes, data).json() == {"lines": 1, "new": 0, "known": 1}
    assert post(changes, "{").json()["error"]["code"] == "invalid_argument"
