"""Make a world of a folder or a zip file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from simulation.environments import slugs
from simulation.errors import GymError
from simulation.people import answering_user
from simulation.portability.folder import read_path
from simulation.portability.imports import import_parcel
from simulation.portability.parcel import read_parcel


class Command(BaseCommand):
    help = "Make a world of a folder or a zip file; options come before what world.json says."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        # --version is Django's own everywhere; here it is the world's
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="a folder or a zip file")
        parser.add_argument("--slug", default="", help="short name of the world")
        parser.add_argument("--version", default="", help="a number, or next: the next free one")
        parser.add_argument("--title", default="")
        parser.add_argument("--now", default="", help="its clock, such as 2025-09-15T19:00:00Z")
        parser.add_argument("--environment", default="", choices=("", *slugs()), metavar="COMPANY")
        parser.add_argument("--agent", default="", help="the employee that agents act as")
        parser.add_argument("--owner", default="", help="username; the first admin by default")
        parser.add_argument("--draft", action="store_true", help="leave it open for edits")

    def handle(self, *, path: Path, owner: str, draft: bool, **options: Any) -> None:
        members = {name: options[name] for name in ("slug", "version", "title", "now")}
        members |= {"environment": options["environment"], "agentEmployeeId": options["agent"]}
        try:
            parcel = read_parcel(read_path(path), members)
            world = import_parcel(parcel, owner=answering_user(owner), publish=not draft)
        except GymError as error:
            raise CommandError(error.message) from None
        for note in parcel.notes:
            self.stderr.write(str(note))
        self.stdout.write(f"{world} {world.content_hash or 'draft'}")
