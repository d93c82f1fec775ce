"""Reading cases from lines that may be anything: too long, no text, no JSON, no case."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, BinaryIO, NoReturn

from simulation.entities import shorten
from simulation.errors import InvalidArgument, Problems
from simulation.text import MAX_DEPTH, clean_json

MAX_LINE = 4_000_000  # bytes
MAX_CALLS, MAX_SETUP = 500, 500
MAX_NAME = 200
MAX_PROBLEMS = 20  # that are named of one line: the answer must not outgrow it
MEMBERS = ("case", "setup", "calls")
CALL_MEMBERS = ("tool", "arguments")
BOM = b"\xef\xbb\xbf"
# a call's arguments may be as deep as an agent's; case, calls, call and arguments lie around them
LINE_DEPTH = MAX_DEPTH + 4


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """A call that is still to be made; arguments may refer to earlier results."""

    tool: str
    arguments: Any


@dataclass(frozen=True, slots=True)
class Case:
    """A setup and the calls after it. The name is the writer's own, and given back."""

    name: str | int
    setup: Sequence[Mapping[str, Any]]
    calls: Sequence[PlannedCall]


def read_lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Give (number from 1, line) of all lines that are not blank, holding one at a time.

    Of a line beyond the limit only so much is given that it is seen to be too long.
    """
    number = 0
    while line := stream.readline(MAX_LINE + 2):
        number += 1
        if len(line) > MAX_LINE and not line.endswith(b"\n"):
            _skip_rest(stream)
        if number == 1:
            line = line.removeprefix(BOM)
        if line.strip():
            yield number, line


def read_case(line: bytes) -> Case:
    """Read a case. Raises InvalidArgument that says what is wrong with the line."""
    if len(line.rstrip(b"\r\n")) > MAX_LINE:
        raise InvalidArgument(f"the line is longer than {MAX_LINE:,} bytes")
    given = _parse(line)
    if not isinstance(given, dict):
        raise InvalidArgument('a line is one JSON object: {"case": …, "calls": […]}')
    wrong = chain(_wrong_members(given, MEMBERS, "a case"), _problems(given))
    if problems := list(islice(wrong, MAX_PROBLEMS)):
        raise Problems(problems)
    calls = [PlannedCall(call["tool"], call["arguments"]) for call in given["calls"]]
    return Case(clean_json(given["case"]), clean_json(given.get("setup") or []), calls)


def _skip_rest(stream: BinaryIO) -> None:
    while rest := stream.readline(MAX_LINE):
        if rest.endswith(b"\n"):
            return


def _parse(line: bytes) -> Any:
    try:
        given = _DECODER.decode(line.decode())
    except UnicodeDecodeError as error:
        raise InvalidArgument(f"the line is not UTF-8: byte {error.start + 1}") from None
    except RecursionError:
        raise InvalidArgument(_too_deep()) from None
    except ValueError as error:
        raise InvalidArgument(f"the line is not valid JSON: {error}") from None
    if _is_deeper(given, LINE_DEPTH):
        raise InvalidArgument(_too_deep())
    return given


def _problems(given: Mapping[str, Any]) -> Iterator[str]:
    """Say what is wrong with the values of a line's members."""
    name, calls, setup = given.get("case"), given.get("calls", []), given.get("setup")
    if "case" in given and not _is_name(name):
        yield f"case: write text of 1 to {MAX_NAME} characters, or a whole number"
    if not isinstance(calls, list):
        yield "calls: write a list of calls"
    elif len(calls) > MAX_CALLS:
        yield f"calls: there are {len(calls):,}; {MAX_CALLS} are allowed"
    else:
        for number, call in enumerate(calls, start=1):
            yield from (f"call {number}: {line}" for line in _wrong_call(call))
    if setup is not None:
        yield from _wrong_setup(setup)


def _is_name(name: Any) -> bool:
    if isinstance(name, int) and not isinstance(name, bool):
        return abs(name) < 2**63
    return isinstance(name, str) and 0 < len(name) <= MAX_NAME


def _wrong_call(call: Any) -> Iterator[str]:
    if not isinstance(call, dict):
        yield 'write an object: {"tool": …, "arguments": {…}}'
        return
    yield from _wrong_members(call, CALL_MEMBERS, "a call")
    if not isinstance(call.get("tool", ""), str):
        yield "tool: write the name of a tool"


def _wrong_setup(setup: Any) -> Iterator[str]:
    if not isinstance(setup, list):
        yield "setup: write a list of operations"
    elif len(setup) > MAX_SETUP:
        yield f"setup: there are {len(setup):,} operations; {MAX_SETUP} are allowed"
    else:
        numbered = enumerate(setup, start=1)
        yield from (f"setup {n}: write an object" for n, op in numbered if not isinstance(op, dict))


def _wrong_members(given: Mapping[str, Any], members: Sequence[str], noun: str) -> Iterator[str]:
    has = f"{noun} has {', '.join(members)}"
    unknown = (shorten(name) for name in given if name not in members)
    yield from (f"unknown member {name}; {has}" for name in unknown)
    missing = (name for name in members if name not in given and name != "setup")
    yield from (f"{name} is missing; {has}" for name in missing)


def _is_deeper(value: Any, depth: int) -> bool:
    if isinstance(value, dict):
        value = list(value.values())
    return isinstance(value, list) and (
        depth == 0 or any(_is_deeper(item, depth - 1) for item in value)
    )


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        name, _ = Counter(name for name, _ in pairs).most_common(1)[0]
        raise InvalidArgument(f"the member {shorten(name)} stands there twice or more")
    return members


def _no_constant(name: str) -> NoReturn:
    raise InvalidArgument(f"{name} is not a number that JSON has")


def _too_deep() -> str:
    return f"JSON is nested deeper than {LINE_DEPTH} levels"


_DECODER = json.JSONDecoder(object_pairs_hook=_each_once, parse_constant=_no_constant)
