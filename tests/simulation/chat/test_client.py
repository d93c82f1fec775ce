"""The client against a real server: what it sends, reads, repeats and refuses."""

import datetime as dt
from decimal import Decimal
from email.utils import format_datetime

import pytest

from simulation.chat import (
    ContextOverflow,
    ModelRefusedRequest,
    ModelUnavailable,
    ModelUnreadable,
    Retries,
    ToolCall,
    Usage,
)
from tests.model_server import Reply
from tests.simulation.chat.conftest import question

NOW = dt.datetime(2026, 11, 25, 12, 0, 0, tzinfo=dt.UTC)


def statuses(attempts):
    return [attempt.status for attempt in attempts]


def test_an_answer_has_its_text_tokens_and_one_attempt(model_server, client):
    model_server.replies.append(
        Reply(
            text="Hi.",
            usage={
                "prompt_tokens": 100,
                "completion_tokens": 20,
                "prompt_tokens_details": {"cached_tokens": 40},
                "completion_tokens_details": {"reasoning_tokens": 7},
            },
        )
    )

    answer = client().ask(question())

    assert (answer.text, answer.finish_reason, answer.model) == ("Hi.", "stop", "small")
    assert answer.usage == Usage(prompt=100, completion=20, cached=40, reasoning=7)
    assert [(a.status, a.error, a.waited_s) for a in answer.attempts] == [(200, "", 0.0)]


# the table of what servers do


def test_too_many_requests_twice_is_waited_out_as_long_as_asked(model_server, client, clock):
    busy = Reply(status=429, headers={"Retry-After": "3"}, text="slow down")
    model_server.replies.extend([busy, busy, Reply(text="at last")])

    answer = client().ask(question())

    assert answer.text == "at last"
    assert clock.slept == [3.0, 3.0]
    assert statuses(answer.attempts) == [429, 429, 200]
    assert [attempt.waited_s for attempt in answer.attempts] == [0.0, 3.0, 3.0]
    assert "slow down" in answer.attempts[0].error


def test_a_moment_to_come_back_at_is_waited_for(model_server, client, clock):
    moment = format_datetime(NOW + dt.timedelta(seconds=7), usegmt=True)
    model_server.replies.append(Reply(status=429, headers={"Retry-After": moment}))

    client(pace=clock.pace(now=lambda: NOW)).ask(question())

    assert clock.slept == [7.0]


def test_a_server_that_always_fails_is_asked_five_times_with_growing_waits(
    model_server, client, clock
):
    model_server.answer = lambda body: Reply(status=500, text="out of order")

    with pytest.raises(ModelUnavailable, match=r"HTTP 500: out of order.*after 5 tries") as raised:
        client().ask(question())

    assert statuses(raised.value.attempts) == [500] * 5
    assert clock.slept == [0.5, 1.0, 2.0, 4.0]
    assert raised.value.code == "provider_error"


@pytest.mark.parametrize(
    "error",
    [
        {"message": "This model's maximum context length is 8192", "code": None},
        {"message": "no", "type": "invalid_request_error", "code": "context_length_exceeded"},
        {"message": "too big", "type": "exceed_context_size_error", "code": 400},
        {"message": "prompt is too long: 210000 tokens > 200000 maximum"},
    ],
)
def test_messages_that_are_too_long_are_told_apart_and_not_sent_again(error, model_server, client):
    model_server.answer = lambda body: Reply(status=400, error=error)

    with pytest.raises(ContextOverflow):
        client().ask(question())

    assert len(model_server.requests) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 422])
def test_other_refusals_are_not_sent_again(status, model_server, client, clock):
    model_server.answer = lambda body: Reply(status=status, text="no such model")

    with pytest.raises(ModelRefusedRequest, match=f"HTTP {status}: no such model"):
        client().ask(question())

    assert len(model_server.requests) == 1
    assert clock.slept == []


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 504, 529])
def test_what_may_pass_is_sent_again(status, model_server, client):
    model_server.replies.append(Reply(status=status))

    assert statuses(client().ask(question()).attempts) == [status, 200]


def test_an_answer_that_does_not_come_is_given_up_and_asked_for_again(model_server, client):
    model_server.replies.append(Reply(delay=5))

    answer = client(timeout_s=0.2).ask(question())

    assert statuses(answer.attempts) == [None, 200]
    assert answer.attempts[0].error == "no answer within 0.2 s"


def test_an_answer_that_comes_byte_by_byte_has_no_longer_either(model_server, client):
    model_server.replies.append(Reply(pace=0.05))

    answer = client(timeout_s=0.3).ask(question())

    assert statuses(answer.attempts) == [None, 200]


def test_broken_arguments_of_a_tool_call_are_passed_on_as_they_are(model_server, client):
    calls = [("sell", '{"buyer": "dee"}'), ("sell", '{"buyer": "de')]
    model_server.replies.append(Reply(text=None, tool_calls=calls))

    answer = client().ask(question())

    assert answer.text == ""
    assert answer.tool_calls == (
        ToolCall("call_1", "sell", '{"buyer": "dee"}'),
        ToolCall("call_2", "sell", '{"buyer": "de'),
    )


