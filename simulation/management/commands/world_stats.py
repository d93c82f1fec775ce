"""Count a world: rows by entity type, tools, and the hash of its content."""

import sys
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.table import Table

from simulation.errors import GymError
from simulation.stats import WorldStats, count_world
from simulation.worlds import find_world, open_world


class Command(BaseCommand):
    help = "Print how many rows and tools a world has, and the hash of its content."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("world", help="SLUG or SLUG@VERSION; drafts too")
        parser.add_argument("--json", action="store_true", help="print JSON instead of the table")

    def handle(self, *, world: str, **options: Any) -> None:
        try:
            found = find_world(world, drafts=True)
        except GymError as error:
            raise CommandError(error.message) from None
        stats = count_world(open_world(found))
        if options["json"]:
            self.stdout.write(orjson.dumps(stats.as_json()).decode())
        else:
            console = Console(file=sys.stdout, highlight=False)
            console.print(_table(str(found), stats))
            self.stdout.write(f"{stats.tools} tools, {stats.tools_default} of them by default")
            self.stdout.write(f"content {stats.content_hash}")


def _table(name: str, stats: WorldStats) -> Table:
    table = Table(title=name, title_justify="left", show_footer=True)
    table.add_column("entity type", footer=f"{stats.entity_types} types")
    table.add_column("rows", footer=f"{stats.entities:,}", justify="right")
    for entity_type, count in stats.per_type.items():
        table.add_row(entity_type, f"{count:,}")
    return table
