"""What the side of an episode shows of people: why it failed, what is reported, its gradings."""

from collections.abc import Mapping

from django.urls import reverse

from grading import wording
from grading.models import (
    Assessment,
    FailureKind,
    FailureLevel,
    FailureNote,
    Rollout,
    TaskReport,
)
from grading.people.criteria_page import fault_choices
from grading.people.failures import HELP
from grading.people.look import Look
from grading.people.owners import owner_choices
from grading.people.pages import (
    FailurePanel,
    GradingLink,
    NoteRow,
    PeoplePanel,
    ReportForm,
    Typed,
)
from grading.people.reports_page import report_row
from simulation.pages import Choice, Mark

SHOWN_REPORTS = 20
STATUS_MARKS = {
    Assessment.Status.OPEN: Mark(state="running", word="being graded"),
    Assessment.Status.INCOMPLETE: Mark(state="incomplete", word="incomplete"),
    Assessment.Status.CANCELLED: Mark(state="cancelled", word="cancelled"),
}
NOT_GRADED = Mark(state="masked", word="not graded")
NOT_ENDED = Mark(state="queued", word="not graded yet")


def people_panel(
    rollout: Rollout, look: Look, typed: Typed | None, *, is_revealed: bool
) -> PeoplePanel:
    """is_revealed: this person may see outcome and reward."""
    failed = is_revealed and _has_failed(rollout)
    reports = _reports(rollout, look) if is_revealed else []
    place = [rollout.run_id, rollout.pk]
    return PeoplePanel(
        failure=_failure(rollout, look, typed) if failed else None,
        reports=tuple(map(report_row, reports)),
        reports_hidden=not is_revealed,
        report_form=_report_form(typed),
        report_url=look.address(reverse("grading:report_task", args=place)),
        gradings=_gradings(rollout, look, is_revealed=is_revealed),
        gradings_url=reverse("grading:gradings", args=[rollout.run_id]),
    )


def _has_failed(rollout: Rollout) -> bool:
    """Tell whether the official grading says so, whichever is looked at."""
    official = rollout.run.official_id
    graded = [a for a in rollout.assessments.all() if a.grading_id == official]
    return any(assessment.passed is False for assessment in graded)


def _failure(rollout: Rollout, look: Look, typed: Typed | None) -> FailurePanel:
    notes = list(
        FailureNote.objects.current()
        .filter(rollout=rollout)
        .select_related("author")
        .order_by("pk")
    )
    own = next((note for note in notes if note.author_id == look.user.pk), None)
    is_hidden = look.is_blind and own is None and bool(notes)
    sent = typed.of("note") if typed else None
    given = sent.values if sent else _as_typed(own)
    return FailurePanel(
        notes=() if is_hidden else tuple(_note_row(note, look) for note in notes),
        url=look.address(reverse("grading:failure_note", args=[rollout.run_id, rollout.pk])),
        levels=_levels(given.get("level", "")),
        kinds=_kinds(given.get("kind", "")),
        first_step=given.get("first_step", ""),
        text=given.get("text", ""),
        has_own=own is not None,
        is_open=bool(sent),
        hidden=is_hidden,
        problems=sent.problems if sent else {},
    )


def _as_typed(own: FailureNote | None) -> Mapping[str, str]:
    if own is None:
        return {}
    step = "" if own.first_step is None else str(own.first_step)
    return {"level": str(own.level), "kind": own.kind, "first_step": step, "text": own.text}


def _levels(selected: str) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            value=str(level.value),
            label=f"{level.value} {level.label}",
            count=HELP[level],
            is_selected=str(level.value) == selected,
        )
        for level in FailureLevel
    )


def _kinds(selected: str) -> tuple[Choice, ...]:
    pairs = [("", "choose …"), *FailureKind.choices]
    return tuple(Choice(value=v, label=label, is_selected=v == selected) for v, label in pairs)


def _note_row(note: FailureNote, look: Look) -> NoteRow:
    return NoteRow(
        author=note.author.get_username(),
        level=f"{note.level} {note.get_level_display()}",
        kind=note.get_kind_display(),
        first_step=note.first_step,
        text=note.text,
        when=note.created_at,
        is_own=note.author_id == look.user.pk,
    )


def _reports(rollout: Rollout, look: Look) -> list[TaskReport]:
    visible = TaskReport.objects.visible_to(look.user).filter(rollout=rollout)
    return list(visible.select_related("reporter", "owner", "rollout")[:SHOWN_REPORTS])


def _report_form(typed: Typed | None) -> ReportForm:
    sent = typed.of("report") if typed else None
    given: Mapping[str, str] = sent.values if sent else {}
    return ReportForm(
        key="",
        faults=fault_choices(given.get("fault", TaskReport.Fault.TASK)),
        owners=owner_choices(given.get("owner", "")),
        text=given.get("text", ""),
        is_open=bool(sent),
        problems=sent.problems if sent else {},
    )


def _gradings(rollout: Rollout, look: Look, *, is_revealed: bool) -> tuple[GradingLink, ...]:
    base = reverse("grading:episode", args=[rollout.run_id, rollout.pk])
    episode = rollout.episode
    why = NOT_ENDED if not episode.is_over else NOT_GRADED if episode.is_masked else None
    return tuple(
        _grading(assessment, look, base, is_revealed=is_revealed, ungraded=why)
        for assessment in sorted(rollout.assessments.all(), key=lambda a: a.grading.number)
    )


def _grading(
    assessment: Assessment, look: Look, base: str, *, is_revealed: bool, ungraded: Mark | None
) -> GradingLink:
    """ungraded: why no grader is at work on it, None when one may be."""
    grading = assessment.grading
    mark = STATUS_MARKS.get(Assessment.Status(assessment.status))
    if assessment.status == Assessment.Status.OPEN and ungraded:
        mark = ungraded
    if mark is None:
        mark = (
            Mark(state="pass", word="pass")
            if assessment.passed
            else Mark(state="fail", word="fail")
        )
    words = grading.get_purpose_display()
    return GradingLink(
        number=grading.number,
        words=f"{words}: {grading.shown_rubrics}" if grading.rubrics else words,
        mark=mark if is_revealed else None,
        reward=wording.reward(assessment.reward) if is_revealed else "",
        url=look.address(base, grading=grading.number),
        is_shown=grading.pk == look.grading.pk,
        is_official=grading.pk == look.run.official_id,
    )
