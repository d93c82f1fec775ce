"""What dry runs gave, read from their runs in a number of queries that does not grow."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import F

from authoring.dry_runs.decisions import REFERENCE
from authoring.models import DryRun
from grading.criteria import Criterion
from grading.models import Rollout, RolloutOutcome, Verdict
from grading.verdicts import criteria_of, effective, standing

LIVE = (RolloutOutcome.QUEUED, RolloutOutcome.RUNNING, RolloutOutcome.PAUSED, RolloutOutcome.ENDED)
GRADED = (RolloutOutcome.PASS, RolloutOutcome.FAIL, RolloutOutcome.INCOMPLETE)
BROKEN = (RolloutOutcome.MASKED, RolloutOutcome.PARKED)
NEAR_MISS = "near-miss"
WORDS = {"null": "do-nothing", "claims_only": "claims-only"}


class Role(StrEnum):
    """What an agent is in a dry run for: it has to pass, or it has to fail."""

    REFERENCE = "reference"
    TRIVIAL = "trivial"
    NEAR_MISS = "near_miss"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """How one agent did, without its verdicts. `outcome` is a RolloutOutcome."""

    run: int
    rollout: int
    assessment: int | None
    rubric: str | None
    agent: str
    outcome: str
    reward: float | None
    passed: bool | None

    @property
    def role(self) -> Role:
        if self.agent == REFERENCE:
            return Role.REFERENCE
        return Role.NEAR_MISS if self.agent.startswith(NEAR_MISS) else Role.TRIVIAL

    @property
    def word(self) -> str:
        """The name that people read: "do-nothing", or that of the near-miss."""
        return WORDS.get(self.agent, self.agent)

    @property
    def is_wrong(self) -> bool:
        """Tell whether it stands against approval: a reference that fails, another passes."""
        return self.passed is not None and self.passed != (self.role == Role.REFERENCE)


@dataclass(frozen=True, kw_only=True)
class Result:
    """One dry run with what became of each agent, in the order in which they are tried.

    verdicts: those that count, by agent and criterion.
    """

    dry_run: DryRun
    criteria: Sequence[Criterion]
    tried: Sequence[Tried]
    verdicts: Mapping[str, Mapping[str, Verdict]]

    @property
    def is_live(self) -> bool:
        report = self.dry_run.mutants
        return is_live(self.tried) or bool(report and report.is_live)

    @property
    def done(self) -> int:
        return sum(each.outcome not in LIVE for each in self.tried)

    @property
    def reference(self) -> Tried | None:
        return next((t for t in self.tried if t.role == Role.REFERENCE), None)


def read_result(dry_run: DryRun) -> Result:
    """Read one whole, in two queries. dry_run: with run, revision and mutants."""
    tried = tried_in([dry_run])[dry_run.run_id]
    spoken = standing().filter(
        assessment__rollout__run=dry_run.run_id, assessment__grading=dry_run.run.official_id
    )
    agents = {each.assessment: each.agent for each in tried}
    said: defaultdict[str, list[Verdict]] = defaultdict(list)
    for verdict in spoken.select_related("author"):
        said[agents[verdict.assessment_id]].append(verdict)
    return Result(
        dry_run=dry_run,
        criteria=criteria_of(tried[0].rubric) if tried and tried[0].rubric else (),
        tried=tried,
        verdicts={agent: effective(verdicts) for agent, verdicts in said.items()},
    )


def tried_in(dry_runs: Iterable[DryRun]) -> dict[int, list[Tried]]:
    """Give what was tried in each, by the primary key of its run, in one query."""
    officials = {each.run_id: each.run.official_id for each in dry_runs}
    found: dict[int, list[Tried]] = {run: [] for run in officials}
    rollouts = Rollout.objects.filter(run__in=officials).with_outcome(*officials.values())
    columns = {
        "assessment": F("graded"),
        "rubric": F("graded__rubric"),
        "reward": F("graded__reward"),
        "is_pass": F("graded__passed"),
    }
    rows = rollouts.order_by("pk").values("pk", "run_id", "agent", "outcome", **columns)
    for row in rows:
        found[row["run_id"]].append(
            Tried(
                run=row["run_id"],
                rollout=row["pk"],
                assessment=row["assessment"],
                rubric=row["rubric"],
                agent=row["agent"],
                outcome=row["outcome"],
                reward=row["reward"],
                passed=row["is_pass"],
            )
        )
    return found


def is_live(tried: Iterable[Tried]) -> bool:
    """Tell whether something still happens by itself."""
    return any(each.outcome in LIVE for each in tried)


def wrongs(tried: Iterable[Tried]) -> Iterator[Tried]:
    """Give what stands against approval, the reference first."""
    return (each for each in tried if each.is_wrong)
