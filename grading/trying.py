"""Trying a check on an episode: what it would say, with nothing stored anywhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from grading.check_forms.fields import KIND
from grading.criteria import Criterion
from grading.graders import GRADERS, Check, Evidence, Finding, grade_criterion, read_check
from simulation.errors import GymError, InvalidArgument
from simulation.state import WorldState
from simulation.text import parse_object

TRIED = "tried"


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What came of a try.

    messages: what is wrong with the check, each beginning with its path. check: it with the results
    of its queries, None when something is wrong. finding: None without evidence or when only a
    model or a person decides such checks.
    """

    messages: tuple[str, ...] = ()
    check: Check | None = None
    finding: Finding | None = None


def is_decided_here(kind: str) -> bool:
    """Tell whether a check of this kind is decided by a rule, at once."""
    return GRADERS[kind].IS_DETERMINISTIC


def try_on(data: Mapping[str, Any], start: WorldState, evidence: Evidence | None) -> Tried:
    """Bind a check to the world at the start of an episode, as a revision does, and grade it."""
    try:
        check = read_check(data).bound(start)
    except ValidationError as error:
        return Tried(messages=tuple(str(each["msg"]) for each in error.errors()))
    except GymError as error:
        return Tried(messages=tuple(error.message.splitlines()))
    except TimeoutError as error:
        return Tried(messages=(str(error),))
    if evidence is None or not is_decided_here(str(data[KIND])):
        return Tried(check=check)
    criterion = Criterion(key=TRIED, text=TRIED, check=check.as_data())
    return Tried(check=check, finding=grade_criterion(criterion, evidence))


def read_pasted(text: str) -> dict[str, Any]:
    """Read a check that was pasted as JSON. Raises InvalidArgument that says what it should be."""
    try:
        data, _ = parse_object(text)
    except InvalidArgument as error:
        raise InvalidArgument(error.message.removeprefix("arguments ")) from None
    kind = data.get(KIND)
    if not isinstance(kind, str) or kind not in GRADERS:
        raise InvalidArgument(f"kind {kind!r}: write one of {', '.join(GRADERS)}")
    return data
