"""Answers of servers that leave things out, put odd things in, or mean harm."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.chat import (
    ModelRefusedRequest,
    ModelUnreadable,
    Usage,
)
from simulation.chat.answers import Boundary, read_message
from tests.model_server import Reply
from tests.simulation.chat.conftest import question


def test_texts_are_storable_and_what_was_changed_is_noted(model_server, client):
    raw = (
        r'{"model": "small", "choices": [{"message": {"content": "a\u0000b \ud800",'
        r' "reasoning_content": "c\u0000", "tool_calls": [{"id": "1\u0000", "function":'
        r' {"name": "look\u0000", "arguments": "{\"a\": \"\u0000\"}"}}]}}]}'
    )
    model_server.replies.append(Reply(raw=raw))

    answer = client().ask(question())

    assert answer.text == "a\ufffdb \ufffd"
    assert (answer.reasoning, answer.tool_calls[0].name) == ("c\ufffd", "look\ufffd")
    assert answer.tool_calls[0].arguments_raw == '{"a": "\ufffd"}'
    assert "text: 2 characters that cannot be stored became U+FFFD" in answer.notes


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ({"content": None}, ""),
        ({"content": ""}, ""),
        ({}, ""),
        ({"content": 7}, ""),
        ({"content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}, "ab"),
        ({"content": [{"type": "image"}, 3, {"text": 4}]}, ""),
        ({"content": None, "refusal": "I cannot help with that."}, "I cannot help with that."),
    ],
)
def test_a_message_has_its_text_in_whatever_form_it_comes(message, text, model_server, client):
    model_server.replies.append(Reply(raw=json.dumps({"choices": [{"message": message}]})))

    assert client().ask(question()).text == text


@pytest.mark.parametrize(
    ("calls", "count"),
    [
        (None, 0),
        ("look", 0),
        ({}, 0),
        ([None], 1),
        ([{}], 1),
        ([{"function": None}], 1),
        ([{"function": {"name": 5, "arguments": 6}}], 1),
        ([{"id": "1", "function": {"name": "look"}}] * 500, 128),
    ],
)
def test_odd_tool_calls_stay_calls_that_can_be_answered(calls, count, model_server, client):
    model_server.replies.append(Reply(message={"tool_calls": calls}))

    answer = client().ask(question())

    assert len(answer.tool_calls) == count
    assert all(isinstance(call.arguments_raw, str) for call in answer.tool_calls)


def test_arguments_that_came_as_an_object_are_written_as_json(model_server, client):
    call = {"id": "1", "function": {"name": "look", "arguments": {"ä": [1, None]}}}
    model_server.replies.append(Reply(tool_calls=[call]))

    assert client().ask(question()).tool_calls[0].arguments_raw == '{"ä": [1, null]}'


@pytest.mark.parametrize(
    "usage",
    [
        {},
        {"prompt_tokens": None, "completion_tokens": "many"},
        {"prompt_tokens": -5, "completion_tokens": 1e300},
        {"prompt_tokens": 2**70, "prompt_tokens_details": 3},
        {"prompt_tokens": [1], "completion_tokens_details": {"reasoning_tokens": {}}},
    ],
)
def test_tokens_that_are_no_numbers_count_as_none(usage, model_server, client):
    model_server.replies.append(Reply(usage=usage))

    assert client().ask(question()).usage == Usage()


@pytest.mark.parametrize(
    ("code", "attempts"), [(502, [502, 200]), (429, [429, 200]), (404, [404]), ("oops", [200])]
)
def test_a_failure_inside_a_success_is_what_it_says(code, attempts, model_server, client):
    error = {"error": {"message": "upstream", "code": code}}
    model_server.replies.append(Reply(raw=json.dumps(error)))
    kinds = {404: ModelRefusedRequest, "oops": ModelUnreadable}

    if kind := kinds.get(code):
        with pytest.raises(kind) as raised:
            client().ask(question())
        tried = raised.value.attempts
    else:
        tried = client().ask(question()).attempts

    assert [attempt.status for attempt in tried] == attempts


def test_a_compressed_answer_is_not_unpacked(model_server, client):
    model_server.answer = lambda body: Reply(headers={"Content-Encoding": "gzip"})

    with pytest.raises(ModelUnreadable, match="compressed"):
        client().ask(question())


def test_a_long_error_is_shortened(model_server, client):
    model_server.answer = lambda body: Reply(status=400, text="x\n" * 5000)

    with pytest.raises(ModelRefusedRequest) as raised:
        client().ask(question())

    assert len(raised.value.message) < 400
    assert "\n" not in raised.value.message


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
MESSAGE = st.fixed_dictionaries(
    {},
    optional={
        "content": ANYTHING,
        "tool_calls": ANYTHING,
        "reasoning": ANYTHING,
        "reasoning_content": ANYTHING,
        "refusal": ANYTHING,
    },
)
ANSWER = st.fixed_dictionaries(
    {},
    optional={
        "choices": st.lists(st.fixed_dictionaries({"message": MESSAGE}), max_size=2) | ANYTHING,
        "usage": ANYTHING,
        "model": ANYTHING,
        "error": ANYTHING,
    },
)


@given(ANSWER)
def test_whatever_comes_is_read_or_refused(answer):
    body = json.dumps(answer).encode("utf-8", "surrogatepass")

    try:
        message = read_message(body, Boundary("a-secret-key"))
    except ModelUnreadable:
        return

    assert isinstance(message.text, str)
    message.text.encode()


@given(st.binary(max_size=200))
def test_bytes_that_are_no_json_are_refused(body):
    try:
        read_message(body, Boundary(""))
    except ModelUnreadable as error:
        error.message.encode()
