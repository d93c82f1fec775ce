"""The demonstration: a world, people, tasks and a run of four agents.

They are made by the same services as everything else.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models import Avg, Count, Q

from authoring.launch import launch_tasks
from authoring.loading import LIBRARY, load_tasks
from authoring.models import Revision
from authoring.review import move
from grading.models import Assessment, Rollout, Run
from simulation.models import World
from simulation.roles import ADMIN, ANALYST, AUTHOR, REVIEWER, RUNNER
from simulation.stops import MASKED
from simulation.worlds import generate_world

AGENTS = ("reference", "null", "echo", "claims_only")
REPEATS = 2
PEOPLE = {
    "demo-author": AUTHOR,
    "demo-reviewer": REVIEWER,
    "demo-runner": RUNNER,
    "demo-analyst": ANALYST,
    "demo-admin": ADMIN,
}


@dataclass(frozen=True)
class Account:
    username: str
    role: str
    password: str


@dataclass(frozen=True)
class AgentResult:
    """How one agent did; mean_reward is None while nothing is graded."""

    rollouts: int
    graded: int
    passed: int
    mean_reward: float | None


@dataclass(frozen=True)
class Result:
    """What became of the run."""

    entities: int
    entity_types: int
    agents: Mapping[str, AgentResult]

    @property
    def episodes(self) -> int:
        return sum(agent.rollouts for agent in self.agents.values())

    @property
    def graded(self) -> int:
        return sum(agent.graded for agent in self.agents.values())

    @property
    def ungraded(self) -> int:
        return self.episodes - self.graded

    def as_json(self) -> dict[str, Any]:
        return {
            "world": {"entities": self.entities, "entity_types": self.entity_types},
            "episodes": self.episodes,
            "graded": self.graded,
            "ungraded": self.ungraded,
            "agents": {
                name: {
                    "rollouts": agent.rollouts,
                    "passed": agent.passed,
                    "mean_reward": agent.mean_reward,
                }
                for name, agent in self.agents.items()
            },
        }


@transaction.atomic
def make_accounts() -> list[Account]:
    """Make one person a role, with new random passwords each time."""
    return [_account(username, role) for username, role in PEOPLE.items()]


def make_world() -> World:
    """Bring up the sample world, once."""
    return generate_world(
        environment="corecraft",
        slug="corecraft",
        title="CoreCraft, support desk of a PC-parts retailer",
        owner=User.objects.get(username="demo-admin"),
        seed=7,
        size=1.0,
    )


def make_tasks() -> list[Revision]:
    """Load the sample tasks and put new ones through review, by two people."""
    author = User.objects.get(username="demo-author")
    reviewer = User.objects.get(username="demo-reviewer")
    revisions = []
    for loaded in load_tasks(LIBRARY, owner=author):
        revision = loaded.revision
        if revision.state in (Revision.State.SAVED, Revision.State.WITHDRAWN):
            move(revision, "submit", actor=author)
        if revision.state == Revision.State.IN_REVIEW:
            move(revision, "approve", actor=reviewer)
        revisions.append(revision)
    return revisions


def make_run(revisions: list[Revision]) -> Run:
    """Launch every agent on every task; the same tasks and tools give the run that there is."""
    return launch_tasks(
        revisions,
        agents=AGENTS,
        repeats=REPEATS,
        title="Demo: four agents on the sample tasks",
        kind=Run.Kind.DEMO,
        owner=User.objects.get(username="demo-runner"),
        is_repeatable=False,
    )


def progress(run: Run) -> tuple[int, int, bool]:
    """Give (decided, all, whether nothing more will happen by itself)."""
    rollouts = Rollout.objects.filter(run=run)
    decided = Q(assessments__grading=run.official_id) & ~Q(assessments__status="open")
    masked = Q(episode__stop_reason__in=MASKED)
    counts = rollouts.aggregate(
        total=Count("pk", distinct=True),
        decided=Count("pk", filter=decided, distinct=True),
        given_up=Count("pk", filter=masked | Q(episode__status="parked"), distinct=True),
    )
    settled = counts["decided"] + counts["given_up"] >= counts["total"]
    return counts["decided"], counts["total"], settled


def result_of(run: Run, world: World) -> Result:
    """Read the figures of a run from the database."""
    counts: Mapping[str, int] = world.snapshot.counts if world.snapshot else {}
    official = Assessment.objects.filter(rollout__run=run, grading=run.official_id)
    rows = official.values("rollout__agent").annotate(
        rollouts=Count("pk"),
        graded=Count("pk", filter=Q(status=Assessment.Status.GRADED)),
        passed=Count("pk", filter=Q(passed=True)),
        mean=Avg("reward"),
    )
    by_agent = {row["rollout__agent"]: row for row in rows}
    return Result(
        entities=sum(counts.values()),
        entity_types=len(counts),
        agents={
            name: AgentResult(row["rollouts"], row["graded"], row["passed"], _mean(row))
            for name in AGENTS
            if (row := by_agent.get(name))
        },
    )


def _mean(row: Mapping[str, Any]) -> float | None:
    return None if row["mean"] is None else round(row["mean"], 6)


def _account(username: str, role: str) -> Account:
    password = secrets.token_urlsafe(12)
    user, _ = User.objects.get_or_create(username=username)
    user.is_staff = user.is_superuser = role == ADMIN
    user.set_password(password)
    user.save()
    user.groups.set([Group.objects.get(name=role)])
    return Account(username, role, password)
