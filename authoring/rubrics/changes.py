"""What can be done to a rubric: functions that take a document and give a changed copy.

Keys of criteria never change; a new criterion gets one that the rubric does not have.
"""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from typing import Any, Literal

from authoring.drafts.document import Document, new_key
from simulation.errors import Conflict, InvalidArgument

MOST = 100
MAX_TEXT = 1000
BLANK: Mapping[str, Any] = {
    "text": "",
    "category": "correctness",
    "points": 1,
    "note": "",
    "check": {},
}
Criterion = Mapping[str, Any]
Change = Callable[[Document], Document]


def keys_of(document: Mapping[str, Any]) -> list[str]:
    return [each["key"] for each in document["rubric"]["criteria"]]


def find(document: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Give a criterion. Raises Conflict when it is not there any more."""
    found = next((each for each in document["rubric"]["criteria"] if each["key"] == key), None)
    if found is None:
        raise Conflict(f"there is no criterion {key} any more: somebody removed it meanwhile")
    return dict(found)


def add(document: Document, new: Sequence[Criterion], *, after: str = "") -> Document:
    """Add criteria behind another one, else at the end; each gets a key of its text.

    Raises Conflict when the rubric would get too long.
    """
    changed = deepcopy(document)
    criteria = changed["rubric"]["criteria"]
    if len(criteria) + len(new) > MOST:
        raise Conflict(
            f"a rubric has at most {MOST} criteria: there are {len(criteria)}, and {len(new)} more"
            " are too many"
        )
    place = keys_of(changed).index(find(changed, after)["key"]) + 1 if after else len(criteria)
    for number, each in enumerate(new):
        key = new_key(changed, str(each.get("text", "")))
        criteria.insert(
            place + number, {**deepcopy(dict(BLANK)), **deepcopy(dict(each)), "key": key}
        )
    return changed


def duplicate(document: Document, key: str) -> Document:
    copy = {name: value for name, value in find(document, key).items() if name != "key"}
    return add(document, [copy], after=key)


def move(document: Document, key: str, to: int) -> Document:
    """Put a criterion at a place, counted from 1; beyond the ends it is the first or the last."""
    moved = find(document, key)
    changed = deepcopy(document)
    others = [each for each in changed["rubric"]["criteria"] if each["key"] != key]
    place = min(max(to, 1), len(others) + 1) - 1
    changed["rubric"]["criteria"] = [*others[:place], moved, *others[place:]]
    return changed


def step(document: Document, key: str, by: int) -> Document:
    """Move a criterion so many places down, or up where `by` is negative."""
    find(document, key)
    return move(document, key, keys_of(document).index(key) + 1 + by)


def remove(document: Document, key: str) -> Document:
    find(document, key)
    changed = deepcopy(document)
    kept = [each for each in changed["rubric"]["criteria"] if each["key"] != key]
    changed["rubric"]["criteria"] = kept
    return changed


def put_back(document: Document, criterion: Criterion, to: int) -> Document:
    """Undo `remove`. Raises Conflict when there is a criterion of this key again."""
    if criterion["key"] in keys_of(document):
        raise Conflict(f"the criterion {criterion['key']} is there already")
    if len(keys_of(document)) >= MOST:
        raise Conflict(f"a rubric has at most {MOST} criteria: remove another one first")
    changed = deepcopy(document)
    changed["rubric"]["criteria"].append(deepcopy(dict(criterion)))
    return move(changed, criterion["key"], to)


def split(
    document: Document, key: str, texts: Sequence[str], keeps_check: Literal["first", "each"]
) -> Document:
    """Make several criteria of one: it becomes the first, the others come behind it.

    keeps_check: who gets its check; the others have none yet. Raises InvalidArgument for a text
    that is none.
    """
    wrong = next((text for text in texts if not text.strip() or len(text) > MAX_TEXT), None)
    if len(texts) < 2 or wrong is not None:
        raise InvalidArgument(
            f"write two criteria at least, one a line, each of at most {MAX_TEXT} characters"
        )
    whole = find(document, key)
    check = whole["check"] if keeps_check == "each" else {}
    others = [{**_without_key(whole), "text": text, "check": check} for text in texts[1:]]
    return add(_with(document, key, {"text": texts[0]}), others, after=key)


def turn(document: Document, key: str, check: Mapping[str, Any]) -> Document:
    """Give a criterion another check; what its judge or person was told is kept in its note."""
    old = find(document, key)
    told = str(old["check"].get("question") or old["check"].get("instructions") or "").strip()
    lines = [line for line in (str(old["note"]).strip(), told) if line]
    note = "\n".join(dict.fromkeys(lines))[:4000]
    text = old["text"] or told[:MAX_TEXT]
    return _with(document, key, {"check": dict(check), "note": note, "text": text})


def _with(document: Document, key: str, fields: Mapping[str, Any]) -> Document:
    changed = deepcopy(document)
    for each in changed["rubric"]["criteria"]:
        if each["key"] == key:
            each.update(deepcopy(dict(fields)))
    return changed


def _without_key(criterion: Criterion) -> dict[str, Any]:
    return {name: value for name, value in criterion.items() if name != "key"}
