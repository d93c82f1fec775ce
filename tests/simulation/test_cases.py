"""Cases on lines of JSON: each on a fresh clone, hostile lines refused one by one."""

import io
import json
import os
import subprocess
import sys
import tracemalloc
from contextlib import suppress

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from config.bench.scratch import database_url
from simulation.calls import call_tool
from simulation.cases.reading import LINE_DEPTH, MAX_CALLS, MAX_LINE, MAX_SETUP, read_lines
from simulation.cases.running import Stage, answer_lines
from simulation.environments import environment
from simulation.setup import setup_changes
from simulation.state import WorldState
from simulation.tools import tool
from simulation.worlds import load_snapshot
from tests.factories import make_world

SELL = {"tool": "sell", "arguments": {"buyer": "dee", "item_id": "lamp", "qty": 2}}
PAY = {
    "tool": "updateSale",
    "arguments": {"sale_id": {"$ref": "1.id"}, "status": "paid"},
}
DEEP = "[" * 100_000 + "]" * 100_000


@pytest.fixture
def stage(store):
    return Stage(store)


def play_bytes(stage, data):
    lines = read_lines(io.BytesIO(data))
    return [json.loads(answer.line) for answer in answer_lines(stage, lines)]


def play(stage, *cases):
    return play_bytes(stage, b"".join(json.dumps(case).encode() + b"\n" for case in cases))


def one(stage, *calls, **members):
    (answer,) = play(stage, {"case": "c", "calls": calls, **members})
    return answer


# results, changes, hash


def test_a_case_gives_results_net_changes_and_the_hash_of_its_world(stage, store):
    answer = one(stage, SELL, PAY)

    state = WorldState(store)
    for call in (SELL, PAY):
        arguments = json.dumps(call["arguments"]).replace('{"$ref": "1.id"}', '"sale-250915-008"')
        call_tool(state, environment("mock_store").tools, call["tool"], arguments)
    assert list(answer) == ["case", "calls", "changes", "hash"]
    assert [call["is_error"] for call in answer["calls"]] == [False, False]
    assert answer["calls"][1]["result"]["status"] == "paid"
    assert answer["changes"] == [change.as_json() for change in state.diff()]
    assert answer["hash"] == state.hash()


def test_changes_are_whole_rows_sorted_and_null_where_there_is_none(stage):
    changes = one(stage, SELL, PAY)["changes"]

    assert [(change["entity_type"], change["id"]) for change in changes] == [
        ("item", "lamp"),
        ("sale", "sale-250915-008"),
    ]
    assert changes[0]["before"]["inStock"] == 10
    assert changes[0]["after"] == {**changes[0]["before"], "inStock": 8}
    assert changes[1]["before"] is None
    assert changes[1]["after"]["status"] == "paid"


def test_what_ends_as_it_began_is_no_change(stage):
    one_way = {"tool": "updateSale", "arguments": {"sale_id": "sale-250915-004", "status": "void"}}
    back = {"tool": "updateSale", "arguments": {"sale_id": "sale-250915-004", "status": "open"}}

    assert one(stage, one_way, back)["changes"] == []


def test_every_case_has_a_clone_of_its_own(stage):
    alone, *_, again = play(stage, *[{"case": n, "calls": [SELL, PAY]} for n in range(3)])

    assert {**alone, "case": 2} == again


def test_the_setup_is_no_change_but_part_of_the_hash(stage, store):
    setup = [{"op": "update", "entity_type": "item", "id": "lamp", "fields": {"inStock": 1}}]
    answer = one(stage, SELL, setup=setup)

    state = WorldState(store, setup_changes(store, setup))
    assert answer["calls"][0]["result"]["error"]["code"] == "conflict"
    assert answer["changes"] == []
    assert answer["hash"] == state.hash() != WorldState(store).hash()


def test_a_setup_of_null_or_nothing_is_none(stage):
    assert one(stage, SELL, setup=None) == one(stage, SELL, setup=[]) == one(stage, SELL)


def test_max_results_cuts_and_the_toolset_counts(store):
    search = {"tool": "searchSales", "arguments": {}}

    assert len(one(Stage(store), search)["calls"][0]["result"]) == 3
    assert len(one(Stage(store, max_results=2), search)["calls"][0]["result"]) == 2


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ({"tool": "fly", "arguments": {}}, "not_found"),
        ({"tool": "sell", "arguments": {"buyer": "dee"}}, "invalid_argument"),
        ({"tool": "sell", "arguments": [1]}, "invalid_argument"),
        ({"tool": "sell", "arguments": None}, "invalid_argument"),
        ({"tool": "sell", "arguments": {**SELL["arguments"], "qty": 2**70}}, "invalid_argument"),
        ({"tool": "sell", "arguments": {**SELL["arguments"], "qty": 11}}, "conflict"),
        ({"tool": "sell", "arguments": {**SELL["arguments"], "item_id": "ghost"}}, "not_found"),
    ],
)
def test_a_refused_call_gives_the_error_and_the_case_goes_on(stage, call, code):
    refused, sold = one(stage, call, SELL)["calls"]

    assert refused["is_error"]
    assert refused["result"]["error"]["code"] == code
    assert sold["result"]["id"] == "sale-250915-008"


