"""C17: what the agent shall find out does not stand in what it is given."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from authoring.drafts.scene import Scene
from authoring.lint import RULES, Finding, Severity
from authoring.lint.data.checks import UNDECIDED, Written, written_checks
from grading.claims import Claim
from grading.claims.numbers import NumberClaim
from grading.claims.text import TextClaim
from grading.expected import Bound
from grading.graders.response import ResponseCheck
from grading.reading.lines import Document, read
from simulation.environments import Environment
from simulation.state import WorldState

ID = "C17"
_ASKED = ("money", "number", "date", "date_time", "entity", "text")
_LONG = 3  # words that are no coincidence together
_LARGE = 100


@RULES.add(ID)
def leaked_values(scene: Scene) -> Iterator[Finding]:
    state = scene.ready
    if state is None:
        return
    sources = list(_sources(scene, state.snapshot.company))
    for written in written_checks(scene):
        if written.is_wanted and isinstance(written.check, ResponseCheck):
            found = ((name, _leak(written.check, text, state)) for name, text in sources)
            if leak := next((each for each in found if each[1]), None):
                yield _warning(written, *leak)


def _sources(scene: Scene, company: Environment) -> Iterator[tuple[str, str]]:
    """Give what an agent is given to read, apart from the policy: that is there to be applied."""
    if scene.content.prompt.strip():
        yield "The prompt", scene.content.prompt
    if scene.content.toolset in company.toolsets:
        yield "The description of a tool", _described(company, scene.content.toolset)


@lru_cache(maxsize=32)
def _described(company: Environment, toolset: str) -> str:
    return "\n\n".join(tool.description for tool in company.toolsets[toolset].values())


@lru_cache(maxsize=64)
def _read(text: str) -> Document:
    return read(text)


def _leak(check: ResponseCheck, text: str, state: WorldState) -> str:
    """Give the words that already say what is asked for; "" where nothing does."""
    claims = (getattr(check, name) for name in _ASKED)
    claim = next((each for each in claims if each is not None), None)
    try:
        judged = claim and _is_particular(claim) and claim.judge(_read(text), state)
    except UNDECIDED:
        return ""
    return str(judged.quote) if judged and judged.met else ""


def _is_particular(claim: Claim) -> bool:
    """Tell whether a claim is about what does not stand in a text by chance."""
    match claim:
        case NumberClaim():
            return bool(claim.near or claim.unit) or abs(claim.meant) >= _LARGE
        case TextClaim():
            words = claim.all_of or (claim.any_of if len(claim.any_of) == 1 else ())
            return bool(words) and all(map(_is_telling, words))
        case _:
            return True


def _is_telling(expected: Any) -> bool:
    word = expected.value if isinstance(expected, Bound) else expected
    if not isinstance(word, str):
        return False
    return any(c.isdigit() or c.isupper() for c in word) or word.count(" ") >= _LONG - 1


def _warning(written: Written, source: str, quote: str) -> Finding:
    return Finding(
        rule=ID,
        severity=Severity.WARNING,
        place=written.place,
        why=f"{source} says what the agent shall find out: “{quote}”.",
    )
