"""What a revision must show before review and approval: it is whole, lint finds no error, its
reference passes, trivial agents and near-misses do not, and people have decided what no rule does.

Everything but what people decided runs in memory, in a clone of the world; nothing is stored.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from authoring.content import CallStep, DraftContent, MessageStep, TaskContent
from authoring.drafts.cutting import complete_content
from authoring.drafts.scene import scene_of
from authoring.dry_runs.decisions import decision_problems
from authoring.lint import Severity, lint
from authoring.models import Revision
from grading.criteria import Outcome, reward_of
from grading.graders import Evidence, Finding, is_deterministic
from grading.verdicts import grade
from simulation.episodes import spec_for
from simulation.errors import GymError, InvalidArgument
from simulation.faults import calmed
from simulation.models import World
from simulation.play import play, prepare
from simulation.snapshots import Snapshot
from simulation.transcript import AgentSpec, Spec
from simulation.worlds import find_world, load_snapshot

TRIVIAL = ("null", "echo", "claims_only")
HIGH_TRIVIAL_REWARD = 0.25
LONGEST_NAME = 90  # characters of the name of a near-miss, as an agent's


@dataclass(frozen=True)
class Trial:
    """What one agent gets for a task.

    reward and passed are None where a criterion could not be graded, or a judge or a person decides
    it. state_hash: of the world at the end. problem: why it stopped before its end, "" if it did
    not.
    """

    agent: str
    findings: Mapping[str, Finding]
    reward: float | None
    passed: bool | None
    state_hash: str = ""
    problem: str = ""


@dataclass(frozen=True)
class _Asked:
    """Content in its world; equal ones are tried once a process."""

    world_hash: str
    content_hash: str
    content: TaskContent = field(compare=False)
    world: World = field(compare=False)


def submission_problems(content: DraftContent) -> list[str]:
    """Name everything that stands against asking for a review: what is missing, errors of lint."""
    return [*_missing(content), *_errors(content)]


def approval_problems(revision: Revision) -> list[str]:
    """Name everything that stands against approval."""
    content = revision.draft_value
    if missing := _missing(content):
        return [*missing, *_errors(content)]
    whole = revision.value
    return [*_errors(content), *problems_of(whole), *decision_problems(revision, whole)]


def problems_of(content: TaskContent, world: World | None = None) -> list[str]:
    """Name what playing a whole task shows against it.

    world: the one that it names, where that is at hand.
    """
    return _problems(content, _trials(_asked(content, world)))


def problems_in(content: TaskContent, snapshot: Snapshot) -> list[str]:
    """Name what playing a whole task shows against it in its world, which may be in memory alone.

    Raises InvalidArgument for what the world has not.
    """
    spec = spec_in(content, snapshot)
    trials = [try_agent(content, spec, snapshot, agent) for agent in agents_of(content)]
    return _problems(content, trials)


def _problems(content: TaskContent, trials: Sequence[Trial]) -> list[str]:
    reference, *others = trials
    trivial, misses = others[: len(TRIVIAL)], others[len(TRIVIAL) :]
    return [
        *reference_problems(content, reference),
        *(f"{t.agent}: an agent that does nothing passes" for t in trivial if t.passed),
        *(
            f"near-miss {miss.name!r} passes"
            for miss, trial in zip(content.near_misses, misses, strict=True)
            if trial.passed
        ),
    ]


def warnings_of(content: TaskContent, world: World | None = None) -> list[str]:
    """Name what a reviewer should look at: trivial agents that are rewarded highly."""
    trivial = _trials(_asked(content, world))[1 : len(TRIVIAL) + 1]
    return [
        f"{trial.agent}: gets a reward of {trial.reward:.2f} for nothing"
        for trial in trivial
        if trial.reward is not None and trial.reward > HIGH_TRIVIAL_REWARD
    ]


def spec_of(content: TaskContent, world: World | None = None) -> Spec:
    """Freeze a task's content as what an episode is asked."""
    return spec_in(content, load_snapshot(world or find_world(content.world)))


def spec_in(content: TaskContent, snapshot: Snapshot) -> Spec:
    """Freeze a task's content as what an episode is asked in its world, which may be in memory
    alone. Raises InvalidArgument for what the world has not."""
    return spec_for(
        snapshot,
        content.world,
        prompt=content.prompt,
        system_prompt=_system_prompt(content, snapshot),
        setup=list(content.setup),
        toolset=content.toolset,
        budgets=content.budgets,
        mode=content.mode,
        customer=content.customer,
        faults=content.faults.model_dump() if content.faults else None,
        max_results=content.max_results,
    )


