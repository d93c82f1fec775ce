"""Say what does not hold together in a world, in words, and count what tasks need of it."""

import sys
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console

from simulation.errors import GymError
from simulation.integrity.printing import EXAMPLES, printed
from simulation.management.pipes import until_nobody_reads
from simulation.worlds import check_world, find_world

WIDTH = 120  # of what goes into a file


class Command(BaseCommand):
    help = "Name every dangling reference (error) and broken business rule (warning) of a world."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("world", help="SLUG or SLUG@VERSION; drafts too")
        parser.add_argument(
            "--examples", type=int, default=EXAMPLES, help=f"so many of each rule ({EXAMPLES})"
        )
        parser.add_argument("--all", action="store_true", help="all of them")
        parser.add_argument("--json", action="store_true", help="print JSON, everything in it")

    def handle(self, *, world: str, **options: Any) -> None:
        try:
            found = find_world(world, drafts=True)
        except GymError as error:
            raise CommandError(error.message) from None
        report = check_world(found)
        with until_nobody_reads():
            if options["json"]:
                members = {"world": str(found), **report.as_json()}
                self.stdout.write(orjson.dumps(members).decode())
            else:
                examples = None if options["all"] else max(0, options["examples"])
                console = Console(file=sys.stdout, highlight=False, width=_width())
                console.print(printed(str(found), report, examples=examples), soft_wrap=True)
        if report.errors:
            sys.exit(1)


def _width() -> int | None:
    return None if sys.stdout.isatty() else WIDTH
