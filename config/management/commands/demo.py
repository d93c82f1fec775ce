"""`manage.py demo`: the main job, from an empty folder to graded episodes in the browser."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TextIO

import orjson
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from authoring import demo
from config import embedded
from config.supervisor import Services, ServicesError
from grading import wording
from grading.models import Run
from grading.statistics.rates import wilson
from simulation.errors import GymError

POLL_SECONDS = 0.2
PATIENCE_SECONDS = 180  # without any progress
USUAL_PORT = 8000
LOCAL = "127.0.0.1"


class Command(BaseCommand):
    help = "Bring up a world, run four agents on the sample tasks, grade them and show everything."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--exit", action="store_true", help="stop after the table")
        parser.add_argument(
            "--json", action="store_true", help="figures as the last line of stdout"
        )
        parser.add_argument("--port", type=int, help=f"default {USUAL_PORT}, or a free one")
        parser.add_argument("--workers", type=int, help="worker processes (default: one a core)")
        parser.add_argument(
            "--use-my-database",
            action="store_true",
            help="write demo rows and accounts into the database that DATABASE_URL names",
        )

    def handle(self, **options: Any) -> None:
        if not settings.IS_EMBEDDED and not options["use_my_database"]:
            raise CommandError(
                "DATABASE_URL names a database: unset it to use the embedded one, or say "
                "--use-my-database to have demo rows and accounts made there"
            )
        console = Console(stderr=bool(options["json"]), highlight=False)
        try:
            with _log() as log, _services(options, log) as services:
                result = _work(services, console)
                if options["json"]:
                    self.stdout.write(orjson.dumps(result.as_json()).decode())
                    self.stdout.flush()
                if not options["exit"]:
                    console.print(f"\nOpen [bold]{services.url}[/]   (Ctrl+C ends everything)")
                    services.wait()
        except (GymError, ServicesError, embedded.ServerError) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            console.print("stopped")
            return
        finally:
            embedded.release(settings.VAR, timeout=1.5)
        if result.ungraded:
            sys.exit(1)


def _work(services: Services, console: Console) -> demo.Result:
    """Do the main job, saying what happens."""
    with console.status("starting servers, workers and web"):
        services.wait_ready()
        accounts = demo.make_accounts()
    world = _told(console, "bringing up the world", demo.make_world)
    revisions = _told(console, "loading, checking and approving tasks", demo.make_tasks)
    run = demo.make_run(revisions)
    _follow(run, console)
    result = demo.result_of(run, world)
    console.print(_results(result))
    console.print(_accounts(accounts))
    return result


def _told(console: Console, what: str, do: Callable[[], Any]) -> Any:
    start = time.monotonic()
    with console.status(what):
        done = do()
    console.print(f"{what}: {time.monotonic() - start:.1f} s")
    return done


def _follow(run: Run, console: Console) -> None:
    """Show a bar until every episode is graded, or nothing more will happen."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console) as bar:
        shown = bar.add_task("graded episodes", total=None)
        last, since = -1, time.monotonic()
        while True:
            decided, total, is_settled = demo.progress(run)
            bar.update(shown, completed=decided, total=total)
            if decided != last:
                last, since = decided, time.monotonic()
            if is_settled or time.monotonic() - since > PATIENCE_SECONDS:
                return
            time.sleep(POLL_SECONDS)


def _results(result: demo.Result) -> Table:
    title = (
        f"{result.entities:,} entities of {result.entity_types} types, {result.episodes} episodes"
    )
    table = Table(title=title, title_justify="left")
    for name in ("agent", "rollouts", "graded", "passed", "pass rate", "95 % interval", "reward"):
        table.add_column(name, justify="left" if name == "agent" else "right")
    for name, agent in result.agents.items():
        rate = wording.rate(wilson(agent.passed, agent.graded))
        counts = (str(n) for n in (agent.rollouts, agent.graded, agent.passed))
        share = (rate.text, rate.interval) if rate else ("–", "–")
        table.add_row(name, *counts, *share, wording.reward(agent.mean_reward) or "–")
    return table


def _accounts(accounts: list[demo.Account]) -> Table:
    table = Table(title="Accounts, with passwords made for this start", title_justify="left")
    for name in ("user", "role", "password"):
        table.add_column(name)
    for account in accounts:
        table.add_row(account.username, account.role, account.password)
    return table


@contextmanager
def _log() -> Iterator[TextIO]:
    """Open the file that the services' lines go to, so that they do not cut through the bar."""
    folder = Path(settings.VAR) / "log"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "demo.log").open("w", encoding="utf-8") as file:
        yield file


@contextmanager
def _services(options: dict[str, Any], log: TextIO) -> Iterator[Services]:
    """Start everything on the port asked for; unasked on the usual one, or on a free one."""
    asked = options["port"]
    ports = [asked] if asked is not None else [0] if options["exit"] else [USUAL_PORT, 0]
    with ExitStack() as stack:
        yield next(_started(stack, ports, workers=options["workers"], log=log))


def _started(stack: ExitStack, ports: list[int], **options: Any) -> Iterator[Services]:
    for port in ports:
        try:
            yield stack.enter_context(Services(host=LOCAL, port=port, **options))
        except ServicesError:
            if port == ports[-1]:
                raise