@pytest.mark.parametrize(
    "reference",
    ["2.id", "3.id", "0.id", "x", "", "1.0", "1.nothing", "1.lines.1", "1.lines.-1", 7, None, []],
)
def test_a_reference_that_leads_nowhere_makes_its_call_invalid(stage, reference):
    failed = {"tool": "sell", "arguments": {"buyer": "dee"}}
    call = {"tool": "updateSale", "arguments": {"sale_id": {"$ref": reference}, "status": "paid"}}
    order = (failed, call, SELL) if reference == "x" else (SELL, failed, call)

    answer = one(stage, *order)
    result = answer["calls"][order.index(call)]

    assert result["is_error"]
    assert result["result"]["error"]["code"] == "invalid_argument"
    assert "$ref" in result["result"]["error"]["message"]


def test_a_reference_to_a_failed_call_is_invalid(stage):
    failed = {"tool": "sell", "arguments": {"buyer": "dee"}}

    answer = one(stage, failed, PAY)

    assert "call 1 failed" in answer["calls"][1]["result"]["error"]["message"]


def test_references_count_calls_from_one_and_positions_from_nought(stage):
    search = {"tool": "searchSales", "arguments": {"buyer": "bo"}}
    arguments = {"buyer": {"$ref": "1.0.buyer"}, "item_id": {"$ref": "1.0.lines.0.itemId"}}

    answer = one(stage, search, {"tool": "sell", "arguments": arguments})

    assert answer["calls"][1]["result"]["lines"] == [{"itemId": "chair", "qty": 1}]


def test_references_cannot_make_arguments_without_bound(stage):
    """The text is given up while it is written, before a call could refuse it for its length."""
    search = {"tool": "searchSales", "arguments": {}}
    many = {"tool": "sell", "arguments": {"buyer": [{"$ref": "1"}] * 2000}}

    error = one(stage, search, many)["calls"][1]["result"]["error"]

    assert error["code"] == "invalid_argument"
    assert "with their references filled in, the arguments are longer" in error["message"]


# hostile lines


