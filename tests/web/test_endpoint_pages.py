"""Pages of endpoints: what admins write, what a test of the connection says, no key anywhere."""

import pytest
from django.test import Client
from django.urls import reverse

from simulation.drafts import fingerprint
from simulation.endpoints import change_endpoint, content_of
from simulation.models import ModelEndpoint
from tests.factories import make_endpoint
from tests.model_server import Reply
from tests.web.conftest import HOSTILE
from tests.web.forms import form_data

pytestmark = pytest.mark.django_db
LIST, NEW = "/settings/endpoints/", "/settings/endpoints/new/"
VARIABLE, KEY = "EG_MODEL_KEY_LOCAL", "sk-very-secret-0123456789"


@pytest.fixture
def client(admin_person):
    client = Client()
    client.force_login(admin_person)
    return client


@pytest.fixture
def endpoint(model_server, admin_person, monkeypatch):
    monkeypatch.setenv(VARIABLE, KEY)
    return make_endpoint(
        model_server.url,
        name="local",
        key_variable=VARIABLE,
        created_by=admin_person,
        prices={"small": {"prompt": "1.25", "cached": "0.125", "completion": "10"}},
    )


def address(endpoint, view="edit"):
    return reverse(f"endpoints:{view}", args=[endpoint.name])


def opened(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return form_data(response.content.decode())


def body_of(response):
    return response.content.decode()


def asked(client, endpoint, model="small"):
    return client.post(address(endpoint, "test"), {"model": model})


def test_an_empty_list_says_what_endpoints_are_for_and_leads_on(client):
    body = body_of(client.get(LIST))

    assert "No endpoint yet." in body
    assert body.count(f'href="{NEW}"') == 2


def test_a_list_says_whether_keys_are_set_and_costs_no_more_queries_when_long(
    client, endpoint, django_assert_num_queries, admin_person
):
    for _ in range(5):
        make_endpoint(key_variable="EG_MODEL_KEY_MISSING", created_by=admin_person)

    with django_assert_num_queries(4):  # session, person, roles, endpoints
        body = body_of(client.get(LIST))

    assert body.count("not set") == 5
    assert VARIABLE in body
    assert KEY not in body


def test_an_endpoint_is_made_from_the_form_as_it_stands(client, admin_person):
    typed = opened(client, NEW)
    typed |= {"endpoint.name": "local", "endpoint.base_url": "http://127.0.0.1:8000/v1"}
    typed |= {"endpoint.prices.0.model": "small", "endpoint.prices.0.prompt": "1.5"}
    typed |= {"endpoint.prices.0.completion": "0.000001"}

    response = client.post(NEW, typed)

    assert (response.status_code, response.url) == (303, "/settings/endpoints/local/")
    made = ModelEndpoint.objects.get()
    assert (made.created_by, made.key_variable, made.timeout_s) == (admin_person, "", 120)
    assert made.prices == {"small": {"prompt": "1.5", "completion": "0.000001"}}


def test_what_a_server_takes_and_how_many_may_ask_it_are_typed(client, endpoint):
    capabilities = {"tools": "json", "reasoning_back": "reasoning", "arguments_back": "valid"}
    typed = opened(client, address(endpoint)) | {"endpoint.max_running": "12"}
    typed |= {f"endpoint.capabilities.{name}": word for name, word in capabilities.items()}
    typed |= {"endpoint.capabilities.provider": "anthropic"}

    assert client.post(address(endpoint), typed).status_code == 303

    stored = ModelEndpoint.objects.get()
    assert stored.max_running == 12
    assert stored.capabilities.items() >= {**capabilities, "provider": "anthropic"}.items()
    assert client.get("/api/v1/endpoints/local/").json()["max_running"] == 12


@pytest.mark.parametrize(
    ("name", "text"),
    [("max_running", "0"), ("max_running", "some"), ("capabilities.provider", "../evil")],
)
def test_limits_and_providers_that_cannot_be_are_refused(name, text, client, endpoint):
    typed = opened(client, address(endpoint)) | {f"endpoint.{name}": text}

    response = client.post(address(endpoint), typed)

    assert response.status_code == 422
    assert f'href="#id_endpoint.{name}"' in body_of(response)


def test_opening_and_saving_changes_nothing(client, endpoint):
    before = content_of(endpoint)

    response = client.post(address(endpoint), opened(client, address(endpoint)))

    assert response.status_code == 303
    assert content_of(ModelEndpoint.objects.get()) == before


def test_a_refused_form_keeps_what_was_typed_and_leads_to_each_fault(client):
    typed = opened(client, NEW)
    typed |= {"endpoint.name": "Mein Modell", "endpoint.base_url": "ftp://example.com"}
    typed |= {"endpoint.prices.0.model": "small", "endpoint.prices.0.prompt": "cheap"}
    typed |= {"endpoint.timeout_s": "9999"}
    typed = {name: text if isinstance(text, list) else [text] for name, text in typed.items()}

    response = client.post(NEW, typed)

    body = body_of(response)
    assert response.status_code == 422
    for name in ("name", "base_url", "timeout_s", "prices.0.prompt", "prices.0.completion"):
        assert f'href="#id_endpoint.{name}"' in body, name
    assert form_data(body) == typed
    assert not ModelEndpoint.objects.exists()


def test_rows_of_prices_are_added_and_removed_without_saving(client, endpoint):
    typed = opened(client, address(endpoint))
    added = body_of(client.post(address(endpoint), {**typed, "add": "endpoint.prices"}))
    assert 'name="endpoint.prices.1.model"' in added

    removed = client.post(address(endpoint), {**typed, "remove": "endpoint.prices.0"})
    response = client.post(address(endpoint), form_data(body_of(removed)))

    assert response.status_code == 303
    assert ModelEndpoint.objects.get().prices == {}


@pytest.mark.parametrize("text", ['{"stream": true}', "[1]", "{", '{"a": NaN}', '{"a": 1e999}'])
def test_further_members_that_cannot_be_are_refused(text, client, endpoint):
    typed = opened(client, address(endpoint)) | {"endpoint.capabilities.extra_body": text}

    response = client.post(address(endpoint), typed)

    assert response.status_code == 422
    assert 'id="problems"' in body_of(response)


def test_who_is_not_the_only_one_to_change_it_sees_both_sides(client, endpoint, admin_person):
    typed = opened(client, address(endpoint)) | {"endpoint.timeout_s": "33"}
    given = {**content_of(endpoint), "timeout_s": 44}
    base = fingerprint(content_of(endpoint))
    change_endpoint(endpoint, given, by=admin_person, base=base)

    response = client.post(address(endpoint), typed)

    body = body_of(response)
    assert response.status_code == 409
    assert "33" in body
    assert "44" in body
    assert client.post(address(endpoint), form_data(body)).status_code == 303
    assert ModelEndpoint.objects.get().timeout_s == 33


def test_a_missing_key_is_a_warning_and_hinders_nobody_from_saving(client, endpoint, monkeypatch):
    monkeypatch.delenv(VARIABLE)

    assert "The key is missing." in body_of(client.get(address(endpoint)))
    saved = client.post(address(endpoint), opened(client, address(endpoint)))
    assert saved.status_code == 303


# testing the connection


def test_an_answer_is_shown_with_its_latency_tokens_and_cost(client, endpoint, model_server):
    model_server.replies.append(Reply(text="ready"))

    response = asked(client, endpoint)

    body = body_of(response)
    assert response.status_code == 200
    assert "The model answers." in body
    assert "It says: ready" in body
    assert "10 in, 5 out" in body
    assert "$0.000063" in body
    assert model_server.requests[0].body["model"] == "small"
    assert model_server.requests[0].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(status=401, text="bad key"), "refuses: look at the key and the model"),
        (Reply(status=500, text="out of order"), "gave no answer: is it running"),
        (Reply(raw="<html>"), "but no model&#x27;s server"),
        (Reply(status=302, headers={"Location": "/x"}), "redirects are not followed"),
        (Reply(status=400, error={"code": "context_length_exceeded"}), "reads fewer words"),
        (Reply(drop=True), "the connection broke"),
    ],
)
def test_a_failure_is_told_in_words_and_tried_once(reply, words, client, endpoint, model_server):
    model_server.answer = lambda body: reply

    response = asked(client, endpoint)

    assert response.status_code == 200
    assert words in body_of(response)
    assert len(model_server.requests) == 1


