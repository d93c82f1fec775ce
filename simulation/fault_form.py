"""The form of faults: as part of a task, and of a run, where a level stands for usual ones."""

from collections.abc import Mapping
from typing import Any

from simulation.errors import InvalidArgument, Problems
from simulation.faults import LONGEST_DELAY, NONE, WORDS, Faults, read_faults
from simulation.forms.fields import Field

LIGHT = Faults(error_rate=0.05, delay_rate=0.05, delay_seconds=2)
HEAVY = Faults(
    error_rate=0.2,
    delay_rate=0.2,
    delay_seconds=5,
    max_results=10,
    descriptions="first_sentence",
)
CUSTOM = "custom"
LEVELS_MEAN = (
    "Light: 5% of calls fail, 5% are held up for 2 s. Heavy: 20% and 20% for 5 s, at most 10 rows a"
    " page, tools described in one sentence. Tasks with faults of their own keep those."
)
LEVELS: Mapping[str, Faults | None] = {"none": None, "light": LIGHT, "heavy": HEAVY}
LEVEL = "level"
DESCRIPTIONS = ("full", "first_sentence", "none")


class FaultsForm:
    """A run's faults: a level, and what is typed beside it where the level is "custom" or none.

    Names of inputs begin with the prefix: `faults.level`, `faults.error_rate`, …
    """

    def __init__(self, prefix: str = "faults") -> None:
        self.prefix = prefix

    @property
    def fields(self) -> tuple[Field, ...]:
        level = _field(
            f"{self.prefix}.{LEVEL}",
            "level",
            "select",
            choices=(*(name for name, faults in LEVELS.items() if faults), CUSTOM),
        )
        custom = _field(
            f"{self.prefix}.{CUSTOM}",
            "custom faults",
            "group",
            hint="Counts where the level is custom, or none is chosen.",
            members=fault_fields(f"{self.prefix}.{CUSTOM}"),
        )
        return level, custom

    def read(self, values: Mapping[str, Any]) -> Faults | None:
        """Give the faults of values as `read_inputs` reads them; None for none.

        What is typed beside no level is custom; beside another level it does not count.
        Raises Problems that name the inputs without their prefix, InvalidArgument for a level that
        there is not.
        """
        level = values.get(LEVEL) or (CUSTOM if values.get(CUSTOM) else "none")
        if level in LEVELS:
            return LEVELS[level]
        if level != CUSTOM:
            raise InvalidArgument(f"level {level!r}: write none, light, heavy or custom")
        try:
            faults = read_faults(values.get(CUSTOM) or {})
        except Problems as error:
            raise Problems([f"{CUSTOM}.{line}" for line in error.problems]) from None
        return None if faults == NONE else faults

    def values(self, faults: Mapping[str, Any] | None) -> dict[str, Any]:
        """Give what the form shows of faults, such as those of the run before."""
        if not faults:
            return {}
        read = read_faults(faults)
        level = next((name for name, usual in LEVELS.items() if usual == read), CUSTOM)
        return {LEVEL: level, **({CUSTOM: deviations(faults)} if level == CUSTOM else {})}


def fault_fields(prefix: str) -> tuple[Field, ...]:
    """Give the inputs of faults; what is left empty is as it would be without faults."""
    return *_striking(prefix), *_degrading(prefix)


def _striking(prefix: str) -> tuple[Field, ...]:
    """Which calls fail or are held up."""
    return (
        _number(
            f"{prefix}.error_rate",
            "share of calls that fail, 0 to 1",
            hint="0.1 is one call in ten.",
        ),
        _field(
            f"{prefix}.error_message",
            "words of the error",
            "text",
            placeholder=WORDS,
            hint="What the agent reads in place of the result.",
        ),
        _number(
            f"{prefix}.delay_rate",
            "share of calls held up, 0 to 1",
            hint="A call may be held up and fail.",
        ),
        _number(
            f"{prefix}.delay_seconds", f"seconds of a delay, up to {LONGEST_DELAY}", placeholder="2"
        ),
        _field(
            f"{prefix}.only",
            "which calls",
            "select",
            choices=("all", "reads", "writes"),
            hint="Reads only look at the world, writes change it; not given is all.",
        ),
        _field(
            f"{prefix}.tools",
            "only of these tools",
            "lines",
            hint="Names as agents see them, one a line; none is all.",
        ),
    )


def _degrading(prefix: str) -> tuple[Field, ...]:
    """What agents are shown less of."""
    return (
        _number(
            f"{prefix}.max_results",
            "shorter pages: most results of a search",
            placeholder="",
            hint="Agents have to ask for the next page more often.",
        ),
        _field(
            f"{prefix}.descriptions",
            "descriptions of tools",
            "select",
            choices=DESCRIPTIONS,
            hint="How much the agent is told of what each tool does; not given is full.",
        ),
        _field(
            f"{prefix}.argument_descriptions",
            "descriptions of arguments",
            "truth",
            hint="Whether the agent is told what each argument means; not given: it is.",
        ),
    )


def deviations(faults: Mapping[str, Any] | None) -> dict[str, Any]:
    """Give what faults say beside their defaults; that there shall be none is a rate of 0."""
    if faults is None:
        return {}
    said = read_faults(faults).model_dump(mode="json", exclude_defaults=True)
    return said or {"error_rate": 0.0}


def _number(name: str, label: str, **more: Any) -> Field:
    return _field(name, label, "number", **{"is_number": True, "placeholder": "0", **more})


def _field(name: str, label: str, kind: str, **more: Any) -> Field:
    given = {"is_required": False, "hint": "", "expects": "", **more}
    return Field(name=name, label=label, kind=kind, **given)
