"""Endpoints over REST: made, changed and tried by admins' scripts."""

import pytest

from simulation.models import ModelEndpoint
from tests.factories import make_endpoint
from tests.model_server import Reply
from tests.web.rest import Script

pytestmark = pytest.mark.django_db
URL = "http://127.0.0.1:9/v1"
PRICES = {"*": {"prompt": 0.5, "completion": 1.5}}


@pytest.fixture
def script(admin_person):
    return Script(admin_person, "read", "admin")


def test_an_endpoint_is_made_changed_and_read(script):
    made = script.post("endpoints/", {"name": "mine", "base_url": URL, "prices": PRICES})
    assert (script.status, made["name"], made["created_by"]) == (201, "mine", "adam")

    changed = script.ask("PATCH", "endpoints/mine/", {"max_running": 8, "is_active": False})
    again = script.ask("PATCH", "endpoints/mine/", {"max_running": None, "prices": made["prices"]})

    assert (changed["max_running"], changed["is_active"]) == (8, False)
    assert changed["prices"] == {"*": {"prompt": "0.5", "completion": "1.5"}}
    assert (again["max_running"], again["prices"]) == (None, changed["prices"])
    assert again["is_active"] is False
    assert script.get("endpoints/mine/") == again


@pytest.mark.parametrize(
    ("given", "status", "says"),
    [
        ({}, 400, "required"),
        ({"name": "taken"}, 409, "there is an endpoint 'taken' already"),
        ({"name": "Mine"}, 400, "name: write small letters"),
        ({"base_url": "ftp://x"}, 400, "neither http:// nor https://"),
        ({"key_variable": "sk-secret"}, 400, "never the key itself"),
        ({"prices": {"*": {"prompt": -1, "completion": 1}}}, 400, "prices.0.prompt"),
        ({"prices": {"*": {"prompt": 1}}}, 400, "prices.0.completion: is required"),
        ({"capabilities": {"tool": "json"}}, 400, "capabilities.tool"),
        ({"max_runing": 1}, 400, "there is no field 'max_runing'"),
        ({"max_running": "8"}, 400, "write a whole number, not a text"),
    ],
)
def test_bad_endpoints_are_refused_by_name(script, admin_person, given, status, says):
    make_endpoint(name="taken", created_by=admin_person)
    whole = {"name": "mine", "base_url": URL, **given} if given else {}

    answer = script.post("endpoints/", whole)

    assert script.status == status
    assert says in answer["error"]["message"]
    assert ModelEndpoint.objects.count() == 1


def test_a_model_is_asked_once_and_what_came_is_told(script, model_server):
    script.post("endpoints/", {"name": "mine", "base_url": model_server.url, "prices": PRICES})
    model_server.replies.extend([Reply(text="ready"), Reply(status=404, text="no model 'smal'")])

    good = script.post("endpoints/mine/test/", {"model": "small"})
    bad = script.post("endpoints/mine/test/", {"model": "smal"})

    assert (script.status, good["answers"], bad["answers"]) == (200, True, False)
    assert (good["text"], good["usage"]["prompt"]) == ("ready", 10)
    assert good["cost"] > 0 == bad["cost"]
    assert "look at the key and the model" in bad["message"]
    assert "no model 'smal'" in bad["text"]
    assert len(model_server.requests) == 2


@pytest.mark.parametrize(("person", "status"), [("runner", 403), ("charlie", 403)])
def test_others_make_none_and_find_none(person, status, request, admin_person):
    make_endpoint(name="taken", created_by=admin_person)
    script = Script(request.getfixturevalue(person), "read", "run")
    script.post("endpoints/", {"name": "mine", "base_url": URL})
    assert script.status == status
    for method, path in (("PATCH", "endpoints/taken/"), ("POST", "endpoints/taken/test/")):
        script.ask(method, path, {"model": "m"} if method == "POST" else {"max_running": 1})
        assert script.status == 403


def test_whoever_is_signed_in_without_the_role_is_told_nothing(runner, admin_person, client):
    make_endpoint(name="taken", created_by=admin_person)
    client.force_login(runner)

    answers = [
        client.post("/api/v1/endpoints/taken/test/", {"model": "m"}, "application/json"),
        client.patch("/api/v1/endpoints/taken/", {"max_running": 1}, "application/json"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404]


def test_without_a_token_it_is_said_how_one_is_sent(client):
    answer = client.get("/api/v1/endpoints/")

    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (401, "not_authenticated")
    assert "Authorization: Bearer egt_" in error["message"]
