"""Where the reference sets a field to one value and a check expects another."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from authoring.drafts.scene import Scene
from authoring.lint.data.checks import UNDECIDED, Written
from authoring.lint.data.stated import known_value
from grading.expectations import first_broken
from grading.expected import Bound
from grading.graders import Evidence
from grading.graders.state import StateCheck
from simulation.state import Change


@dataclass(frozen=True, slots=True)
class Disagreement:
    """ends: what the reference leaves in the field. mended: the check as it would be met."""

    entity_type: str
    key: str
    path: str
    expected: str
    ends: Any
    mended: Mapping[str, Any]


def disagreements(scene: Scene, written: Written) -> Iterator[Disagreement]:
    """Compare the literals that a check expects of one row with what the reference writes there."""
    check, played = written.check, scene.played
    if played is None or not isinstance(check, StateCheck) or not written.is_wanted:
        return
    if check.exists is not None or check.count is not None or not check.expect:
        return
    change = _only_change(played.evidence, check)
    if change is None or change.after is None:
        return
    for number, line in enumerate(check.expect):
        before, after = (change.before or {}).get(line.path), change.after.get(line.path)
        if after in (None, before) or line.op != "eq" or isinstance(line.value, Bound):
            continue
        if change.before is None and not _is_written(played.evidence, change, after):
            continue  # a new row begins with values that nobody chose
        if first_broken(played.evidence.world, check.entity_type, change.after, [line]):
            mended = _with_value(check.as_data(), number, after)
            yield Disagreement(
                check.entity_type, change.id, line.path, str(line.value), after, mended
            )


def _is_written(evidence: Evidence, change: Change, value: Any) -> bool:
    """Tell whether a call that wrote a row gave this value as an argument."""
    steps = {step for step, _ in evidence.writes.get((change.entity_type, change.id), ())}
    told = (step.arguments_raw for step in evidence.steps if step.index in steps)
    return any(str(value) in raw for raw in told)


def _only_change(evidence: Evidence, check: StateCheck) -> Change | None:
    """Give the change of the one row that a check is surely about; None for no or several rows."""
    changes = [each for each in evidence.diff if each.entity_type == check.entity_type]
    if check.created:
        changes = [each for each in changes if each.before is None]
    key = known_value(check.id)
    if key is not None:
        changes = [each for each in changes if each.id == key]
    else:
        changes = [each for each in changes if _is_chosen(evidence, check, each)]
    is_sure = check.created or key is not None
    return changes[0] if is_sure and len(changes) == 1 else None


def _is_chosen(evidence: Evidence, check: StateCheck, change: Change) -> bool:
    if change.after is None:
        return False
    try:
        return not first_broken(evidence.world, check.entity_type, change.after, check.where)
    except UNDECIDED:
        return False


def _with_value(data: Mapping[str, Any], number: int, value: Any) -> dict[str, Any]:
    lines = [dict(line) for line in data["expect"]]
    lines[number] = {**lines[number], "value": value}
    return {**data, "expect": lines}
