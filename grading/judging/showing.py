"""What a judge is shown of an episode, and which steps it may cite.

The parts depend on the evidence and on the judge's limit alone, so their hash stands for all that
is shown, whatever fence is put around it.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from grading.graders import Evidence
from grading.graders.judge import Look
from grading.judging.cutting import cut_all
from simulation.fences import OURS, cut, fenced, harmless, lines_of
from simulation.pages import written
from simulation.state import Change
from simulation.transcript import StepRecord

HEADINGS = {
    "assignment": "What the agent was told before it began",
    "transcript": "What happened, step by step",
    "changes": "Rows of the world that differ from the beginning, with the steps that wrote them",
    "answer": "The agent's final answer",
}
NOTHING = {
    "assignment": "nothing",
    "transcript": "The agent did nothing and said nothing.",
    "changes": "No row differs.",
    "answer": "There is no final answer.",
}
KINDS = {
    "system": "system prompt",
    "user": "task",
    "customer": "customer says",
    "assistant": "agent says",
    "tool_call": "agent calls",
    "error": "error",
}


@dataclass(frozen=True)
class Entry:
    """One thing that is shown. head: words of ours. texts: not ours, but for lines that begin with
    OURS. steps: where the texts may be cited."""

    head: str
    texts: tuple[str, ...] = ()
    steps: tuple[int, ...] = ()


@dataclass(frozen=True)
class Part:
    name: str
    entries: tuple[Entry, ...]

    def text(self, nonce: str) -> str:
        """Give the part with its heading, inside the fence."""
        shown = [text for entry in self.entries for text in (OURS + entry.head, *entry.texts)]
        body = lines_of(shown or [OURS + NOTHING[self.name]])
        return f"{HEADINGS[self.name]}:\n{fenced(body, name=self.name, nonce=nonce)}"


@dataclass(frozen=True)
class Shown:
    """All that a judge is shown for one set of parts."""

    parts: tuple[Part, ...]

    @cached_property
    def hash(self) -> str:
        """Name what is shown: equal ones are equal to the last character."""
        return hashlib.sha256(self.text("").encode()).hexdigest()

    def text(self, nonce: str) -> str:
        return "\n\n".join(part.text(nonce) for part in self.parts)

    @cached_property
    def citable(self) -> Mapping[int, Sequence[str]]:
        """Give the texts that may be cited, by step."""
        return _by_step(self.parts)

    @cached_property
    def evident(self) -> Mapping[int, Sequence[str]]:
        """Give those of them that show what the agent did, not what it was told."""
        return _by_step(part for part in self.parts if part.name != "assignment")


def show(evidence: Evidence, looks: Collection[Look], *, limit: int) -> Shown:
    """Show what the criteria look at. limit: characters of each part."""
    makers: dict[Look, Callable[[Evidence, int], Part]] = {
        "transcript": _transcript,
        "changes": _changes,
        "answer": _answer,
    }
    asked = [maker(evidence, limit) for name, maker in makers.items() if name in looks]
    return Shown((_assignment(evidence, limit), *asked))


def _assignment(evidence: Evidence, limit: int) -> Part:
    told = [step for step in evidence.steps if not step.turn]
    entries = [_entry(step, [cut(harmless(step.content), limit)]) for step in told]
    return Part("assignment", tuple(entries))


def _transcript(evidence: Evidence, limit: int) -> Part:
    steps = [step for step in evidence.steps if step.turn]
    shown = cut_all([_texts(step) for step in steps], limit)
    entries: list[Entry] = []
    pairs = zip(steps, shown, strict=True)
    for is_left_out, group in groupby(pairs, key=lambda pair: pair[1] is None):
        if is_left_out:
            entries.append(_gap([step.index for step, _ in group]))
        else:
            entries += [_entry(step, texts or ()) for step, texts in group]
    return Part("transcript", tuple(entries))


def _gap(indexes: Sequence[int]) -> Entry:
    places = f"{indexes[0]} to {indexes[-1]}" if indexes[1:] else str(indexes[0])
    return Entry(f"[step {places}] left out: too long")


def _texts(step: StepRecord) -> list[str]:
    """Give the texts of a step, those first that can best be cut: results, arguments, words."""
    if step.kind != "tool_call":
        return ["", "", harmless(step.content)]
    return [harmless(step.result), harmless(step.arguments_raw), ""]


def _entry(step: StepRecord, texts: Sequence[str]) -> Entry:
    what = KINDS.get(step.kind, step.kind)
    head = f"[step {step.index}] {what}"
    if step.kind != "tool_call":
        return Entry(head, (texts[-1],), (step.index,))
    result, arguments, _ = texts
    became = "error" if step.is_error else "result"
    shown = (harmless(step.tool), f"{OURS}arguments:", arguments, f"{OURS}{became}:", result)
    return Entry(head, shown, (step.index,))


def _changes(evidence: Evidence, limit: int) -> Part:
    changes = evidence.diff
    texts = cut_all([["", "", _fields(change)] for change in changes], limit)
    entries = []
    for change, shown in zip(changes, texts, strict=True):
        writes = evidence.writes.get((change.entity_type, change.id), ())
        steps = tuple(dict.fromkeys(step for step, _ in writes))
        entries.append(_change_entry(change, shown, steps))
    return Part("changes", tuple(entries))


def _change_entry(change: Change, shown: Sequence[str] | None, steps: tuple[int, ...]) -> Entry:
    became = "created" if change.before is None else "changed"
    became = "deleted" if change.after is None else became
    places = ", ".join(map(str, steps))
    head = f"[step {places}] {change.entity_type} {became}"
    texts = (
        harmless(change.id),
        shown[-1] if shown else f"{OURS}its fields are left out: too long",
    )
    return Entry(head, texts, steps)


def _fields(change: Change) -> str:
    lines = []
    for name, before, after in change.fields:
        values = [harmless(written(value)) or "nothing" for value in (before, after)]
        lines.append(f"{name}: {values[1]}" if change.before is None else _move(name, values))
    return "\n".join(lines)


def _move(name: str, values: Sequence[str]) -> str:
    return f"{name}: {values[0]} -> {values[1]}"


def _answer(evidence: Evidence, limit: int) -> Part:
    if not evidence.final_response:
        return Part("answer", ())
    step = evidence.last_word
    head = "[no step]" if step is None else f"[step {step}]"
    text = cut(harmless(evidence.final_response), limit)
    return Part("answer", (Entry(head, (text,), () if step is None else (step,)),))


def _by_step(parts: Iterable[Part]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for part in parts:
        for entry in part.entries:
            for step in entry.steps:
                texts = (t for t in entry.texts if t.strip() and not t.startswith(OURS))
                found.setdefault(step, []).extend(texts)
    return {step: texts for step, texts in found.items() if texts}
