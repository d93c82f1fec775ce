"""What a judge may answer, and what is wrong with what it did answer.

Problems name verdicts and citations by their number and repeat no text of the judge's, which may
be an agent's.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import Field, StrictInt, StrictStr, ValidationError

from grading.criteria import Criterion
from grading.graders import Cited, read_check
from grading.graders.judge import JudgeCheck
from grading.judging.showing import Shown
from simulation.chat.blocks import unblocked
from simulation.values import Frozen

MOST_EVIDENCE = 20
LONGEST_QUOTE = 1000  # characters
LONGEST_RATIONALE = 20_000
WORD_OF = {True: "met", False: "not_met", None: "cannot_tell"}
_QUOTES = str.maketrans(
    {**dict.fromkeys("“”„‟", '"'), **dict.fromkeys("‘’‚‛", "'")}  # noqa: RUF001
)


class Quote(Frozen):
    step: StrictInt
    quote: StrictStr = Field(max_length=LONGEST_QUOTE)


class Decision(Frozen):
    """One verdict as the judge writes it."""

    criterion: StrictStr
    rationale: StrictStr = Field(min_length=1, max_length=LONGEST_RATIONALE)
    evidence: tuple[Quote, ...] = Field(max_length=MOST_EVIDENCE)
    is_true: Literal[True, False, None]
    outcome: Literal["met", "not_met", "cannot_tell"]

    @property
    def cited(self) -> tuple[Cited, ...]:
        return tuple(Cited(item.step, item.quote) for item in self.evidence)


@dataclass(frozen=True)
class Reading:
    """An answer as it was understood: what can be used, what is wrong, and with which criteria."""

    decisions: Mapping[str, Decision] = field(default_factory=dict)
    problems: Mapping[str, Sequence[str]] = field(default_factory=dict)
    whole: str = ""  # what is wrong with the answer as a whole; then nothing of it can be used

    @property
    def lines(self) -> list[str]:
        if self.whole:
            return [self.whole]
        return [f"{key}: {line}" for key, lines in self.problems.items() for line in lines]


def schema_of(criteria: Sequence[Criterion]) -> dict[str, Any]:
    """Give the JSON schema of an answer about these criteria: reasons stand before decisions."""
    properties = {
        "criterion": {"type": "string", "enum": [criterion.key for criterion in criteria]},
        "rationale": {"type": "string"},
        "evidence": {
            "type": "array",
            "items": _object({"step": {"type": "integer"}, "quote": {"type": "string"}}),
        },
        "is_true": {"type": ["boolean", "null"]},
        "outcome": {"type": "string", "enum": list(WORD_OF.values())},
    }
    count = len(criteria)
    listed = {
        "type": "array",
        "items": _object(properties),
        "minItems": count,
        "maxItems": count,
    }
    return _object({"verdicts": listed})


def read_answer(text: str, criteria: Sequence[Criterion], shown: Shown) -> Reading:
    """Read an answer: it must be of the form, decide each criterion once and no other, cite what is
    there, and not contradict itself."""
    try:
        given = _verdicts(text)
    except ValueError as error:
        return Reading(whole=str(error))
    known = {criterion.key: criterion for criterion in criteria}
    strangers = [str(n) for n, item in enumerate(given, 1) if _name(item) not in known]
    if strangers:
        listed = ", ".join(strangers)
        return Reading(whole=f"verdict {listed} is about none of the criteria you were asked for")
    decisions: dict[str, Decision] = {}
    problems: dict[str, list[str]] = {}
    for key, criterion in known.items():
        numbered = [(n, item) for n, item in enumerate(given, 1) if item["criterion"] == key]
        decision, wrong = _decision(numbered, criterion, shown)
        if wrong or decision is None:
            problems[key] = wrong
        else:
            decisions[key] = decision
    return Reading(decisions, problems)


def normal(text: str) -> str:
    """Give a text as quotes are compared: white space and typographic quotes do not count."""
    return " ".join(text.translate(_QUOTES).split())


def _name(item: Any) -> str:
    name = item.get("criterion") if isinstance(item, dict) else None
    return name if isinstance(name, str) else ""


def _decision(
    numbered: Sequence[tuple[int, Any]], criterion: Criterion, shown: Shown
) -> tuple[Decision | None, list[str]]:
    if not numbered:
        return None, ["there is no verdict on it"]
    if len(numbered) > 1:
        places = " and ".join(str(number) for number, _ in numbered)
        return None, [f"it has more than one verdict, {places}"]
    try:
        decision = Decision.model_validate(numbered[0][1])
    except ValidationError as error:
        return None, [_line(problem) for problem in error.errors()]
    return decision, list(_problems(decision, criterion, shown))


def _problems(decision: Decision, criterion: Criterion, shown: Shown) -> Iterator[str]:
    if not decision.rationale.strip():
        yield "rationale is empty"
    if WORD_OF[decision.is_true] != decision.outcome:
        said = json.dumps(decision.is_true)
        yield f"is_true is {said} and outcome is {decision.outcome}: they contradict each other"
    for number, item in enumerate(decision.evidence, 1):
        if wrong := _wrong_quote(item, shown):
            yield f"evidence {number}: {wrong}"
    if decision.outcome == "met" and not _is_shown(decision, criterion, shown):
        yield "met needs evidence: cite a step that shows what the agent did or said"


def _wrong_quote(item: Quote, shown: Shown) -> str:
    texts = shown.citable.get(item.step)
    quote = normal(item.quote)
    if texts is None:
        return f"there is no step {item.step} with text in the record"
    if not quote:
        return "the quote is empty"
    if any(quote in normal(text) for text in texts):
        return ""
    return f"the quote does not occur in step {item.step}; copy a passage of one line exactly"


def _is_shown(decision: Decision, criterion: Criterion, shown: Shown) -> bool:
    """Tell whether a decision that something is met rests on the record.

    It must where the criterion looks at words and there are some: what only looks at changed rows
    may be met because there are none, and nobody can cite an agent that was silent.
    """
    check = read_check(criterion.check)
    looks = check.look_at if isinstance(check, JudgeCheck) else ()
    if set(looks) <= {"changes"} or not shown.evident:
        return True
    return any(item.step in shown.evident for item in decision.evidence)


def _verdicts(text: str) -> list[Any]:
    """Raises ValueError, in words for the judge."""
    if not text.strip():
        raise ValueError("it is empty; answer with one JSON object")
    inside = unblocked(text)
    try:
        answer = json.loads(inside, object_pairs_hook=_once, parse_constant=_no_constant)
    except RecursionError:
        raise ValueError("it is nested too deeply; answer with one JSON object") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise ValueError(f"it is not one JSON object: {error.msg} at {place}") from None
    verdicts = answer.get("verdicts") if isinstance(answer, dict) else None
    if not isinstance(verdicts, list) or len(answer) != 1:
        raise ValueError('it must be one JSON object with the single member "verdicts", a list')
    return verdicts


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError("an object names one of its members twice")
    return dict(pairs)


def _no_constant(_: str) -> Any:
    raise ValueError("NaN and Infinity are not JSON")


def _line(problem: Any) -> str:
    place = ".".join(map(str, problem["loc"]))
    return (
        f"{place}: {problem['msg']}"
        if problem["type"] != "extra_forbidden"
        else "a member too many"
    )


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }
