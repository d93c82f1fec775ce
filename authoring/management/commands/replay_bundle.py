"""Play the references of a bundle, from its files alone."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from authoring.bundles.reading import bundle_at
from authoring.bundles.replaying import Replayed, replay
from simulation.errors import GymError
from simulation.management.pipes import until_nobody_reads


class Command(BaseCommand):
    help = "Play the reference of each task of a bundle and grade it. Needs no database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="a folder or a zip file")
        parser.add_argument("--task", default="", metavar="SLUG", help="this task alone")
        parser.add_argument("--json", action="store_true", help="one JSON object a task, a line")

    def handle(self, *, path: Path, **options: Any) -> None:
        failed = []
        try:
            bundle = bundle_at(path)
            with until_nobody_reads():
                for replayed in replay(bundle, options["task"]):
                    self._write(replayed, as_json=options["json"])
                    if not replayed.is_fine:
                        failed.append(replayed.task)
        except GymError as error:
            raise CommandError(error.message) from None
        if failed:
            raise CommandError(f"the reference does not pass: {', '.join(failed)}")

    def _write(self, replayed: Replayed, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(replayed.as_json(), ensure_ascii=False))
            return
        reward = "open" if replayed.reward is None else f"{replayed.reward:.2f}"
        state = replayed.state_hash[:12] or "none"
        self.stdout.write(f"{replayed.task}@{replayed.revision}  reward {reward}  state {state}")
        for key, outcome in replayed.outcomes.items():
            self.stdout.write(f"  {outcome:12} {key}")
        for problem in replayed.problems:
            self.stdout.write(f"  {problem}")
