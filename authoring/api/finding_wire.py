"""What lint finds, over REST."""

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from authoring.access import TaskLook
from authoring.lint import Finding, Severity
from authoring.lint.pages import FindingLine
from authoring.lint.panel import lint_panel
from simulation.rest.bodies import Body

ALL = 2000  # findings that are given


class KeptOut(serializers.Serializer[Any]):
    reason = serializers.CharField()
    by = serializers.CharField()
    at = serializers.DateTimeField()


class RewriteOut(serializers.Serializer[Any]):
    """What would mend it: the part at path becomes value, or these criteria in its place. Without a
    path, a person mends it."""

    label = serializers.CharField()  # type: ignore[assignment]
    path = serializers.CharField(allow_blank=True)
    value = serializers.JSONField(allow_null=True)
    values = serializers.ListField(child=serializers.DictField())


class FindingOut(serializers.Serializer[Any]):
    """One finding; kept is null while it counts."""

    fingerprint = serializers.CharField()
    rule = serializers.CharField()
    severity = serializers.ChoiceField([str(severity) for severity in Severity])
    place = serializers.CharField()
    where = serializers.CharField(allow_blank=True)
    why = serializers.CharField()
    words = serializers.CharField(allow_blank=True)
    rewrite = RewriteOut(allow_null=True)
    kept = KeptOut(allow_null=True)


class LintOut(serializers.Serializer[Any]):
    """All that lint finds; errors, warnings and hints count what nobody keeps. held_back: how many
    tell of a reference that you have not asked to see yet."""

    subject = serializers.CharField(help_text="draft, or the number of a revision")
    errors = serializers.IntegerField()  # type: ignore[assignment]
    warnings = serializers.IntegerField()
    hints = serializers.IntegerField()
    held_back = serializers.IntegerField()
    findings = FindingOut(many=True)


class FingerprintIn(Body):
    fingerprint = serializers.CharField(max_length=64)


class KeepIn(FingerprintIn):
    reason = serializers.CharField(max_length=2000, help_text="why it stays; the reviewer reads it")


def lint_body(look: TaskLook, findings: Sequence[Finding]) -> dict[str, Any]:
    """Give findings as LintOut shows them, those that are kept last."""
    panel = lint_panel(look, findings, most=ALL)
    lines = [line for group in panel.groups for line in group.lines]
    known = {finding.fingerprint: finding for finding in findings}
    return {
        "subject": str(look.revision.number) if look.revision else "draft",
        "errors": panel.errors,
        "warnings": panel.warnings,
        "hints": panel.hints,
        "held_back": panel.held_back,
        "findings": [_finding(line, known[line.fingerprint]) for line in (*lines, *panel.kept)],
    }


def _finding(line: FindingLine, finding: Finding) -> dict[str, Any]:
    names = ("fingerprint", "rule", "severity", "place", "where", "why", "words", "kept")
    shown = {name: getattr(line, name) for name in names}
    return {**shown, "words": finding.words, "rewrite": finding.rewrite}
