"""Lint: what is probably wrong with a task's words, criteria and data, beside the text.

One module a rule or a few kin in `rules/`, found by walking the package. A rule looks at a scene
and gives findings, always the same ones in the same order for the same content.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from authoring.drafts.scene import Scene
from authoring.models import KeptFinding, Task
from simulation.registry import Registry
from simulation.text import canonical


class Severity(StrEnum):
    """ERROR stands against submission, WARNING wants a fix or a reason, HINT is a thought."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrite:
    """What would mend it, as a button: the part of the document at `path` becomes `value`.

    `values` are several criteria in place of the one at `path` ("rubric/KEY"). Without both,
    `url` leads to where a person can mend it.
    """

    label: str
    path: str = ""
    value: object = None
    values: tuple[Mapping[str, object], ...] = ()
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that a rule found.

    rule: its id, such as C01. place: "prompt", "setup", "reference", "rubric", "customer", "task",
    or an item such as "criterion/KEY", "setup/N", "reference/N". why: one sentence. words: the
    words of the text that it is about, as they stand there; "" for none.
    """

    rule: str
    severity: Severity
    place: str
    why: str
    words: str = ""
    rewrite: Rewrite | None = None

    @property
    def fingerprint(self) -> str:
        """Name it by rule, place and what was found: "keep" holds until one of them changes."""
        said = [self.rule, self.place, self.words, self.why]
        return hashlib.sha256(canonical(said)).hexdigest()


Rule = Callable[[Scene], Iterable[Finding]]
RULES: Registry[Rule] = Registry("lint rule", f"{__name__}.rules")
Counts = dict[Literal["errors", "warnings", "hints"], int]


def lint(scene: Scene) -> list[Finding]:
    """Give what all rules find, errors first, in the order of their ids."""
    found = [finding for name in sorted(RULES) for finding in RULES[name](scene)]
    return sorted(found, key=lambda finding: list(Severity).index(finding.severity))


def kept_of(task: Task) -> dict[str, KeptFinding]:
    """Give what people decided to keep, by fingerprint."""
    kept = task.kept_findings.select_related("kept_by")
    return {each.fingerprint: each for each in kept}


def counts_of(task: Task, findings: Sequence[Finding]) -> Counts:
    """Count findings that nobody keeps; an error cannot be kept."""
    kept = set(task.kept_findings.values_list("fingerprint", flat=True))
    counts: Counts = {"errors": 0, "warnings": 0, "hints": 0}
    for finding in findings:
        if finding.severity == Severity.ERROR:
            counts["errors"] += 1
        elif finding.fingerprint not in kept:
            counts["warnings" if finding.severity == Severity.WARNING else "hints"] += 1
    return counts
