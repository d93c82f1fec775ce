"""Where findings about criteria stand, and the buttons that mend one."""

from typing import Any

from authoring.content import DraftCriterion
from authoring.lint import Finding, Rewrite, Severity


def found(
    rule: str,
    severity: Severity,
    criterion: DraftCriterion,
    why: str,
    words: str = "",
    rewrite: Rewrite | None = None,
) -> Finding:
    """Say something about one criterion."""
    return Finding(
        rule=rule,
        severity=severity,
        place=f"criterion/{criterion.key}",
        why=why,
        words=words,
        rewrite=rewrite or edit(criterion),
    )


def edit(criterion: DraftCriterion, label: str = "Edit the criterion") -> Rewrite:
    """Lead to the form of a criterion, on the page of the rubric that one is on."""
    return Rewrite(label=label, url=f"?edit={criterion.key}#criterion-{criterion.key}")


def changed(criterion: DraftCriterion, label: str, **fields: Any) -> Rewrite:
    """Offer the criterion with some fields changed."""
    value = {**criterion.model_dump(mode="json"), **fields}
    return Rewrite(label=label, path=f"rubric/{criterion.key}", value=value)
