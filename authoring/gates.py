"""What a revision must show before approval: its reference passes, trivial agents do not.

Everything here runs in memory, in a clone of the world; nothing is stored.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from authoring.content import CallStep, MessageStep, TaskContent
from grading.criteria import Outcome, reward_of
from grading.graders import Evidence, Finding, is_deterministic
from grading.verdicts import grade
from simulation.episodes import make_spec
from simulation.play import play, prepare
from simulation.snapshots import Snapshot
from simulation.transcript import AgentSpec, Spec
from simulation.worlds import find_world, load_snapshot

TRIVIAL = ("null", "echo", "claims_only")
HIGH_TRIVIAL_REWARD = 0.25


@dataclass(frozen=True)
class Trial:
    """What one agent gets for a task.

    reward and passed are None where a criterion could not be graded, or a judge or a person decides
    it.
    """

    agent: str
    findings: Mapping[str, Finding]
    reward: float | None
    passed: bool | None


def spec_of(content: TaskContent) -> Spec:
    """Freeze a task's content as what an episode is asked."""
    world = find_world(content.world)
    return make_spec(
        world,
        prompt=content.prompt,
        system_prompt=world.prompts[content.system_prompt],
        setup=list(content.setup),
        toolset=content.toolset,
        budgets=content.budgets,
        mode=content.mode,
        customer=content.customer,
        max_results=content.max_results,
    )


def agent_spec(kind: str, content: TaskContent) -> AgentSpec:
    """Describe one of the agents that every task is tried with: reference, or a trivial one."""
    config = {"solution": solution_of(content.reference)} if kind == "reference" else {}
    return AgentSpec(kind=kind, name=kind, config=config)


def solution_of(steps: Sequence[CallStep | MessageStep]) -> list[dict[str, Any]]:
    return [step.model_dump() for step in steps]


def try_agent(content: TaskContent, spec: Spec, snapshot: Snapshot, agent: AgentSpec) -> Trial:
    """Run and grade one agent on a task, in memory."""
    playing = prepare(snapshot, spec)
    outcome = play(playing, agent, lambda steps: None)
    evidence = Evidence(spec, playing.steps, outcome.final_response, playing.world)
    findings = grade(content.rubric.criteria, evidence)
    result = reward_of(content.rubric.criteria, {k: f.outcome for k, f in findings.items()})
    return Trial(agent.name, findings, *(result or (None, None)))


def problems_of(content: TaskContent) -> list[str]:
    """Name everything that stands against approval."""
    spec, snapshot = spec_of(content), load_snapshot(find_world(content.world))
    trials = {
        kind: try_agent(content, spec, snapshot, agent_spec(kind, content))
        for kind in ("reference", *TRIVIAL)
    }
    problems = _reference_problems(content, trials.pop("reference"))
    problems += [
        f"{kind}: an agent that does nothing passes"
        for kind, trial in trials.items()
        if trial.passed
    ]
    for miss in content.near_misses:
        agent = AgentSpec(
            kind="reference", name=miss.name, config={"solution": solution_of(miss.solution)}
        )
        if try_agent(content, spec, snapshot, agent).passed:
            problems.append(f"near-miss {miss.name!r} passes")
    return problems


def warnings_of(content: TaskContent) -> list[str]:
    """Name what a reviewer should look at: trivial agents that are rewarded highly."""
    spec, snapshot = spec_of(content), load_snapshot(find_world(content.world))
    rewards = {
        kind: try_agent(content, spec, snapshot, agent_spec(kind, content)).reward
        for kind in TRIVIAL
    }
    return [
        f"{kind}: gets a reward of {reward:.2f} for nothing"
        for kind, reward in rewards.items()
        if reward is not None and reward > HIGH_TRIVIAL_REWARD
    ]


def _reference_problems(content: TaskContent, trial: Trial) -> list[str]:
    problems = []
    for criterion in filter(is_deterministic, content.rubric.criteria):
        finding = trial.findings[criterion.key]
        wanted = finding.outcome == Outcome.MET if criterion.points > 0 else None
        if finding.outcome == Outcome.GRADER_ERROR or wanted is False:
            problems.append(f"reference: {criterion.key} is {finding.outcome}: {finding.reason}")
        elif criterion.points < 0 and finding.outcome == Outcome.MET:
            problems.append(f"reference: does the harm of {criterion.key}: {finding.reason}")
    return problems
