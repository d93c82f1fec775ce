"""Agents that models play are made and retired here. A version never changes: another is made."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from django.contrib.auth.models import User
from django.db import transaction
from pydantic import AfterValidator, Field

from simulation.agent_settings import AgentSettings, Limits, as_typed
from simulation.agents import AGENTS
from simulation.endpoints import endpoint_named
from simulation.errors import Conflict, Forbidden
from simulation.models import AgentConfiguration
from simulation.models.endpoints import NAME
from simulation.numbering import hold, next_number
from simulation.roles import LAUNCHERS, ROLES, has_role
from simulation.text import clean_json, without_nulls
from simulation.transcript import AgentSpec
from simulation.validating import read_as
from simulation.values import Frozen

CHAT = "chat"  # the kind of agent that asks a model
PERSON, EXTERNAL = "person", "external"
TAKEN_WORDS = ("new", CHAT, PERSON, EXTERNAL)  # addresses of pages, and kinds of agents
_LOCK = 20_261_127  # one version after the other


def _name(value: str) -> str:
    if not re.fullmatch(NAME, value):
        raise ValueError("write small letters, digits and single hyphens, such as small-model")
    if value in TAKEN_WORDS or value in AGENTS:
        raise ValueError(f"{value} means something else already; choose another name")
    return value


class AgentContent(Frozen):
    """What a person writes about an agent that a model plays. endpoint: its name."""

    name: Annotated[str, Field(max_length=60), AfterValidator(_name)]
    endpoint: str = Field(min_length=1, max_length=60)
    model: str = Field(min_length=1, max_length=200)
    settings: AgentSettings = Field(default_factory=AgentSettings)
    limits: Limits = Field(default_factory=Limits)
    note: str = Field("", max_length=4000)


def read_agent(given: Mapping[str, Any]) -> AgentContent:
    """Make content of what was typed. Raises Problems that name every bad field."""
    return read_as(AgentContent, clean_json(given))


def content_of(agent: AgentConfiguration) -> dict[str, Any]:
    """Give what is stored as it is typed."""
    settings = {
        name: value
        for name, value in without_nulls(as_typed(agent.value)).items()
        if value not in ("", {})
    }
    return {
        "name": agent.name,
        "endpoint": agent.endpoint.name,
        "model": agent.model,
        "settings": settings,
        "limits": as_typed(agent.limits_value),
        **({"note": agent.note} if agent.note else {}),
    }


def agent_spec_of(configuration: AgentConfiguration) -> AgentSpec:
    """Freeze who acts. The endpoint's address, key and prices are read when it is asked."""
    return AgentSpec(
        kind=CHAT,
        name=str(configuration),
        config={
            "configuration_id": configuration.pk,
            "endpoint_id": configuration.endpoint_id,
            "endpoint": configuration.endpoint.name,
            "model": configuration.model,
            "settings": configuration.value.model_dump(mode="json"),
        },
    )


def may_make_agents(user: User) -> bool:
    return has_role(user, *LAUNCHERS)


def check_may_see(user: User) -> None:
    """Raises Forbidden for those without a role."""
    if not has_role(user, *ROLES):
        raise Forbidden("only people with a role see the agents that models play")


def check_may_make(user: User) -> None:
    """Raises Forbidden for everybody but runners and admins."""
    if not may_make_agents(user):
        raise Forbidden("only runners and admins make and retire agents")


@transaction.atomic
def make_agent(given: Mapping[str, Any], *, by: User) -> AgentConfiguration:
    """Store the next version of the name that is given.

    Raises Forbidden, Problems, or Conflict when that version would be an existing one once more.
    """
    check_may_make(by)
    content = read_agent(given)
    hold(_LOCK)
    versions = AgentConfiguration.objects.filter(name=content.name)
    columns = _columns(content)
    if same := versions.filter(**columns).first():
        advice = "bring that one back" if same.is_retired else "use that one"
        raise Conflict(f"it is exactly {same} already; change something, or {advice}")
    return AgentConfiguration.objects.create(
        name=content.name,
        version=next_number(versions, "version"),
        note=content.note,
        created_by=by,
        **columns,
    )


def retire_agent(agent: AgentConfiguration, *, by: User) -> bool:
    """Offer an agent for no further run; what it plays already goes on. False when it was so."""
    return _offer(agent, by, is_retired=True)


def unretire_agent(agent: AgentConfiguration, *, by: User) -> bool:
    """Offer a retired agent again. False when it is offered."""
    return _offer(agent, by, is_retired=False)


def _offer(agent: AgentConfiguration, by: User, *, is_retired: bool) -> bool:
    check_may_make(by)
    others = AgentConfiguration.objects.filter(pk=agent.pk, is_retired=not is_retired)
    return bool(others.update(is_retired=is_retired))


def _columns(content: AgentContent) -> dict[str, Any]:
    """Give all that decides how an agent acts, as it is stored."""
    return {
        "endpoint": endpoint_named(content.endpoint),
        "model": content.model,
        "settings": content.settings.model_dump(mode="json"),
        "limits": content.limits.model_dump(mode="json"),
    }
