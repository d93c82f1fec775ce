"""What people say, over REST: the same rules as on pages, and the scopes of tokens."""

import pytest
from django.test import Client

from authoring.tokens import make_token
from grading.models import FailureNote, TaskReport, Verdict
from grading.people.failures import Note, note_failure
from grading.people.reports import Complaint, report_task
from grading.people.verdicts import record_verdict, withdraw
from tests.factories import make_criterion, make_plan, make_rubric, make_world, scripted, signed_in
from tests.grading.people.makers import HUMAN, said

pytestmark = pytest.mark.django_db
RUBRIC = make_rubric(make_criterion("sold"), make_criterion("kind", check=HUMAN))
TALKS = scripted({"text": "I sold nothing."})
SEES = {"nobody": False, "charlie": False, "author": False} | dict.fromkeys(
    ("runner", "reviewer", "analyst", "admin_person"), True
)


@pytest.fixture
def rollout(launch, runner):
    return launch([make_plan(make_world(owner=runner), agent=TALKS, rubric=RUBRIC)]).rollouts.get()


@pytest.fixture
def failed(launch, runner):
    return launch([make_plan(make_world(owner=runner), agent=TALKS)]).rollouts.get()


@pytest.fixture
def call():
    """Send JSON as somebody, signed in or (scopes given) with a token."""

    def send(method, path, person, data=None, *, scopes=None):
        client = Client()
        options = {} if data is None else {"data": data, "content_type": "application/json"}
        if scopes is not None:
            token = make_token(person, name="-".join([method, *scopes]), scopes=scopes)
            options["headers"] = {"authorization": f"Bearer {token}"}
        elif person is not None:
            client.force_login(person)
        return getattr(client, method)(f"/api/v1/{path}", **options)

    return send


def verdicts_path(rollout):
    return f"rollouts/{rollout.pk}/verdicts/"


GIVEN = {"criterion": "kind", "outcome": "met", "reason": "Kind.", "authoritative": True}


def test_a_verdict_is_given_seen_and_taken_back(rollout, call, reviewer):
    step = rollout.episode.steps.order_by("index").last().index
    evidence = [{"step": step, "quote": "I sold nothing."}]

    made = call("post", verdicts_path(rollout), reviewer, {**GIVEN, "evidence": evidence})

    assert made.status_code == 201, made.content
    body = made.json()
    assert (body["author"], body["outcome"], body["evidence"]) == ("bob", "met", evidence)
    assert (body["is_authoritative"], body["was_blind"], body["withdrawal"]) == (True, False, None)
    path = f"verdicts/{body['id']}/withdrawal/"
    assert call("post", path, reviewer, {"reason": "No."}).json()["reason"] == "No."
    listed = call("get", verdicts_path(rollout), reviewer).json()["results"]
    assert listed[0]["withdrawal"]["author"] == "bob"
    assert {row["criterion_key"] for row in listed} == {"kind", "sold"}


def test_the_verdicts_of_a_run_tell_what_was_taken_back(rollout, call, reviewer):
    verdict = record_verdict(rollout.assessments.get().pk, "kind", said(), author=reviewer)
    withdraw(verdict.pk, actor=reviewer, reason="No.")

    rows = call("get", f"runs/{rollout.run_id}/verdicts/", reviewer).json()["results"]

    taken_back = {row["criterion_key"]: row["withdrawal"] for row in rows}
    assert taken_back["sold"] is None
    assert taken_back["kind"]["reason"] == "No."


def test_agreeing_is_one_call(rollout, call, reviewer):
    seen = Verdict.objects.get(criterion_key="sold").pk
    sent = {"criterion": "sold", "agree": True}

    assert call("post", verdicts_path(rollout), reviewer, {**sent, "seen": 1}).status_code == 409
    made = call("post", verdicts_path(rollout), reviewer, {**sent, "seen": seen}).json()

    assert (made["outcome"], made["author"]) == ("not_met", "bob")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"outcome": "perhaps"}, 400, "invalid_argument"),
        ({"reason": ""}, 400, "invalid_argument"),
        ({"criterion": "nope"}, 404, "not_found"),
        ({"criterion": None}, 400, "invalid_argument"),
        ({"evidence": [{"step": 99}]}, 400, "invalid_argument"),
        ({"evidence": [{"step": -1}]}, 400, "invalid_argument"),
        ({"evidence": "step 1"}, 400, "invalid_argument"),
        ({"evidence": [{"step": 2**63}]}, 400, "invalid_argument"),
    ],
)
def test_what_is_wrong_with_a_verdict_is_said_in_the_one_shape(
    change, status, code, rollout, call, reviewer
):
    answer = call("post", verdicts_path(rollout), reviewer, {**GIVEN, **change})

    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert not Verdict.objects.filter(source="human").exists()


@pytest.mark.parametrize("person", SEES)
def test_each_address_is_for_those_who_see_the_run(person, failed, call, request, runner):
    user = None if person == "nobody" else request.getfixturevalue(person)
    verdict = record_verdict(
        failed.assessments.get().pk, "lamp-sold", said("not_met", is_authoritative=False),
        author=runner,
    )  # fmt: skip
    note = {"level": 1, "kind": "wrong_order"}
    report = {"fault": "task", "text": "Wrong."}
    hidden = 401 if person == "nobody" else 404

    def status(method, path, data=None):
        return call(method, path, user, data).status_code

    expected = 201 if SEES[person] else hidden
    given = {**GIVEN, "criterion": "lamp-sold", "authoritative": False}
    assert status("get", verdicts_path(failed)) == (200 if SEES[person] else hidden)
    assert status("post", verdicts_path(failed), given) == expected
    assert status("post", f"rollouts/{failed.pk}/failure-notes/", note) == expected
    assert status("post", f"rollouts/{failed.pk}/task-reports/", report) == expected
    may_withdraw = person in ("runner", "admin_person")
    withdrawn = 201 if may_withdraw else (403 if SEES[person] else hidden)
    assert status("post", f"verdicts/{verdict.pk}/withdrawal/", {}) == withdrawn


