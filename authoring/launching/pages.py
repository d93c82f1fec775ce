"""What the pages of a launch show, as plain values."""

from dataclasses import dataclass

from authoring.launching.offers import AgentOption
from simulation.forms.inputs import Input
from simulation.pages import Choice, Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchPage:
    """The form. agents_problem: what is wrong with the ticks.

    last: leads to the same form as the person's last run was launched with; None without one.
    like: what the form was filled from, in words. more: inputs that are rarely filled.
    """

    tasks: tuple[Input, ...]
    agents: tuple[AgentOption, ...]
    agents_problem: str
    how: tuple[Input, ...]
    more: tuple[Input, ...]
    problems: tuple[Choice, ...]
    last: Choice | None
    like: str
    makes_agents: bool
    has_agents: bool
    has_tasks: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranged:
    """An amount in words; range is "" where there is none."""

    value: str
    range: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRow:
    """One agent, the customers or the judge, with what they will take."""

    name: str
    tasks: str
    episodes: str
    duration: Ranged
    tokens: Ranged
    cost: Ranged
    price: str
    basis: str
    most: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOutGroup:
    count: str
    why: str
    names: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPage:
    """What would be launched. fields: all that the form said; button: "" when nothing can be."""

    title: str
    source: str
    figures: tuple[Fact, ...]
    notes: tuple[str, ...]
    warnings: tuple[str, ...]
    parts: tuple[PartRow, ...]
    conditions: tuple[Fact, ...]
    tasks: tuple[str, ...]
    tasks_count: str
    tasks_more: str
    left: tuple[LeftOutGroup, ...]
    fields: tuple[tuple[str, str], ...]
    key: str
    button: str
