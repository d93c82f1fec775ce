"""Following a run in a terminal: a bar, what holds it up, and what is left of it."""

import sys
import time
from collections.abc import Iterator

from django.urls import reverse
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.table import Table

from authoring.launching.progress import AgentResult, Left, Progress, progress_of
from grading.models import Run
from grading.monitor.holds import read_holds
from simulation.wording import counted

POLL_SECONDS = 0.5
POLLS_A_LOOK = 10  # as often it is asked what holds the run up
INTERRUPTED = 130  # as shells say it


def follow(run: Run, console: Console) -> None:
    """Show a bar until nothing more happens by itself."""
    try:
        _watch(run, console)
    except KeyboardInterrupt:
        console.print(
            f"The run goes on without you. Follow it again with `manage.py run --attach {run.pk}`;"
            f" cancel it on its page, {page_of(run)}, or with POST /api/v1/runs/{run.pk}/cancel/.",
            markup=False,
            soft_wrap=True,
        )
        sys.exit(INTERRUPTED)


def show_results(run: Run, results: list[AgentResult], left: Left, console: Console) -> None:
    console.print(_table(results))
    for line in _lines(run, left):
        console.print(line, markup=False, soft_wrap=True)


def page_of(run: Run) -> str:
    return reverse("grading:run", args=[run.pk])


def _watch(run: Run, console: Console) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bar(*columns, TimeElapsedColumn(), console=console) as bar:
        shown = bar.add_task("graded episodes", total=None)
        told: set[str] = set()
        polls = 0
        while not (progress := progress_of(run)).is_settled:
            _move(bar, shown, progress)
            polls += 1
            if polls % POLLS_A_LOOK == 0:
                _tell_holds(run, told, console)
            time.sleep(POLL_SECONDS)
        _move(bar, shown, progress)


def _move(bar: Bar, shown: TaskID, progress: Progress) -> None:
    bar.update(shown, completed=progress.settled, total=progress.total)


def _tell_holds(run: Run, told: set[str], console: Console) -> None:
    """Say once of each kind of thing that it holds the run up."""
    if run.lane:
        run.lane.refresh_from_db()
    for hold in read_holds(run):
        if hold.kind not in told:
            told.add(hold.kind)
            more = " `manage.py up` starts some." if hold.kind == "workers" else ""
            console.print(f"{hold.title}. {hold.text}{more}", markup=False, soft_wrap=True)


def _lines(run: Run, left: Left) -> Iterator[str]:
    """Say what is left without a reward, why, and what can be done."""
    for parked in left.parked:
        yield f"{counted(parked.count, 'episode')} parked: {parked.words}"
    if left.parked:
        how = f"{page_of(run)}, or POST /api/v1/runs/{run.pk}/release/"
        yield f"Mend that, then release them: {how}"
    masked = [stopped for stopped in left.stops if stopped.is_masked]
    for stopped in left.stops:
        words = f": {stopped.alike[0].words}" if stopped.alike and stopped.alike[0].words else ""
        how = "without a reward" if stopped.is_masked else "graded"
        yield f"{counted(stopped.count, 'episode')} ended {stopped.reason}, {how}{words}"
    if masked:
        yield (
            f"Play what has no reward anew: {page_of(run)}, or"
            f" POST /api/v1/runs/{run.pk}/retry-masked/"
        )


def _table(results: list[AgentResult]) -> Table:
    table = Table()
    for name in ("agent", "rollouts", "graded", "passed", "masked", "mean reward", "cost"):
        table.add_column(name, justify="left" if name == "agent" else "right")
    for each in results:
        reward = "–" if each.mean_reward is None else f"{each.mean_reward:.2f}"
        figures = map(str, (each.rollouts, each.graded, each.passed, each.masked))
        table.add_row(each.agent, *figures, reward, f"${each.cost:.2f}")
    return table
