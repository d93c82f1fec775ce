"""What past episodes took: the most recent ones of the same model, of the same tasks, of any."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import F, QuerySet
from django.db.models.fields.json import KeyTextTransform

from authoring.launching.agents import SCRIPTED, Agent
from grading.models import Rollout, Run
from grading.models.runs import shown_to
from simulation.chat.exchange import Usage
from simulation.models import Episode
from simulation.stops import MASKED

RECENT = 2000  # episodes that are looked at for each question
ENOUGH = 5  # episodes from which means are taken; fewer only where there are no others


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One past episode. usage: of its agent's model; customer: of its customer's."""

    agent: str
    model: tuple[int | None, str]
    subject: str
    seconds: float
    steps: int
    usage: Usage
    customer: Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Past episodes that an estimate rests on; basis says which: "of small-1 on these tasks"."""

    episodes: tuple[Past, ...]
    basis: str


@dataclass(frozen=True, kw_only=True)
class History:
    """Past episodes, read once for all agents of a launch."""

    of_models: Sequence[Past]  # at the endpoints of the launch
    of_tasks: Sequence[Past]  # of its tasks, by models of any endpoint
    of_any: Sequence[Past]  # by models
    scripted: Sequence[Past]
    subjects: Collection[str]

    def sample(self, agent: Agent) -> Sample:
        """Give the episodes that say most about an agent."""
        levels = self._levels(agent)
        found = [Sample(episodes=tuple(past), basis=basis) for basis, past in levels]
        enough = (sample for sample in found if len(sample.episodes) >= ENOUGH)
        best = next(enough, None) or next((each for each in found if each.episodes), None)
        return best or Sample(episodes=(), basis="")

    def _levels(self, agent: Agent) -> list[tuple[str, Sequence[Past]]]:
        if agent.configuration is None:
            own = [past for past in self.scripted if past.agent == agent.name]
            return [
                ("of it on these tasks", self._here(own)),
                ("of it on other tasks", own),
            ]
        model = agent.configuration.endpoint_id, agent.configuration.model
        own = [past for past in self.of_models if past.model == model]
        return [
            ("of this model on these tasks", self._here(own)),
            ("of this model on all tasks", own),
            ("of other models on these tasks", self.of_tasks),
            ("of other models on other tasks", self.of_any),
        ]

    def _here(self, past: Sequence[Past]) -> list[Past]:
        return [each for each in past if each.subject in self.subjects]

    def customers(self) -> Sample:
        """Give the episodes whose customers models played, of these tasks if there are any."""
        all_of_them = {id(p): p for p in (*self.of_tasks, *self.of_models, *self.of_any)}.values()
        played = [past for past in all_of_them if past.customer.prompt]
        if here := self._here(played):
            return Sample(episodes=tuple(here), basis="with such customers on these tasks")
        return Sample(episodes=tuple(played), basis="with such customers on other tasks")


def read_history(agents: Collection[Agent], subjects: Collection[str], *, seen_by: User) -> History:
    """Read what past episodes took, in a number of queries that does not grow.

    seen_by: what is held out from this person is in no mean.
    """
    every = _ended(seen_by)
    ended = every.filter(episode__endpoint__isnull=False)
    endpoints = {agent.endpoint.pk for agent in agents if agent.endpoint}
    scripted = {agent.name for agent in agents if agent.configuration is None}
    names = [name for name in SCRIPTED if name in scripted]
    return History(
        of_models=_read(ended.filter(episode__endpoint__in=endpoints)) if endpoints else (),
        of_tasks=_read(ended.filter(subject__in=subjects)) if endpoints else (),
        of_any=_read(ended) if endpoints else (),
        scripted=_read(every.filter(agent__in=names)) if names else (),
        subjects=frozenset(subjects),
    )


def _ended(by: User) -> "QuerySet[Rollout]":
    ended = Rollout.objects.filter(*shown_to(by, "episode"), episode__status=Episode.Status.ENDED)
    return ended.exclude(episode__stop_reason__in=list(MASKED)).exclude(run__kind=Run.Kind.MUTANTS)


def _read(rollouts: "QuerySet[Rollout]") -> list[Past]:
    columns: Mapping[str, Any] = {
        "kind_model": KeyTextTransform("model", KeyTextTransform("config", "episode__agent")),
        "length": F("episode__ended_at") - F("episode__started_at"),
    }
    names = (
        *("agent", "episode__endpoint_id", "kind_model", "subject", "length"),
        *("episode__step_count", "episode__usage", "episode__customer_usage"),
    )
    rows = rollouts.annotate(**columns).order_by("-pk").values_list(*names)[:RECENT]
    return [_past(row) for row in rows]


def _past(row: Sequence[Any]) -> Past:
    agent, endpoint, model, subject, length, steps, usage, customer = row
    return Past(
        agent=agent,
        model=(endpoint, model or ""),
        subject=subject,
        seconds=length.total_seconds() if length else 0.0,
        steps=steps,
        usage=_usage(usage),
        customer=_usage(customer),
    )


def _usage(tokens: Mapping[str, int]) -> Usage:
    names = ("prompt", "completion", "cached", "reasoning")
    return Usage(**{name: int(tokens.get(name, 0)) for name in names})
