"""Endpoints of models: what the database keeps to, what admins may write, what changes later."""

import threading
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from simulation.chat import client_for
from simulation.drafts import fingerprint
from simulation.endpoints import change_endpoint, content_of, make_endpoint, warning_of
from simulation.errors import Conflict, Forbidden, Problems
from simulation.models import ModelEndpoint
from tests import factories
from tests.simulation.chat.conftest import question

pytestmark = pytest.mark.django_db
VARIABLE = "EG_MODEL_KEY_LOCAL"
GIVEN = {
    "name": "local",
    "base_url": "http://127.0.0.1:8000/v1/",
    "key_variable": VARIABLE,
    "timeout_s": 60,
    "capabilities": {"structured": "json_object"},
    "prices": [{"model": "small", "prompt": "2.50", "completion": 10}],
}


def stored(**fields):
    return factories.make_endpoint(**{"name": "local", **fields})


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"name": "Local"}, "endpoint_name_is_a_slug"),
        ({"name": "a b"}, "endpoint_name_is_a_slug"),
        ({"name": "a\n"}, "endpoint_name_is_a_slug"),
        ({"name": ""}, "endpoint_name_is_a_slug"),
        ({"url": "ftp://example.com"}, "endpoint_address_is_http_and_bare"),
        ({"url": "https://user:secret@example.com/v1"}, "endpoint_address_is_http_and_bare"),
        ({"url": "https://example.com/v1?key=1"}, "endpoint_address_is_http_and_bare"),
        ({"url": "https://example.com/v1#x"}, "endpoint_address_is_http_and_bare"),
        ({"url": "https:///v1"}, "endpoint_address_is_http_and_bare"),
        ({"url": "https://example.com/v1\nx"}, "endpoint_address_is_http_and_bare"),
        ({"key_variable": "PATH"}, "endpoint_key_variable_is_one_of_ours"),
        ({"key_variable": "EG_SECRET_KEY"}, "endpoint_key_variable_is_one_of_ours"),
        ({"key_variable": "EG_MODEL_KEY_"}, "endpoint_key_variable_is_one_of_ours"),
        ({"key_variable": "EG_MODEL_KEY_a"}, "endpoint_key_variable_is_one_of_ours"),
        ({"key_variable": "XEG_MODEL_KEY_A"}, "endpoint_key_variable_is_one_of_ours"),
        ({"key_variable": "EG_MODEL_KEY_A\n"}, "endpoint_key_variable_is_one_of_ours"),
        ({"timeout_s": 0}, "endpoint_timeouts_within_bounds"),
        ({"timeout_s": 3601}, "endpoint_timeouts_within_bounds"),
        ({"connect_timeout_s": 61}, "endpoint_timeouts_within_bounds"),
    ],
)
def test_the_database_refuses_what_is_no_endpoint(fields, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        stored(**fields)


@pytest.mark.parametrize("variable", ["", "EG_MODEL_KEY_A", "EG_MODEL_KEY_OPENAI_2"])
def test_a_key_is_named_by_a_variable_of_ours_or_not_at_all(variable):
    assert stored(key_variable=variable).pk


def test_a_name_belongs_to_one_endpoint(admin_person):
    make_endpoint(GIVEN, by=admin_person)

    with pytest.raises(Conflict, match="an endpoint 'local' already"):
        make_endpoint(GIVEN, by=admin_person)

    assert ModelEndpoint.objects.count() == 1


def test_what_an_admin_writes_is_stored_in_plain_form(admin_person):
    endpoint = make_endpoint(GIVEN, by=admin_person)

    endpoint.refresh_from_db()
    assert endpoint.base_url == "http://127.0.0.1:8000/v1"
    assert endpoint.prices == {"small": {"prompt": "2.5", "completion": "10"}}
    assert endpoint.capabilities["structured"] == "json_object"
    assert (endpoint.created_by, endpoint.is_active) == (admin_person, True)


@pytest.mark.parametrize("person", ["charlie", "author", "runner", "reviewer", "analyst"])
def test_only_admins_make_change_and_see_endpoints(person, request):
    user, endpoint = request.getfixturevalue(person), stored()

    with pytest.raises(Forbidden):
        make_endpoint({**GIVEN, "name": "mine"}, by=user)
    with pytest.raises(Forbidden):
        change_endpoint(endpoint, GIVEN, by=user, base=fingerprint(content_of(endpoint)))

    assert not ModelEndpoint.objects.visible_to(user).exists()
    assert ModelEndpoint.objects.get() == endpoint


BAD = {
    "name": ("New York", "name: write small letters"),
    "base_url": ("ftp://x", "base_url: the address begins with neither"),
    "key_variable": ("sk-123456", "key_variable: write the name of a variable"),
    "timeout_s": (0, "timeout_s: "),
    "capabilities": ({"structured": "xml"}, "capabilities.structured: "),
    "prices": ([{"model": "a", "prompt": -1}], "prices.0.prompt: "),
}


def test_everything_that_is_wrong_is_said_at_once(admin_person):
    given = {name: value for name, (value, _) in BAD.items()}

    with pytest.raises(Problems) as raised:
        make_endpoint(given, by=admin_person)

    for _, start in BAD.values():
        assert [line for line in raised.value.problems if line.startswith(start)], start
    assert "prices.0.completion: is required" in raised.value.problems
    assert "sk-123456" not in raised.value.message


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"name": "new"}, "name: write small letters"),
        ({"base_url": "http://169.254.169.254/v1"}, "metadata"),
        ({"base_url": "https://me:secret@example.com/v1"}, "a user or a password"),
        ({"colour": "red"}, "colour"),
        ({"prices": [{"model": "a", "prompt": 1, "completion": 1}] * 2}, "a has two prices"),
        ({"prices": [{"model": "", "prompt": 1, "completion": 1}]}, "prices.0.model"),
        ({"prices": [{"model": "a", "prompt": "NaN", "completion": 1}]}, "prices.0.prompt"),
        ({"prices": [{"model": "a", "prompt": 1e7, "completion": 1}]}, "prices.0.prompt"),
        ({"capabilities": {"extra_body": {"stream": True}}}, "stream is sent by the gym"),
    ],
)
def test_each_of_these_is_refused_with_its_reason(change, why, admin_person):
    with pytest.raises(Problems, match=why):
        make_endpoint({**GIVEN, **change}, by=admin_person)

    assert not ModelEndpoint.objects.exists()


