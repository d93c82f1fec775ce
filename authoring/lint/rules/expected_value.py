"""C03: the expected value stands in the text."""

import re
from collections.abc import Iterator, Mapping
from itertools import takewhile
from typing import Any

from authoring.content import DraftCriterion
from authoring.drafts.scene import Scene
from authoring.lint import RULES, Finding, Rewrite, Severity
from authoring.lint.places import changed, edit, found
from authoring.lint.words.lexicon import PREPOSITIONS, VALUES
from authoring.lint.words.reading import Reading, readings, stem
from authoring.lint.words.verbs import BASE_OF, BE, PASTS, SETTING, STATING
from authoring.lint.words.wordlists import words

_QUESTIONS = words("how which what when where who whom why whether")
_TO_VALUE = re.compile(
    r"\bto (?!(?:the|a|an|its|his|her|their|another|someone|somebody)\b)[\w\ue000]"
)
_VALUE_STEMS = frozenset(map(stem, VALUES))
_UPDATES = words("assign change set update")


@RULES.add("C03")
def states_the_value(scene: Scene) -> Iterator[Finding]:
    """A grader who has to find the right value first can find a wrong one."""
    for criterion, reading in readings(scene):
        if criterion.points < 0 or criterion.kind == "unchanged" or reading.has_literal:
            continue
        if reading.verb < 0 or not (_states(reading) or _sets(reading) or _is_set(reading)):
            continue
        words = reading.shown(reading.tokens[reading.verb].start, len(reading.text)).rstrip(".")
        why = "This asks for a value, but does not say which one is right."
        rewrite = _with_value(criterion) or edit(criterion, "Add the expected value")
        yield found("C03", Severity.WARNING, criterion, why, words, rewrite)


def _states(reading: Reading) -> bool:
    """Tell whether something is named by what it is called only: "gives the total"."""
    base = BASE_OF.get(reading.words[reading.verb])
    after = reading.words[reading.verb + 1 :]
    if base not in STATING or not after or after[0] == "that":
        return False
    if _QUESTIONS & {*after[:3]}:
        return "that" not in after[:3]
    if any(reading.verbs(reading.verb + 1)) and base not in ("give", "name", "list"):
        return False
    if base == "tell":
        return bool(_QUESTIONS & {*after[:5]})
    said = [*takewhile(lambda word: word not in PREPOSITIONS, after)]
    is_superlative = any(len(word) > 5 and word.endswith("est") for word in said)
    return is_superlative or any(stem(word) in _VALUE_STEMS for word in said)


def _sets(reading: Reading) -> bool:
    base = BASE_OF.get(reading.words[reading.verb])
    return base in SETTING and not _TO_VALUE.search(reading.plain)


def _is_set(reading: Reading) -> bool:
    """Tell whether a value is said to be set, and not to what: "the priority is updated"."""
    words, verb = reading.words, reading.verb
    if words[verb] not in BE | {"has"} or verb + 1 >= len(words):
        return False
    base = PASTS.get(words[verb + 1])
    about_value = any(word in VALUES for word in words[:verb])
    return base in _UPDATES and about_value and not _TO_VALUE.search(reading.plain)


def _with_value(criterion: DraftCriterion) -> Rewrite | None:
    """Offer the text with the one value that the check compares with."""
    value = _value_of(criterion.check)
    if not value:
        return None
    text = f"{criterion.text.rstrip(' .')}, {value}."
    return changed(criterion, f"Add “{value}”", text=text[:1000])


def _value_of(check: Mapping[str, Any]) -> str:
    money, number = _part(check, "money"), _part(check, "number")
    if _is_number(money.get("value")):
        return f"${money['value']:,.2f}"
    if _is_number(number.get("value")):
        unit = number.get("unit")
        return f"{number['value']:g} {unit}" if isinstance(unit, str) else f"{number['value']:g}"
    named = _part(check, "text").get("all_of")
    if isinstance(named, list | tuple) and len(named) == 1 and isinstance(named[0], str):
        return named[0]
    return _expected(check.get("expect"))


def _expected(lines: Any) -> str:
    if not isinstance(lines, list | tuple) or len(lines) != 1 or not isinstance(lines[0], Mapping):
        return ""
    value = lines[0].get("value")
    return str(value) if isinstance(value, str | int | float) and "op" not in lines[0] else ""


def _part(check: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = check.get(name)
    return part if isinstance(part, Mapping) else {}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
