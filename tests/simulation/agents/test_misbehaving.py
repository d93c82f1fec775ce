"""Servers that misbehave, in each way that the loop knows: steps, messages, and the end."""

import json

import pytest

from simulation.agents import answers
from simulation.chat import EndpointUnusable, exchange
from simulation.play import play
from simulation.stops import GRADED, MASKED, StopReason
from tests.factories import chatting, make_endpoint, make_playing
from tests.model_server import Reply
from tests.simulation.agents.conftest import DONE, SEARCH, SELL

OVERFLOW = {"message": "no", "code": "context_length_exceeded"}


def errors_of(talked):
    return [json.loads(step.result)["error"]["code"] for step in talked.calls() if step.is_error]


# what passes


BUSY = Reply(status=429, headers={"Retry-After": "3"}, text="slow down")
PASSING = {
    "too many requests": BUSY,
    "server error": Reply(status=500),
    "overloaded": Reply(status=529),
    "dropped": Reply(drop=True),
    "half an answer": Reply(cut=20),
    "failure inside a success": Reply(raw='{"error": {"code": 503, "message": "busy"}}'),
}


@pytest.mark.parametrize("reply", PASSING.values(), ids=PASSING.keys())
def test_what_passes_is_asked_again_and_the_attempts_are_kept(reply, talk, clock):
    talked = talk(reply, reply, Reply(text=None, tool_calls=[SELL]), DONE)

    assert (talked.stop, len(talked.calls())) == (StopReason.DONE, 1)
    assert talked.sent[0] == talked.sent[1] == talked.sent[2]
    first, last = talked.said(), talked.steps[-1]
    assert len(first.exchange["attempts"]) == 3
    assert [attempt["error"] == "" for attempt in first.exchange["attempts"]] == [
        False,
        False,
        True,
    ]
    assert "attempts" not in last.exchange
    assert clock.slept == ([3.0, 3.0] if reply is BUSY else [0.5, 1.0])


def test_an_answer_that_does_not_come_is_asked_for_again(talk):
    talked = talk(Reply(delay=9), DONE, timeout_s=1)

    attempts = talked.said().exchange["attempts"]
    assert [attempt["status"] for attempt in attempts] == [None, 200]
    assert attempts[0]["error"] == "no answer within 1 s"


# what does not


NEVER = {
    "server error": (lambda body: Reply(status=500, text="broken"), 12, "HTTP 500: broken"),
    "dropped": (lambda body: Reply(drop=True), 12, "connection broke"),
    "bad request": (lambda body: Reply(status=400, text="no such role"), 1, "no such role"),
    "a page": (lambda body: Reply(raw="<html>Welcome</html>"), 1, "no JSON object"),
    "no choices": (lambda body: Reply(raw="{}"), 1, "no choices"),
    "huge": (lambda body: Reply(raw=b" " * 17_000_000), 1, "longer than 16,000,000 bytes"),
}


@pytest.mark.parametrize("name", NEVER)
def test_no_answer_masks_the_episode_and_all_attempts_are_kept(name, model_server, talk):
    model_server.answer, tries, words = NEVER[name]

    talked = talk()

    assert talked.stop is StopReason.PROVIDER_ERROR
    assert talked.stop in MASKED
    assert words in talked.outcome.detail
    assert talked.kinds == ["user", "error"]
    assert len(talked.said().exchange["attempts"]) == len(talked.sent) == tries
    assert talked.outcome.final_response == ""


def test_a_failure_after_calls_loses_no_call(talk, model_server):
    model_server.answer = lambda body: Reply(status=503)

    talked = talk(Reply(text=None, tool_calls=[SELL]))

    assert talked.kinds == ["user", "assistant", "tool_call", "error"]
    assert talked.playing.world.get("item", "lamp")["inStock"] == 8


OVERFLOWS = {
    "openai": Reply(status=400, error=OVERFLOW),
    "vllm": Reply(status=400, text="This model's maximum context length is 4096 tokens."),
    "llama.cpp": Reply(status=400, error={"message": "x", "type": "exceed_context_size_error"}),
    "anthropic": Reply(status=400, text="prompt is too long: 210000 tokens > 200000 maximum"),
    "too large": Reply(status=413, text="request is too long"),
    "gateway": Reply(raw=json.dumps({"error": {"code": 400, "message": "context window full"}})),
}