def case(**members):
    return json.dumps({"case": "c", "calls": [], **members}).encode()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"nonsense", "not valid JSON"),
        (b'{"case": "c", "calls": []', "not valid JSON"),
        (b'{"case": "c", "calls": []} {}', "not valid JSON"),
        (b"[]", "a line is one JSON object"),
        (b"null", "a line is one JSON object"),
        (b'{"case": "\xff", "calls": []}', "not UTF-8: byte 11"),
        (b'{"case": "c", "calls": [], "x": NaN}', "NaN is not a number"),
        (b'{"case": "c", "calls": [], "x": -Infinity}', "-Infinity is not a number"),
        (DEEP.encode(), "nested deeper than"),
        (f'{{"case": "c", "calls": {DEEP}}}'.encode(), "nested deeper than"),
        (case(calls=json.loads("[" * (LINE_DEPTH + 1) + "]" * (LINE_DEPTH + 1))), "nested deeper"),
        (b'{"case": "c", "calls": [], "calls": []}', "'calls' stands there twice"),
        (
            b'{"case": "c", "calls": [{"tool": "t", "arguments": {"a": 1, "a": 1}}]}',
            "'a' stands there twice",
        ),
        (b'{"calls": []}', "case is missing"),
        (b'{"case": "c"}', "calls is missing"),
        (b"{}", "case is missing"),
        (case(extra=1), "unknown member 'extra'; a case has case, setup, calls"),
        (case(case=""), "case: write text"),
        (case(case="x" * 201), "case: write text"),
        (case(case=None), "case: write text"),
        (case(case=True), "case: write text"),
        (case(case=1.5), "case: write text"),
        (case(case=2**63), "case: write text"),
        (case(calls={}), "calls: write a list"),
        (case(calls=[1]), "call 1: write an object"),
        (case(calls=[{"tool": "sell"}]), "call 1: arguments is missing"),
        (case(calls=[{"arguments": {}}]), "call 1: tool is missing"),
        (case(calls=[{"tool": 1, "arguments": {}}]), "call 1: tool: write the name"),
        (case(calls=[{"tool": "t", "arguments": {}, "id": 1}]), "call 1: unknown member 'id'"),
        (case(calls=[SELL] * (MAX_CALLS + 1)), f"there are {MAX_CALLS + 1}; {MAX_CALLS} are"),
        (case(setup={}), "setup: write a list"),
        (case(setup=[1]), "setup 1: write an object"),
        (case(setup=["op"]), "setup 1: write an object"),
        (case(setup=[{}] * (MAX_SETUP + 1)), f"there are {MAX_SETUP + 1} operations"),
        (case(setup=[{"op": "fly"}]), "setup 1: op 'fly'"),
        (case(setup=[{"op": ["create"]}]), "setup 1: op ['create']"),
        (case(setup=[{"op": "delete", "entity_type": "item", "id": "ghost"}]), "no item 'ghost'"),
        (
            case(setup=[{"op": "create", "entity_type": "item", "id": "p", "fields": {"x": 1}}]),
            "x: item has no such field",
        ),
        (
            case(setup=[{"op": "update", "entity_type": "item", "id": "lamp", "fields": [2**70]}]),
            "beyond 64 bits",
        ),
        (
            b'{"case": "c", "calls": [], "setup": [{"op": 1e999}]}',
            "inf is not a number",
        ),
        (b'{"case": 1' + b"0" * 5000 + b', "calls": []}', "not valid JSON"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_line_that_is_no_case_is_refused_and_the_rest_goes_on(stage, line, said):
    before, refused, after = play_bytes(stage, b"\n".join([case(), line, case(case="after")]))

    assert (before["case"], after["case"]) == ("c", "after")
    assert (refused["case"], refused["line"]) == (None, 2)
    assert set(refused) == {"case", "line", "error"}
    assert refused["error"]["code"] in ("invalid_argument", "not_found")
    assert said in refused["error"]["message"]


def test_the_answer_to_a_hostile_line_is_shorter_than_the_line(stage):
    members = {f"{number}{'x' * 100}": 1 for number in range(30_000)}
    line = json.dumps(members)
    twice = line[:-1] + ', "29999' + "x" * 100 + '": 2}'

    for answer in play_bytes(stage, f"{line}\n{twice}".encode()):
        assert len(json.dumps(answer)) < 4000


def test_all_that_is_wrong_with_a_line_is_named_at_once(stage):
    line = b'{"calls": [1, {"tool": 2}], "more": 3, "setup": 4}'
    (refused,) = play_bytes(stage, line)

    assert len(refused["error"]["message"].splitlines()) == 6


@pytest.mark.parametrize("length", [MAX_LINE, MAX_LINE + 1, MAX_LINE + 2, 3 * MAX_LINE])
def test_a_line_that_is_too_long_is_refused_without_being_held(stage, length):
    padding = length - len(case(calls=[{"tool": "t", "arguments": {"a": ""}}]))
    line = case(calls=[{"tool": "t", "arguments": {"a": "x" * padding}}])
    played = play_bytes(stage, line + b"\n" + case(case="after"))

    assert len(line) == length
    assert [answer["case"] for answer in played] == ["c" if length == MAX_LINE else None, "after"]
    if length > MAX_LINE:
        assert played[0]["error"]["message"] == "the line is longer than 4,000,000 bytes"


def test_a_last_line_that_never_ends_is_refused(stage):
    (refused,) = play_bytes(stage, b"x" * (MAX_LINE + 100))

    assert (refused["case"], refused["line"]) == (None, 1)


def test_blank_lines_line_ends_and_a_byte_order_mark_do_no_harm(stage):
    data = b"\xef\xbb\xbf" + case() + b"\r\n\n   \r\n" + case(case="d") + b"\n\nx"

    first, second, refused = play_bytes(stage, data)

    assert (first["case"], second["case"], refused["line"]) == ("c", "d", 6)


def test_text_that_cannot_be_stored_is_replaced(stage):
    setup = [{"op": "update", "entity_type": "item", "id": "lamp", "fields": {"name": "\ud800"}}]
    sell = {**SELL, "arguments": {**SELL["arguments"], "buyer": "\ud800\0"}}

    (answer,) = play(stage, {"case": "\udfff", "setup": setup, "calls": [sell]})

    assert answer["case"] == "\ufffd"
    assert answer["calls"][0]["result"]["buyer"] == "\ufffd\ufffd"


@pytest.mark.parametrize("name", ["sell-two", 7, -1, 0, "ü", "7"])
def test_the_name_of_a_case_is_given_back(stage, name):
    assert play(stage, {"case": name, "calls": []})[0]["case"] == name


# a tool that breaks


@tool(writes=True)
def sell_badly(world: WorldState) -> None:
    """Change something and break."""
    world.update("item", "lamp", {"inStock": 0})
    raise ZeroDivisionError("by nothing\ud800")


@pytest.fixture
def broken_tool(monkeypatch):
    tools = environment("mock_store").toolsets["all"]
    monkeypatch.setitem(tools, "sellBadly", sell_badly)


def test_a_tool_that_crashes_is_our_fault_and_not_the_case_s(stage, broken_tool):
    crashing = {"case": "c", "calls": [SELL, {"tool": "sellBadly", "arguments": {}}]}

    crashed, after = play(stage, crashing, {"case": "after", "calls": [SELL]})

    assert set(crashed) == {"case", "line", "error"}
    assert (crashed["case"], crashed["line"]) == ("c", 1)
    assert crashed["error"]["code"] == "unavailable"
    assert (
        "a tool of the world is broken, not the case: sellBadly: ZeroDivisionError"
        in (crashed["error"]["message"])
    )
    assert after["calls"][0]["result"]["id"] == "sale-250915-008"


# streaming


def test_lines_are_read_one_by_one_as_their_answers_are_taken(stage):
    stream = io.BytesIO((case() + b"\n") * 3)
    answers = answer_lines(stage, read_lines(stream))

    next(answers)

    assert stream.tell() == len(case()) + 1


def test_thousands_of_cases_take_no_more_memory_than_a_few(stage):
    def peak(count):
        lines = ((n, case(calls=[SELL, PAY])) for n in range(count))
        tracemalloc.start()
        for _ in answer_lines(stage, lines):
            pass
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    peak(10)

    assert peak(1000) < 1.5 * peak(20)


# the command


def manage(*arguments, stdin=b"", **environ):
    """Run manage.py on the test database, in a process of its own."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        input=stdin,
        capture_output=True,
        check=False,
        cwd=settings.BASE_DIR,
        env=os.environ | database() | environ,
        timeout=60,
    )


def database():

    return {
        "DATABASE_URL": database_url(),
        "REDIS_URL": settings.CELERY_BROKER_URL,
        "EG_SECRET_KEY": settings.SECRET_KEY,
        "PYTHONPATH": str(settings.BASE_DIR),
    }


@pytest.fixture
def stored(transactional_db):
    return make_world(slug="store")


def test_the_command_answers_line_by_line_and_ends_with_one_when_a_line_was_none(stored):
    good = case(calls=[SELL])
    fine = manage("call_tools", "--world", "store", stdin=good + b"\n" + good)
    mixed = manage("call_tools", "--world", "store@1", stdin=b"\n".join([good, b"x", good]))

    assert (fine.returncode, mixed.returncode) == (0, 1)
    assert [json.loads(line)["case"] for line in fine.stdout.splitlines()] == ["c", "c"]
    assert [json.loads(line)["case"] for line in mixed.stdout.splitlines()] == ["c", None, "c"]
    assert (fine.stderr, mixed.stderr) == (b"", b"")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--world", "nowhere"], "there is no published world 'nowhere'"),
        (["--world", "store", "--toolset", "x"], "--toolset 'x': there is all, default"),
        (["--world", "store", "--max-results", "0"], "--max-results 0: write 1 to 200"),
        (["--world", "store", "--max-results", "201"], "--max-results 201: write 1 to 200"),
    ],
)
def test_the_command_says_what_it_cannot_do(arguments, said):
    make_world(slug="store")

    with pytest.raises(CommandError) as refusal:
        call_command("call_tools", *arguments)

    assert said in str(refusal.value)


def test_the_answers_come_while_the_input_is_still_open_and_a_broken_pipe_is_quiet(stored):
    program = subprocess.Popen(
        [sys.executable, "manage.py", "call_tools", "--world", "store"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=settings.BASE_DIR,
        env=os.environ | database(),
    )
    with program:
        program.stdin.write(case() + b"\n")
        program.stdin.flush()
        answer = json.loads(program.stdout.readline())
        program.stdout.close()
        with suppress(BrokenPipeError):
            program.stdin.write((case(calls=[SELL]) + b"\n") * 2000)
        with suppress(BrokenPipeError):
            program.stdin.close()
        said = program.stderr.read()

    assert answer["case"] == "c"
    assert program.returncode == 1
    assert said == b""


@pytest.mark.django_db
def test_playing_cases_asks_no_database(django_assert_num_queries):
    stage = Stage(load_snapshot(make_world()))

    with django_assert_num_queries(0):
        assert play(stage, {"case": "c", "calls": [SELL, PAY]})[0]["changes"]
