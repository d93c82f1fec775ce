"""`manage.py bench`: the speed of the engine, set against the yardstick of this machine."""

import json
import logging
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console

from config.bench import (
    calls,
    clones,
    conversations,
    episodes,
    exports,
    gradings,
    groups,
    growth,
    pages,
    queue,
)
from config.bench.report import Report
from config.bench.rows import BenchError, Group, Row
from config.bench.scene import Scene, make_scene
from config.bench.scratch import scratch_database, scratch_queue
from config.bench.yardstick import yardstick
from config.supervisor import ENDING_SIGNALS

GROUPS: dict[str, Group] = {
    "clone": clones.rows,
    "call": calls.rows,
    "growth": growth.rows,
    "episode": episodes.rows,
    "grading": gradings.rows,
    "queue": queue.rows,
    "groups": groups.rows,
    "conversations": conversations.rows,
    "pages": pages.rows,
    "exports": exports.rows,
}
WIDTH = 160  # of a table that goes into a file


class Command(BaseCommand):
    help = (
        "Measure clones, tool calls, growth with the world, episodes, grading, the queue, the pages"
        " and exports; print one table."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON instead of the table")
        parser.add_argument("--size", type=float, default=1, help="size factor of the world (1)")
        parser.add_argument("--only", nargs="+", choices=GROUPS, metavar="NAME", help=_names())
        parser.add_argument(
            "--pages",
            type=int,
            default=pages.FEW,
            metavar="N",
            help=f"measure pages with so many episodes stored ({pages.FEW})",
        )

    def handle(self, **options: Any) -> None:
        if options["size"] <= 0 or options["pages"] < 1:
            raise CommandError("--size and --pages take numbers above 0")
        for sign in ENDING_SIGNALS:
            signal.signal(sign, signal.default_int_handler)
        console = Console(stderr=True, highlight=False)
        try:
            report = _measure(options, console)
        except BenchError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            console.print("stopped; the scratch database is gone")
            sys.exit(130)
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json()))
        else:
            width = None if sys.stdout.isatty() else WIDTH
            console = Console(file=sys.stdout, highlight=False, width=width)
            console.print(report.heading, report.as_table(), sep="\n")


def _measure(options: dict[str, Any], console: Console) -> Report:
    chosen = options["only"] or list(GROUPS)
    with _without_log(), scratch_database(), scratch_queue():
        console.print("making a world in a database of its own")
        scene = make_scene(size=options["size"], stored_episodes=options["pages"])
        return _report(scene, [name for name in GROUPS if name in chosen], console)


def _report(scene: Scene, names: Sequence[str], console: Console) -> Report:
    """Measure the groups, and the yardstick before, between and after them."""
    yardsticks = [yardstick().median * 1000]
    rows: list[tuple[Row, float]] = []
    for name in names:
        console.print(f"measuring {name}")
        measured = list(GROUPS[name](scene))
        yardsticks.append(yardstick().median * 1000)
        beside = (yardsticks[-2] + yardsticks[-1]) / 2
        rows += [(row, beside) for row in measured]
    counts = scene.world.snapshot.counts if scene.world.snapshot else {}
    return Report(str(scene.world), sum(counts.values()), yardsticks, rows)


@contextmanager
def _without_log() -> Iterator[None]:
    """Let no line for each of many episodes come between."""
    logging.disable(logging.INFO)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def _names() -> str:
    return f"only these groups of rows: {', '.join(GROUPS)}"
