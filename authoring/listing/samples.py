"""Made-up tasks for the styleguide: a row in every state."""

from dataclasses import dataclass
from datetime import UTC, datetime

from authoring.guide.pages import Rewriting, read_rewritings
from authoring.listing.pages import Heading, LintCounts, TaskRow
from authoring.listing.templates import TEMPLATES, TaskTemplate
from authoring.pages import TeamLine
from authoring.states import MARKS
from grading.statistics.rates import wilson
from grading.wording import rate
from simulation.pages import Choice

HERE = "#sg-tasks"
THEN = datetime(2025, 9, 15, 9, 30, tzinfo=UTC)
LINTS = (
    None,
    LintCounts(errors=2, warnings=3, hints=1),
    LintCounts(errors=0, warnings=1, hints=0),
    LintCounts(errors=0, warnings=0, hints=4),
    LintCounts(errors=0, warnings=0, hints=0),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSamples:
    """What templates/styleguide.html shows of tasks; it has what their table needs of a page."""

    rows: tuple[TaskRow, ...]
    headings: tuple[Heading, ...]
    states: tuple[Choice, ...]
    team: tuple[TeamLine, ...]
    rewritings: tuple[Rewriting, ...]
    template: TaskTemplate
    sees_drafts: bool = True
    bulk: bool = True


def task_samples() -> TaskSamples:
    labels = ("Task", "State", "Lint", "Last dry run", "Pass rate", "Category", "Owner", "Changed")
    return TaskSamples(
        rows=tuple(_row(number, state) for number, state in enumerate(MARKS)),
        headings=tuple(Heading(label=label) for label in labels),
        states=tuple(
            Choice(value=mark.state, label=mark.word, url=HERE, count="4", is_selected=n == 1)
            for n, mark in enumerate(MARKS.values())
        ),
        team=(
            TeamLine(name="ana", drafts=3, in_review=1, approved=12),
            TeamLine(name="bo", drafts=0, in_review=2, approved=0),
        ),
        rewritings=read_rewritings()[:1],
        template=next(iter(TEMPLATES.values())),
    )


def _row(number: int, state: str) -> TaskRow:
    return TaskRow(
        slug=f"sample-{state.replace('_', '-')}",
        title=f"A task that is {MARKS[state].word}",
        url=HERE,
        mark=MARKS[state],
        owner="ana",
        reviewer="bo" if number % 2 else "",
        category="multi step workflow",
        difficulty="medium",
        tags=("returns", "dates") if number % 2 else (),
        lint=LINTS[number % len(LINTS)],
        rate=rate(wilson(number * 4, 24)) if number else None,
        changed_at=THEN,
        sees_draft=True,
    )
