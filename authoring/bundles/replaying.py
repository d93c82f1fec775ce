"""Playing the references of a bundle: in memory, from its files alone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from authoring.bundles.bundle import Bundle
from authoring.exports.contents import PackedTask
from authoring.gates import agent_spec, reference_problems, spec_in, try_agent
from grading.graders import is_deterministic
from simulation.errors import GymError, NotFound

OPEN = "open"  # a judge or a person decides it


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """What became of a reference.

    reward and passed: None while a criterion is open. outcomes: by criterion, OPEN for those that
    no rule decides. problems: why the reference does not pass; none where it does, as far as rules
    decide.
    """

    task: str
    revision: int
    world: str
    state_hash: str
    reward: float | None
    passed: bool | None
    outcomes: Mapping[str, str]
    problems: tuple[str, ...] = ()

    @property
    def is_fine(self) -> bool:
        return not self.problems

    def as_json(self) -> dict[str, Any]:
        return {
            "task": self.task,
            "revision": self.revision,
            "world": self.world,
            "state_hash": self.state_hash,
            "reward": self.reward,
            "passed": self.passed,
            "criteria": dict(self.outcomes),
            "problems": list(self.problems),
        }


def replay(bundle: Bundle, slug: str = "") -> Iterator[Replayed]:
    """Play the reference of each task, or of one; they come one after another.

    Raises NotFound for a task that is not in the bundle.
    """
    chosen = [task for task in bundle.tasks if slug in ("", task.slug)]
    if slug and not chosen:
        there_are = ", ".join(task.slug for task in bundle.tasks[:20])
        raise NotFound(f"{bundle.name} has no task {slug!r}; there are {there_are}")
    for task in chosen:
        yield _replay(task, bundle)


def _replay(task: PackedTask, bundle: Bundle) -> Replayed:
    content = task.content
    snapshot = bundle.worlds[content.world].snapshot
    known: dict[str, Any] = {
        "task": task.slug,
        "revision": task.revision,
        "world": content.world,
    }
    try:
        spec = spec_in(content, snapshot)
        trial = try_agent(content, spec, snapshot, agent_spec("reference", content))
    except GymError as error:
        lines = tuple(error.message.splitlines())
        return Replayed(
            **known, state_hash="", reward=None, passed=None, outcomes={}, problems=lines
        )
    stopped = [f"reference: stopped early: {trial.problem}"] if trial.problem else []
    return Replayed(
        **known,
        state_hash=trial.state_hash,
        reward=trial.reward,
        passed=trial.passed,
        outcomes={
            criterion.key: str(trial.findings[criterion.key].outcome)
            if is_deterministic(criterion)
            else OPEN
            for criterion in content.rubric.criteria
        },
        problems=(*stopped, *reference_problems(content, trial)),
    )
