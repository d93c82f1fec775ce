"""Episodes of the mock company in memory, played by real agents, as evidence for graders."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from grading.graders import Evidence, Finding, read_check
from simulation.play import play, prepare
from simulation.snapshots import Snapshot
from tests.factories import make_snapshot, make_spec, scripted

STORE = make_snapshot()


def make_evidence(
    *calls: tuple[str, Any],
    answer: str = "",
    snapshot: Snapshot = STORE,
    setup: Sequence[Mapping[str, Any]] = (),
    toolset: str = "default",
) -> Evidence:
    """Play an episode that makes these calls, one a turn, and ends with the answer."""
    playing = prepare(snapshot, make_spec(setup=list(setup), toolset=toolset))
    turns = [{"calls": [[name, json.dumps(arguments)]]} for name, arguments in calls]
    outcome = play(playing, scripted(*turns, {"text": answer}), lambda steps: None)
    return Evidence(playing.spec, playing.steps, outcome.final_response, playing.world)


def grade(check: Mapping[str, Any], evidence: Evidence) -> Finding:
    """Bind a check to the world after setup, as a revision does, and grade it."""
    return read_check(check).bound(evidence.before).grade(evidence)


def told(answer: str, snapshot: Snapshot = STORE, **claim: Any) -> Finding:
    """Grade what an answer says."""
    evidence = make_evidence(answer=answer, snapshot=snapshot)
    return grade({"kind": "response", **claim}, evidence)