def test_a_finish_reason_is_the_servers_even_beside_tool_calls(model_server, client):
    model_server.replies.append(Reply(tool_calls=[("look", "{}")], finish="stop"))

    answer = client().ask(question())

    assert (answer.finish_reason, len(answer.tool_calls)) == ("stop", 1)


@pytest.mark.parametrize("member", ["reasoning_content", "reasoning"])
def test_reasoning_is_kept_apart_from_the_text(member, model_server, client):
    model_server.replies.append(Reply(text="42", message={member: "six times seven"}))

    answer = client().ask(question())

    assert (answer.text, answer.reasoning) == ("42", "six times seven")


def test_a_body_that_ends_too_early_is_asked_for_again(model_server, client):
    model_server.replies.append(Reply(cut=20))

    answer = client().ask(question())

    assert statuses(answer.attempts) == [None, 200]
    assert "the connection broke" in answer.attempts[0].error


def test_a_connection_that_is_dropped_is_made_again(model_server, client):
    model_server.replies.append(Reply(drop=True))

    assert statuses(client().ask(question()).attempts) == [None, 200]


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("<html>Sign in</html>", "no JSON object; it begins '<html>Sign in</html>'"),
        ("", "no JSON object"),
        ("[1]", "no JSON object"),
        ('{"choices": [{"message"', "no JSON object"),
        ("[" * 100_000, "no JSON object"),
        ('{"choices": NaN}', "no JSON object"),
        (b"\xff\xfe\x00", "no JSON object"),
        ("{}", "no choices"),
        ('{"choices": []}', "no choices"),
        ('{"choices": [7]}', "no choices"),
        ('{"choices": [{"text": "old"}]}', "no choices"),
        ('{"error": {"message": "upstream failed"}}', "it says: upstream failed"),
    ],
)
def test_what_is_not_the_protocol_is_unreadable_and_not_asked_again(raw, why, model_server, client):
    model_server.answer = lambda body: Reply(raw=raw)

    with pytest.raises(ModelUnreadable) as raised:
        client().ask(question())

    assert why in raised.value.message
    assert statuses(raised.value.attempts) == [200]
    assert len(model_server.requests) == 1


@pytest.mark.parametrize("status", [200, 400])
def test_an_answer_without_end_is_cut_off(status, model_server, client, monkeypatch):
    monkeypatch.setattr("simulation.chat.wire.MAX_ANSWER", 10_000)
    model_server.answer = lambda body: Reply(status=status, raw="x" * 1_000_000)

    with pytest.raises(ModelUnreadable, match="longer than 10,000 bytes") as raised:
        client().ask(question())

    assert len(raised.value.attempts) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(status, model_server, client):
    target = model_server.url.replace("/v1", "/elsewhere")
    model_server.answer = lambda body: Reply(status=status, headers={"Location": target})

    with pytest.raises(ModelUnreadable, match="redirects are not followed"):
        client().ask(question())

    assert [request.path for request in model_server.requests] == ["/v1/chat/completions"]


def test_a_server_that_is_not_there_is_tried_until_tries_are_used_up(client, clock):
    with pytest.raises(ModelUnavailable, match="no connection") as raised:
        client(base_url="http://127.0.0.1:9/v1").ask(question())

    assert statuses(raised.value.attempts) == [None] * 5


# waiting


def test_a_wait_that_would_last_too_long_is_not_begun(model_server, client, clock):
    model_server.answer = lambda body: Reply(status=429, headers={"Retry-After": "3600"})

    with pytest.raises(ModelUnavailable, match=r"due in 3600\.0 s, and 120 s are allowed"):
        client().ask(question())

    assert clock.slept == []


def test_all_waits_together_are_limited(model_server, client, clock):
    model_server.answer = lambda body: Reply(status=503, headers={"Retry-After": "50"})

    with pytest.raises(ModelUnavailable, match="after 3 tries in 100"):
        client(retries=Retries(most=50, total_s=120)).ask(question())

    assert clock.slept == [50.0, 50.0]


@pytest.mark.parametrize("value", ["soon", "-5", "nan", "1e9", "", "Wed, 99 Foo 2026"])
def test_a_retry_after_that_says_nothing_is_as_none(value, model_server, client, clock):
    model_server.replies.append(Reply(status=429, headers={"Retry-After": value}))

    client().ask(question())

    assert clock.slept == [0.5]


# money


PRICES = {"small": {"prompt": "2", "cached": "0.5", "completion": "8"}}
TOKENS = {
    "prompt_tokens": 1000,
    "completion_tokens": 100,
    "prompt_tokens_details": {"cached_tokens": 400},
}


def test_an_answer_costs_what_the_endpoint_says(model_server, client):
    model_server.replies.append(Reply(usage=TOKENS))

    answer = client(prices=PRICES).ask(question())

    # 600 × 2 + 400 × 0.5 + 100 × 8, for a million each
    assert answer.cost == Decimal("0.002200")
    assert answer.notes == ()


def test_without_a_price_or_tokens_it_costs_nothing_and_says_so(model_server, client):
    model_server.replies.append(Reply(usage=None))

    answer = client().ask(question())

    assert (answer.cost, answer.usage) == (0, Usage())
    assert answer.notes == (
        "the server told no usage; it is counted as zero",
        "small has no price; the cost counts as 0",
    )
