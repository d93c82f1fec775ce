"""The subject of mutation: a task's reference as it was played, with all that kinds look at."""

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from authoring.content import CallStep, MessageStep, TaskContent
from authoring.mutants import Mutation, Steps
from authoring.mutants.playing import Played, Stage, play_solution, stage_of
from authoring.mutants.rows import Vocabulary
from authoring.mutants.siblings import bounds_in
from authoring.mutants.solutions import number_of, refers_to, replaced, with_argument
from grading.expected import Bound
from simulation import refs
from simulation.agents.reference import Results
from simulation.pages import shortened
from simulation.state import WorldState
from simulation.text import texts_in
from simulation.tools import Tool, find_tool
from simulation.transcript import StepRecord
from simulation.wording import spoken

LEAD = 30  # characters before a difference that are shown
SHOWN = 100  # characters of a text in a sentence
LONG = 25  # characters from which on an argument is read as prose

_ID = re.compile(r'"([\w@.-]+)"')


@dataclass(frozen=True)
class Write:
    """A writing call of the reference: where it stands, its tool, and what it did."""

    place: int
    step: CallStep
    number: int
    tool: Tool
    record: StepRecord

    @property
    def arguments(self) -> Mapping[str, Any]:
        """Give the arguments as they were sent: with the values that references stood for."""
        return self.record.arguments or {}

    def schema(self, name: str) -> Mapping[str, Any]:
        own = self.tool.spellings.get(name, name)
        return dict(self.tool.schema["properties"].get(own, {}))

    def is_free_text(self, name: str) -> bool:
        schema = self.schema(name)
        return schema.get("type") == "string" and not {"enum", "format"} & set(schema)

    def says(self, name: str) -> str:
        return f"In call {self.number}, {self.tool.name}, the {spoken(name)}"

    def is_required(self, name: str) -> bool:
        return self.tool.spellings.get(name) in self.tool.schema.get("required", ())


@dataclass(frozen=True)
class Prose:
    """A text that somebody reads: the answer, or an argument such as a message's body."""

    place: int
    argument: str
    text: str
    noun: str

    def replace(self, start: int, end: int, new: str) -> str:
        return self.text[:start] + new + self.text[end:]

    def around(self, start: int, end: int, reach: int = 32) -> str:
        """Quote what stands there with the words around it."""
        left, right = max(0, start - reach), end + reach
        begin = self.text[left:start].partition(" ")[2] if left else self.text[:start]
        rest = self.text[end:right]
        rest = rest.rpartition(" ")[0] if right < len(self.text) else rest
        return " ".join(f"{begin}{self.text[start:end]}{rest}".split())