def test_what_was_answered_keeps_its_cost_when_prices_change(model_server, admin_person):
    given = {**GIVEN, "base_url": model_server.url, "key_variable": ""}
    endpoint = make_endpoint(given, by=admin_person)
    before = client_for(endpoint).ask(question())

    dearer = {**given, "prices": [{"model": "small", "prompt": 25, "completion": 100}]}
    base = fingerprint(content_of(endpoint))
    changed = change_endpoint(endpoint, dearer, by=admin_person, base=base)

    assert client_for(changed).ask(question()).cost == 10 * before.cost
    assert before.cost == Decimal("0.000075")  # 10 tokens at 2.50 and 5 at 10, for a million each


def test_a_change_on_an_old_form_is_refused(admin_person):
    endpoint = make_endpoint(GIVEN, by=admin_person)
    base = fingerprint(content_of(endpoint))
    change_endpoint(endpoint, {**GIVEN, "timeout_s": 61}, by=admin_person, base=base)

    with pytest.raises(Conflict, match="somebody else changed"):
        change_endpoint(endpoint, {**GIVEN, "timeout_s": 62}, by=admin_person, base=base)

    assert ModelEndpoint.objects.get().timeout_s == 61


def test_an_unknown_fault_of_the_database_is_not_called_a_taken_name(admin_person, monkeypatch):
    monkeypatch.setattr(ModelEndpoint, "save", lambda self: (_ for _ in ()).throw(IntegrityError()))

    with pytest.raises(IntegrityError):
        make_endpoint(GIVEN, by=admin_person)


def test_a_key_that_is_not_set_is_a_warning_that_names_it(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    assert VARIABLE in warning_of(stored(key_variable=VARIABLE))

    monkeypatch.setenv(VARIABLE, "sk-1")
    assert warning_of(ModelEndpoint.objects.get()) == ""
    assert warning_of(stored(name="open")) == ""


def test_an_endpoint_serves_threads_that_know_no_database(model_server):
    shared = client_for(stored(url=model_server.url))
    answers = []
    thread = threading.Thread(target=lambda: answers.append(shared.ask(question()).text))

    thread.start()
    thread.join()

    assert answers == ["ok"]
