"""Agents that models play: made with the form and over REST, version by version, and retired."""

import pytest
from django.test import Client

from simulation.agent_configurations import (
    agent_spec_of,
    make_agent,
    retire_agent,
    unretire_agent,
)
from simulation.agent_settings import AgentSettings
from simulation.errors import Conflict, Forbidden, Problems
from simulation.models import AgentConfiguration, ModelEndpoint
from tests.factories import make_endpoint, make_user
from tests.model_server import Reply
from tests.web.forms import form_data

pytestmark = pytest.mark.django_db
LIST, NEW, API = "/settings/agents/", "/settings/agents/new/", "/api/v1/agents/"
GIVEN = {"name": "small", "endpoint": "local", "model": "small-1"}
PRICES = {"small-1": {"prompt": "0.5", "completion": "2"}}


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def client(runner):
    return signed_in(runner)


@pytest.fixture
def endpoint(admin_person):
    return make_endpoint(name="local", created_by=admin_person, prices=PRICES)


@pytest.fixture
def agent(endpoint, runner):
    return make_agent({**GIVEN, "settings": {"temperature": 0.5}, "note": "the first"}, by=runner)


def body_of(response):
    return response.content.decode()


def filled(client, url, **changes):
    response = client.get(url)
    assert response.status_code == 200
    return {**form_data(body_of(response)), **{f"agent.{n}": v for n, v in changes.items()}}


# pages


def test_amounts_stand_in_the_form_as_short_as_can_be(client, endpoint, runner):
    assert form_data(body_of(client.get(NEW)))["agent.limits.max_cost"] == ["0"]
    exact = {"settings": {"temperature": 1.0}, "limits": {"max_cost": 0.005}}
    make_agent({**GIVEN, **exact}, by=runner)

    data = filled(client, f"{NEW}?from=small@1")

    assert data["agent.settings.temperature"] == ["1"]
    assert data["agent.limits.max_cost"] == ["0.005"]
    assert "200 tool calls, $0.005" in body_of(client.get(LIST))


def test_an_agent_is_asked_one_question_as_it_asks_itself(client, agent, runner, model_server):
    ModelEndpoint.objects.update(base_url=model_server.url)
    settings = {"temperature": 0.5, "instructions": "Be brief.", "extra": {"top_p": 0.9}}
    make_agent({**GIVEN, "settings": settings}, by=runner)
    model_server.replies.append(Reply(text="<b>ready</b>"))

    response = client.post(f"{LIST}small/2/try/")

    (asked,) = model_server.requests
    assert [message["role"] for message in asked.body["messages"]] == ["system", "user"]
    assert asked.body["messages"][0]["content"] == "Be brief."
    assert (asked.body["model"], asked.body["temperature"]) == ("small-1", 0.5)
    assert asked.body["top_p"] == 0.9
    body = body_of(response)
    for words in ("It says: &lt;b&gt;ready&lt;/b&gt;", "10 in, 5 out", "$0.000015"):
        assert words in body, words
    assert (
        body.count('role="status"') - body_of(client.get(f"{LIST}small/")).count('role="status"')
        == 1
    )


def test_why_an_agent_does_not_answer_is_told_in_words(client, agent, model_server):
    ModelEndpoint.objects.update(base_url=model_server.url)
    model_server.answer = lambda body: Reply(status=500, text="out of order")

    assert "gave no answer: is it running" in body_of(client.post(f"{LIST}small/1/try/"))
    assert len(model_server.requests) == 1


def test_only_what_can_run_is_offered_to_be_tried_and_only_to_runners(client, agent, analyst):
    offered = f"{LIST}small/1/try/"
    assert offered in body_of(client.get(f"{LIST}small/"))
    assert offered not in body_of(signed_in(analyst).get(f"{LIST}small/"))

    ModelEndpoint.objects.update(is_active=False)

    assert offered not in body_of(client.get(f"{LIST}small/"))
    assert "cannot be asked" in body_of(client.post(offered))


def test_an_empty_list_says_what_agents_are_and_leads_runners_on(client, analyst):
    assert NEW in body_of(client.get(LIST))
    assert NEW not in body_of(signed_in(analyst).get(LIST))


def test_without_an_endpoint_the_form_says_who_makes_one(client):
    assert "No endpoint is in use." in body_of(client.get(NEW))


def test_an_agent_is_made_with_the_form(client, endpoint):
    data = filled(client, NEW, **GIVEN, **{"limits.max_cost": "0.25", "settings.seeded": "false"})

    response = client.post(NEW, data, follow=True)

    made = AgentConfiguration.objects.get()
    assert "small@1 was made" in body_of(response)
    assert (made.limits_value.max_calls, made.limits_value.max_cost) == (200, 0.25)
    assert made.value == AgentSettings(seeded=False)
    page = body_of(response)
    assert "$0.50 in, $2.00 out" in page
    assert "200 tool calls, $0.25" in page


