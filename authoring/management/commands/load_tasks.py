"""Load tasks from folders."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from authoring.loading import LIBRARY, load_tasks
from simulation.errors import GymError
from simulation.people import find_user


class Command(BaseCommand):
    help = "Load tasks from folders; loading the same content twice changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=LIBRARY)
        parser.add_argument("--owner", required=True, help="username of the author")

    def handle(self, *, folder: Path, owner: str, **options: Any) -> None:
        try:
            loaded = load_tasks(folder, owner=find_user(owner))
        except GymError as error:
            raise CommandError(error.message) from None
        for item in loaded:
            self.stdout.write(f"{item.revision}  {'new' if item.is_new else 'unchanged'}")
