"""Which agents a wish is about: scripted ones, and those that models play."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User

from authoring.content import TaskContent
from authoring.gates import TRIVIAL, agent_spec
from authoring.launching.left_out import LeftOut, left
from simulation.agent_configurations import agent_spec_of
from simulation.agent_settings import NO_LIMITS, Limits
from simulation.chat.client import key_of
from simulation.errors import Problems
from simulation.models import AgentConfiguration, ModelEndpoint
from simulation.transcript import AgentSpec

SCRIPTED = ("reference", *TRIVIAL)
NAMED = 5  # agents of models in a message


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """configuration: None for a scripted one, which neither asks a model nor converses."""

    name: str
    configuration: AgentConfiguration | None = None

    @property
    def converses(self) -> bool:
        return self.configuration is not None

    @property
    def endpoint(self) -> ModelEndpoint | None:
        return self.configuration.endpoint if self.configuration else None

    @property
    def limits(self) -> Limits:
        return self.configuration.limits_value if self.configuration else NO_LIMITS

    def spec(self, content: TaskContent) -> AgentSpec:
        """Say how it acts in a task."""
        if self.configuration is None:
            return agent_spec(self.name, content)
        return agent_spec_of(self.configuration)


def find_agents(names: Sequence[str], by: User) -> tuple[list[Agent], list[LeftOut]]:
    """Give each agent once, in order, and those that cannot be run now.

    Raises Problems that name every one that there is not.
    """
    asked = list(dict.fromkeys(names))
    known = _configurations([name for name in asked if name not in SCRIPTED], by)
    if unknown := [name for name in asked if name not in SCRIPTED and name not in known]:
        there_are = _there_are(by)
        raise Problems([f"agents: there is no agent {name!r}; {there_are}" for name in unknown])
    agents = {
        agent.name: agent
        for name in asked
        for agent in [Agent(name=str(known.get(name, name)), configuration=known.get(name))]
    }
    retired = {a.name for a in agents.values() if a.configuration and a.configuration.is_retired}
    off = {a.name for a in agents.values() if a.endpoint and not a.endpoint.is_active} - retired
    usable = [agent for name, agent in agents.items() if name not in retired | off]
    return usable, [*left("retired", retired), *left("its endpoint is switched off", off)]


def _there_are(by: User) -> str:
    """Name the agents that models play, the newest first, and the scripted ones."""
    known = AgentConfiguration.objects.visible_to(by).in_use().order_by("-pk")[:NAMED]
    models = f"models play {', '.join(map(str, known))}" if known else "no model plays one yet"
    return f"{models}; scripted ones are {', '.join(SCRIPTED)}"


def missing_keys(endpoints: Iterable[ModelEndpoint]) -> list[str]:
    """Name the endpoints whose key this process does not know."""
    without = {e.name for e in endpoints if e.key_variable and not key_of(e.key_variable)}
    return sorted(without)


def _configurations(names: Sequence[str], by: User) -> dict[str, AgentConfiguration]:
    """Find configurations by "name@version", or by "name" the newest one in use, or of all."""
    bare = {name.partition("@")[0] for name in names}
    rows = AgentConfiguration.objects.visible_to(by).filter(name__in=bare)
    found: dict[str, AgentConfiguration] = {}
    for row in rows.select_related("endpoint").order_by("name", "-version"):
        found[str(row)] = row
        newest = found.get(row.name)
        if newest is None or (not _is_usable(newest) and _is_usable(row)):
            found[row.name] = row
    return {name: found[name] for name in names if name in found}


def _is_usable(configuration: AgentConfiguration) -> bool:
    return not configuration.is_retired and configuration.endpoint.is_active
