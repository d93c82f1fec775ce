"""The frame around every tab of the workbench: head, outline, inspector and the dry-run strip."""

from collections import Counter
from collections.abc import Iterator, Sequence

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from authoring.access import TaskLook
from authoring.dry_runs.strip import strip_for
from authoring.editor.pages import EditorFrame, Inspector, InspectorTab, SaveState, Tab
from authoring.editor.presence import others_here
from authoring.lint import Finding, Severity, kept_of, lint
from authoring.lint.panel import lint_panel
from authoring.reviewing.submitting import submit_panel
from authoring.reviewing.threads import comments_panel, open_by_place
from authoring.setups.finder import world_panel
from authoring.states import MARKS, state_of
from simulation.wording import counted

TABS = ("prompt", "setup", "reference", "customer", "rubric", "agent", "history")
LINT, COMMENTS, WORLD = "lint", "comments", "world"
SIDES = {LINT: "Lint", COMMENTS: "Comments", WORLD: "World"}


def frame_for(request: HttpRequest, look: TaskLook, tab: str) -> EditorFrame:
    """tab: prompt, setup, reference, customer, rubric, agent or history."""
    task, content = look.task, look.content
    findings = tuple(lint(look.scene)) if look.sees_draft else ()
    return EditorFrame(
        slug=task.slug,
        tab=tab,
        title=content.title or task.slug,
        mark=MARKS[state_of(task, look.draft)],
        subject=_subject(look),
        url=reverse("editor:prompt", args=[task.slug]),
        may_edit=look.may_edit,
        sees_rubric=look.sees_rubric,
        tabs=tuple(_tabs(look, tab, _open_findings(look, findings))),
        inspector=_inspector(request, look, tab, findings),
        save=_save_state(look),
        strip=strip_for(look) if look.sees_draft and tab in TABS else None,
        submit=submit_panel(look, findings) if look.sees_draft else None,
        content=content,
        draft=look.draft,
        findings=findings,
    )


def _subject(look: TaskLook) -> str:
    """Say what is looked at: "draft, version 12" or "revision 3"."""
    if look.draft:
        return f"draft, version {look.draft.version}"
    return f"revision {look.revision.number}" if look.revision else ""


def _save_state(look: TaskLook) -> SaveState | None:
    draft = look.draft
    if draft is None:
        return None
    return SaveState(
        version=draft.version,
        saved_at=timezone.localtime(draft.updated_at),
        saved_by=draft.updated_by.get_username(),
        here=others_here(look) if look.may_edit else (),
    )


def _open_findings(look: TaskLook, findings: Sequence[Finding]) -> list[Finding]:
    kept = kept_of(look.task) if findings else {}
    return [f for f in findings if f.severity == Severity.ERROR or f.fingerprint not in kept]


def _tabs(look: TaskLook, current: str, findings: Sequence[Finding]) -> Iterator[Tab]:
    counts: Counter[tuple[str, str]] = Counter(
        (_tab_of(f.place), f.severity) for f in findings if f.severity != Severity.HINT
    )
    for name, label, count in _outline(look):
        yield Tab(
            name=name,
            label=label,
            url=reverse(_address(name), args=[look.task.slug]),
            count=count,
            errors=counts[name, Severity.ERROR],
            warnings=counts[name, Severity.WARNING],
            is_current=name == current,
        )


def _address(tab: str) -> str:
    return f"editor:{tab}" if tab in ("prompt", "agent") else f"{tab}:page"


def _outline(look: TaskLook) -> Iterator[tuple[str, str, str]]:
    content = look.content
    yield "prompt", "Prompt", ""
    if look.sees_rubric:
        yield "setup", "Setup", counted(len(content.setup), "edit") if content.setup else ""
        steps = len(content.reference)
        yield "reference", "Reference", counted(steps, "step") if steps else ""
        if content.mode == "conversation":
            yield "customer", "Customer", ""
        criteria = len(content.rubric.criteria)
        yield "rubric", "Rubric", counted(criteria, "criterion", "criteria") if criteria else ""
    yield "agent", "Agent view", ""
    if look.sees_rubric:
        yield "history", "History", ""


def _tab_of(place: str) -> str:
    name = place.partition("/")[0]
    return {"criterion": "rubric", "task": "prompt"}.get(name, name)


def _inspector(
    request: HttpRequest, look: TaskLook, tab: str, findings: Sequence[Finding]
) -> Inspector:
    if not look.sees_draft:
        return Inspector(tabs=())
    asked = request.GET.get("side", "")
    side = asked if asked in SIDES else LINT
    counts = {
        LINT: len(_open_findings(look, findings)),
        COMMENTS: sum(open_by_place(look).values()),
        WORLD: 0,
    }
    tabs = tuple(
        InspectorTab(
            name=name,
            label=label,
            url=f"{reverse(_address(tab), args=[look.task.slug])}?side={name}",
            count=str(counts[name] or ""),
            is_current=name == side,
        )
        for name, label in SIDES.items()
    )
    place = request.GET.get("place", "")
    match side:
        case "comments":
            return Inspector(
                tabs=tabs,
                template="authoring/partials/comments_panel.html",
                panel=comments_panel(look, place),
            )
        case "world":
            return Inspector(
                tabs=tabs,
                template="authoring/partials/world_panel.html",
                panel=world_panel(look, request.GET.get("find", "")),
            )
    return Inspector(
        tabs=tabs,
        template="authoring/partials/lint_panel.html",
        panel=lint_panel(look, findings),
    )
