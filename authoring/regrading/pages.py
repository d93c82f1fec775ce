"""What the form that grades a run again shows, as plain values."""

from dataclasses import dataclass

from simulation.pages import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class RubricOption:
    """One rubric that a task offers; with a reason it cannot be chosen."""

    value: str
    label: str
    is_selected: bool
    is_disabled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRubrics:
    """The rubrics that one task of the run can be measured by."""

    subject: str
    name: str
    options: tuple[RubricOption, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One radio button with the words below it."""

    value: str
    label: str
    hint: str
    is_selected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterSelect:
    """One select of the filter."""

    name: str
    label: str
    choices: tuple[Choice, ...]
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgainPage:
    """Which rollouts, by which rubrics, what for and why."""

    run_title: str
    run_url: str
    gradings_url: str
    form_url: str
    count: str
    left_out: str
    can_ask: bool
    filters: tuple[FilterSelect, ...]
    is_filtered: bool
    purposes: tuple[Option, ...]
    rubrics: tuple[Option, ...]
    tasks: tuple[TaskRubrics, ...]
    tasks_open: bool
    judges: tuple[Choice, ...]
    reason: str
    key: str
    problems: tuple[Choice, ...] = ()