@dataclass(frozen=True)
class Subject:
    """A task whose reference is mutated. `steps` is the reference with the results of reads written
    out, so that leaving out or moving a call changes nothing but what the call did."""

    content: TaskContent
    stage: Stage
    steps: Steps
    played: Played

    @cached_property
    def start(self) -> WorldState:
        """The world after setup."""
        return self.stage.clone()

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return Vocabulary(self.start)

    @cached_property
    def writes(self) -> Sequence[Write]:
        return [write for write in self.calls if write.tool.writes]

    @cached_property
    def calls(self) -> Sequence[Write]:
        tools = self.start.snapshot.company.toolsets[self.content.toolset]
        found = []
        for place, step in enumerate(self.steps):
            tool = find_tool(tools, step.call) if isinstance(step, CallStep) else None
            if isinstance(step, CallStep) and tool:
                number = number_of(self.steps, place)
                record = self.played.calls[number - 1]
                found.append(Write(place, step, number, tool, record))
        return found

    @cached_property
    def prose(self) -> Sequence[Prose]:
        """Give the texts that people read, the answer last."""
        return [*self._arguments(), *self._messages()]

    def with_text(self, prose: Prose, text: str) -> Steps:
        if prose.argument:
            return with_argument(self.steps, prose.place, prose.argument, text)
        return replaced(self.steps, prose.place, MessageStep(message=text))

    def rewritten(
        self, prose: Prose, span: tuple[int, int], new: str, *, why: str = ""
    ) -> Mutation:
        """Write something else in one place of a text. why: the mistake that leads to it."""
        start, end = span
        because = f", because {why}" if why else ""
        old = prose.text[start:end]
        place = f" (“{prose.around(start, end)}”)" if len(old) < LONG else ""
        stands, instead = _from_difference(new, old)
        sentence = f"In {prose.noun} stands “{stands}” instead of “{instead}”{place}{because}."
        return Mutation(sentence, self.with_text(prose, prose.replace(start, end, new)))

    @cached_property
    def bounds(self) -> Sequence[Bound]:
        """Give the values that the rubric binds to the world, each once."""
        found: list[Bound] = []
        for criterion in self.content.rubric.criteria:
            found += [b for b in bounds_in(criterion.check) if b not in found]
        return found

    @cached_property
    def words(self) -> Collection[str]:
        """Give the texts that the rubric speaks of, as values of rows or as words to be said."""
        return {text for c in self.content.rubric.criteria for text in texts_in(c.check)}

    @cached_property
    def rows_seen(self) -> Collection[str]:
        """Name the rows that the reference read or wrote."""
        texts = (call.result for call in self.played.calls)
        return {key for text in texts for key in _ID.findall(text)}

    def likest_amounts(self, value: Decimal, most: int = 2) -> list[Decimal]:
        """Give the numbers of rows that the reference read which could be mistaken for one."""
        others = (number for number in self._numbers_seen if number != value)
        return sorted(others, key=lambda number: (abs(number - value), number))[:most]

    @cached_property
    def _numbers_seen(self) -> Collection[Decimal]:
        results = (json.loads(call.result) for call in self.played.calls)
        return {Decimal(str(number)) for result in results for number in _numbers(result)}

    @cached_property
    def tools_looked_at(self) -> Collection[str]:
        """Name the tools whose calls a criterion looks at."""
        checks = [c.check for c in self.content.rubric.criteria if c.kind == "tool_call"]
        if any(not check.get("tool") for check in checks):
            return set(self.start.snapshot.company.tools)
        return {str(tool) for check in checks for tool in _values_of(check, "tool")}

    @cached_property
    def is_order_looked_at(self) -> bool:
        """Tell whether a criterion asks which row was written first."""
        checks = [c.check for c in self.content.rubric.criteria if c.kind == "state"]
        return any(check.get("before") or check.get("after") for check in checks)

    @cached_property
    def is_list_ordered(self) -> bool:
        """Tell whether a criterion asks for the order of a list."""
        return any(any(_values_of(c.check, "ordered")) for c in self.content.rubric.criteria)

    @cached_property
    def year(self) -> int:
        return int(self.start.now[:4])

    def _arguments(self) -> Iterator[Prose]:
        for write in self.writes:
            for name, value in write.step.arguments.items():
                if isinstance(value, str) and write.is_free_text(name) and _is_prose(value):
                    noun = f"the {spoken(name)} of {write.tool.name}"
                    yield Prose(write.place, name, value, noun)

    def _messages(self) -> Iterator[Prose]:
        for place, step in enumerate(self.steps):
            if isinstance(step, MessageStep):
                yield Prose(place, "", step.message, "the answer")


def _from_difference(*texts: str) -> list[str]:
    """Shorten two texts to the same part, from a little before they begin to differ."""
    pairs = enumerate(zip(*texts, strict=False))
    first = next((place for place, (one, two) in pairs if one != two), min(map(len, texts)))
    start = max(0, first - LEAD) if max(map(len, texts)) > SHOWN else 0
    lead = "…" if start else ""
    return [f"{lead}{shortened(text[start:], SHOWN)}" for text in texts]


def _numbers(value: Any) -> Iterator[int | float]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _numbers(item)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield value


def _values_of(value: Any, name: str) -> Iterator[Any]:
    """Give what stands under a name anywhere inside a value."""
    if isinstance(value, Mapping):
        if name in value:
            yield value[name]
        for item in value.values():
            yield from _values_of(item, name)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _values_of(item, name)


def _is_prose(text: str) -> bool:
    return len(text) >= LONG and " " in text


def subject_of(content: TaskContent) -> Subject:
    """Play a task's reference and make it ready for mutation. Raises GymError."""
    stage = stage_of(content)
    tools = stage.snapshot.company.toolsets[content.toolset]
    first = play_solution(stage, content.reference)
    reads = {
        number
        for number, call in enumerate(first.calls, 1)
        if (tool := find_tool(tools, call.tool)) and not tool.writes and not call.is_error
    }
    results = Results(first.calls)
    steps = [_written_out(step, reads, results) for step in content.reference]
    return Subject(content, stage, steps, play_solution(stage, steps))


def _written_out(
    step: CallStep | MessageStep, reads: Collection[int], results: Results
) -> CallStep | MessageStep:
    if isinstance(step, MessageStep):
        return step
    arguments = {
        name: refs.resolve(value, results) if refers_to(value) <= set(reads) else value
        for name, value in step.arguments.items()
    }
    return step.model_copy(update={"arguments": arguments})
