"""`manage.py chaos`: what is left when everything is killed again and again while episodes run."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.chaos.stage import Order, Report, play
from config.chaos.storm import Becalmed
from config.embedded import ServerError
from config.supervisor import ServicesError

INSIDE = "EG_CHAOS"  # set for the process that works in the folder of its own
LEASE_SECONDS = "3"
NOT_PASSED_ON = {"DATABASE_URL", "REDIS_URL", "EG_VAR", "EG_DATABASE_POOL"}


class Command(BaseCommand):
    help = (
        "Run episodes on servers of their own while workers, servers and the web application are"
        " killed and restarted, and check that nothing was lost and nothing done twice."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--episodes", type=int, default=1000, help="how many (1000)")
        parser.add_argument(
            "--disturbances", type=int, default=36, help="how many (36); 0 for the four of the gate"
        )
        parser.add_argument("--seed", type=int, default=1, help="of order and disturbances (1)")
        parser.add_argument("--latency", type=float, default=0.3, help="of the model, in s (0.3)")
        parser.add_argument("--workers", type=int, default=2, help="worker processes (2)")
        parser.add_argument("--patience", type=float, default=900, help="in seconds (900)")
        parser.add_argument("--json", action="store_true", help="print JSON instead of the table")
        parser.add_argument("--keep", action="store_true", help="keep the folder with its logs")

    def handle(self, **options: Any) -> None:
        if options["episodes"] < 1 or options["disturbances"] < 0:
            raise CommandError("--episodes takes a number above 0, --disturbances one from 0")
        if INSIDE not in os.environ:
            sys.exit(_begin_anew(keep=options["keep"]))
        names = Order.__dataclass_fields__
        order = Order(**{name: options[name] for name in names})
        try:
            report = play(order, self._say)
        except (Becalmed, ServicesError, ServerError) as error:
            raise CommandError(str(error)) from error
        self._tell(report, as_json=options["json"])
        if not report.is_right:
            raise CommandError("not everything is as it must be: see the figures")

    def _say(self, text: str) -> None:
        self.stderr.write(text)

    def _tell(self, report: Report, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(asdict(report)))
            return
        self.stdout.write(f"seed {report.seed}, {report.seconds:.0f} s in the storm")
        for name, count in sorted(report.hits.items()):
            self.stdout.write(f"  {count:>6} × {name}")
        self.stdout.write(f"  {report.released:>6} × parked and released, as by the button")
        for figure in report.figures:
            wanted = "" if figure.wanted is None else f" of {figure.wanted}"
            mark = "  " if figure.is_right else "! "
            self.stdout.write(f"{mark}{figure.found:>6}{wanted:<9} {figure.name}")


def _begin_anew(*, keep: bool) -> int:
    """Run this command once more, with servers in a folder that nobody else uses."""
    with _folder(keep=keep) as folder:
        environment = {k: v for k, v in os.environ.items() if k not in NOT_PASSED_ON}
        environment |= {
            "EG_VAR": str(folder / "var"),
            "EG_LEASE_SECONDS": os.environ.get("EG_LEASE_SECONDS", LEASE_SECONDS),
            INSIDE: "true",
        }
        command = [sys.executable, *sys.argv]
        return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603


@contextmanager
def _folder(*, keep: bool) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="eg-chaos-"))
    folder.chmod(0o755)  # PostgreSQL may work under another account than we do
    try:
        yield folder
    finally:
        if keep:
            sys.stderr.write(f"what is left is in {folder}\n")
        else:
            shutil.rmtree(folder, ignore_errors=True)
