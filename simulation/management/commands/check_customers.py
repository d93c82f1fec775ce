"""Look at what simulated customers said, by today's rules, and at what was refused."""

import sys
from collections.abc import Iterator, Sequence
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandParser

from simulation.conversation import CONVERSATION
from simulation.conversation.stored import Breach, breaches_in
from simulation.episodes import read_steps_of
from simulation.management.pipes import until_nobody_reads
from simulation.models import Episode
from simulation.transcript import Spec
from simulation.wording import counted

CHUNK = 50  # episodes whose steps are in memory at one time
USUAL = 1000


class Command(BaseCommand):
    help = (
        "Name what customers played by models said that they must not say, and what was refused"
        " before it was said. Ends with 1 when something was said."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("episodes", nargs="*", type=int, help="ids; none for the latest ones")
        parser.add_argument("--latest", type=int, default=USUAL, help=f"how many ({USUAL})")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, episodes: Sequence[int], latest: int, **options: Any) -> None:
        talked = Episode.objects.filter(spec__mode=CONVERSATION).order_by("-pk")
        chosen = talked.filter(pk__in=episodes) if episodes else talked[: max(0, latest)]
        ids = list(chosen.values_list("pk", flat=True))
        found = {pk: breaches for pk, breaches in _read(ids) if breaches}
        said = sum(breach.is_said for breaches in found.values() for breach in breaches)
        with until_nobody_reads():
            if options["json"]:
                self.stdout.write(_json(len(ids), found))
            else:
                self._print(len(ids), said, found)
        if said:
            sys.exit(1)

    def _print(self, looked_at: int, said: int, found: dict[int, list[Breach]]) -> None:
        for pk, breaches in found.items():
            for breach in breaches:
                became = "SAID" if breach.is_said else "refused"
                self.stdout.write(f"episode {pk}, step {breach.step}, {became}: {breach.says}")
        refused = sum(map(len, found.values())) - said
        conversations = counted(looked_at, "conversation")
        self.stdout.write(f"{conversations}: {said} breaches said, {refused} refused in time")


def _read(ids: Sequence[int]) -> Iterator[tuple[int, list[Breach]]]:
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        rows = Episode.objects.with_world().in_bulk(chunk)
        for pk, steps in read_steps_of(chunk).items():
            spec = Spec.model_validate(rows[pk].spec)
            tools = rows[pk].world.company.toolsets.get(spec.toolset, {})
            yield pk, list(breaches_in(spec, steps, tools))


def _json(looked_at: int, found: dict[int, list[Breach]]) -> str:
    listed = [
        {"episode": pk, "step": breach.step, "breach": breach.says, "said": breach.is_said}
        for pk, breaches in found.items()
        for breach in breaches
    ]
    return orjson.dumps({"conversations": looked_at, "breaches": listed}).decode()