@pytest.mark.parametrize("reply", OVERFLOWS.values(), ids=OVERFLOWS.keys())
def test_messages_too_long_for_the_model_end_it_graded(reply, talk):
    talked = talk(Reply(text=None, tool_calls=[SELL]), reply)

    assert talked.stop is StopReason.CONTEXT_OVERFLOW
    assert talked.stop in GRADED
    assert talked.kinds == ["user", "assistant", "tool_call", "error"]
    (attempt,) = talked.steps[-1].exchange["attempts"]
    assert attempt["error"] in talked.outcome.detail
    assert len(talked.sent) == 2


FILTERED = [
    Reply(text="I was about", finish="content_filter"),
    Reply(status=400, error={"message": "x", "code": "content_filter"}),
    Reply(status=400, text="triggering Azure's content management policy"),
]


@pytest.mark.parametrize("reply", FILTERED)
def test_a_filter_ends_it_graded(reply, talk):
    talked = talk(Reply(text=None, tool_calls=[SEARCH]), reply)

    assert talked.stop is StopReason.CONTENT_FILTER
    assert talked.stop in GRADED


# answers that were cut off


CUT = {
    "length": StopReason.MAX_TOKENS,
    "max_tokens": StopReason.MAX_TOKENS,
    "content_filter": StopReason.CONTENT_FILTER,
    "model_context_window_exceeded": StopReason.CONTEXT_OVERFLOW,
}


@pytest.mark.parametrize("finish", CUT)
def test_calls_of_an_answer_that_was_cut_off_are_not_executed(finish, talk):
    talked = talk(Reply(text="So", tool_calls=[SELL, ("sell", '{"buyer": "d')], finish=finish))

    assert (talked.stop, talked.calls()) == (CUT[finish], [])
    assert talked.stop in GRADED
    exchange = talked.said().exchange
    assert "calls" not in exchange
    assert [call["name"] for call in exchange["left_out"]] == ["sell", "sell"]
    assert "not executed: 2" in talked.outcome.detail
    assert talked.outcome.final_response == "So"
    assert not talked.playing.world.diff()


def test_a_json_answer_that_was_cut_off_is_kept_as_its_words_with_the_reason(talk):
    half = '{"tool": "sell", "arguments": {"buyer": "d'
    talked = talk(Reply(text=half, finish="length"), can={"tools": "json"})

    assert (talked.stop, talked.calls()) == (StopReason.MAX_TOKENS, [])
    assert (talked.said().content, talked.outcome.final_response) == (half, half)
    assert "left_out" not in talked.said().exchange
    assert talked.outcome.detail == "the answer was cut off at the limit of its tokens"


def test_a_whole_call_in_a_json_answer_that_was_cut_off_is_left_out_by_its_name(talk):
    whole = '{"tool": "sell", "arguments": {"buyer": "dee", "item_id": "lamp"}}'
    talked = talk(Reply(text=whole, finish="length"), can={"tools": "json"})

    assert (talked.stop, talked.calls()) == (StopReason.MAX_TOKENS, [])
    assert [call["name"] for call in talked.said().exchange["left_out"]] == ["sell"]


def test_every_end_that_cuts_an_answer_off_has_its_reason():
    assert set(answers.CUT_OFF) == exchange.CUT_OFF
    assert set(answers.CUT_OFF.values()) == set(answers.WHY)


def test_words_that_were_cut_off_are_the_last_ones(talk):
    talked = talk(Reply(text="The lamps are", finish="length"))

    assert (talked.stop, talked.outcome.final_response) == (
        StopReason.MAX_TOKENS,
        "The lamps are",
    )


# calls that cannot be made


