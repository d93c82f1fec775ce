"""What differs between a mutant and the reference: calls, rows at the end, the answer, and which
criteria looked there."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from authoring.mutants.playing import Played
from authoring.mutants.subject import Subject
from simulation.pages import change_rows
from simulation.state import Change
from simulation.transcript import StepRecord

END = 60  # characters of a stretch of a call that stayed, at either end


@dataclass(frozen=True)
class Difference:
    """Everything as JSON: each call that differs and the answer as [sign, text] pairs (" " kept,
    "-" reference, "+" mutant), rows as they are in the end, and the criteria that look where
    something differs."""

    calls: list[list[tuple[str, str]]]
    rows: list[dict[str, Any]]
    answer: list[tuple[str, str]]
    closest: list[str]


def difference(subject: Subject, played: Played) -> Difference:
    own = subject.played
    changes = list(_rows(own, played))
    answer = [] if own.answer == played.answer else _words(own.answer, played.answer)
    return Difference(
        calls=_calls([*map(_call, own.calls)], [*map(_call, played.calls)]),
        rows=[_row(change) for change in changes],
        answer=answer,
        closest=list(_closest(subject, changes, is_answer=bool(answer))),
    )


def _rows(own: Played, played: Played) -> Iterator[Change]:
    """Give the rows that do not end as the reference leaves them."""
    places = {
        (change.entity_type, change.id) for each in (own, played) for change in each.evidence.diff
    }
    for entity_type, key in sorted(places):
        wanted = own.evidence.world.get(entity_type, key)
        found = played.evidence.world.get(entity_type, key)
        if wanted != found:
            yield Change(entity_type, key, wanted, found)


def _row(change: Change) -> dict[str, Any]:
    (shown,) = change_rows([change])
    word = {"created": "is there too", "deleted": "is missing", "updated": "differs"}
    return {
        "entity_type": shown.entity_type,
        "id": shown.entity_id,
        "operation": word[shown.operation],
        "fields": [[f.name, f.before, f.after] for f in shown.fields],
    }


def _closest(subject: Subject, changes: Sequence[Change], *, is_answer: bool) -> Iterator[str]:
    """Name the criteria that look at the answer, or at rows of a kind that differ."""
    kinds = {change.entity_type for change in changes}
    for criterion in subject.content.rubric.criteria:
        named = set(_named(criterion.check))
        reads_answer = criterion.kind == "response" and not criterion.check.get("source")
        if named & kinds or (is_answer and reads_answer):
            yield criterion.key


def _named(check: Any) -> Iterator[str]:
    """Give the entity types that a check looks at, without those of the queries that it binds."""
    if isinstance(check, dict):
        if "query" in check:
            return
        if isinstance(check.get("entity_type"), str):
            yield check["entity_type"]
        for item in check.values():
            yield from _named(item)
    elif isinstance(check, list | tuple):
        for item in check:
            yield from _named(item)


def _call(call: StepRecord) -> str:
    arguments = json.dumps(dict(call.arguments or {}), ensure_ascii=False, sort_keys=True)
    refused = " (refused)" if call.is_error else ""
    return f"{call.tool} {arguments}{refused}"


def _calls(before: Sequence[str], after: Sequence[str]) -> list[list[tuple[str, str]]]:
    """Compare calls one by one; what stayed is left out, what was rewritten is compared inside."""
    found: list[list[tuple[str, str]]] = []
    for word, *span in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        old, new = before[span[0] : span[1]], after[span[2] : span[3]]
        if word == "replace" and len(old) == len(new):
            pairs = zip(old, new, strict=True)
            found += [[(sign, _kept(sign, text)) for sign, text in _words(*pair)] for pair in pairs]
        elif word != "equal":
            found += [[("-", line)] for line in old] + [[("+", line)] for line in new]
    return found


def _kept(sign: str, text: str) -> str:
    """Shorten a long stretch that stayed to its ends."""
    if sign != " " or len(text) <= 2 * END:
        return text
    return f"{text[:END]} … {text[-END:]}"


def _words(before: str, after: str) -> list[tuple[str, str]]:
    """Compare texts word by word."""
    old, new = _split(before), _split(after)
    found: list[tuple[str, str]] = []
    for word, *span in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = "".join(old[span[0] : span[1]]), "".join(new[span[2] : span[3]])
        if word == "equal":
            found.append((" ", gone))
        else:
            found += [(sign, text) for sign, text in (("-", gone), ("+", come)) if text]
    return found


def _split(text: str) -> list[str]:
    words: list[str] = []
    for line in text.splitlines(keepends=True):
        words += [f"{word} " for word in line.split(" ")]
        words[-1] = words[-1][:-1]
    return words