def test_a_test_of_an_endpoint_without_its_key_says_what_is_missing(client, endpoint, monkeypatch):
    monkeypatch.delenv(VARIABLE)

    body = body_of(asked(client, endpoint))

    assert "It cannot be asked as things are." in body
    assert f"{VARIABLE}, the key of the endpoint local, is not set here" in body


def test_a_test_needs_a_model(client, endpoint, model_server):
    response = asked(client, endpoint, model="  ")

    assert response.status_code == 422
    assert "Write the name of a model" in body_of(response)
    assert model_server.requests == []


def test_a_test_saves_nothing_and_does_not_wait_for_ever(client, endpoint, model_server):
    ModelEndpoint.objects.update(timeout_s=3000)
    before = ModelEndpoint.objects.values().get()

    asked(client, endpoint)

    assert ModelEndpoint.objects.values().get() == before


def test_the_form_below_a_test_shows_what_is_stored(client, endpoint, model_server):
    ModelEndpoint.objects.update(timeout_s=120)
    tested = body_of(asked(client, endpoint))

    assert form_data(tested)["endpoint.timeout_s"] == ["120"]


def test_what_a_model_says_is_never_markup(client, endpoint, model_server):
    model_server.replies.append(Reply(text=HOSTILE, body={"model": HOSTILE}))

    body = body_of(asked(client, endpoint, model=HOSTILE))

    assert "<script>alert" not in body
    assert "<img src=x" not in body


