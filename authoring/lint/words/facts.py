"""What criteria say, so that two of them can be laid beside each other."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from authoring.content import DraftCriterion
from authoring.lint.words.lexicon import SAYERS, VALUES
from authoring.lint.words.negation import denials, negation_of
from authoring.lint.words.reading import Reading, stem
from authoring.lint.words.verbs import BE, STATING
from simulation.text import canonical

Place = tuple[str, ...]
_SAYING = STATING - {"list"}
_SAID = frozenset(map(stem, _SAYING - {"name", "note"}))
_VALUE = re.compile(r"(?: (?:set|equal) to)? ?(?:the )?([\w\ue000-\ue003][\w\ue000-\ue003-]*)")


@dataclass(frozen=True, slots=True)
class Said:
    """by: who says it, "" for a record. act: what is done, one word for all kinds
    of saying. denied: whether it is said not to be so. is_asked: whether it is to be so.

    fact: (record, field) and the value, where the words name all three.
    """

    by: str
    act: str
    stems: frozenset[str]
    literals: frozenset[str]
    denied: bool
    is_asked: bool
    fact: tuple[Place, str] | None


@lru_cache(maxsize=2048)
def said_in(reading: Reading) -> Said:
    before = reading.words[: max(reading.verb, 0)]
    by = next((word for word in before if word in SAYERS), "")
    act = "say" if reading.act in _SAYING else reading.act
    left_out = {stem(by), stem(reading.act), *_SAID} if act == "say" else {stem(by)}
    return Said(
        by="email" if by == "e-mail" else by,
        act=act,
        stems=reading.stems - left_out,
        literals=reading.literals,
        denied=denials(reading) % 2 == 1,
        is_asked=not negation_of(reading).nots,
        fact=_fact(reading) if not by else None,
    )


def _fact(reading: Reading) -> tuple[Place, str] | None:
    if reading.verb < 1 or reading.words[reading.verb] not in BE | {"has", "have"}:
        return None
    tokens, verb = reading.tokens, reading.verb
    records = [token for token in tokens[:verb] if token.is_literal]
    if len(records) != 1 or denials(reading):
        return None
    record = reading.text[records[0].start : records[0].end]
    if reading.words[verb] in BE:
        fields = [token.word for token in tokens[:verb] if token.word in VALUES]
        return _valued(reading, record, fields[0], tokens[verb].end) if fields else None
    fields_after = [token for token in tokens[verb + 1 : verb + 4] if token.word in VALUES]
    if not fields_after:
        return None
    return _valued(reading, record, fields_after[0].word, fields_after[0].end)


def _valued(reading: Reading, record: str, field: str, end: int) -> tuple[Place, str] | None:
    hit = _VALUE.match(reading.plain, end)
    if not hit:
        return None
    return (record, field), reading.text[hit.start(1) : hit.end(1)].lower()


def checked_facts(criterion: DraftCriterion) -> dict[Place, str]:
    """Give value by (type, rows, field) of what a state check compares with a literal."""
    check = criterion.check
    lines = check.get("expect")
    if criterion.kind != "state" or not isinstance(lines, list | tuple):
        return {}
    if check.get("exists") is not None or check.get("count") is not None:
        return {}
    chosen = [check.get(name) for name in ("entity_type", "id", "where", "created", "changed")]
    rows = canonical([*chosen, check.get("before"), check.get("after")]).decode()
    return {
        (rows, str(line.get("path", ""))): canonical(line.get("value")).decode()
        for line in lines
        if isinstance(line, dict) and _is_equal(line)
    }


def chooses_one(criterion: DraftCriterion) -> bool:
    """Tell whether a state check is about one row, or every row, so that one value is right."""
    check: dict[str, Any] = criterion.check
    return check.get("id") is not None or check.get("match", "all") == "all"


def _is_equal(line: dict[str, Any]) -> bool:
    return line.get("op", "eq") == "eq" and "value" in line
