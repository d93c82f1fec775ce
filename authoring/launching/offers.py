"""What a person can choose from when launching a run, in a number of queries that does not grow."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User

from authoring.launching.agents import SCRIPTED
from authoring.launching.form import Offer
from authoring.models import PackVersion
from authoring.packs.list_page import tasks_in
from grading.models import Judge, Run
from simulation.agent_pages import price_words
from simulation.models import AgentConfiguration, ModelEndpoint
from simulation.wording import counted

PACKS, RUNS = 100, 30  # offered; others can be named in the address
SAYS = {
    "reference": "replays the solution of each task: it should pass",
    "null": "does nothing",
    "echo": "repeats the prompt",
    "claims_only": "says that it did all, and does nothing",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentOption:
    """One agent to tick. detail: the model and where it is asked, or what a scripted one does."""

    value: str
    label: str
    detail: str
    price: str
    is_ticked: bool


def read_offer(user: User, extra: dict[str, Sequence[str]]) -> Offer:
    """extra: values that the form shows already, by field; they can be chosen as well."""
    versions = PackVersion.objects.visible_to(user).select_related("pack")
    packs = [
        (str(version), f"{version}  ·  {version.title}, {counted(tasks_in(version), 'task')}")
        for version in versions.order_by("-created_at")[:PACKS]
    ]
    runs = Run.objects.visible_to(user).filter(kind__in=("evaluation", "training", "demo"))
    tried = [(str(run.pk), f"{run.pk}  ·  {run.title}") for run in runs.order_by("-pk")[:RUNS]]
    agents = [str(agent) for agent in _agents(user)]
    return Offer(
        packs=_with(packs, extra.get("pack", ())),
        runs=_with(tried, extra.get("changed_since", ())),
        agents=_with([(name, name) for name in (*agents, *SCRIPTED)], extra.get("agents", ())),
        judges=_with(
            [(str(judge), str(judge)) for judge in Judge.objects.in_use()], extra.get("judge", ())
        ),
        endpoints=[(name, name) for name in _endpoints()],
    )


def options(user: User, offered: Iterable[str], ticked: Sequence[str]) -> tuple[AgentOption, ...]:
    """Describe the agents that are offered: those of models first, then the scripted ones."""
    known = {str(agent): agent for agent in _agents(user)}
    found = [_option(name, known.get(name), ticked) for name in offered if name not in SCRIPTED]
    return (*found, *_scripted(ticked))


def _agents(user: User) -> list[AgentConfiguration]:
    agents = AgentConfiguration.objects.visible_to(user).in_use()
    return list(agents.select_related("endpoint").order_by("name", "-version"))


def _endpoints() -> list[str]:
    return list(ModelEndpoint.objects.active().order_by("name").values_list("name", flat=True))


def _with(choices: list[tuple[str, str]], extra: Iterable[str]) -> list[tuple[str, str]]:
    known = {value for value, _ in choices}
    return choices + [(value, value) for value in extra if value and value not in known]


def _option(name: str, agent: AgentConfiguration | None, ticked: Sequence[str]) -> AgentOption:
    if agent is None:
        detail, price = "not in use any more", ""
    else:
        detail = f"{agent.model} at {agent.endpoint.name}"
        price = price_words(agent.endpoint, agent.model)
    return AgentOption(value=name, label=name, detail=detail, price=price, is_ticked=name in ticked)


def _scripted(ticked: Sequence[str]) -> Iterator[AgentOption]:
    for name in SCRIPTED:
        yield AgentOption(
            value=name, label=name, detail=SAYS[name], price="", is_ticked=name in ticked
        )