def test_no_page_has_the_key_even_when_the_server_says_it_back(client, endpoint, model_server):
    pages = [body_of(client.get(url)) for url in (LIST, address(endpoint))]
    for reply in (Reply(text=KEY), Reply(status=401, text=f"bad {KEY}"), Reply(raw=KEY)):
        model_server.replies.append(reply)
        pages.append(body_of(asked(client, endpoint)))
    pages.append(body_of(client.get("/api/v1/endpoints/")))

    assert not [page for page in pages if KEY in page]


# others, and the API


@pytest.mark.parametrize("person", ["charlie", "author", "runner", "reviewer", "analyst"])
def test_nobody_else_makes_changes_or_asks_one(person, endpoint, model_server, request):
    client = Client()
    client.force_login(request.getfixturevalue(person))
    before = ModelEndpoint.objects.values().get()

    assert client.post(NEW, {"endpoint.name": "x"}).status_code == 403
    assert client.post(address(endpoint), {"endpoint.name": "x"}).status_code == 404
    assert asked(client, endpoint).status_code == 404

    assert ModelEndpoint.objects.values().get() == before
    assert model_server.requests == []


def test_only_admins_are_led_there(client, author, page):
    assert f'href="{LIST}"' in body_of(client.get("/"))
    assert f'href="{LIST}"' not in body_of(page("/", author))


def test_forms_without_a_token_are_refused(admin_person, endpoint):
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_person)

    for url in (NEW, address(endpoint), address(endpoint, "test")):
        assert client.post(url, {"model": "small"}).status_code == 403


def test_the_api_gives_admins_everything_but_the_key(client, endpoint):
    listed = client.get("/api/v1/endpoints/").json()["results"]

    assert listed == [client.get("/api/v1/endpoints/local/").json()]
    assert listed[0] | {"created_at": "", "updated_at": ""} == {
        "name": "local",
        "base_url": endpoint.base_url,
        "key_variable": VARIABLE,
        "warning": "",
        "is_active": True,
        "timeout_s": 10,
        "connect_timeout_s": 5,
        "max_running": None,
        "capabilities": {},
        "prices": endpoint.prices,
        "created_by": "adam",
        "created_at": "",
        "updated_at": "",
    }


def test_the_back_office_only_shows_endpoints(endpoint):
    root = endpoint.created_by
    root.is_staff = root.is_superuser = True
    root.save()
    client = Client()
    client.force_login(root)
    change = f"/admin/simulation/modelendpoint/{endpoint.pk}/change/"

    assert client.get("/admin/simulation/modelendpoint/").status_code == 200
    assert KEY not in body_of(client.get(change))
    assert client.post(change, {"base_url": "http://evil.example"}).status_code == 403
    assert client.get("/admin/simulation/modelendpoint/add/").status_code == 403
