"""What criteria that come in would become in a draft: added to its rubric, or in its place."""

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from authoring.content import read_draft
from authoring.drafts.document import MAX_KEY, Document, new_key
from authoring.rubric_imports import Incoming
from authoring.rubrics.changes import MOST
from simulation.errors import GymError, Problems
from simulation.text import clean_json

ADD, REPLACE = "add", "replace"
MODES = (ADD, REPLACE)
JUDGE: Mapping[str, Any] = {"kind": "judge"}
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class State(StrEnum):
    """What becomes of a criterion: a new one, one that is there already, one that is kept."""

    NEW = "new"
    THERE = "there"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Planned:
    incoming: Incoming
    criterion: Mapping[str, Any]
    state: State
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """document: the draft as it would be. problems: why it cannot become so."""

    document: Document
    criteria: tuple[Planned, ...]
    problems: tuple[str, ...] = ()

    @property
    def new(self) -> int:
        return sum(each.state != State.THERE for each in self.criteria)


def plan(mode: str, document: Document, incoming: Sequence[Incoming]) -> Plan:
    """Plan an import. mode: "add", which leaves what is there alone, or "replace".

    A criterion of equal text is the same one: to add it again does nothing, and in a rubric that is
    replaced it keeps its key, and its check unless the other format brings one.
    """
    changed = deepcopy(document)
    old: list[dict[str, Any]] = changed["rubric"]["criteria"]
    known = {}
    for each in reversed(old):
        known[_said(each["text"])] = each
    if mode == REPLACE:
        changed["rubric"]["criteria"] = []
    made = _made(changed, known, incoming, is_new=mode == REPLACE)
    return Plan(document=changed, criteria=tuple(made), problems=tuple(_problems(changed, made)))


def _made(
    document: Document, known: dict[str, Any], incoming: Sequence[Incoming], *, is_new: bool
) -> list[Planned]:
    there, made, said = document["rubric"]["criteria"], [], set()
    reserved = {each["key"] for each in known.values()} if is_new else set()
    for each in incoming:
        text = _said(each.text)
        same = known.pop(text, None) if is_new else known.get(text)
        hints = ("says the same as another one of these",) if text in said else ()
        said.add(text)
        if same is not None and not is_new:
            made.append(Planned(each, same, State.THERE, hints))
            continue
        criterion = _criterion(document, each, same, reserved)
        there.append(criterion)
        made.append(Planned(each, criterion, State.KEPT if same else State.NEW, hints))
    return made


def _criterion(
    document: Document, each: Incoming, same: Mapping[str, Any] | None, reserved: set[str]
) -> dict[str, Any]:
    check = dict(each.check) or dict(same["check"] if same else JUDGE)
    return {
        "key": same["key"] if same else _key(document, each, reserved),
        "text": each.text,
        "category": each.category,
        "points": each.points,
        "note": each.note or (str(same["note"]) if same else ""),
        "check": check,
    }


def _key(document: Document, each: Incoming, reserved: set[str]) -> str:
    """Take the key that comes along where it is free, else make one of the name or the text."""
    criteria = document["rubric"]["criteria"]
    taken = {criterion["key"] for criterion in criteria} | reserved
    is_key = len(each.key) <= MAX_KEY and _KEY.fullmatch(each.key)
    if is_key and each.key not in taken:
        return each.key
    kept = [{"key": key} for key in taken]
    return new_key({"rubric": {"criteria": kept}}, each.key or each.name or each.text)


def _problems(document: Document, made: Sequence[Planned]) -> list[str]:
    criteria = document["rubric"]["criteria"]
    problems = []
    if len(criteria) > MOST:
        problems.append(
            f"there would be {len(criteria)} criteria; a rubric has at most {MOST}: take some away"
        )
    if criteria and not any(each["points"] > 0 for each in criteria):
        problems.append("no criterion would give points: a rubric needs one with points above 0")
    if made and all(each.state == State.THERE for each in made):
        problems.append("all of these criteria are there already")
    return problems or _unfit(document)


def _unfit(document: Document) -> list[str]:
    """Say what a draft would refuse to hold, such as a check that is nested too deep."""
    try:
        read_draft(clean_json(document))
    except Problems as error:
        return list(error.problems)
    except GymError as error:
        return [error.message]
    return []


def _said(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".")
