"""Write a frozen version of a pack as a folder or a zip file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from authoring.exports import EXPORTERS
from authoring.exports.contents import contents_of
from authoring.exports.folders import write_export
from authoring.exports.manifests import exported_files
from authoring.exports.versions import find_version
from simulation.errors import GymError


class Command(BaseCommand):
    help = "Write a frozen version of a pack as a folder or a zip file: the same bytes each time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("pack", help="SLUG for the newest version, or SLUG@VERSION")
        parser.add_argument("format", help=f"one of {', '.join(EXPORTERS)}")
        parser.add_argument("path", type=Path, help="a folder, or a file that ends in .zip")
        parser.add_argument(
            "--held-out", action="store_true", help="with the tasks of the held-out split"
        )
        parser.add_argument(
            "--replace", action="store_true", help="put it in the place of an earlier export"
        )

    def handle(self, *, pack: str, path: Path, **options: Any) -> None:
        try:
            version = find_version(pack)
            contents = contents_of(version, with_held_out=options["held_out"])
            files = exported_files(options["format"], contents)
            count = write_export(files, path, replace=options["replace"])
        except GymError as error:
            raise CommandError(error.message) from None
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}") from None
        self.stdout.write(f"{version} {path} {count} files")
