"""Evidence that people cite: steps that exist, and words that really stand there."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from grading.graders import Cited
from grading.quotes import occurs
from simulation.models import Episode, Step
from simulation.text import clean_text

MOST = 20  # places that one verdict cites
LONGEST_QUOTE = 1000
_LINE = re.compile(r"(?:step\s*)?(\d{1,9})\s*(?::\s*(.*))?", re.IGNORECASE)
_TEXTS = ("index", "content", "arguments_raw", "result", "arguments", "note")


def read_lines(text: str) -> tuple[list[Cited], list[str]]:
    """Read "9: the words", one a line; gives what is cited and what is wrong."""
    cited, problems = [], []
    for line in filter(None, map(str.strip, text.splitlines())):
        found = _LINE.fullmatch(line)
        if found:
            cited.append(Cited(int(found[1]), (found[2] or "").strip()))
        else:
            problems.append(f"“{line[:60]}”: write the number of the step, a colon, the words")
    return cited, problems


def as_lines(evidence: Iterable[Any]) -> str:
    """Write stored evidence as `read_lines` reads it."""
    return "\n".join(
        f"{item['step']}: {item['quote']}".removesuffix(": ")
        for item in evidence
        if item["step"] is not None
    )


def problems_of(cited: Sequence[Cited], episode: Episode) -> list[str]:
    """Say what of the evidence does not exist in an episode."""
    if len(cited) > MOST:
        return [f"{len(cited)} places: cite at most {MOST}"]
    wanted = {each.step for each in cited}
    steps = {
        step.index: step for step in episode.steps.filter(index__in=wanted).only(*_TEXTS, "episode")
    }
    return [problem for each in cited for problem in _problem(each, steps.get(each.step))]


def stored(cited: Iterable[Cited]) -> list[dict[str, Any]]:
    return [{"step": each.step, "quote": clean_text(each.quote)[0]} for each in cited]


def _problem(cited: Cited, step: Step | None) -> Iterator[str]:
    if step is None:
        yield f"step {cited.step} is not in this episode"
    elif len(cited.quote) > LONGEST_QUOTE:
        yield f"step {cited.step}: quote at most {LONGEST_QUOTE:,} characters"
    elif cited.quote and not occurs(cited.quote, _texts(step)):
        yield f"step {cited.step} does not say “{cited.quote[:80]}”"


def _texts(step: Step) -> Iterator[str]:
    """Give what a step says, as it was sent and as pages show it."""
    yield from (step.content, step.arguments_raw, step.result, step.note)
    yield json.dumps(step.arguments, ensure_ascii=False)
    try:
        yield json.dumps(json.loads(step.result), ensure_ascii=False)
    except (ValueError, RecursionError):
        return
