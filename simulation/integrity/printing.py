"""A report as lines for a terminal: by rule, with counts and the first examples of each."""

import re
from collections.abc import Iterator, Sequence

from rich.console import Group as Lines
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from simulation.integrity.parts import Severity
from simulation.integrity.report import Counted, Group, Report

EXAMPLES = 3
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_HEADINGS = {
    Severity.ERROR: ("Errors: such a world cannot be published", "bold red"),
    Severity.WARNING: ("Warnings: an import may bring them, tasks may stumble over them", "yellow"),
    Severity.INFORMATION: ("For information", "cyan"),
}
_INTENDED = ("Intended: the manifest lists them", "green")


def printed(name: str, report: Report, *, examples: int | None = EXAMPLES) -> RenderableType:
    """Write a report. examples: so many of each rule; None writes all."""
    return Lines(*_heading(name, report), *_findings(report, examples), *_counts(report))


def visible(text: str) -> str:
    """Show control characters instead of obeying them: rows of imports may hold any."""
    return _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", text)


def _heading(name: str, report: Report) -> Iterator[Text]:
    yield Text(f"{name}: {report.summary}", style="bold")
    yield Text(f"{len(report.rules)} rules asked of {report.entities:,} rows", style="dim")


def _findings(report: Report, examples: int | None) -> Iterator[Text]:
    heading = ("", "")
    for group in report.groups:
        if heading != (heading := _heading_of(group)):
            yield Text(f"\n{heading[0]}", style=heading[1])
        yield Text(f"  {group.rule.text}: {_how_often(group)}")
        for finding in group.findings[:examples]:
            yield Text(f"    {visible(finding.line)}", style="dim")
        rest = len(group.findings) - len(group.findings[:examples])
        if rest:
            yield Text(f"    … and {rest:,} more, shown by --all", style="dim")


def _how_often(group: Group) -> str:
    number = len(group.findings)
    times = "once" if number == 1 else f"{number:,} times"
    if group.severity == Severity.INFORMATION:
        return times
    return f"broken {times}" + (f" as {group.intended}" if group.intended else "")


def _heading_of(group: Group) -> tuple[str, str]:
    return _INTENDED if group.intended else _HEADINGS[group.severity]


def _counts(report: Report) -> Iterator[RenderableType]:
    if report.densities:
        yield Text("\nWhat tasks need", style="bold")
        yield _densities(report.densities)
    if report.manifest:
        listed = ", ".join(f"{count:,} {noise}" for noise, count in report.manifest.items())
        yield Text(f"\nListed in the manifest: {visible(listed)}")


def _densities(densities: Sequence[Counted]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("what is counted")
    for name in ("there are", "wanted at size 1"):
        table.add_column(name, justify="right")
    table.add_column("")
    for counted in densities:
        few = "" if counted.is_enough else "too few"
        found, wanted = f"{len(counted.found):,}", f"{counted.density.wanted:,}"
        table.add_row(Text(counted.density.text), found, wanted, few)
    return table
