"""What the checks of a pack say, as lines of a page."""

from collections.abc import Sequence

from django.urls import reverse

from authoring.packs.checking import Level, PackProblem, PackReport
from authoring.packs.pages import Checks, NamedTask, ProblemLine
from simulation.wording import counted

NAMED = 12
LOOKS = {
    Level.ERROR: ("bad", "Error", "circle-x"),
    Level.WARNING: ("warn", "Warning", "triangle-alert"),
    Level.NOTE: ("quiet", "To know", "info"),
}


def checks_of(report: PackReport) -> Checks:
    errors, warnings, notes = (_of_level(report, level) for level in LOOKS)
    tone, headline = _headline(len(errors), len(warnings))
    return Checks(
        tone=tone,
        headline=headline,
        lines=tuple(_line(problem) for problem in (*errors, *warnings, *notes)),
        note=_note(report.unseen),
    )


def _of_level(report: PackReport, level: Level) -> list[PackProblem]:
    return [problem for problem in report.problems if problem.level == level]


def _headline(errors: int, warnings: int) -> tuple[str, str]:
    beside = f"; {counted(warnings, 'warning')}" if warnings else ""
    if errors:
        verb = "keeps" if errors == 1 else "keep"
        return "bad", f"{counted(errors, 'error')} {verb} it from being frozen{beside}."
    if warnings:
        return "warn", f"It can be frozen, with {counted(warnings, 'warning')} to know of."
    return "good", "Everything passes: it can be frozen."


def _note(unseen: int) -> str:
    if not unseen:
        return ""
    verb = "is" if unseen == 1 else "are"
    return f"{counted(unseen, 'held-out task')} {verb} checked too, and named to admins only."


def _line(problem: PackProblem) -> ProblemLine:
    tone, word, icon = LOOKS[problem.level]
    more = len(problem.tasks) - NAMED
    return ProblemLine(
        tone=tone,
        word=word,
        icon=icon,
        text=problem.text,
        tasks=named(problem.tasks[:NAMED]),
        more=f"and {more:,} more" if more > 0 else "",
    )


def named(slugs: Sequence[str]) -> tuple[NamedTask, ...]:
    return tuple(NamedTask(slug=slug, url=reverse("editor:prompt", args=[slug])) for slug in slugs)
