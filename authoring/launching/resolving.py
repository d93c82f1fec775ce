"""A wish as it can be carried out: tasks, agents, judge and customer, and what is left out."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth.models import User

from authoring.launching.agents import Agent, find_agents, missing_keys
from authoring.launching.left_out import LeftOut, left
from authoring.launching.subjects import Found, Subject, find_subjects
from authoring.launching.wish import MOST_EPISODES, Player, Wish
from grading.judging.configurations import find_judge
from grading.models import Judge
from simulation.conversation import CustomerPlayer, choose_player
from simulation.errors import Conflict, Forbidden, NotFound, Problems
from simulation.models import ModelEndpoint
from simulation.roles import LAUNCHERS, has_role
from simulation.wording import counted

NO_PLAYER = "its customer is played by a model, and none is chosen"


@dataclass(frozen=True, kw_only=True)
class Launch:
    """What will be run.

    by: who asks. parts: the tasks of each agent. player: who plays customers, asked at
    player_endpoint.
    """

    wish: Wish
    by: User
    found: Found
    parts: tuple[tuple[Agent, tuple[Subject, ...]], ...]
    left_out: tuple[LeftOut, ...]
    warnings: tuple[str, ...]
    judge: Judge | None
    player: CustomerPlayer | None
    player_endpoint: ModelEndpoint | None

    @property
    def episodes(self) -> int:
        return self.wish.repeats * sum(len(subjects) for _, subjects in self.parts)

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """Give the tasks that some agent tries."""
        return tuple(dict.fromkeys(each for _, subjects in self.parts for each in subjects))

    @property
    def source(self) -> str:
        return str(self.found.version) if self.found.version else ""

    @property
    def title(self) -> str:
        """Give the title that was asked for, or one of what is run."""
        agents = ", ".join(agent.name for agent, _ in self.parts[:3])
        more = f" and {len(self.parts) - 3} more" if len(self.parts) > 3 else ""
        what = self.source or counted(len(self.subjects), "task")
        return self.wish.title.strip() or f"{what}: {agents}{more}"[:200]


def check_may_launch(user: User) -> None:
    """Raises Forbidden for everybody but runners and admins."""
    if not has_role(user, *LAUNCHERS):
        raise Forbidden("only runners and admins launch runs")


def resolve(wish: Wish, by: User) -> Launch:
    """Find out what can be run of a wish.

    Raises Forbidden, and Problems for what is not there at all.
    """
    check_may_launch(by)
    problems: list[str] = []
    found = _tried(problems, lambda: find_subjects(wish, by))
    agents, unusable = _tried(problems, lambda: find_agents(wish.agents, by)) or ([], [])
    judge = _tried(problems, lambda: find_judge(wish.judge)) if wish.judge else None
    player = _tried(problems, lambda: _player(wish.customer)) if wish.customer else None
    if problems or found is None:
        raise Problems(problems)
    played = {each.slug for each in found.subjects if each.is_played} if player is None else set()
    parts = [(agent, tuple(_tries(agent, found, played))) for agent in agents]
    silent = played if any(agent.converses for agent in agents) else ()
    launch = Launch(
        wish=wish,
        by=by,
        found=found,
        parts=tuple((agent, subjects) for agent, subjects in parts if subjects),
        left_out=(*found.left_out, *left(NO_PLAYER, silent), *unusable),
        warnings=(),
        judge=judge,
        player=player,
        player_endpoint=ModelEndpoint.objects.get(pk=player.endpoint_id) if player else None,
    )
    return _checked(launch)


def check_launchable(launch: Launch) -> None:
    """Raises Conflict where nothing is left to be run."""
    if not launch.episodes:
        why = "; ".join(f"{each.count} left out: {each.why}" for each in launch.left_out)
        raise Conflict(f"there is nothing to run. {why or 'No task is there'}.")


def _checked(launch: Launch) -> Launch:
    if launch.episodes > MOST_EPISODES:
        raise Problems(
            [
                f"repeats: that would be {counted(launch.episodes, 'episode')}, and one run has at"
                f" most {MOST_EPISODES:,}; take fewer repeats, agents or tasks"
            ]
        )
    return replace(launch, warnings=tuple(_warnings(launch)))


def _tried(problems: list[str], find: Any) -> Any:
    try:
        return find()
    except Problems as error:
        problems.extend(error.problems)
    except NotFound as error:
        problems.append(f"{error.field}: {error.message}")
    return None


def _player(wished: Player) -> CustomerPlayer:
    try:
        return choose_player(wished.model_dump())
    except Problems as error:
        raise Problems([f"customer.{line}" for line in error.problems]) from None


def _tries(agent: Agent, found: Found, played: set[str]) -> Iterator[Subject]:
    for subject in found.subjects:
        if not (agent.converses and subject.slug in played):
            yield subject


def _warnings(launch: Launch) -> Iterator[str]:
    endpoints = [agent.endpoint for agent, _ in launch.parts if agent.endpoint]
    extra = [launch.player_endpoint] if launch.player_endpoint else []
    for name in missing_keys([*endpoints, *extra]):
        yield (
            f"The key of the endpoint {name} is not set here: where it is missing, episodes are"
            " parked until somebody sets it."
        )
    judged = sum(subject.is_judged for subject in launch.subjects)
    if judged and launch.judge is None:
        tasks = counted(judged, "task")
        yield f"A judge decides criteria of {tasks}, and none is chosen: they get no reward."
    human = sum(subject.is_human for subject in launch.subjects)
    if human:
        yield f"A person decides criteria of {counted(human, 'task')}: no reward until they have."
    if launch.player_endpoint and not any(subject.is_played for subject in launch.subjects):
        yield "No chosen task has a customer whom a model plays: the customer's model is not asked."
