"""R08, R09 and R10: the reference passes, agents that do nothing do not, near-misses neither."""

from collections.abc import Iterator

from authoring.drafts.scene import Scene
from authoring.lint import RULES, Finding, Severity
from authoring.lint.data.checks import Written, decided_by_rules, written_checks
from authoring.lint.data.disagreements import disagreements
from authoring.lint.data.trials import Trial, grade_reference, try_near_misses, try_trivial
from authoring.lint.rules.reference_changes import is_untouched
from grading.criteria import Outcome
from grading.graders import Finding as Graded
from simulation.wording import listed

REFERENCE, NOTHING, NEAR_MISS = "R08", "R09", "R10"
_DOES = {
    "null": "does and says nothing",
    "echo": "repeats the prompt",
    "claims_only": "only claims that it did everything",
}


@RULES.add(REFERENCE)
def reference_passes(scene: Scene) -> Iterator[Finding]:
    played = scene.played
    if played is None:
        if scene.content.reference and scene.world and not scene.setup_problems:
            yield _error(REFERENCE, "reference", f"It cannot be played: {scene.play_problem}")
        return
    if played.problem:
        yield _error(REFERENCE, "reference", f"It stops early: {played.problem}")
    findings = grade_reference(scene)
    for written in decided_by_rules(scene):
        if finding := findings.get(written.criterion.key):
            why = _why_not(scene, written, finding)
            if why:
                yield _error(REFERENCE, written.place, why)


def _why_not(scene: Scene, written: Written, finding: Graded) -> str:
    """Say what is wrong with how the reference does by a criterion; "" where nothing is."""
    if finding.outcome == Outcome.GRADER_ERROR:
        return f"It cannot be graded: {finding.reason}."
    is_met = finding.outcome == Outcome.MET
    if is_met == written.is_wanted:
        return ""
    if is_met:
        return f"The reference does this harm: {finding.reason}."
    if any(disagreements(scene, written)):
        return ""  # another rule tells it, with the values
    return f"The reference does not meet this: {finding.reason}."


def _error(rule: str, place: str, why: str) -> Finding:
    return Finding(rule=rule, severity=Severity.ERROR, place=place, why=why)


@RULES.add(NOTHING)
def nothing_done(scene: Scene) -> Iterator[Finding]:
    if not scene.content.rubric.criteria:
        return
    trials = try_trivial(scene)
    passing = [_DOES[trial.agent] for trial in trials if trial.passed]
    if passing:
        yield _error(NOTHING, "rubric", f"An agent passes that {listed(passing, 'or')}.")
    for written in written_checks(scene):
        if null := next((t for t in trials if t.agent == "null"), None):
            yield from _held_by_nobody(written, null)


def _held_by_nobody(written: Written, null: Trial) -> Iterator[Finding]:
    """Find criteria that pay an agent for doing nothing; the guard against changes has to."""
    is_told = is_untouched(written)  # by the rule about what the reference changes
    if not written.is_wanted or written.criterion.kind == "unchanged" or is_told:
        return
    if null.meets(written.criterion.key):
        yield Finding(
            rule=NOTHING,
            severity=Severity.WARNING,
            place=written.place,
            why="This holds for an agent that does nothing: word what would be wrong, and make it"
            " harmful.",
        )


@RULES.add(NEAR_MISS)
def near_misses_fail(scene: Scene) -> Iterator[Finding]:
    if not scene.content.reference or not scene.content.rubric.criteria:
        return
    if not scene.content.near_misses:
        yield _warning("There is no near-miss: write a plausible solution that must fail.")
    for trial in try_near_misses(scene):
        if trial.passed:
            yield _warning(f"The near-miss “{trial.agent}” passes, and it must fail.")


def _warning(why: str) -> Finding:
    return Finding(rule=NEAR_MISS, severity=Severity.WARNING, place="reference", why=why)
