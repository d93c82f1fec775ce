"""What the agreement page shows, as plain values: texts are ready to print, "" is absent."""

from dataclasses import dataclass

from grading.statistics_page.values import Drawn
from simulation.pages import Choice, Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedRow:
    """A group of verdicts against people; `left_out` says what could not be compared."""

    name: str
    url: str
    basis: str
    agreed: Drawn
    kappa: Drawn
    ac1: Drawn
    met: Drawn
    not_met: Drawn
    balanced: Drawn
    prevalence: str
    left_out: str
    blind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfusionTable:
    """People in rows, the machine in columns. `is_same` marks where both say the same."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[str, bool], ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    name: str
    labels: str
    blind: str
    agreed: Drawn
    kappa: Drawn
    pairs: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlipRow:
    name: str
    n: str
    flipped: str
    rate: Drawn
    alpha: Drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Groups of one kind side by side: judges, kinds of check, authors."""

    key: str
    title: str
    note: str
    rows: tuple[ComparedRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementFilter:
    runs: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    judges: tuple[Choice, ...]
    checks: tuple[Choice, ...]
    authors: tuple[Choice, ...]
    is_blind_only: bool
    is_active: bool
    clear_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementPage:
    """`headline` answers whether the judge can be trusted, in a sentence with its numbers."""

    headline: str
    detail: str
    notice: Notice | None
    filter: AgreementFilter
    sections: tuple[Section, ...]
    confusions: tuple[ConfusionTable, ...]
    people: tuple[tuple[str, Drawn], ...]
    people_note: str
    persons: tuple[PersonRow, ...]
    flips: tuple[FlipRow, ...]
    labels_url: str
    import_url: str
    json_url: str
