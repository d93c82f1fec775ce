"""Who passes: the reference, the agents that do nothing, and the near-misses, in memory.

Plays and verdicts are kept by all that decides them, so a keystroke elsewhere costs nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import orjson

from authoring.content import DraftContent, NearMiss
from authoring.drafts.scene import Scene
from authoring.lint.data.checks import decided_by_rules
from authoring.lint.data.memory import once_for_each
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


@once_for_each
def try_trivial(scene: Scene) -> list[Trial]:
    """Try the agents that do nothing of use; none where the world or the setup is not there."""
    fields = {"null": _SPEC, **dict.fromkeys(("echo", "claims_only"), ("prompt", *_SPEC))}
    return [
        _try(scene, world, AgentSpec(kind=kind, name=kind), fields[kind])
        for world in _stage(scene)
        for kind in TRIVIAL
    ]


@once_for_each
def try_near_misses(scene: Scene) -> list[Trial]:
    return [
        _try(scene, world, _solving(miss), _SPEC)
        for world in _stage(scene)
        for miss in scene.content.near_misses
    ]


@once_for_each
def grade_reference(scene: Scene) -> Mapping[str, Finding]:
    """Grade the reference by the criteria that rules decide; nothing where it is not played."""
    played = scene.played
    if played is None or scene.world is None:
        return {}
    asked = _asked(scene.content, ("prompt", *_SPEC, "reference"))
    return _grade(_Play(scene.world, scene.world.content_hash, asked), played.evidence, scene)


def _stage(scene: Scene) -> Sequence[World]:
    """Give the world as far as it can be played in."""
    return [] if scene.world is None or scene.setup_problems else [scene.world]


def _solving(miss: NearMiss) -> AgentSpec:
    solution = [step.model_dump(mode="json") for step in miss.solution]
    return AgentSpec(kind="reference", name=miss.name, config={"solution": solution})


def _try(scene: Scene, world: World, agent: AgentSpec, fields: Sequence[str]) -> Trial:
    """fields: of the content, those that decide what the agent does."""
    told = orjson.loads(_asked(scene.content, fields))
    asked = canonical([agent.kind, agent.config, told])
    which = _Play(world, world.content_hash, asked)
    try:
        evidence = _played(which)
    except GymError:
        return Trial(agent.name, {}, None, None)
    findings = _grade(which, evidence, scene)
    reward, passed = _result(scene, findings)
    return Trial(agent.name, findings, reward, passed)


def _asked(content: DraftContent, fields: Sequence[str]) -> bytes:
    asked = content.model_dump(mode="json", include=set(fields))
    return canonical({**asked, "max_results": content.page_size})


@lru_cache(maxsize=256)
def _played(which: _Play) -> Evidence:
    kind, config, asked = orjson.loads(which.asked)
    spec = make_spec(which.world, **{"prompt": "", **asked})
    playing = prepare(load_snapshot(which.world), spec)
    outcome = play(playing, AgentSpec(kind=kind, name=kind, config=config), lambda _: None)
    return Evidence(spec, playing.steps, outcome.final_response, playing.world)


def _grade(which: _Play, evidence: Evidence, scene: Scene) -> dict[str, Finding]:
    return {
        each.criterion.key: _verdict(which, _Held(evidence), each.encoded)
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
    criteria = _whole_rubric(scene)
    if not any(criterion.points > 0 for criterion in criteria):
        return None, None
    outcomes = {key: finding.outcome for key, finding in findings.items()}
    return reward_of(criteria, outcomes) or (None, None)


@once_for_each
def _whole_rubric(scene: Scene) -> Sequence[Criterion]:
    """Give the criteria as they count: key and points are all that matters."""
    return [
        Criterion(key=each.key, text=each.text or "?", points=each.points, check=each.check)
        for each in scene.content.rubric.criteria
    ]
