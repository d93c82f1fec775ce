"""Writes with a key: sent twice, or twice at once, they happen once and are answered alike."""

import datetime as dt
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate
from rest_framework.views import APIView

from authoring.tokens import make_token
from grading.models import TaskReportEvent
from grading.people.reports import Complaint, report_task
from simulation.models import RememberedAnswer, World
from simulation.portability.archive import write_archive
from simulation.rest.etags import PreconditionFailed, PreconditionRequired, check_precondition
from simulation.rest.idempotency import _lock, forget_answers
from simulation.rest.views import ApiView
from simulation.tasks import forget_answers as forget_answers_task
from tests.factories import make_run, signed_in
from tests.simulation.portability.parcels import make_contents

pytestmark = pytest.mark.django_db
SAID = {"comment": "Nobody can know this."}
JSON = "application/json"


def path_of(report):
    return f"/api/v1/task-reports/{report.pk}/comments/"


@pytest.fixture
def report(runner):
    complaint = Complaint(fault="task", text="Nobody can know this.")
    return report_task(make_run(owner=runner).rollouts.get().pk, complaint, reporter=runner)


@pytest.fixture
def send(report, runner):
    """Comment on a report with a key."""
    client = signed_in(runner)

    def post(key="k", data=SAID, **headers):
        headers = {"idempotency-key": key, **headers}
        return client.post(path_of(report), data, content_type=JSON, headers=headers)

    return post


def code_of(response):
    return response.json()["error"]["code"]


def written():
    return TaskReportEvent.objects.filter(action="comment").count()


def test_a_write_sent_again_does_nothing_and_is_answered_alike(send):
    first, again = send(), send()

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    assert written() == 1
    assert send(key="another").json()["id"] != first.json()["id"]


def test_a_key_of_another_request_is_refused(send):
    send()

    response = send(data={"comment": "Something else."})

    assert (response.status_code, code_of(response)) == (422, "idempotency_key_reused")
    assert written() == 1


def test_keys_are_of_each_person(send, report, admin_person):
    send()
    client = signed_in(admin_person)

    url = path_of(report)
    other = client.post(url, SAID, content_type=JSON, headers={"idempotency-key": "k"})

    assert (other.status_code, written()) == (201, 2)


def test_what_failed_is_not_remembered(send):
    assert send(data={"comment": ""}).status_code == 400
    assert not RememberedAnswer.objects.exists()
    assert send().status_code == 201


@pytest.mark.parametrize("key", ["", "with space", "ä", "x" * 201])
def test_keys_are_checked(key, send):
    response = send(key=key)

    assert (response.status_code, code_of(response)) == (400, "invalid_argument")
    assert response.json()["error"]["field"] == "Idempotency-Key"


def test_answers_are_forgotten_after_a_day(send):
    send()
    RememberedAnswer.objects.update(created_at=timezone.now() - dt.timedelta(hours=25))

    assert "Idempotent-Replayed" not in send()
    assert written() == 2
    assert forget_answers() == 0
    assert forget_answers(timezone.now() + dt.timedelta(hours=25)) == 1
    forget_answers_task()


def test_a_token_that_may_see_less_is_not_given_the_answer_of_one_that_may_more(
    report, admin_person
):
    tokens = [
        make_token(admin_person, name=name, scopes=scopes)
        for name, scopes in (("more", ["read", "run", "heldout"]), ("less", ["read", "run"]))
    ]
    url = path_of(report)

    more, less = (
        Client().post(
            url,
            SAID,
            content_type=JSON,
            headers={"idempotency-key": "k", "authorization": f"Bearer {token}"},
        )
        for token in tokens
    )

    assert (more.status_code, less.status_code) == (201, 422)


def test_forms_are_alike_whatever_stands_between_their_parts(author):
    client = signed_in(author)
    data = write_archive(make_contents())
    changed = write_archive({**make_contents(), "system-prompts/clerk.md": b"You sell lamps."})

    def send(archive, **form):
        url, headers = "/api/v1/worlds/import/", {"idempotency-key": "k"}
        return client.post(
            url, {"archive": SimpleUploadedFile("world.zip", archive), **form}, headers=headers
        )

    assert [send(data).status_code for _ in range(2)] == [201, 201]
    assert send(changed).status_code == 422
    assert send(data, title="Mine").status_code == 422
    assert World.objects.count() == 1


class Shown(ApiView, APIView):
    secret_fields = ("text",)

    def post(self, request):
        return Response({"name": "laptop", "text": "egt_secret"}, status=201)


def test_what_is_shown_once_is_remembered_by_nobody(runner):
    def send():
        request = APIRequestFactory().post("/", {}, format="json", headers={"idempotency-key": "k"})
        force_authenticate(request, runner)
        return Shown.as_view()(request)

    assert send().data["text"] == "egt_secret"
    assert send().content == b'{"name":"laptop"}'
    assert "egt_secret" not in RememberedAnswer.objects.get().body


@pytest.mark.django_db(transaction=True)
def test_two_at_once_give_one_write_and_one_answer(send):
    answers, together = [], threading.Barrier(4)

    def ask():
        together.wait()
        answers.append(send())
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {(each.status_code, each.content) for each in answers} == {(201, answers[0].content)}
    assert sorted("Idempotent-Replayed" in each for each in answers) == [False, True, True, True]
    assert written() == 1


@pytest.mark.django_db(transaction=True)
def test_whoever_waits_too_long_for_the_first_is_told_so(send, runner, monkeypatch):
    monkeypatch.setattr("simulation.rest.idempotency._PATIENCE", "100ms")
    held, done = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            _lock(f"{runner.pk}:k")
            held.set()
            done.wait(10)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(10)
    response = send()
    done.set()
    thread.join()

    assert (response.status_code, code_of(response)) == (409, "idempotency_key_in_use")
    assert send().status_code == 201


# preconditions


@pytest.mark.parametrize(
    ("if_match", "is_required", "error"),
    [
        ("", False, None),
        ("", True, PreconditionRequired),
        ('"7"', True, None),
        ("*", True, None),
        ('"6", "7"', False, None),
        ('"6"', False, PreconditionFailed),
        ('W/"7"', False, PreconditionFailed),
        ("7", False, PreconditionFailed),
    ],
)
def test_a_change_is_for_the_state_that_it_names(if_match, is_required, error):
    headers = {"if-match": if_match} if if_match else {}
    request = APIView().initialize_request(APIRequestFactory().patch("/", headers=headers))

    if error is None:
        check_precondition(request, "7", is_required=is_required)
    else:
        with pytest.raises(error):
            check_precondition(request, "7", is_required=is_required)
