"""C09 and C10: every criterion says where it is looked up, and its words fit that place."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from authoring.content import DraftCriterion
from authoring.drafts.scene import Scene
from authoring.lint import RULES, Finding, Severity
from authoring.lint.places import changed, edit, found
from authoring.lint.words.lexicon import SAYERS, VALUES
from authoring.lint.words.reading import Reading, readings
from authoring.lint.words.records import nouns_of
from authoring.lint.words.tools import tools_in
from authoring.lint.words.verbs import BE
from simulation.wording import spoken

_ANSWER = re.compile(r"\b(?:answer|closing line|final line|table)\b")
_STAYS = re.compile(
    r"\b(?:no|nothing|nobody|not|never|only|unchanged|stays?|remains?|same|else|but|untouched)\b"
)
_VALUE = re.compile(r"(?: (?:set|equal) to)? ?(?:the )?([\w\ue000-\ue003][\w\ue000-\ue003-]*)")
PLACES = {
    "state": "the records at the end",
    "unchanged": "whether records changed",
    "tool_call": "the calls that the agent makes",
    "response": "what the agent writes",
}


@RULES.add("C09")
def says_its_evidence(scene: Scene) -> Iterator[Finding]:
    """A criterion without a check cannot be graded, and one with the wrong kind looks elsewhere."""
    nouns = nouns_of(scene)
    for criterion, reading in readings(scene):
        if not criterion.kind:
            why = "Nothing says yet how this is checked."
            rewrite = edit(criterion, "Choose a check")
            yield found("C09", Severity.ERROR, criterion, why, "", rewrite)
        elif words := _misfit(criterion, reading, nouns):
            seen = PLACES[criterion.kind]
            why = f"The check looks at {seen}, but the sentence is about “{words}”."
            rewrite = edit(criterion, "Choose another check")
            yield found("C09", Severity.WARNING, criterion, why, words, rewrite)


@RULES.add("C10")
def records_by_records(scene: Scene) -> Iterator[Finding]:
    """Whether a field holds a value is decided by the record, not by somebody's reading."""
    nouns = nouns_of(scene)
    for criterion, reading in readings(scene):
        if criterion.kind not in ("judge", "human", "response"):
            continue
        value = _field_value(reading, nouns)
        if value:
            why = "A field of a record and its value: the record itself can tell."
            check = _state_check(scene, reading, *value)
            rewrite = changed(criterion, "Turn into state check", check=check)
            words = reading.shown(0, len(reading.text)).rstrip(".")
            yield found("C10", Severity.WARNING, criterion, why, words, rewrite)


def _misfit(criterion: DraftCriterion, reading: Reading, nouns: frozenset[str]) -> str:
    """Give the words that are about another place than the check looks at; "" when they fit."""
    kind, subject = criterion.kind, reading.subject
    if kind not in PLACES or reading.verb < 0:
        return ""
    answer = _ANSWER.search(subject)
    if answer and kind != "response":
        return reading.text[answer.start() : answer.end()]
    if kind != "tool_call" and (called := tools_in(reading.marked, None)):
        return called[0]
    is_record = bool(nouns & {*reading.words[: reading.verb]}) and _is_stated(reading)
    if kind == "tool_call" and is_record:
        return reading.shown(0, len(subject))
    if kind == "unchanged" and not _STAYS.search(reading.plain):
        return reading.shown(0, len(subject))
    return ""


def _is_stated(reading: Reading) -> bool:
    return reading.words[reading.verb] in BE | {"has", "have"}


def _field_value(reading: Reading, nouns: frozenset[str]) -> tuple[str, str] | None:
    """Give field and value of a record as a sentence says them."""
    if reading.verb < 1 or not _is_stated(reading):
        return None
    before = reading.words[: reading.verb]
    if not nouns & {*before} or (SAYERS - nouns) & {*before} or "n't" in reading.asked:
        return None
    after = reading.tokens[reading.verb + 1 :]
    fields = [token for token in after[:3] if token.word in VALUES]
    if reading.words[reading.verb] in BE:
        named = [word for word in before if word in VALUES and word not in nouns]
        end = reading.tokens[reading.verb].end
        return _valued(reading, named[0], end) if named and after else None
    return _valued(reading, fields[0].word, fields[0].end) if fields else None


def _valued(reading: Reading, field: str, end: int) -> tuple[str, str] | None:
    hit = _VALUE.match(reading.plain, end)
    return (field, reading.text[hit.start(1) : hit.end(1)]) if hit else None


def _state_check(scene: Scene, reading: Reading, field: str, value: str) -> Mapping[str, Any]:
    """Make the check that a sentence describes, as far as the world knows its words."""
    rows = reading.rows
    about = nouns_of(scene) & {*reading.words[: reading.verb]}
    if len(rows) != 1 or scene.snapshot is None:
        return {"kind": "state"}
    kind, key = next(iter(rows))
    if about - {spoken(kind).split()[-1]}:
        return {"kind": "state"}
    fields = scene.snapshot.entity_type(kind).fields
    path = next((name for name in fields if spoken(name).split()[-1] == field), "")
    check: dict[str, Any] = {"kind": "state", "entity_type": kind, "id": key}
    return {**check, "expect": [{"path": path, "value": _typed(value)}]} if path else check


def _typed(value: str) -> str | float:
    """Read an amount as the number that a field holds."""
    bare = value.lstrip("$€£").replace(",", "")
    return float(bare) if re.fullmatch(r"\d{1,12}(?:\.\d+)?", bare) else value
