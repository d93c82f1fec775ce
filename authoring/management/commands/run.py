"""`manage.py run`: launch a run, follow it, and say what came of it."""

import sys
import time
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.table import Table

from authoring.api.launch_wire import launch_out
from authoring.launching.check_page import length, money, tokens
from authoring.launching.estimating import estimate
from authoring.launching.progress import AgentResult, as_json, progress_of, results_of
from authoring.launching.resolving import Launch, resolve
from authoring.launching.service import launch_found
from authoring.launching.wish import KINDS, Wish, read_wish
from authoring.splits import SPLITS
from grading.models import Run
from simulation.errors import GymError, Problems
from simulation.people import find_user
from simulation.wording import counted

POLL_SECONDS = 0.5
QUIET_SECONDS = 20  # after which somebody may wonder whether a worker is there
INTERRUPTED = 130  # as shells say it
LIMITS = ("max_calls", "max_turns", "max_tokens", "max_cost", "wall_seconds")


class Command(BaseCommand):
    help = (
        "Launch a run and wait for it. Exit code 1: something is left without a reward. Workers"
        " play it: `manage.py up` starts some."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add = parser.add_argument
        add("--user", required=True, help="who launches it: a runner or an admin")
        add("--pack", help="a frozen version, such as basics@3; without a number the newest")
        add("--split", choices=SPLITS)
        add("--task", action="append", help="its name; repeat for several")
        add("--changed-since", type=int, metavar="RUN", help="leave out what that run tried as is")
        add("--agent", action="append", help="name@version, name, or a scripted one; repeat")
        add("--repeats", type=int, default=1, help="attempts at each task, 1 to 64")
        add("--judge", help="name@version")
        add("--customer", metavar="ENDPOINT:MODEL", help="who plays customers without a script")
        add("--faults", metavar="JSON", help="what is made to go wrong")
        add("--limit", action="append", metavar="NAME=VALUE", help=", ".join(LIMITS))
        add("--max-running", type=int, help="episodes at one time")
        add("--kind", choices=KINDS, default=KINDS[0])
        add("--title")
        add("--seed", type=int)
        add("--dry-run", action="store_true", help="say what it would be, and launch nothing")
        add("--json", action="store_true", help="figures as the last line of stdout")
        add("--wait", action="store_true", default=True, help="until all is graded (the default)")
        add("--no-wait", dest="wait", action="store_false", help="launch it and go")

    def handle(self, **options: Any) -> None:
        console = Console(stderr=bool(options["json"]), highlight=False)
        try:
            person = find_user(options["user"])
            found = resolve(_wish(options), person)
            _tell(console, found)
            if options["dry_run"]:
                self._estimate(console, found, as_line=options["json"])
                return
            run = launch_found(found, by=person)
        except GymError as error:
            raise CommandError(error.message) from None
        console.print(f"Run {run.pk}: {counted(found.episodes, 'episode')}, {_page(run)}")
        if options["wait"]:
            _follow(run, console)
        self._results(console, run, options)

    def _estimate(self, console: Console, found: Launch, *, as_line: bool) -> None:
        reckoned = estimate(found)
        if as_line:
            self._line(launch_out(found, estimate=reckoned))
            return
        console.print(
            f"{counted(found.episodes, 'episode')}; cost {money(reckoned.cost)};"
            f" tokens {tokens(reckoned.tokens)}; playing time {length(reckoned.seconds)}"
        )
        for part in reckoned.parts:
            console.print(f"  {part.name}: {money(part.cost)}, {part.basis}")

    def _results(self, console: Console, run: Run, options: Any) -> None:
        progress, results = progress_of(run), results_of(run)
        if options["wait"]:
            console.print(_table(results))
        if options["json"]:
            self._line(as_json(run, progress, results))
        if options["wait"] and progress.ungraded:
            console.print(f"{counted(progress.ungraded, 'episode')} without a reward")
            sys.exit(1)

    def _line(self, value: Any) -> None:
        self.stdout.write(orjson.dumps(value).decode())


def _wish(options: Any) -> Wish:
    """Read the options as every launcher is asked. Raises Problems."""
    given = {
        "pack": options["pack"],
        "split": options["split"],
        "tasks": options["task"],
        "changed_since": options["changed_since"],
        "agents": options["agent"],
        "repeats": options["repeats"],
        "judge": options["judge"],
        "customer": _customer(options["customer"]),
        "faults": _faults(options["faults"]),
        "limits": _limits(options["limit"] or ()),
        "max_running": options["max_running"],
        "kind": options["kind"],
        "title": options["title"],
        "seed": options["seed"],
    }
    return read_wish({name: value for name, value in given.items() if value is not None})


def _customer(text: str | None) -> dict[str, str] | None:
    if text is None:
        return None
    endpoint, _, model = text.partition(":")
    return {"endpoint": endpoint, "model": model}


def _faults(text: str | None) -> Any:
    if text is None:
        return None
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Problems([f"faults: is no JSON: {error}"]) from None


def _limits(texts: Any) -> dict[str, Any] | None:
    """Read "max_calls=50"; what is no number stays text, and is refused by its name."""
    pairs = [text.partition("=") for text in texts]
    return {name: value for name, _, value in pairs} if pairs else None


def _tell(console: Console, found: Launch) -> None:
    for left in found.left_out:
        names = f": {', '.join(left.names[:10])}" if left.names else ""
        console.print(f"left out {left.count}, {left.why}{names}", markup=False)
    for warning in found.warnings:
        console.print(warning, markup=False)


def _follow(run: Run, console: Console) -> None:
    """Show a bar until nothing more happens by itself."""
    try:
        _watch(run, console)
    except KeyboardInterrupt:
        console.print(
            f"The run goes on without you. Follow or cancel it on its page, {_page(run)},"
            f" or with POST /api/v1/runs/{run.pk}/cancel/."
        )
        sys.exit(INTERRUPTED)


def _watch(run: Run, console: Console) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bar(*columns, TimeElapsedColumn(), console=console) as bar:
        shown = bar.add_task("graded episodes", total=None)
        start, has_wondered = time.monotonic(), False
        while not (progress := progress_of(run)).is_settled:
            bar.update(shown, completed=progress.settled, total=progress.total)
            is_quiet = not progress.taken and time.monotonic() - start > QUIET_SECONDS
            if is_quiet and not has_wondered:
                has_wondered = True
                console.print("No worker has taken anything yet: does one run? `manage.py up`")
            time.sleep(POLL_SECONDS)
        bar.update(shown, completed=progress.settled, total=progress.total)


def _table(results: list[AgentResult]) -> Table:
    table = Table()
    for name in ("agent", "rollouts", "graded", "passed", "masked", "mean reward", "cost"):
        table.add_column(name, justify="left" if name == "agent" else "right")
    for each in results:
        reward = "–" if each.mean_reward is None else f"{each.mean_reward:.2f}"
        figures = map(str, (each.rollouts, each.graded, each.passed, each.masked))
        table.add_row(each.agent, *figures, reward, f"${each.cost:.2f}")
    return table


def _page(run: Run) -> str:
    return reverse("grading:run", args=[run.pk])
