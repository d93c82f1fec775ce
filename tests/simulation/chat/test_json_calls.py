"""Models that know no tool calls: told in words, held to a form, read as calls."""

import json

import jsonschema
import pytest

from simulation.chat import ToolCall
from simulation.chat.answers import MAX_NAME
from simulation.chat.body import written
from simulation.chat.capabilities import Capabilities
from simulation.chat.json_calls import read_answer
from simulation.environments import environment
from simulation.tools import function_definitions
from tests.model_server import Reply
from tests.simulation.chat.conftest import question

TOOLS = tuple(function_definitions(environment("mock_store").toolsets["default"]))
CAN = {"tools": "json"}


def body(*messages, tools=TOOLS, **can):
    request = question(messages=messages or ({"role": "user", "content": "Sell."},), tools=tools)
    return written(request, Capabilities(**CAN, **can))


def test_the_tools_are_told_after_the_system_prompt_and_the_form_is_asked_for():
    sent = body({"role": "system", "content": "You sell."}, {"role": "user", "content": "Sell."})

    system, user = sent["messages"]
    assert system["content"].startswith("You sell.\n\nYou act by calling tools")
    assert [json.loads(line) for line in system["content"].splitlines()[-len(TOOLS) :]] == [
        tool["function"] for tool in TOOLS
    ]
    assert user == {"role": "user", "content": "Sell."}
    assert "tools" not in sent


def test_without_a_system_prompt_the_tools_are_one():
    assert [message["role"] for message in body()["messages"]] == ["system", "user"]


def test_a_question_without_tools_is_as_ever():
    assert body(tools=()).keys() == {"model", "messages", "temperature"}


@pytest.mark.parametrize("answer", [{"answer": "Sold."}, {"tool": "searchSales", "arguments": {}}])
def test_the_schema_takes_an_answer_and_each_call(answer):
    jsonschema.validate(answer, schema())


@pytest.mark.parametrize(
    "answer",
    [
        {"tool": "fly", "arguments": {}},
        {"tool": "sell", "arguments": {"buyer": 1}},
        {"tool": "sell"},
        {"answer": "Sold.", "tool": "sell"},
        {},
    ],
)
def test_the_schema_takes_nothing_else(answer):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(answer, schema())


def schema():
    return body()["response_format"]["json_schema"]["schema"]


def test_what_was_called_and_came_of_it_is_written_as_the_model_wrote_it():
    function = {"name": "sell", "arguments": '{"qty": 1}'}
    broken = {"name": "sell", "arguments": '{"qty'}
    sent = body(
        {"role": "user", "content": "Sell."},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": "a", "function": function}],
        },
        {"role": "tool", "tool_call_id": "a", "content": '{"id": 7}'},
        {"role": "assistant", "content": None, "tool_calls": [{"id": "b", "function": broken}]},
        {"role": "tool", "tool_call_id": "b", "content": "no"},
        {"role": "assistant", "content": "Sold.", "reasoning": "hm"},
    )

    assert sent["messages"][2:] == [
        {"role": "assistant", "content": '{"tool": "sell", "arguments": {"qty": 1}}'},
        {"role": "user", "content": 'Result of sell:\n{"id": 7}'},
        {"role": "assistant", "content": '{"tool": "sell", "arguments": "{\\"qty"}'},
        {"role": "user", "content": "Result of sell:\nno"},
        {"role": "assistant", "content": '{"answer": "Sold."}'},
    ]


CALL = '{"tool": "sell", "arguments": {"buyer": "é", "qty": 2}}'
READ = {
    CALL: ("", (ToolCall("", "sell", '{"buyer": "é", "qty": 2}'),)),
    f"```json\n{CALL}\n```": ("", (ToolCall("", "sell", '{"buyer": "é", "qty": 2}'),)),
    '{"tool": "searchSales"}': ("", (ToolCall("", "searchSales", "{}"),)),
    '{"tool": "sell", "arguments": [1]}': ("", (ToolCall("", "sell", "[1]"),)),
    ' {"answer": "Sold."} ': ("Sold.", ()),
    '{"answer": ""}': ("", ()),
    "Sold, as {you} asked.": ("Sold, as {you} asked.", ()),
    "": ("", ()),
    '{"tool": "sell", "argu': ("", (ToolCall("", "", '{"tool": "sell", "argu'),)),
    '{"answer": 7}': ("", (ToolCall("", "", '{"answer": 7}'),)),
    '{"answer": NaN}': ("", (ToolCall("", "", '{"answer": NaN}'),)),
}


@pytest.mark.parametrize("text", READ)
def test_answers_are_read_as_calls_or_words(text):
    assert read_answer(text) == READ[text]


def test_the_client_gives_ordinary_calls(model_server, client):
    model_server.replies.append(Reply(text=CALL))

    answer = client(capabilities=CAN).ask(question(tools=TOOLS))

    assert (answer.text, answer.tool_calls) == READ[CALL]


def test_what_is_escaped_in_words_passes_the_boundary_too(model_server, client):
    said = {"tool": f"se\0ll\ud800{'n' * 900}", "arguments": {"a": "\ud800"}}
    model_server.replies.append(Reply(text=json.dumps(said)))
    model_server.replies.append(Reply(text='{"answer": "a\\u0000b"}'))
    asker = client(capabilities={"tools": "json"})

    called, told = (asker.ask(question(tools=TOOLS)) for _ in range(2))

    (call,) = called.tool_calls
    assert call.name.startswith("se\ufffdll\ufffdnn")
    assert len(call.name) == MAX_NAME
    assert call.arguments_raw == '{"a": "\ufffd"}'
    assert "tool name" in "; ".join(called.notes)
    assert told.text == "a\ufffdb"