def test_the_next_version_begins_as_the_one_it_comes_from(client, agent):
    data = filled(client, f"{NEW}?from=small@1")
    assert data["agent.settings.temperature"] == ["0.5"]

    again = client.post(NEW, data)
    assert again.status_code == 422
    assert "It is exactly small@1 already" in body_of(again)

    client.post(NEW, {**data, "agent.settings.temperature": "1"})
    second, first = AgentConfiguration.objects.filter(name="small").order_by("-version")
    assert (second.version, second.value.temperature) == (2, 1)
    assert (first.version, first.value.temperature) == (1, 0.5)


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("name", "Not A Slug", "small letters, digits and single hyphens"),
        ("name", "reference", "means something else"),
        ("name", "new", "means something else"),
        ("settings.temperature", "3", "write 2 or less"),
        ("settings.extra", "{", "is no JSON"),
        ("settings.extra", '{"model": "x"}', "is sent by the gym itself"),
        ("limits.max_calls", "-1", "write 0 or more"),
        ("model", "", "is required"),
    ],
)
def test_a_bad_field_is_named_and_what_was_typed_stays(client, endpoint, field, typed, says):
    data = filled(client, NEW, **GIVEN, note="Kept as it was.") | {f"agent.{field}": typed}

    response = client.post(NEW, data)

    assert response.status_code == 422
    body = body_of(response)
    assert says in body
    assert f'href="#id_agent.{field}"' in body
    assert "Kept as it was." in body
    assert not AgentConfiguration.objects.exists()


def test_a_retired_version_is_offered_no_more_until_it_is_back(client, agent):
    client.post(f"{LIST}small/1/retire/")
    assert not AgentConfiguration.objects.in_use().exists()
    assert "Every version is retired." in body_of(client.get(f"{LIST}small/"))

    client.post(f"{LIST}small/1/bring-back/")
    assert AgentConfiguration.objects.in_use().get() == agent


def test_an_endpoint_that_is_off_is_said(client, agent, endpoint):
    endpoint.is_active = False
    endpoint.save()

    assert "Its endpoint is off." in body_of(client.get(f"{LIST}small/"))


def test_what_is_written_about_an_agent_is_no_code(client, agent, runner):
    make_agent({**GIVEN, "note": "<script>", "settings": {"instructions": "<b>x"}}, by=runner)

    for url in (LIST, f"{LIST}small/"):
        assert "&lt;script&gt;" in body_of(client.get(url))
        assert "<script>" not in body_of(client.get(url)).replace("<script src", "")


def test_the_list_asks_the_same_however_many_there_are(
    client, endpoint, runner, django_assert_num_queries
):
    for number in range(5):
        make_agent({**GIVEN, "name": f"small-{number}"}, by=runner)

    with django_assert_num_queries(4):
        client.get(LIST)


# services


@pytest.mark.parametrize("role", ["author", "reviewer", "analyst"])
def test_others_only_look(agent, role):
    person = make_user("", role)

    assert AgentConfiguration.objects.visible_to(person).exists()
    for do in (
        lambda: make_agent({**GIVEN, "name": "other"}, by=person),
        lambda: retire_agent(agent, by=person),
        lambda: unretire_agent(agent, by=person),
    ):
        with pytest.raises(Forbidden):
            do()


def test_people_without_a_role_see_none(agent):
    assert not AgentConfiguration.objects.visible_to(make_user())
    assert agent in AgentConfiguration.objects.visible_to(agent.created_by)


def test_the_spec_of_an_agent_has_what_workers_need_and_no_address(agent, endpoint):
    spec = agent_spec_of(agent)

    assert (spec.kind, spec.name) == ("chat", "small@1")
    assert spec.config == {
        "configuration_id": agent.pk,
        "endpoint_id": endpoint.pk,
        "endpoint": "local",
        "model": "small-1",
        "settings": AgentSettings(temperature=0.5).model_dump(mode="json"),
    }


def test_an_unknown_endpoint_and_a_twin_are_refused(agent, runner):
    with pytest.raises(Problems, match="endpoint: there is none named 'nowhere'"):
        make_agent({**GIVEN, "endpoint": "nowhere"}, by=runner)
    with pytest.raises(Conflict, match="it is exactly small@1 already"):
        make_agent({**GIVEN, "settings": {"temperature": 0.5}, "note": "other"}, by=runner)


# REST


def test_agents_are_made_changed_and_retired_over_rest(client, endpoint):
    made = client.post(API, {**GIVEN, "limits": {"max_calls": 0}}, content_type="application/json")
    assert made.status_code == 201
    assert made.json()["key"] == "small@1"
    assert made.json()["price"] == PRICES["small-1"]

    changes = {"model": "small-2", "settings": {"temperature": 0}}
    second = client.post(f"{API}small@1/versions/", changes, content_type="application/json")
    assert second.status_code == 201
    assert (second.json()["model"], second.json()["settings"]["temperature"]) == ("small-2", 0)
    assert (second.json()["key"], second.json()["limits"]["max_calls"]) == ("small@2", 0)

    assert client.post(f"{API}small@1/retire/").json()["is_retired"] is True
    listed = client.get(API, {"is_retired": "true"}).json()["results"]
    assert [agent["key"] for agent in listed] == ["small@1"]
    assert client.post(f"{API}small@1/bring-back/").json()["is_retired"] is False
    assert client.get(f"{API}small@9/").status_code == 404


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({**GIVEN, "temperature": 1}, "there is no field 'temperature'"),
        ({**GIVEN, "settings": {"temperature": 9}}, "settings.temperature"),
        ({**GIVEN, "limits": {"max_calls": "many"}}, "limits.max_calls"),
        ({"name": "small"}, "required"),
    ],
)
def test_bad_agents_are_refused_over_rest(client, endpoint, sent, says):
    response = client.post(API, sent, content_type="application/json")

    assert response.status_code == 400
    assert says in response.json()["error"]["message"]


def test_others_make_none_over_rest(endpoint, author):
    client = signed_in(author)

    assert client.post(API, GIVEN, content_type="application/json").status_code == 403
    assert client.get(API).status_code == 200
