"""A revision as its reviewers read it: the task, its reference, and what machines say of it."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from django.urls import reverse

from authoring.access import TaskLook
from authoring.content import CallStep, DraftContent
from authoring.drafts.scene import Scene
from authoring.lint import Finding, Severity, kept_of, lint
from authoring.models import KeptFinding, Revision
from authoring.reviewing.addresses import optional_address
from authoring.reviewing.gating import gate_problems, gate_warnings
from authoring.reviewing.judging import Standing
from authoring.reviewing.pages import Checks, LintRow, ReferenceBox, StepRow, WholeTask
from authoring.reviewing.places import is_secret, name_of
from simulation import markdown
from simulation.pages import Fact, change_rows
from simulation.transcript import StepRecord
from simulation.wording import spoken


def whole_task(scene: Scene) -> WholeTask:
    content = scene.content
    return WholeTask(
        facts=tuple(_facts(content)),
        prompt_html=markdown.render(content.prompt),
        setup=change_rows(scene.setup),
        setup_problems=scene.setup_problems,
        customer=tuple(_customer(content.customer or {})),
    )


def checks_of(look: TaskLook, revision: Revision, scene: Scene, *, hides: bool) -> Checks:
    """hides: whether what tells about the reference is left out."""
    content, slug = scene.content, look.task.slug
    findings = lint(scene)
    shown = [each for each in findings if not (hides and is_secret(each.place))]
    kept = kept_of(look.task)
    open_ = [each for each in shown if each.fingerprint not in kept or _is_error(each)]
    held = [each for each in shown if each not in open_]
    return Checks(
        gates=tuple(gate_problems(content)),
        warnings=tuple(gate_warnings(content)),
        findings=tuple(_lint_row(each, content) for each in open_ if each.severity != "hint"),
        kept=tuple(_lint_row(each, content, kept[each.fingerprint]) for each in held),
        hidden=len(findings) - len(shown),
        dry_run_url=optional_address("dry_run:page", slug),
        strength_url=reverse("strength:page", args=[slug]),
    )


def reference_box(
    look: TaskLook, scene: Scene, standing: Standing | None, *, hides: bool, earlier: int | None
) -> ReferenceBox:
    """standing: of who judges the revision. earlier: the number of a revision whose reference
    they saw."""
    content = scene.content
    seen = standing.reveal if standing else None
    return ReferenceBox(
        is_hidden=hides,
        can_reveal=hides and standing is not None,
        try_url=_try_url(look, scene),
        calls=seen.calls if seen else 0,
        seen_at=seen.created_at if seen else None,
        earlier=f"You saw the reference of revision {earlier}." if earlier else "",
        steps=() if hides else tuple(_steps(scene)),
        problem="" if hides or scene.played else scene.play_problem,
        near_misses=() if hides else tuple(miss.name for miss in content.near_misses),
        notes_html=markdown.render("" if hides else content.notes),
    )


def without_secrets(content: DraftContent) -> DraftContent:
    """Leave out what tells how the task is solved."""
    return content.model_copy(update={"reference": (), "near_misses": (), "notes": ""})


def _facts(content: DraftContent) -> Iterable[Fact]:
    asker = content.asker
    yield Fact(label="asked by", value=f"{asker.type} {asker.id}" if asker else "nobody by name")
    yield Fact(label="mode", value=content.mode)
    yield Fact(label="world", value=content.world)
    yield Fact(label="system prompt", value=content.system_prompt)
    yield Fact(label="toolset", value=content.toolset)
    yield Fact(label="category", value=spoken(content.category))
    yield Fact(label="difficulty", value=content.difficulty)
    if content.tags:
        yield Fact(label="tags", value=", ".join(content.tags))


def _customer(customer: Mapping[str, Any]) -> Iterable[Fact]:
    for name, value in customer.items():
        if value not in (None, "", [], {}):
            yield Fact(label=spoken(name), value=_text(value))


def _text(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "\n".join(f"– {item}" for item in value)
    return value if isinstance(value, str) else _json(value)


def _json(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()


def _steps(scene: Scene) -> Iterable[StepRow]:
    calls = iter(scene.played.calls if scene.played else ())
    for number, step in enumerate(scene.content.reference, start=1):
        if isinstance(step, CallStep):
            made = next(calls, None)
            yield StepRow(
                number=number,
                tool=step.call,
                arguments=_json(step.arguments),
                message_html=markdown.render(""),
                changes=_changes(made),
            )
        else:
            html = markdown.render(step.message)
            yield StepRow(number=number, tool="", arguments="", message_html=html, changes=())


def _changes(made: StepRecord | None) -> Any:
    return change_rows(made.changes) if made else ()


def _try_url(look: TaskLook, scene: Scene) -> str:
    if url := optional_address("reference:try", look.task.slug):
        return url
    world = scene.world
    return reverse("simulation:tools", args=[world.slug, world.version]) if world else ""


def _is_error(finding: Finding) -> bool:
    return finding.severity == Severity.ERROR


def _lint_row(finding: Finding, content: DraftContent, kept: KeptFinding | None = None) -> LintRow:
    return LintRow(
        rule=finding.rule,
        severity=finding.severity.value,
        place=name_of(finding.place, content),
        why=finding.why,
        words=finding.words,
        reason=kept.reason if kept else "",
        kept_by=kept.kept_by.get_username() if kept else "",
    )
