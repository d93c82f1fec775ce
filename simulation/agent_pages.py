"""What the pages of agents that models play show: the list, one name, the form of a version."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse

from simulation.agent_configurations import content_of, may_make_agents
from simulation.agent_settings import Limits
from simulation.chat.prices import price_of
from simulation.editing.agents import PREFIX, agent_fields, new_agent, setting_fields
from simulation.editing.sheet import Sheet, Typed, make_sheet
from simulation.forms.writing import write_inputs
from simulation.models import AgentConfiguration, ModelEndpoint
from simulation.pages import Fact, Mark, Notice
from simulation.roles import ADMIN, has_role
from simulation.trial_card import TrialCard
from simulation.wording import counted

SETTINGS = {field.key: field.label for field in setting_fields()}
LIMITS = {
    "max_calls": "{:,} tool calls",
    "max_turns": "{:,} model calls",
    "max_tokens": "{:,} tokens",
    "max_cost": "{}",
    "wall_seconds": "{:,} s",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRow:
    """The newest version of a name that is in use, or the newest of all; `versions` counts them
    where there are several.
    """

    url: str
    name: str
    version: str
    versions: str
    mark: Mark
    model: str
    endpoint: str
    price: str
    limits: str
    note: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentsPage:
    """`new_url` is "" for those who make none."""

    rows: tuple[AgentRow, ...]
    count: str
    new_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """One version. `move_url` retires it, or brings it back: `move` says which; `try_url` asks it
    something, `trial` is how that went. Addresses are "" for those who may not.
    """

    id: str
    title: str
    mark: Mark
    facts: tuple[Fact, ...]
    instructions: str
    note: str
    made: str
    created_at: datetime
    next_url: str = ""
    move_url: str = ""
    move: str = ""
    try_url: str = ""
    trial: TrialCard | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentPage:
    name: str
    count: str
    versions: tuple[VersionRow, ...]
    list_url: str
    next_url: str
    run_url: str
    notice: Notice | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAgentPage:
    title: str
    sheet: Sheet
    list_url: str
    form_url: str
    endpoints_url: str
    has_endpoints: bool
    prices: tuple[Fact, ...]


def agent_url(name: str) -> str:
    return reverse("agents:agent", args=[name])


def agents_page(user: User) -> AgentsPage:
    agents = AgentConfiguration.objects.visible_to(user).select_related("endpoint")
    by_name: dict[str, list[AgentConfiguration]] = {}
    for agent in agents.order_by("name", "-version"):
        by_name.setdefault(agent.name, []).append(agent)
    rows = tuple(_row(versions) for versions in by_name.values())
    return AgentsPage(
        rows=rows,
        count=counted(len(rows), "agent"),
        new_url=reverse("agents:new") if may_make_agents(user) else "",
    )


def agent_page(
    versions: Sequence[AgentConfiguration],
    user: User,
    trials: Mapping[int, TrialCard] | None = None,
) -> AgentPage:
    """versions: all of one name, newest first, with endpoint and maker. trials: by version."""
    may_make = may_make_agents(user)
    newest = _shown(versions)
    is_usable = _is_usable(newest)
    return AgentPage(
        name=newest.name,
        count=counted(len(versions), "version"),
        versions=tuple(
            _version(each, may_make=may_make, trial=(trials or {}).get(each.version))
            for each in versions
        ),
        list_url=reverse("agents:list"),
        next_url=_next_url(newest) if may_make else "",
        run_url=f"{reverse('launch:new')}?agent={newest}" if may_make and is_usable else "",
        notice=None if is_usable else _notice(newest),
    )


def new_agent_page(
    user: User, like: AgentConfiguration | None, typed: Typed | None = None
) -> NewAgentPage:
    """like: the version whose next one is made, None for a new name."""
    endpoints = list(ModelEndpoint.objects.active().order_by("name"))
    given = content_of(like) if like else new_agent()
    fields = agent_fields([endpoint.name for endpoint in endpoints])
    shown = typed or Typed(inputs=write_inputs(fields, given))
    return NewAgentPage(
        title=f"Next version of {like.name}" if like else "New agent",
        sheet=make_sheet(None, fields, given, shown, base="", prefix=PREFIX, rows_url=""),
        list_url=reverse("agents:list"),
        form_url=reverse("agents:new"),
        endpoints_url=reverse("endpoints:new") if has_role(user, ADMIN) else "",
        has_endpoints=bool(endpoints),
        prices=tuple(_prices(endpoints)),
    )


def price_words(endpoint: ModelEndpoint, model: str) -> str:
    """Say what a model costs, as its endpoint says today."""
    price = price_of(endpoint.prices, model)
    if price is None:
        return "no price known"
    return f"{_dollars(price.prompt)} in, {_dollars(price.completion)} out"


def _dollars(price: Decimal) -> str:
    """Write at least cents, and as much finer as it takes."""
    cents = price.quantize(Decimal("0.01"))
    return f"${cents if cents == price else price.normalize():f}"


def limit_words(limits: Limits) -> str:
    """Say what an episode may use up."""
    most = _dollars(Decimal(str(limits.max_cost))) if limits.max_cost else ""
    given = {**limits.model_dump(), "max_cost": most}
    return ", ".join(words.format(given[n]) for n, words in LIMITS.items() if given[n]) or "none"


def _row(versions: Sequence[AgentConfiguration]) -> AgentRow:
    agent = _shown(versions)
    return AgentRow(
        url=agent_url(agent.name),
        name=agent.name,
        version=f"@{agent.version}",
        versions=counted(len(versions), "version") if len(versions) > 1 else "",
        mark=_mark(agent),
        model=agent.model,
        endpoint=agent.endpoint.name,
        price=price_words(agent.endpoint, agent.model),
        limits=limit_words(agent.limits_value),
        note=agent.note,
        created_at=agent.created_at,
    )


def _shown(versions: Sequence[AgentConfiguration]) -> AgentConfiguration:
    return next((each for each in versions if not each.is_retired), versions[0])


def _is_usable(agent: AgentConfiguration) -> bool:
    return not agent.is_retired and agent.endpoint.is_active


def _mark(agent: AgentConfiguration) -> Mark:
    if agent.is_retired:
        return Mark(state="cancelled", word="retired")
    if not agent.endpoint.is_active:
        return Mark(state="masked", word="endpoint off")
    return Mark(state="pass", word="in use")


def _notice(agent: AgentConfiguration) -> Notice:
    if agent.is_retired:
        text = "Bring a version back, or make the next one, to run it again."
        return Notice(tone="info", title="Every version is retired.", text=text)
    text = f"An admin switched {agent.endpoint.name} off; until it is on again nothing runs there."
    return Notice(tone="warn", title="Its endpoint is off.", text=text)


def _next_url(agent: AgentConfiguration) -> str:
    return f"{reverse('agents:new')}?from={agent}"


def _version(agent: AgentConfiguration, *, may_make: bool, trial: TrialCard | None) -> VersionRow:
    place = [agent.name, agent.version]
    view = "bring_back" if agent.is_retired else "retire"
    may_try = may_make and _is_usable(agent)
    return VersionRow(
        id=f"v{agent.version}",
        title=str(agent),
        mark=_mark(agent),
        facts=tuple(_facts(agent)),
        instructions=agent.value.instructions,
        note=agent.note,
        made=str(agent.created_by),
        created_at=agent.created_at,
        next_url=_next_url(agent) if may_make else "",
        move_url=reverse(f"agents:{view}", args=place) if may_make else "",
        move="Bring back" if agent.is_retired else "Retire",
        try_url=reverse("agents:try", args=place) if may_try else "",
        trial=trial,
    )


def _facts(agent: AgentConfiguration) -> Iterator[Fact]:
    yield Fact(label="model", value=agent.model)
    yield Fact(label="endpoint", value=agent.endpoint.name)
    price = price_words(agent.endpoint, agent.model)
    yield Fact(label="price today", value=price, detail="a million tokens" if "$" in price else "")
    yield Fact(label="limits", value=limit_words(agent.limits_value))
    values: Mapping[str, Any] = agent.value.model_dump(mode="json", exclude={"instructions"})
    for name, value in values.items():
        if name == "extra" and not value:
            continue
        yield Fact(label=SETTINGS[name], value=_setting(value))


def _setting(value: Any) -> str:
    if value is None or value == {}:
        return "not given"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,g}" if isinstance(value, float) else str(value)


def _prices(endpoints: Iterable[ModelEndpoint]) -> Iterator[Fact]:
    for endpoint in endpoints:
        for model in endpoint.prices:
            yield Fact(
                label=endpoint.name,
                value="any other model" if model == "*" else model,
                detail=price_words(endpoint, model),
            )