def test_only_reviewers_analysts_and_admins_decide(rollout, call, runner):
    answer = call("post", verdicts_path(rollout), runner, GIVEN)

    assert answer.status_code == 403
    assert "reviewer, analyst or admin" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("scopes", "read", "write"),
    [(("read",), 200, 403), (("run",), 403, 201), (("read", "run"), 200, 201)],
)
def test_tokens_read_and_write_as_their_scopes_say(scopes, read, write, rollout, call, reviewer):
    path = verdicts_path(rollout)

    assert call("get", path, reviewer, scopes=scopes).status_code == read
    assert call("post", path, reviewer, GIVEN, scopes=scopes).status_code == write


def test_blind_the_api_hides_what_the_page_hides(rollout, call, reviewer, analyst):
    record_verdict(rollout.assessments.get().pk, "kind", said("not_met", "Secret."), author=analyst)
    path = f"{verdicts_path(rollout)}?blind=1"

    assert call("get", path, reviewer).json()["results"] == []
    agree = call("post", path, reviewer, {"criterion": "sold", "agree": True})
    assert agree.status_code == 409
    mine = call("post", path, reviewer, {**GIVEN, "authoritative": False}).json()
    assert mine["was_blind"] is True
    shown = call("get", path, reviewer).json()["results"]
    assert {row["criterion_key"] for row in shown} == {"kind"}
    assert {row["author"] for row in shown} == {"anna", "bob"}


def test_a_session_that_looks_blind_is_blind_in_the_api_too(rollout, reviewer):
    client = signed_in(reviewer)
    client.post("/runs/blind/", {"blind": "on"})

    assert client.get(f"/api/v1/{verdicts_path(rollout)}").json()["results"] == []


@pytest.mark.parametrize("grading", ["2", "x", "0"])
def test_a_grading_that_there_is_none_of_is_not_found(grading, rollout, call, reviewer):
    assert call("get", f"{verdicts_path(rollout)}?grading={grading}", reviewer).status_code == 404


def test_failure_notes_are_given_listed_hidden_and_taken_back(failed, call, runner, reviewer):
    path = f"rollouts/{failed.pk}/failure-notes/"
    note_failure(failed.pk, Note(level=5, kind="premature_end"), author=reviewer)
    sent = {"level": 1, "kind": "wrong_argument", "first_step": 1, "text": "Here."}

    assert call("get", f"{path}?blind=1", runner).json()["results"] == []
    assert call("post", path, runner, sent).json()["first_step"] == 1
    assert len(call("get", f"{path}?blind=1", runner).json()["results"]) == 2
    assert call("delete", path, runner).status_code == 204
    assert [row["author"] for row in call("get", path, runner).json()["results"]] == ["bob"]
    assert FailureNote.objects.count() == 3
    assert call("post", path, runner, {**sent, "level": 9}).status_code == 400


def test_a_report_is_filed_moved_assigned_and_commented(rollout, call, runner, reviewer, author):
    sent = {"fault": "rubric", "text": "Wrong.", "criterion": "kind", "owner": "alice"}
    report = call("post", f"rollouts/{rollout.pk}/task-reports/", runner, sent).json()
    path = f"task-reports/{report['id']}/"

    assert (report["state"], report["owner"], report["task"]) == ("open", "alice", "sell-lamps")
    assert call("get", path, author).json()["text"] == "Wrong."
    moved = call("post", f"{path}moves/", author, {"action": "fix", "fixed_in": 2})
    assert moved.json()["fixed_in"] == 2
    again = call("post", f"{path}moves/", reviewer, {"action": "fix", "fixed_in": 3})
    assert again.status_code == 409
    assert call("post", f"{path}moves/", reviewer, {"action": "explode"}).status_code == 400
    assert call("post", f"{path}comments/", runner, {"comment": "Thanks."}).status_code == 201
    owner = call("post", f"{path}assignment/", reviewer, {"owner": ""}).json()["owner"]
    assert owner is None
    assert call("post", f"{path}assignment/", reviewer, {"owner": "no one"}).status_code == 400
    events = call("get", f"{path}events/", runner).json()["results"]
    assert [event["action"] for event in events] == ["assign", "comment", "fix", "report"]


@pytest.mark.parametrize("person", SEES)
def test_moves_of_a_report_are_for_those_who_see_it_and_may(person, rollout, call, request, runner):
    report = report_task(rollout.pk, Complaint(fault="task", text="x"), reporter=runner)
    user = None if person == "nobody" else request.getfixturevalue(person)
    may = person in ("reviewer", "admin_person")
    hidden = 401 if person == "nobody" else 404

    answer = call("post", f"task-reports/{report.pk}/moves/", user, {"action": "accept"})

    assert answer.status_code == (201 if may else 403 if SEES[person] else hidden)
    assert TaskReport.objects.get().state == ("accepted" if may else "open")
