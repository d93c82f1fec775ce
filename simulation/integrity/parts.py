"""What a company's checks/ are made of: rules that its rows keep, and things it has many of.

    @rule(noise="missing_phone")
    def customers_have_a_phone(inspection: Inspection) -> Iterator[Breach]:
        \"\"\"Every customer can be called.\"\"\"
        for customer in inspection.rows("customer"):
            if "phone" not in customer:
                yield Breach("customer", customer["id"], "phone", "there is none")

    @density(wanted=16)
    def lost_parcels(inspection: Inspection) -> Iterable[str]:
        \"\"\"Parcels that the carrier lost.\"\"\"

    @amounts
    def payments(inspection: Inspection, new: Places) -> Iterator[Correction]:
        \"\"\"A payment is what its order costs.\"\"\"

Rules read rows that an import may have brought: optional fields may be missing, statuses may
disagree, and in a draft even references inside values may lead nowhere.
"""

from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulation.integrity.inspection import Inspection


Places = Set[tuple[str, str]]  # rows by type and id


class Severity(StrEnum):
    """How bad it is. An error keeps a world from being published."""

    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"


@dataclass(frozen=True, slots=True)
class Breach:
    """A row that does not keep a rule: where, and how, in words. An empty id is the whole type."""

    entity_type: str
    id: str
    path: str
    sentence: str


@dataclass(frozen=True)
class Rule:
    """Something that must hold.

    noise: what the manifest of a world calls breaches that are there on purpose.
    """

    name: str
    text: str
    find: "Callable[[Inspection], Iterable[Breach]]"
    severity: Severity = Severity.WARNING
    noise: str = ""


@dataclass(frozen=True)
class Density:
    """Something of which tasks need many: how many at size 1, and the function that names them."""

    name: str
    text: str
    find: "Callable[[Inspection], Iterable[str]]"
    wanted: int


@dataclass(frozen=True, slots=True)
class Correction:
    """A field of a row that follows from other rows, as it has to be; None removes it."""

    entity_type: str
    id: str
    field: str
    value: Any


@dataclass(frozen=True)
class Amounts:
    """What can be computed of rows that people make: function of the rows that may be corrected."""

    name: str
    text: str
    find: "Callable[[Inspection, Places], Iterable[Correction]]"


def rule(*, noise: str = "") -> "Callable[[Callable[[Inspection], Iterable[Breach]]], Rule]":
    """Make a rule of a function; its docstring says what must hold. Breaches are warnings."""

    def make(function: "Callable[[Inspection], Iterable[Breach]]") -> Rule:
        return Rule(function.__name__, sentence_of(function), function, noise=noise)

    return make


def density(*, wanted: int) -> "Callable[[Callable[[Inspection], Iterable[str]]], Density]":
    """Make a density of a function that names what it counts; its docstring says what that is."""

    def make(function: "Callable[[Inspection], Iterable[str]]") -> Density:
        return Density(function.__name__, sentence_of(function), function, wanted)

    return make


def amounts(
    function: "Callable[[Inspection, Places], Iterable[Correction]]",
) -> Amounts:
    """Make what corrects rows of a function; its docstring says what they have to be."""
    return Amounts(function.__name__, sentence_of(function), function)


def sentence_of(function: Callable[..., object]) -> str:
    """Give the first paragraph of the docstring on one line, without its full stop.

    Raises TypeError when there is none: people read it.
    """
    text = " ".join((function.__doc__ or "").split("\n\n")[0].split())
    if not text:
        raise TypeError(f"{function.__name__}: say in a docstring what it is about")
    return text.removesuffix(".")
