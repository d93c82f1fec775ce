"""Who passes: the reference, the agents that do nothing, and the near-misses, in memory.

Plays and verdicts are kept by all that decides them, so a keystroke elsewhere costs nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson

from authoring.content import DraftContent
from authoring.drafts.scene import Scene
from authoring.lint.data.checks import Written, decided_by_rules
from grading.criteria import Criterion, Outcome, reward_of
from grading.graders import Evidence, Finding, grade_criterion
from simulation.episodes import make_spec
from simulation.errors import GymError
from simulation.models import World
from simulation.play import play, prepare
from simulation.text import canonical
from simulation.transcript import AgentSpec
from simulation.worlds import load_snapshot

TRIVIAL = ("null", "echo", "claims_only")
_SPEC = ("setup", "toolset", "budgets", "max_results", "mode")
_PROMPTED = ("echo", "claims_only")  # what they do rests on the prompt


@dataclass(frozen=True, slots=True)
class Trial:
    """What one agent gets. passed is None where a judge, a person or nobody decides a criterion."""

    agent: str
    findings: Mapping[str, Finding]
    reward: float | None
    passed: bool | None

    def meets(self, key: str) -> bool:
        return key in self.findings and self.findings[key].outcome == Outcome.MET


@dataclass(frozen=True, slots=True)
class _Play:
    """All that decides what an agent does, in canonical bytes."""

    world: World
    content_hash: str
    asked: bytes


def try_trivial(scene: Scene) -> list[Trial]:
    """Try the agents that do nothing of use; none where the world or the setup is not there."""
    return [_try(scene, kind, {}, needs_prompt=kind in _PROMPTED) for kind in _playable(scene)]


def try_near_misses(scene: Scene) -> list[Trial]:
    if scene.world is None or scene.setup_problems:
        return []
    solutions = [
        (miss.name, [step.model_dump(mode="json") for step in miss.solution])
        for miss in scene.content.near_misses
    ]
    return [_try_solution(scene, name, solution) for name, solution in solutions]


def grade_reference(scene: Scene) -> Mapping[str, Finding]:
    """Grade the reference by every criterion that rules decide; nothing where it cannot be played."""
    played = scene.played
    if played is None or scene.world is None:
        return {}
    asked = _asked(scene.content, ("prompt", *_SPEC, "reference"))
    return _grade(_Play(scene.world, scene.world.content_hash, asked), played.evidence, scene)


def _playable(scene: Scene) -> Sequence[str]:
    return () if scene.world is None or scene.setup_problems else TRIVIAL


def _try_solution(scene: Scene, name: str, solution: Sequence[Mapping[str, Any]]) -> Trial:
    return _try(scene, "reference", {"solution": solution}, name=name)


def _try(
    scene: Scene,
    kind: str,
    config: Mapping[str, Any],
    *,
    name: str = "",
    needs_prompt: bool = False,
) -> Trial:
    assert scene.world is not None
    fields = ("prompt", *_SPEC) if needs_prompt else _SPEC
    asked = canonical([kind, config, orjson.loads(_asked(scene.content, fields))])
    which = _Play(scene.world, scene.world.content_hash, asked)
    try:
        evidence = _played(which)
    except GymError:
        return Trial(name or kind, {}, None, None)
    findings = _grade(which, evidence, scene)
    reward, passed = _result(scene, findings)
    return Trial(name or kind, findings, reward, passed)


def _asked(content: DraftContent, fields: Sequence[str]) -> bytes:
    return canonical(content.model_dump(mode="json", include=set(fields)))


@lru_cache(maxsize=256)
def _played(which: _Play) -> Evidence:
    kind, config, asked = orjson.loads(which.asked)
    spec = make_spec(which.world, **{"prompt": "", **asked})
    playing = prepare(load_snapshot(which.world), spec)
    outcome = play(playing, AgentSpec(kind=kind, name=kind, config=config), lambda _: None)
    return Evidence(spec, playing.steps, outcome.final_response, playing.world)


def _grade(which: _Play, evidence: Evidence, scene: Scene) -> dict[str, Finding]:
    return {
        each.criterion.key: _verdict(which, _Held(evidence), canonical(each.check.as_data()))
        for each in decided_by_rules(scene)
    }


class _Held:
    """Evidence beside a cache key that already says all of it."""

    __slots__ = ("evidence",)

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=8192)
def _verdict(which: _Play, held: _Held, check: bytes) -> Finding:
    criterion = Criterion(key="one", text="one", check=orjson.loads(check))
    return grade_criterion(criterion, held.evidence)


def _result(
    scene: Scene, findings: Mapping[str, Finding]
) -> tuple[float, bool] | tuple[None, None]:
    """Give reward and passed; neither while a criterion is not decided."""
    criteria = scene.content.rubric.criteria
    if not any(criterion.points > 0 for criterion in criteria):
        return None, None
    written: list[Written] = decided_by_rules(scene)
    if len(written) < len(criteria):
        return None, None
    whole = [Criterion.model_validate({**c.model_dump(), "text": c.text or "?"}) for c in criteria]
    return reward_of(whole, {key: f.outcome for key, f in findings.items()}) or (None, None)
