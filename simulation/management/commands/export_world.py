"""Write a world as a folder or a zip file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from simulation.errors import GymError
from simulation.portability.export import export_files, named_world
from simulation.portability.folder import write_path


class Command(BaseCommand):
    help = "Write a world, published or draft, as a folder or a zip file: the same bytes each time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("world", help="SLUG for the newest published version, or SLUG@VERSION")
        parser.add_argument("path", type=Path, help="a folder, or a file that ends in .zip")
        parser.add_argument(
            "--replace", action="store_true", help="put it in the place of an earlier export"
        )

    def handle(self, *, world: str, path: Path, replace: bool, **options: Any) -> None:
        try:
            found = named_world(world)
            files = export_files(found)
            write_path(files, path, replace=replace)
        except GymError as error:
            raise CommandError(error.message) from None
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}") from None
        self.stdout.write(f"{found} {path} {len(files)} files")
