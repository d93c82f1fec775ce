"""R05 and R06: what the reference changes is looked at, and that nothing else changed as well."""

from collections.abc import Iterator, Sequence
from typing import Any

from authoring.content import DraftCriterion
from authoring.drafts.document import new_key
from authoring.drafts.scene import Scene
from authoring.lint import RULES, Finding, Rewrite, Severity
from authoring.lint.data.changed import Touched, changes_of, fields_of, touched_by
from authoring.lint.data.checks import UNDECIDED, Written, written_checks
from authoring.lint.data.trials import grade_reference, try_trivial
from grading.criteria import Outcome
from grading.expectations import Expectation, first_broken
from grading.expected import known
from grading.graders import Check, Evidence
from grading.graders.response import ResponseCheck
from grading.graders.response import Written as WrittenText
from grading.graders.state import StateCheck, Transition
from grading.graders.tool_call import ToolCallCheck
from simulation.state import Change, WorldState
from simulation.wording import listed, plural, spoken

COVERED, GUARDED = "R05", "R06"
GUARD = "Nothing is changed but what the task asks for."


@RULES.add(COVERED)
def reference_changes(scene: Scene) -> Iterator[Finding]:
    played = scene.played
    if played is None or not scene.content.rubric.criteria:
        return
    written = written_checks(scene)
    for touched in _once(touched_by(scene)):
        if not any(_looks_at(each.check, touched, played.evidence) for each in written):
            yield Finding(
                rule=COVERED,
                severity=Severity.WARNING,
                place="rubric",
                why=f"The reference makes {touched.says()}, and no criterion looks at it."
                if not touched.field
                else f"The reference changes {touched.says()}, and no criterion looks at it.",
                rewrite=_state_criterion(scene, touched),
            )
    yield from _untouched(scene, written)


def _once(touched: Iterator[Touched]) -> Iterator[Touched]:
    """Leave out what repeats: the second of several new rows of a type."""
    seen = set()
    for each in touched:
        what = (
            each.entity_type,
            "new" if each.change.before is None else each.change.id,
            each.field,
        )
        if what not in seen:
            seen.add(what)
            yield each


def _looks_at(check: Check, touched: Touched, evidence: Evidence) -> bool:
    match check:
        case StateCheck():
            return check.entity_type == touched.entity_type and _is_seen(check, touched, evidence)
        case ResponseCheck(source=WrittenText() as source):
            return source.entity_type == touched.entity_type and (
                not touched.field or source.field.partition(".")[0] == touched.field
            )
        case ToolCallCheck(tool=str(tool)):
            steps = [step for step, _ in evidence.writes.get(_place(touched.change), ())]
            return any(step.index in steps for step in evidence.calls.get(tool, ()))
        case _:
            return not check.IS_DETERMINISTIC  # a judge may look at anything


def _place(change: Change) -> tuple[str, str]:
    return change.entity_type, change.id


def _is_seen(check: StateCheck, touched: Touched, evidence: Evidence) -> bool:
    change = touched.change
    if check.created and change.before is not None:
        return False
    if not _is_chosen(check, change, evidence):
        return False
    lines: Sequence[Expectation | Transition] = (*check.expect, *check.changed, *check.where)
    paths = [line.path for line in lines]
    return not touched.field or touched.field in {path.partition(".")[0] for path in paths}


def _is_chosen(check: StateCheck, change: Change, evidence: Evidence) -> bool:
    try:
        if check.id is not None:
            return bool(known(check.id) == change.id)
        row = change.after
        return row is None or not first_broken(evidence.world, check.entity_type, row, check.where)
    except UNDECIDED:
        return False


def _state_criterion(scene: Scene, touched: Touched) -> Rewrite | None:
    """Write a criterion that asks for what the reference leaves in a field."""
    change = touched.change
    value = (change.after or {}).get(touched.field)
    if not touched.field or not isinstance(value, str | int | float | bool):
        return None
    check = {
        "kind": "state",
        "entity_type": change.entity_type,
        "id": change.id,
        "expect": [{"path": touched.field, "value": value}],
    }
    place = f"{spoken(touched.field)} of {spoken(change.entity_type)} {change.id}"
    return _addition(scene, f"The {place} is {value}.", check, "Add a criterion for it")


def _addition(scene: Scene, text: str, check: dict[str, Any], label: str) -> Rewrite:
    key = new_key(scene.content.model_dump(mode="json", include={"rubric"}), text)
    value = DraftCriterion(key=key, text=text[:1000], check=check)
    return Rewrite(label=label, path=f"rubric/{key}", value=value.model_dump(mode="json"))


def _untouched(scene: Scene, written: Sequence[Written]) -> Iterator[Finding]:
    """Find state criteria that hold before anybody does anything."""
    null = next((t for t in try_trivial(scene) if t.agent == "null"), None)
    findings = grade_reference(scene)
    for each in written:
        key = each.criterion.key
        if not is_untouched(each) or null is None or not null.meets(key) or key not in findings:
            continue
        if findings[key].outcome == Outcome.MET:
            yield Finding(
                rule=COVERED,
                severity=Severity.WARNING,
                place=each.place,
                why="This holds before anything is done: the reference changes nothing that it"
                " looks at.",
            )


def is_untouched(written: Written) -> bool:
    """Tell whether a criterion asks for a state that should be of the agent's making."""
    check = written.check
    is_guard = isinstance(check, StateCheck) and (check.exists is False or check.count is not None)
    return written.is_wanted and isinstance(check, StateCheck) and not is_guard


@RULES.add(GUARDED)
def unwanted_changes(scene: Scene) -> Iterator[Finding]:
    changes = changes_of(scene)
    kinds = {criterion.kind for criterion in scene.content.rubric.criteria}
    if not changes or not kinds or "unchanged" in kinds:
        return
    touched = listed(dict.fromkeys(plural(each.entity_type) for each in changes))
    yield Finding(
        rule=GUARDED,
        severity=Severity.WARNING,
        place="rubric",
        why=f"The task changes {touched}, and no criterion asks that nothing else is changed.",
        rewrite=_guard(scene, changes),
    )


def _guard(scene: Scene, changes: Sequence[Change]) -> Rewrite:
    world = scene.ready
    allow = list(_allowances(changes, world)) if world else []
    check = {"kind": "unchanged", "allow": allow}
    return _addition(scene, GUARD, check, "Add: nothing else is changed")


def _allowances(changes: Sequence[Change], world: WorldState) -> Iterator[dict[str, Any]]:
    """Allow what the reference does and no more."""
    made: dict[str, int] = {}
    for change in changes:
        row = {"entity_type": change.entity_type, "id": change.id}
        if change.before is None:
            made[change.entity_type] = made.get(change.entity_type, 0) + 1
        elif change.after is None:
            yield {**row, "deleted": True}
        else:
            yield {**row, "fields": sorted(fields_of(change, world))}
    for entity_type, count in made.items():
        yield {"entity_type": entity_type, "created": True, "count": count}
