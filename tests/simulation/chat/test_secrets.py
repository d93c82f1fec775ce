"""A key goes to its server and nowhere else: into no error, attempt, answer, log or page."""

import json
import logging

import pytest

from simulation.chat import ModelFailed, ModelRefusedRequest, ModelUnreadable, client_for
from simulation.chat.keys import KEY_REMOVED
from tests.model_server import Reply
from tests.simulation.chat.conftest import KEY, endpoint_of, question

VARIABLE = "EG_MODEL_KEY_TEST"


@pytest.fixture(autouse=True)
def _key(monkeypatch):
    monkeypatch.setenv(VARIABLE, KEY)


@pytest.fixture
def keyed(client):
    return client(key_variable=VARIABLE)


def said_back(body):
    """A server that says the key back wherever it can."""
    return Reply(
        text=f"Your key is {KEY}.",
        tool_calls=[
            {"id": KEY, "type": "function", "function": {"name": KEY, "arguments": f'["{KEY}"]'}}
        ],
        finish=KEY,
        reasoning=f"They sent {KEY}",
        body={"model": KEY},
    )


def test_the_key_is_sent_as_a_bearer_and_read_anew_for_every_client(
    model_server, client, monkeypatch
):
    client(key_variable=VARIABLE).ask(question())
    monkeypatch.setenv(VARIABLE, "  another-key\n")
    client(key_variable=VARIABLE).ask(question())

    sent = [request.headers["authorization"] for request in model_server.requests]
    assert sent == [f"Bearer {KEY}", "Bearer another-key"]


def test_without_a_key_nothing_is_sent_in_its_place(model_server, client):
    client().ask(question())

    assert "authorization" not in model_server.requests[0].headers


def test_nothing_else_of_the_machine_is_told(model_server, client, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-somebody-else")
    monkeypatch.setenv("OPENAI_ADMIN_KEY", "sk-of-the-admin")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-1")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "project-1")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "Authorization: Bearer x\nX-Secret: y")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NETRC", "/dev/null")
    model_server.replies.append(Reply(headers={"Set-Cookie": "session=1; Path=/"}))

    client().ask(question())
    client().ask(question())

    names = {"host", "accept", "accept-encoding", "connection", "content-length", "content-type"}
    for request in model_server.requests:
        assert set(request.headers) <= names, request.headers


def test_what_a_server_says_back_has_no_key_in_it(model_server, keyed):
    model_server.answer = said_back

    answer = keyed.ask(question())

    assert KEY not in repr(answer)
    assert answer.text == f"Your key is {KEY_REMOVED}."
    assert "text: held the endpoint's key" in answer.notes


@pytest.mark.parametrize("status", [400, 401, 429, 500])
@pytest.mark.parametrize("is_plain", [True, False])
def test_no_error_and_no_attempt_has_the_key(status, is_plain, model_server, keyed):
    raw = f"bad key {KEY}" if is_plain else json.dumps({"error": {"message": KEY, "code": KEY}})
    model_server.answer = lambda body: Reply(status=status, raw=raw)

    with pytest.raises(ModelFailed) as raised:
        keyed.ask(question())

    told = [str(raised.value), repr(raised.value.as_json()), repr(raised.value.attempts)]
    assert not [text for text in told if KEY in text]
    assert KEY_REMOVED in raised.value.attempts[0].error


@pytest.mark.parametrize("raw", [f"<p>{KEY}</p>", json.dumps({"error": {"message": KEY}})])
def test_no_unreadable_answer_shows_it_either(raw, model_server, keyed):
    model_server.answer = lambda body: Reply(raw=raw)

    with pytest.raises(ModelUnreadable) as raised:
        keyed.ask(question())

    assert KEY not in str(raised.value) + repr(raised.value.attempts)


def test_no_log_has_it_even_where_everything_is_logged(model_server, keyed, caplog):
    for name in ("", "openai", "httpx2", "httpcore2"):
        caplog.set_level(logging.DEBUG, logger=name)
    model_server.replies.extend([Reply(status=500, text="no"), Reply()])

    keyed.ask(question())

    assert len(caplog.records) > 5
    assert KEY not in caplog.text
    assert not [r for r in caplog.records if KEY in f"{r.__dict__}"]


def test_a_client_does_not_show_its_key(keyed):
    assert KEY not in repr(keyed)


@pytest.mark.parametrize(
    ("value", "why"),
    [("", "is not set here"), ("   ", "is not set here"), ("ké y", "spaces or characters")],
)
def test_a_key_that_is_not_there_or_is_none_is_said_by_its_name(
    value, why, model_server, monkeypatch
):
    monkeypatch.setenv(VARIABLE, value)

    with pytest.raises(ModelFailed, match=f"{VARIABLE}.*{why}"):
        client_for(endpoint_of(model_server, key_variable=VARIABLE))


def test_an_endpoint_that_is_switched_off_is_not_asked(model_server):
    with pytest.raises(ModelFailed, match="switched off"):
        client_for(endpoint_of(model_server, is_active=False))


def test_a_placeholder_that_is_any_word_is_not_taken_out_of_answers(
    model_server, client, monkeypatch
):
    monkeypatch.setenv(VARIABLE, "none")
    model_server.replies.append(Reply(text="There are none left."))

    assert client(key_variable=VARIABLE).ask(question()).text == "There are none left."


def test_a_refusal_of_the_key_is_told_in_the_servers_words(model_server, keyed):
    model_server.answer = lambda body: Reply(status=401, text="Incorrect API key provided")

    with pytest.raises(ModelRefusedRequest, match="local: HTTP 401: Incorrect API key provided"):
        keyed.ask(question())


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize("before", [295, 1195])
def test_no_part_of_the_key_is_left_where_words_are_cut(status, before, model_server, keyed):
    page = f"{' ' * (before - 5)}You: {KEY} is wrong" if status == 400 else f"{'.' * before}{KEY}"
    model_server.answer = lambda body: Reply(status=status, raw=page)

    with pytest.raises(ModelFailed) as raised:
        keyed.ask(question())

    told = str(raised.value) + repr(raised.value.attempts)
    assert KEY[:4] not in told


def test_what_a_header_says_back_has_no_key_in_it_either(model_server, keyed):
    model_server.answer = lambda body: Reply(headers={"Content-Encoding": KEY})

    with pytest.raises(ModelUnreadable, match="is compressed") as raised:
        keyed.ask(question())

    assert KEY not in str(raised.value) + repr(raised.value.attempts)


def test_an_error_may_be_nested_as_deep_as_it_can_be_read(model_server, client):
    for depth in range(850, 1000, 3):
        raw = '{"error": {"message": ' + "[" * depth + "]" * depth + "}}"
        model_server.answer = lambda body, raw=raw: Reply(status=400, raw=raw)

        with pytest.raises(ModelRefusedRequest):
            client().ask(question())
