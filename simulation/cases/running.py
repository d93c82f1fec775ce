"""Running cases: one clone each, results and net changes as one line of JSON."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from simulation import refs
from simulation.calls import CallResult, ToolCrashed, call_tool, error_text
from simulation.cases.reading import Case, PlannedCall, read_case
from simulation.errors import GymError, InvalidArgument, Unavailable
from simulation.setup import setup_changes
from simulation.snapshots import Snapshot
from simulation.state import MAX_RESULTS, WorldState
from simulation.text import MAX_ARGUMENTS, canonical, clean_text
from simulation.tools import Tool

_ENCODER = json.JSONEncoder()


@dataclass(frozen=True)
class Stage:
    """Where cases are played: a world in memory, the tools, and how many rows they give at most."""

    snapshot: Snapshot
    toolset: str = "all"
    max_results: int = MAX_RESULTS

    @property
    def tools(self) -> Mapping[str, Tool]:
        return self.snapshot.company.toolsets[self.toolset]


@dataclass(frozen=True, slots=True)
class Answer:
    """One line for each line that came. is_played: the calls were made, whatever came of them."""

    line: bytes
    is_played: bool


class _Results(Sequence[Any]):
    """The results of a case's calls, each parsed once and only when it is referred to."""

    def __init__(self) -> None:
        self._texts: list[str | None] = []
        self._parsed: dict[int, Any] = {}

    def add(self, text: str, *, is_error: bool) -> None:
        self._texts.append(None if is_error else text)

    def __len__(self) -> int:
        return len(self._texts)

    def __getitem__(self, place: Any) -> Any:
        text = self._texts[place]
        if text is not None and place not in self._parsed:
            self._parsed[place] = orjson.loads(text)
        return self._parsed.get(place)


@dataclass
class _Play:
    """A case while it is played."""

    world: WorldState
    tools: Mapping[str, Tool]
    results: _Results = field(default_factory=_Results)

    def make(self, call: PlannedCall) -> dict[str, Any]:
        """Make a call, or refuse it when it refers to what is not there."""
        try:
            raw = _encode(refs.resolve(call.arguments, self.results))
        except InvalidArgument as error:
            return self._keep(error_text(error), is_error=True)
        result: CallResult = call_tool(self.world, self.tools, call.tool, raw)
        return self._keep(result.text, is_error=result.is_error)

    def _keep(self, text: str, *, is_error: bool) -> dict[str, Any]:
        self.results.add(text, is_error=is_error)
        return {"result": orjson.Fragment(text), "is_error": is_error}


def answer_lines(stage: Stage, lines: Iterable[tuple[int, bytes]]) -> Iterator[Answer]:
    """Give an answer to every line, one after the other; no line stops those after it."""
    return (answer(stage, number, line) for number, line in lines)


def answer(stage: Stage, number: int, line: bytes) -> Answer:
    """Play the case on a line.

    A line that is none, or whose setup cannot be applied, gives {"case": null, "line", "error"}; a
    tool that crashes gives {"case", "line", "error"} with the code unavailable: it is our fault.
    """
    try:
        case = read_case(line)
        play = _prepare(stage, case)
    except GymError as error:
        return _failure(None, number, error)
    try:
        calls = [play.make(call) for call in case.calls]
    except ToolCrashed as crash:
        return _failure(case.name, number, _our_fault(crash))
    return Answer(_written(case, play.world, calls), is_played=True)


def _prepare(stage: Stage, case: Case) -> _Play:
    setup = setup_changes(stage.snapshot, case.setup) if case.setup else ()
    return _Play(WorldState(stage.snapshot, setup, max_results=stage.max_results), stage.tools)


def _written(case: Case, world: WorldState, calls: Sequence[Mapping[str, Any]]) -> bytes:
    changes = canonical([change.as_json() for change in world.diff()])
    return orjson.dumps(
        {
            "case": case.name,
            "calls": calls,
            "changes": orjson.Fragment(changes),
            "hash": world.hash(),
        }
    )


def _failure(name: str | int | None, number: int, error: GymError) -> Answer:
    members = {"case": name, "line": number, **error.as_json()}
    return Answer(orjson.dumps(members), is_played=False)


def _our_fault(crash: ToolCrashed) -> Unavailable:
    said, _ = clean_text(str(crash), limit=1000)
    return Unavailable(f"a tool of the world is broken, not the case: {said}")


def _encode(arguments: Any) -> str:
    """Write arguments as text, no further than a call could be long: references multiply."""
    pieces: list[str] = []
    length = 0
    for piece in _ENCODER.iterencode(arguments):
        pieces.append(piece)
        length += len(piece)
        if length > MAX_ARGUMENTS:
            raise InvalidArgument(
                f"with their references filled in, the arguments are longer than"
                f" {MAX_ARGUMENTS:,} characters"
            )
    return "".join(pieces)
