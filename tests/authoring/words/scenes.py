"""Scenes of one rubric, over the golden sentences' few rows or over no world at all."""

from typing import Any

from authoring.content import read_draft
from authoring.lint import RULES, Finding
from authoring.lint.golden import BLANK, GoldenScene, golden_world

REFUND = "The answer gives $53.96 as the refund."


def scene_of_rubric(*criteria: dict[str, Any], **fields: Any) -> GoldenScene:
    """Make a scene; a criterion is {"text": …} and whatever else it has."""
    filled = [
        {"key": f"c{number}", "check": {"kind": "response"}, **each}
        for number, each in enumerate(criteria, start=1)
    ]
    rows = golden_world() if fields.pop("world", True) else None
    content = read_draft({**BLANK, "rubric": {"criteria": filled}, **fields})
    return GoldenScene(content, None, "", rows=rows)


def findings(rule: str, *criteria: dict[str, Any], **fields: Any) -> list[Finding]:
    return list(RULES[rule](scene_of_rubric(*criteria, **fields)))


def finding(rule: str, text: str, **fields: Any) -> Finding:
    """Give the one finding of a rule about one criterion."""
    (only,) = findings(rule, {"text": text, **fields})
    return only
