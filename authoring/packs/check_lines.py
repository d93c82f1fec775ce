"""What the checks of a pack say, as lines of a page."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from django.urls import reverse

from authoring.packs.checking import CHECKS, Level, PackProblem, PackReport
from authoring.packs.pages.checks import Checks, NamedTask, ProblemLine
from simulation.wording import counted

A_LOOK = 2.0  # seconds that tasks are played while somebody waits for a page
NAMED = 12
FOLDED = 4  # from so many findings of one check on, they are summed up
LOOKS = {
    Level.ERROR: ("bad", "Error", "circle-x"),
    Level.WARNING: ("warn", "Warning", "triangle-alert"),
    Level.NOTE: ("quiet", "To know", "info"),
}


def checks_of(report: PackReport) -> Checks:
    errors, warnings, notes = ([*_lines(report, level)] for level in LOOKS)
    tone, headline = _headline(len(errors), len(warnings))
    if report.waiting:
        tone, headline = "quiet", _progress(report)
    return Checks(
        tone=tone,
        headline=headline,
        lines=(*errors, *warnings, *notes),
        note=_note(report.unseen),
        played=report.tasks - report.waiting,
        tasks=report.tasks,
    )


def _progress(report: PackReport) -> str:
    played = report.tasks - report.waiting
    return f"{played:,} of {counted(report.tasks, 'task')} played so far."


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


def _lines(report: PackReport, level: Level) -> Iterator[ProblemLine]:
    """Give a line a finding; one for all where a check found the same of many tasks."""
    problems = [problem for problem in report.problems if problem.level == level]
    for check, group in groupby(problems, key=lambda problem: problem.check):
        found = [*group]
        about = [problem for problem in found if problem.tasks]
        if len(about) < FOLDED:
            yield from map(_line, found)
        else:
            yield _folded(check, about)
            yield from (_line(problem) for problem in found if not problem.tasks)


def _folded(check: str, found: Sequence[PackProblem]) -> ProblemLine:
    tone, word, icon = LOOKS[found[0].level]
    return ProblemLine(
        tone=tone,
        word=word,
        icon=icon,
        text=f"{counted(len(found), 'finding')}: tasks {CHECKS[check].about}.",
        parts=tuple(map(_line, found)),
    )


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
