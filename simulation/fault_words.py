"""Faults in words for people."""

from simulation.faults import WORDS, Faults
from simulation.wording import listed

_ONLY = {"all": "calls", "reads": "reading calls", "writes": "writing calls"}
_DESCRIPTIONS = {"first_sentence": "their first sentence only", "none": "left out"}


def in_words(faults: Faults) -> tuple[tuple[str, str], ...]:
    """Say what goes wrong on purpose, line by line as (what, how); nothing for no faults."""
    whom = _ONLY[faults.only]
    if faults.tools:
        whom = f"{whom} of {listed(faults.tools)}"
    lines = {
        "failing tools": _share(faults.error_rate, whom),
        "words of the error": _said(faults),
        "delays": _delays(faults, whom),
        "rows of a page": f"{faults.max_results} at most" if faults.max_results else "",
        "descriptions of tools": _DESCRIPTIONS.get(faults.descriptions, ""),
        "descriptions of arguments": "" if faults.argument_descriptions else "left out",
    }
    return tuple((what, how) for what, how in lines.items() if how)


def summary(faults: Faults) -> str:
    """Say it in one line; "none" for no faults."""
    return "; ".join(f"{what}: {how}" for what, how in in_words(faults)) or "none"


def _share(rate: float, whom: str) -> str:
    return f"{rate:.1%} of {whom}".replace(".0%", "%") if rate else ""


def _said(faults: Faults) -> str:
    return faults.error_message if faults.error_rate and faults.error_message != WORDS else ""


def _delays(faults: Faults, whom: str) -> str:
    if not (faults.delay_rate and faults.delay_seconds):
        return ""
    return f"{_share(faults.delay_rate, whom)}, {faults.delay_seconds:g} s each"
