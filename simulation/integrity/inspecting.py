"""Asking all rules of a world: values in, values out."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from simulation.errors import Problems
from simulation.integrity.existence import RULES, acceptable_rows
from simulation.integrity.inspection import Inspection
from simulation.integrity.parts import Breach, Correction, Density, Places, Rule, Severity
from simulation.integrity.report import Counted, Finding, Report
from simulation.snapshots import Snapshot
from simulation.state import Change

_ORDER = (Severity.ERROR, Severity.WARNING, Severity.INFORMATION)


def inspect(snapshot: Snapshot, manifest: Sequence[Any] = ()) -> Report:
    """Ask the engine's rules and the company's, and count what tasks need.

    manifest: what is untidy on purpose, rows {type, id, noise}.
    """
    checks = snapshot.company.checks
    general = _findings(Inspection(snapshot, manifest), RULES)
    inspection = Inspection(_well_formed(snapshot, general), manifest)
    return Report(
        entities=_entities(snapshot),
        rules=(*RULES, *checks.rules),
        findings=_sorted([*general, *_findings(inspection, checks.rules)]),
        densities=[_count(inspection, density) for density in checks.densities],
        manifest=dict(sorted(Counter(entry["noise"] for entry in inspection.manifest).items())),
    )


def broken_by(snapshot: Snapshot, setup: Sequence[Change], new: Places) -> list[Finding]:
    """Ask the company's rules of a world with a setup, and give what they say of some rows."""
    inspection = Inspection(snapshot, setup=setup)
    found = _findings(inspection, snapshot.company.checks.rules)
    return _sorted(each for each in found if (each.entity_type, each.id) in new)


def corrections(snapshot: Snapshot, setup: Sequence[Change], new: Places) -> list[Correction]:
    """Compute what follows from other rows in those that were made by a setup, and is not so."""
    inspection = Inspection(snapshot, setup=setup)
    each = (part.find(inspection, new) for part in snapshot.company.checks.amounts)
    return [correction for found in each for correction in found]


def refuse_errors(snapshot: Snapshot) -> None:
    """Raises Problems that name every error of a world, as an import does; warnings may stand."""
    errors = [rule for rule in RULES if rule.severity == Severity.ERROR]
    findings = _sorted(_findings(Inspection(snapshot), errors))
    if findings:
        raise Problems([finding.line for finding in findings])


def _well_formed(snapshot: Snapshot, findings: Iterable[Finding]) -> Snapshot:
    """Leave out the rows that an import would refuse: a company's rules rely on their form."""
    refused = {(f.entity_type, f.id) for f in findings if f.rule == acceptable_rows.__name__}
    return snapshot.without(refused) if refused else snapshot


def _findings(inspection: Inspection, rules: Iterable[Rule]) -> list[Finding]:
    return [finding for rule in rules for finding in _of_rule(inspection, rule)]


def _sorted(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(
        findings, key=lambda f: (_ORDER.index(f.severity), f.rule, f.entity_type, f.id, f.path)
    )


def _of_rule(inspection: Inspection, rule: Rule) -> Iterator[Finding]:
    for breach in rule.find(inspection):
        yield Finding(
            severity=rule.severity,
            rule=rule.name,
            entity_type=breach.entity_type,
            id=breach.id,
            path=breach.path,
            sentence=breach.sentence,
            intended=rule.noise if _is_listed(inspection, rule, breach) else "",
        )


def _is_listed(inspection: Inspection, rule: Rule, breach: Breach) -> bool:
    return bool(rule.noise) and inspection.lists(rule.noise, breach.entity_type, breach.id)


def _count(inspection: Inspection, density: Density) -> Counted:
    return Counted(density, sorted(set(density.find(inspection))))


def _entities(snapshot: Snapshot) -> int:
    types = snapshot.company.entity_types
    return sum(len(snapshot.rows(name)) + len(snapshot.hidden(name)) for name in types)
