"""The pages on which a world is checked and published, as plain values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from simulation.browser.changes_page import KindCount, kind_counts
from simulation.browser.head import WorldHead, head_of
from simulation.browser.links import Links, RowLink
from simulation.differences import compare
from simulation.integrity.parts import Severity
from simulation.integrity.report import Counted, Finding, Group, Report
from simulation.models import World
from simulation.pages import Fact
from simulation.wording import counted, milliseconds, spoken
from simulation.worlds import open_world

SHOWN = 10  # findings of a rule that are shown before all of them are asked for
MOST = 500
EXAMPLES = 4
_ICONS = {
    Severity.ERROR: "octagon-alert",
    Severity.WARNING: "triangle-alert",
    Severity.INFORMATION: "info",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRow:
    """`link` is None for what is about a whole type; `kind` names its type then too."""

    link: RowLink | None
    kind: str
    path: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleGroup:
    """The rows that break one rule; `noise` says under what name it is intended."""

    anchor: str
    severity: str
    icon: str
    rule: str
    count: str
    noise: str
    findings: tuple[FindingRow, ...]
    more: str
    more_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DensityRow:
    """How many there are of something that tasks need; `examples` are shown to few."""

    text: str
    found: int
    wanted: int
    is_enough: bool
    short: str
    examples: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPage:
    """`surprises` break rules and nobody meant it; `intended` is empty for people who may not see
    what is untidy on purpose."""

    head: WorldHead
    facts: tuple[Fact, ...]
    surprises: tuple[RuleGroup, ...]
    intended: tuple[RuleGroup, ...]
    rules: str
    kept: tuple[str, ...]
    densities: tuple[DensityRow, ...]
    enough: str
    took: str
    only: str
    all_url: str
    sees_noise: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishPage:
    """`can_publish` is False while there are errors. edits: what the answer must still find."""

    head: WorldHead
    name: str
    facts: tuple[Fact, ...]
    errors: tuple[RuleGroup, ...]
    warnings: tuple[RuleGroup, ...]
    refusals: tuple[str, ...]
    newest: str
    changes_url: str
    changes: tuple[KindCount, ...]
    texts: tuple[str, ...]
    is_equal: bool
    edits: int
    can_publish: bool


def check_page(
    links: Links, report: Report, *, sees_noise: bool, took: float = 0, only: str = ""
) -> CheckPage:
    """took: milliseconds that it took, 0 for a report that was there. only: the one rule that is
    wanted, with all its findings."""
    groups = [*_groups(links, report, only=only)]
    broken = {finding.rule for finding in report.findings}
    url = f"{links.base}check/"
    return CheckPage(
        head=head_of(links, "Check"),
        facts=tuple(_facts(report, sees_noise=sees_noise)),
        surprises=tuple(group for group in groups if not group.noise),
        intended=tuple(group for group in groups if group.noise and sees_noise),
        rules=counted(len(report.rules), "rule"),
        kept=tuple(rule.text for rule in report.rules if rule.name not in broken),
        densities=tuple(_density(each, sees_noise=sees_noise) for each in report.densities),
        enough=_enough(report.densities),
        took=milliseconds(took),
        only=only,
        all_url=url,
        sees_noise=sees_noise,
    )


def publish_page(
    links: Links, report: Report, newest: World | None, *, refusals: Sequence[str] = ()
) -> PublishPage:
    """newest: the published version that it follows. refusals: what the service said."""
    groups = [group for group in _groups(links, report) if not group.noise]
    before = Links(newest, open_world(newest)) if newest else None
    found = compare(before.snapshot, links.snapshot) if before else None
    url = f"{links.base}changes/?with={newest.version}" if newest else ""
    return PublishPage(
        head=head_of(links, "Check"),
        name=str(links.world),
        facts=tuple(_facts(report, sees_noise=False)),
        errors=tuple(group for group in groups if group.severity == Severity.ERROR),
        warnings=tuple(group for group in groups if group.severity == Severity.WARNING),
        refusals=tuple(refusals),
        newest=str(newest) if newest else "",
        changes_url=url,
        changes=tuple(kind_counts(links, found, url)) if found else (),
        texts=tuple(each.name for each in (*found.facts, *found.prompts)) if found else (),
        is_equal=found is not None and found.is_empty,
        edits=links.world.edits,
        can_publish=not report.errors,
    )


def _facts(report: Report, *, sees_noise: bool) -> Iterator[Fact]:
    yield Fact(label="errors", value=f"{len(report.errors):,}")
    yield Fact(label="warnings", value=f"{len(report.warnings):,}")
    yield Fact(label="for information", value=f"{len(report.information):,}")
    if sees_noise:
        yield Fact(label="intended", value=f"{len(report.intended):,}")
    yield Fact(label="rows", value=f"{report.entities:,}")


def _groups(links: Links, report: Report, *, only: str = "") -> Iterator[RuleGroup]:
    for number, group in enumerate(report.groups):
        if only in ("", group.rule.name):
            yield _group(links, group, number, limit=MOST if only else SHOWN)


def _group(links: Links, group: Group, number: int, *, limit: int) -> RuleGroup:
    total = len(group.findings)
    is_cut = total > limit
    is_last = limit == MOST
    return RuleGroup(
        anchor=f"rule-{number}",
        severity=group.severity,
        icon=_ICONS[group.severity],
        rule=group.rule.text,
        count=f"{total:,}",
        noise=spoken(group.intended) if group.intended else "",
        findings=tuple(_finding(links, each) for each in group.findings[:limit]),
        more=f"all {total:,}" if is_cut and not is_last else "",
        more_url=f"{links.base}check/?rule={group.rule.name}" if is_cut and not is_last else "",
    )


def _finding(links: Links, finding: Finding) -> FindingRow:
    kinds = links.company.entity_types
    known = finding.id and finding.entity_type in kinds
    kind = kinds.get(finding.entity_type)
    return FindingRow(
        link=links.row(finding.entity_type, finding.id) if known else None,
        kind=kind.label if kind else finding.entity_type,
        path=finding.path,
        sentence=finding.sentence,
    )


def _density(each: Counted, *, sees_noise: bool) -> DensityRow:
    found, wanted = len(each.found), each.density.wanted
    shown = ", ".join(each.found[:EXAMPLES])
    rest = f" and {found - EXAMPLES:,} more" if found > EXAMPLES else ""
    return DensityRow(
        text=each.density.text,
        found=found,
        wanted=wanted,
        is_enough=each.is_enough,
        short="" if each.is_enough else f"{wanted - found:,} short",
        examples=f"{shown}{rest}" if sees_noise else "",
    )


def _enough(densities: Sequence[Counted]) -> str:
    enough = sum(each.is_enough for each in densities)
    return f"{enough} of {len(densities)} are there" if densities else ""
