"""What must be true after the storm, as figures."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from config.chaos.model_log import ModelLog
from config.chaos.variants import VARIANTS
from config.scripted_model import number_of
from grading.models import Assessment, Run
from simulation.episodes import read_steps_of
from simulation.models import Episode
from simulation.replay import state_at
from simulation.spending import spent_in
from simulation.transcript import Spec, StepRecord
from simulation.worlds import snapshot_of

AT_ONCE = 50  # episodes whose steps are held in memory


@dataclass(frozen=True)
class Figure:
    """wanted: what it must be; None for one that is only told."""

    name: str
    found: int
    wanted: int | None = None

    @property
    def is_right(self) -> bool:
        return self.wanted is None or self.found == self.wanted


@dataclass(frozen=True)
class Ending:
    """All that is compared of an episode: what happened in it, but for times and numbers."""

    stop_reason: str
    state_hash: str
    final_response: str
    reward: float | None
    transcript: Sequence[Any]


@dataclass(frozen=True)
class Seen:
    """An episode as it is stored."""

    episode: Episode
    steps: Sequence[StepRecord]
    reward: float | None

    @property
    def ending(self) -> Ending:
        """Leave out the prompt, which holds the episode's number."""
        e = self.episode
        told = tuple(_told(step) for step in self.steps if step.turn or step.kind != "user")
        return Ending(e.stop_reason, e.state_hash, e.final_response, self.reward, told)

    @property
    def rebuilds(self) -> bool:
        episode = self.episode
        snapshot, spec = snapshot_of(episode.world_id), Spec.model_validate(episode.spec)
        return state_at(snapshot, spec, self.steps).hash() == episode.state_hash

    @property
    def is_whole(self) -> bool:
        """Tell whether the steps are numbered without a gap and as many as the row says."""
        indexes = [step.index for step in self.steps]
        return indexes == list(range(self.episode.step_count))

    @property
    def calls_asked(self) -> list[str]:
        """Give the ids of the calls in the answers of its model, in order, with their turns."""
        return [
            f"{step.turn}: {call['id']}"
            for step in self.steps
            for call in (step.exchange or {}).get("calls", ())
        ]

    @property
    def calls_made(self) -> list[str]:
        return [f"{step.turn}: {step.call_id}" for step in self.steps if step.kind == "tool_call"]

    @property
    def answers(self) -> list[int]:
        """Give the numbers of the requests whose answers are stored."""
        numbers = [number_of(step.reasoning) for step in self.steps]
        return [number for number in numbers if number is not None]

    @property
    def is_billed(self) -> bool:
        """Tell whether the row says what the steps cost, of the agent and of the customer."""
        spent, row = spent_in(self.steps), self.episode
        return (spent.usage, spent.cost) == (row.usage, row.cost) and (
            (spent.customer_usage, spent.customer_cost) == (row.customer_usage, row.customer_cost)
        )


def figures(run: Run, calm: Run, log: ModelLog) -> list[Figure]:
    """Look at everything that a run has left; `calm` tells how it ends in peace."""
    in_peace = {seen.episode.agent_name: seen.ending for seen in _all_of(calm)}
    found: Counter[str] = Counter()
    stored: list[int] = []
    for seen in _all_of(run):
        stored += seen.answers
        found.update(_looked_at(seen, in_peace))
    total, ends = run.rollouts.count(), _ends(run)
    answers_of_calm = [number for seen in _all_of(calm) for number in seen.answers]
    as_meant = sum(in_peace[variant.name].reward == variant.reward for variant in VARIANTS)
    return [
        Figure("kinds of episodes that earn in peace what they should", as_meant, len(VARIANTS)),
        Figure("episodes ended", found["ended"], total),
        Figure("episodes with exactly one end", sum(n == 1 for n in ends.values()), total),
        Figure("episodes that rebuild to their hash", found["rebuilds"], total),
        Figure("episodes whose steps have no gap and no double", found["whole"], total),
        Figure("episodes as in an undisturbed run, each word of them", found["same"], total),
        Figure("rewards as in an undisturbed run", found["same reward"], total),
        Figure("episodes whose row says what its steps cost", found["billed"], total),
        Figure("episodes left masked", found["masked"], 0),
        Figure("episodes that models played, each call of theirs made once and in order",
               found["calls once"], found["by models"]),
        Figure("calls in the answers of models", found["calls asked"]),
        Figure("calls made of these", found["calls made"], found["calls asked"]),
        Figure("answers of models stored", len(stored), len(set(stored))),
        Figure("requests for an answer that was stored already", len(log.asked_again(stored)), 0),
        Figure("answers lost between socket and commit", log.lost([*stored, *answers_of_calm])),
        Figure("requests that nobody waited for until the answer",
               len(log.hashes) - len(log.answered)),
        Figure("episodes that several workers had", found["taken over"]),
    ]  # fmt: skip


def _looked_at(seen: Seen, in_peace: dict[str, Ending]) -> Iterator[str]:
    expected = in_peace[seen.episode.agent_name]
    claims = {
        "ended": seen.episode.status == Episode.Status.ENDED,
        "rebuilds": seen.rebuilds,
        "whole": seen.is_whole,
        "same": seen.ending == expected,
        "same reward": seen.reward is not None and seen.reward == expected.reward,
        "billed": seen.is_billed,
        "masked": seen.episode.is_masked,
        "taken over": seen.episode.lease > 1,
    }
    yield from (name for name, is_so in claims.items() if is_so)
    if seen.answers:
        yield "by models"
        if seen.calls_asked == seen.calls_made:
            yield "calls once"
        yield from ["calls asked"] * len(seen.calls_asked)
        yield from ["calls made"] * len(seen.calls_made)


def _all_of(run: Run) -> Iterator[Seen]:
    rewards = dict(
        Assessment.objects.filter(rollout__run=run).values_list("rollout__episode_id", "reward")
    )
    ids = sorted(rewards)
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        episodes, steps = Episode.objects.in_bulk(some), read_steps_of(some)
        for pk in some:
            yield Seen(episodes[pk], steps[pk], rewards[pk])


def _ends(run: Run) -> Counter[int]:
    """Count the marks that the ends of episodes left."""
    ids = list(run.rollouts.values_list("episode_id", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("SELECT episode_id FROM chaos_end WHERE episode_id = ANY(%s)", [ids])
        return Counter(row[0] for row in cursor.fetchall())


def _told(step: StepRecord) -> tuple[Any, ...]:
    call = step.tool, step.call_id, step.arguments_raw, step.result, step.is_error
    changes = tuple(str(change.as_json()) for change in step.changes)
    return step.index, step.turn, step.kind, step.content, call, changes
