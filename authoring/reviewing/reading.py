"""A revision as its reviewers read it: the task, its reference, and what machines say of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import orjson
from django.urls import reverse

from authoring.access import TaskLook
from authoring.content import DraftContent, DraftCriterion
from authoring.drafts.scene import Scene
from authoring.lint import Finding, Severity, kept_of, lint
from authoring.models import KeptFinding, Revision
from authoring.references.cards import Cards, StepCard
from authoring.references.customer_form import in_words
from authoring.references.solutions import solution_of
from authoring.reviewing.addresses import optional_address
from authoring.reviewing.gating import trial_problems, trial_warnings
from authoring.reviewing.judging import Standing
from authoring.reviewing.pages import CheckLine, Checks, ReferenceBox, WholeTask
from authoring.reviewing.places import is_secret, name_of
from grading.graders import read_check
from simulation import markdown
from simulation.errors import GymError
from simulation.fault_words import summary
from simulation.pages import Fact, Mark, change_rows
from simulation.wording import spoken

IN_THE_WAY = Mark(state="fail", word="in the way")
LOOK = Mark(state="incomplete", word="look at it")
HOLDS = Mark(state="pass", word="holds")
KEPT = Mark(state="human", word="kept")
ONE_LINE = 80  # characters
ALL_HOLDS = "The reference meets every criterion, and agents that do nothing do not pass."


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
    slug = look.task.slug
    findings = lint(scene)
    shown = [each for each in findings if not (hides and is_secret(each.place))]
    lines = [*_gate_lines(revision), *_lint_lines(shown, scene.content, kept_of(look.task))]
    return Checks(
        lines=tuple(lines),
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
        steps=() if hides else tuple(_steps(look, scene)),
        problem="" if hides or scene.played else scene.play_problem,
        near_misses=() if hides else tuple(miss.name for miss in content.near_misses),
        notes_html=markdown.render("" if hides else content.notes),
    )


def sentence_of(criterion: DraftCriterion) -> str:
    """Say what a criterion's check does; one that cannot be read is shown as data."""
    try:
        return read_check(criterion.check).sentence()
    except GymError:
        return _json(criterion.check)


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
    if content.faults:
        yield Fact(label="faults on purpose", value=summary(content.faults))
    if content.tags:
        yield Fact(label="tags", value=", ".join(content.tags))


def _customer(customer: Mapping[str, Any]) -> Iterable[Fact]:
    for name, value in in_words(customer):
        yield Fact(label=name, value=value)


def _json(value: Any) -> str:
    """Write data on one line, where it fits."""
    short = orjson.dumps(value).decode()
    if len(short) <= ONE_LINE:
        return short
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()


def _steps(look: TaskLook, scene: Scene) -> Iterator[StepCard]:
    """Show the revision's reference as its tab does, to be read only."""
    return Cards(solution_of(replace(look, content=scene.content, may_edit=False), None)).all()


def _try_url(look: TaskLook, scene: Scene) -> str:
    if url := optional_address("reference:try", look.task.slug):
        return url
    world = scene.world
    return reverse("simulation:tools", args=[world.slug, world.version]) if world else ""


def _gate_lines(revision: Revision) -> Iterable[CheckLine]:
    problems = trial_problems(revision)
    for line in problems:
        yield CheckLine(mark=IN_THE_WAY, text=line)
    if not problems:
        yield CheckLine(mark=HOLDS, text=ALL_HOLDS)
    for line in trial_warnings(revision):
        yield CheckLine(mark=LOOK, text=line)


def _lint_lines(
    findings: Iterable[Finding], content: DraftContent, kept: Mapping[str, KeptFinding]
) -> Iterable[CheckLine]:
    """Give errors and warnings that are open, then what the author keeps; hints are theirs."""
    found = [(each, kept.get(each.fingerprint)) for each in findings]
    open_ = [(f, None) for f, k in found if _is_error(f) or (k is None and not _is_hint(f))]
    held = [(f, k) for f, k in found if k and not _is_error(f)]
    for finding, keeping in (*open_, *held):
        yield CheckLine(
            mark=KEPT if keeping else IN_THE_WAY if _is_error(finding) else LOOK,
            text=finding.why,
            place=name_of(finding.place, content),
            words=finding.words,
            rule=finding.rule,
            reason=keeping.reason if keeping else "",
            kept_by=keeping.kept_by.get_username() if keeping else "",
        )


def _is_error(finding: Finding) -> bool:
    return finding.severity == Severity.ERROR


def _is_hint(finding: Finding) -> bool:
    return finding.severity == Severity.HINT