BAD = {
    "broken JSON": ("sell", '{"buyer": "de', "invalid_argument"),
    "no object": ("sell", "[1]", "invalid_argument"),
    "not what the tool takes": ("sell", '{"buyer": 1, "item_id": "lamp"}', "invalid_argument"),
    "an argument too many": ("searchSales", '{"colour": "red"}', "invalid_argument"),
    "NaN": ("sell", '{"buyer": "d", "item_id": "lamp", "qty": NaN}', "invalid_argument"),
    "unknown tool": ("fly", "{}", "not_found"),
    "no name": ("", "{}", "not_found"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_call_that_cannot_be_made_is_answered_with_its_error(name, talk):
    tool, arguments, code = BAD[name]

    talked = talk(Reply(text=None, tool_calls=[SELL, (tool, arguments), SELL]), DONE)

    assert errors_of(talked) == [code]
    asked, *results = talked.sent[1][1:]
    function = {"name": tool, "arguments": arguments}
    assert asked["tool_calls"][1]["function"] == function
    assert [m["tool_call_id"] for m in results] == ["call_1", "call_2", "call_3"]
    assert json.loads(results[1]["content"])["error"]["code"] == code
    assert talked.playing.world.get("item", "lamp")["inStock"] == 6


def test_errors_in_a_row_are_the_end(talk, model_server):
    model_server.answer = lambda body: Reply(text=None, tool_calls=[("fly", "{}")])

    talked = talk(spec={"budgets": {"max_errors": 3}})

    assert (talked.stop, len(talked.sent)) == (StopReason.TOO_MANY_ERRORS, 3)


def test_servers_that_read_arguments_are_sent_back_none_that_are_broken(talk):
    reply = Reply(text=None, tool_calls=[("sell", "{"), SELL])

    talked = talk(reply, DONE, can={"arguments_back": "valid"})

    sent = [call["function"]["arguments"] for call in talked.sent[1][1]["tool_calls"]]
    assert sent == ["{}", SELL[1]]
    assert talked.calls()[0].arguments_raw == "{"


def nameless(call_id=...):
    made = {"type": "function", "function": {"name": "searchSales", "arguments": "{}"}}
    return made if call_id is ... else {**made, "id": call_id}


IDS = {
    "missing": [nameless(), nameless()],
    "null": [nameless(None), nameless(None)],
    "empty": [nameless(""), nameless("")],
    "twice": [nameless("a"), nameless("a")],
    "endless": [nameless("a" * 250), nameless("a" * 250)],
    "numbers": [nameless(1), nameless(1)],
}


@pytest.mark.parametrize("calls", IDS.values(), ids=IDS.keys())
def test_each_call_has_an_id_of_its_own_that_stays(calls, talk):
    reply = Reply(text=None, tool_calls=calls)

    talked = talk(reply, reply, DONE)

    last = talked.sent[2]
    asked = [call["id"] for m in last for call in m.get("tool_calls", ())]
    assert asked == [m["tool_call_id"] for m in last if m["role"] == "tool"]
    assert asked == [step.call_id for step in talked.calls()]
    assert (len(set(asked)), max(map(len, asked)) <= 200, "" in asked) == (4, True, False)
    assert last[: len(talked.sent[1])] == talked.sent[1]


def test_arguments_as_an_object_are_taken_for_what_they_mean(talk):
    call = {"id": "x", "function": {"name": "sell", "arguments": json.loads(SELL[1])}}

    (made,) = talk(Reply(text=None, tool_calls=[call]), DONE).calls()

    assert (made.is_error, made.arguments["qty"]) == (False, 2)


def test_content_in_parts_is_joined_and_no_usage_counts_nothing(talk):
    parts = [{"type": "text", "text": "Sold "}, {"type": "text", "text": "two."}]

    talked = talk(Reply(usage=None, message={"content": parts}))

    assert talked.outcome.final_response == "Sold two."
    assert talked.said().tokens == {}
    assert "no usage" in talked.said().note


# what an admin has to mend


MENDED = {
    "no key": Reply(status=401, text="no key"),
    "not paid": Reply(status=402, text="no credit"),
    "not allowed": Reply(status=403, text="not yours"),
    "no model": Reply(status=404, text="no such model"),
    "elsewhere": Reply(status=308, headers={"Location": "/v2"}),
}


@pytest.mark.parametrize("reply", MENDED.values(), ids=MENDED.keys())
def test_what_an_admin_can_mend_is_no_end(reply, talk):
    with pytest.raises(EndpointUnusable, match=f"HTTP {reply.status}"):
        talk(reply)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"is_active": False}, "switched off"),
        ({"key_variable": "EG_MODEL_KEY_NOT_SET"}, "EG_MODEL_KEY_NOT_SET"),
    ],
)
@pytest.mark.django_db
def test_an_endpoint_that_cannot_be_asked_is_no_end(fields, words, store):
    endpoint = make_endpoint(**fields)

    with pytest.raises(EndpointUnusable, match=words):
        play(make_playing(store), chatting(endpoint), lambda steps: None)