def asked_of(spec: Spec, agent: AgentSpec) -> Spec:
    """Give what an agent is asked: one that every task is tried with could not try again, so no
    call of it is made to fail or held up."""
    return calmed(spec) if agent.kind in ("reference", *TRIVIAL) else spec


def _system_prompt(content: TaskContent, snapshot: Snapshot) -> str:
    text = snapshot.prompts.get(content.system_prompt)
    if text is None:
        there_are = f"{content.world} has {', '.join(snapshot.prompts)}"
        raise InvalidArgument(f"system_prompt {content.system_prompt!r}: {there_are}")
    return text


def agents_of(content: TaskContent) -> list[AgentSpec]:
    """Give all agents that a task is tried with, in this order: the reference, those that do
    nothing, its near-misses."""
    misses = enumerate(content.near_misses, start=1)
    return [
        *(agent_spec(kind, content) for kind in ("reference", *TRIVIAL)),
        *(_replaying(near_miss_name(n, miss.name), miss.solution) for n, miss in misses),
    ]


def agent_spec(kind: str, content: TaskContent) -> AgentSpec:
    """Describe one of the agents that every task is tried with: reference, or a trivial one."""
    if kind == "reference":
        return _replaying(kind, content.reference)
    return AgentSpec(kind=kind, name=kind)


def near_miss_name(number: int, name: str) -> str:
    """Name a near-miss as an agent: unlike every other one, whatever its author calls it."""
    return f"near-miss {number}: {name}"[:LONGEST_NAME]


def solution_of(steps: Sequence[CallStep | MessageStep]) -> list[dict[str, Any]]:
    return [step.model_dump() for step in steps]


def try_agent(content: TaskContent, spec: Spec, snapshot: Snapshot, agent: AgentSpec) -> Trial:
    """Run and grade one agent on a task, in memory; no call is made to fail or held up."""
    spec = calmed(spec)
    playing = prepare(snapshot, spec)
    outcome = play(playing, agent, lambda steps: None)
    evidence = Evidence(spec, playing.steps, outcome.final_response, playing.world)
    findings = grade(content.rubric.criteria, evidence)
    result = reward_of(content.rubric.criteria, {k: f.outcome for k, f in findings.items()})
    reward, passed = result or (None, None)
    return Trial(agent.name, findings, reward, passed, outcome.state_hash, outcome.detail)


def _asked(content: TaskContent, world: World | None) -> _Asked:
    world = world or find_world(content.world)
    return _Asked(world.content_hash, content.hash, content, world)


@lru_cache(maxsize=128)
def _trials(asked: _Asked) -> tuple[Trial, ...]:
    content, world = asked.content, asked.world
    spec, snapshot = spec_of(content, world), load_snapshot(world)
    return tuple(try_agent(content, spec, snapshot, agent) for agent in agents_of(content))


def _replaying(name: str, steps: Sequence[CallStep | MessageStep]) -> AgentSpec:
    return AgentSpec(kind="reference", name=name, config={"solution": solution_of(steps)})


def _missing(content: DraftContent) -> list[str]:
    try:
        complete_content(content)
    except GymError as error:
        return error.message.splitlines()
    return []


def _errors(content: DraftContent) -> list[str]:
    found = lint(scene_of(content))
    return [f"{f.rule}, {f.place}: {f.why}" for f in found if f.severity == Severity.ERROR]


def reference_problems(content: TaskContent, trial: Trial) -> list[str]:
    """Name the criteria that rules decide against a reference."""
    problems = []
    for criterion in filter(is_deterministic, content.rubric.criteria):
        finding = trial.findings[criterion.key]
        wanted = finding.outcome == Outcome.MET if criterion.points > 0 else None
        if finding.outcome == Outcome.GRADER_ERROR or wanted is False:
            problems.append(f"reference: {criterion.key} is {finding.outcome}: {finding.reason}")
        elif criterion.points < 0 and finding.outcome == Outcome.MET:
            problems.append(f"reference: does the harm of {criterion.key}: {finding.reason}")
    return problems
