"""What lint says of the tasks of a bundle, once its worlds are here."""

from collections.abc import Mapping
from dataclasses import dataclass

from authoring.bundles.bundle import BundleProblems
from authoring.bundles.plan import Fate, ImportPlan, PlannedTask
from authoring.content import DraftContent, TaskContent
from authoring.drafts.scene import Scene
from authoring.exports.task_files import task_path
from authoring.lint import Finding, Severity, lint
from simulation.models import World
from simulation.portability.problems import Problem
from simulation.setup import apply_setup
from simulation.worlds import load_snapshot


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """counts: as drafts keep them. errors: what stands against approval."""

    counts: dict[str, int]
    errors: tuple[str, ...]


def lint_of(plan: ImportPlan, worlds: Mapping[str, World]) -> dict[str, Verdict]:
    """Look at every task that is stored or approved now, by slug.

    Raises BundleProblems where there are errors and the tasks are to be approved.
    """
    looked_at = [p for p in plan.tasks if plan.approve or p.fate != Fate.KNOWN]
    said = {p.packed.slug: _verdict(p, worlds) for p in looked_at}
    if plan.approve:
        problems = [
            Problem.at(task_path(slug), text) for slug, each in said.items() for text in each.errors
        ]
        if problems:
            raise BundleProblems(problems)
    return said


def _verdict(planned: PlannedTask, worlds: Mapping[str, World]) -> Verdict:
    content = planned.packed.content
    findings = lint(_scene(content, worlds[content.world]))
    return Verdict(
        counts={
            "errors": _count(findings, Severity.ERROR),
            "warnings": _count(findings, Severity.WARNING),
            "hints": _count(findings, Severity.HINT),
        },
        errors=tuple(
            f"{found.rule}, {found.place}: {found.why}"
            for found in findings
            if found.severity == Severity.ERROR
        ),
    )


def _count(findings: list[Finding], severity: Severity) -> int:
    return sum(finding.severity == severity for finding in findings)


def _scene(content: TaskContent, world: World) -> Scene:
    draft = DraftContent.model_validate(content.model_dump(mode="json"))
    changes, problems = apply_setup(load_snapshot(world), draft.setup)
    return Scene(draft, world, "", tuple(changes), tuple(problems))
