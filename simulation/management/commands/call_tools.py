"""Make the calls of many cases, each on a fresh clone: lines of JSON in, lines of JSON out."""

import sys
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError, CommandParser

from simulation.cases.reading import read_lines
from simulation.cases.running import Stage, answer_lines
from simulation.errors import GymError
from simulation.management.pipes import until_nobody_reads
from simulation.state import MAX_RESULTS
from simulation.worlds import find_world, load_snapshot


class Command(BaseCommand):
    help = (
        'Read cases from standard input, one {"case", "setup"?, "calls": [{"tool", "arguments"}]}'
        " a line, and write one line of results for each. Ends with status 1 when a line was no"
        " case or a tool broke."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--world", required=True, help="SLUG or SLUG@VERSION, published")
        parser.add_argument("--toolset", default="all", help="name of the toolset (all)")
        parser.add_argument(
            "--max-results",
            type=int,
            default=MAX_RESULTS,
            metavar="N",
            help=f"rows that a tool gives at most, 1 to {MAX_RESULTS} ({MAX_RESULTS})",
        )

    def handle(self, *, world: str, toolset: str, max_results: int, **_: Any) -> None:
        stage = _stage(world, toolset, max_results)
        with until_nobody_reads():
            all_played = _answer_all(stage, sys.stdin.buffer, sys.stdout.buffer)
        if not all_played:
            sys.exit(1)


def _stage(world: str, toolset: str, max_results: int) -> Stage:
    if not 1 <= max_results <= MAX_RESULTS:
        raise CommandError(f"--max-results {max_results}: write 1 to {MAX_RESULTS}")
    try:
        snapshot = load_snapshot(find_world(world))
    except GymError as error:
        raise CommandError(error.message) from None
    if toolset not in snapshot.company.toolsets:
        known = ", ".join(sorted(snapshot.company.toolsets))
        raise CommandError(f"--toolset {toolset!r}: there is {known}")
    return Stage(snapshot, toolset, max_results)


def _answer_all(stage: Stage, incoming: BinaryIO, outgoing: BinaryIO) -> bool:
    """Write each answer as soon as it is there. False when a line was not played."""
    all_played = True
    for answer in answer_lines(stage, read_lines(incoming)):
        outgoing.write(answer.line + b"\n")
        outgoing.flush()
        all_played = all_played and answer.is_played
    return all_played
