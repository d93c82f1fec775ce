"""What an inspection found, as values that a page, a command and JSON are made of."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulation.integrity.parts import Density, Rule, Severity
from simulation.wording import counted


@dataclass(frozen=True, slots=True)
class Finding:
    """A row that breaks a rule. intended: the noise that the manifest lists it under, or ""."""

    severity: Severity
    rule: str
    entity_type: str
    id: str
    path: str
    sentence: str
    intended: str = ""

    @property
    def place(self) -> str:
        """Say which row it is: "order 'ord-250801-001'", or the type when it is about all."""
        return f"{self.entity_type} {self.id!r}" if self.id else self.entity_type

    @property
    def line(self) -> str:
        """Say all of it on one line."""
        return ": ".join(part for part in (self.place, self.path, self.sentence) if part)

    def as_json(self) -> dict[str, str]:
        return {name: str(getattr(self, name)) for name in self.__slots__}


@dataclass(frozen=True)
class Group:
    """The findings of one rule that are of one kind: surprises, or what is there on purpose."""

    rule: Rule
    findings: Sequence[Finding]

    @property
    def severity(self) -> Severity:
        return self.rule.severity

    @property
    def intended(self) -> str:
        return self.findings[0].intended


@dataclass(frozen=True)
class Counted:
    """How many there are of something of which tasks need many, and what they are."""

    density: Density
    found: Sequence[str]

    @property
    def is_enough(self) -> bool:
        return len(self.found) >= self.density.wanted

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.density.name,
            "sentence": self.density.text,
            "wanted": self.density.wanted,
            "found": len(self.found),
            "enough": self.is_enough,
            "examples": list(self.found),
        }


@dataclass(frozen=True)
class Report:
    """All that was found. manifest: how many rows the manifest lists, by noise."""

    entities: int
    rules: Sequence[Rule]
    findings: Sequence[Finding]
    densities: Sequence[Counted]
    manifest: Mapping[str, int]

    @property
    def errors(self) -> Sequence[Finding]:
        return self._surprises(Severity.ERROR)

    @property
    def warnings(self) -> Sequence[Finding]:
        """Give the warnings that nobody intended."""
        return self._surprises(Severity.WARNING)

    @property
    def information(self) -> Sequence[Finding]:
        return self._surprises(Severity.INFORMATION)

    @property
    def intended(self) -> Sequence[Finding]:
        """Give what the manifest lists as there on purpose."""
        return [finding for finding in self.findings if finding.intended]

    @property
    def groups(self) -> Sequence[Group]:
        """Give the findings by rule: errors, warnings, information, then what is intended."""
        return sorted(self._groups(), key=lambda group: bool(group.intended))

    @property
    def summary(self) -> str:
        """Say how many of each kind there are: "no errors, 2 warnings, …"."""
        counts = (
            _number(self.errors, "error"),
            _number(self.warnings, "warning"),
            f"{len(self.information):,} for information",
            f"{len(self.intended):,} intended",
        )
        return ", ".join(counts)

    def as_json(self) -> dict[str, Any]:
        return {
            "entities": self.entities,
            "errors": len(self.errors),
            "warnings": len(self.warnings),
            "information": len(self.information),
            "intended": dict(Counter(finding.intended for finding in self.intended)),
            "rules": {rule.name: rule.text for rule in self.rules},
            "findings": [finding.as_json() for finding in self.findings],
            "densities": [counted.as_json() for counted in self.densities],
            "manifest": dict(self.manifest),
        }

    def _surprises(self, severity: Severity) -> Sequence[Finding]:
        return [f for f in self.findings if f.severity == severity and not f.intended]

    def _groups(self) -> Iterator[Group]:
        rules = {rule.name: rule for rule in self.rules}
        together: dict[tuple[str, str], list[Finding]] = {}
        for finding in self.findings:
            together.setdefault((finding.rule, finding.intended), []).append(finding)
        yield from (Group(rules[name], found) for (name, _), found in together.items())


def _number(findings: Sequence[Finding], noun: str) -> str:
    return counted(len(findings), noun) if findings else f"no {noun}s"
