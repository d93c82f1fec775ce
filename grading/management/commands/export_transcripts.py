"""Write the transcripts of runs to a file."""

import hashlib
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grading.scopes import read_scope
from grading.transcripts import FORMS
from grading.transcripts.reading import Wanted, wanted_rollouts
from grading.transcripts.writing import lines
from simulation.errors import GymError
from simulation.people import answering_user
from simulation.roles import ADMIN, has_role, limit_held_out

FILTERS = ("agent", "task", "outcome", "category", "difficulty")


class Command(BaseCommand):
    help = "Write rollouts that are over, one JSON object a line: of one run, or of all that count."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="the file to write")
        parser.add_argument("--form", choices=FORMS, default="openai")
        parser.add_argument("--run", type=int, help="the number of a run")
        for name in FILTERS:
            parser.add_argument(f"--{name}", default="", help="as on the page of a run")
        parser.add_argument("--held-out", action="store_true", help="held-out tasks too")
        parser.add_argument("--replace", action="store_true", help="write over a file")
        parser.add_argument("--owner", default="", help="who looks; an admin without it")

    def handle(self, *, path: Path, form: str, **options: Any) -> None:
        try:
            user = answering_user(options["owner"])
            if not has_role(user, ADMIN) and not options["owner"]:
                raise CommandError("there is no admin: say --owner, whose runs are written")
            limit_held_out(user, sees=options["held_out"])
            scope = read_scope({name: options[name] for name in FILTERS if options[name]})
            rollouts = wanted_rollouts(user, Wanted(run=options["run"], scope=scope))
            count, digest = self._write(path, lines(rollouts, form), replace=options["replace"])
        except GymError as error:
            raise CommandError(error.message) from None
        except FileExistsError:
            raise CommandError(f"{path} exists: choose another name, or say --replace") from None
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}") from None
        self.stdout.write(f"{path} {count} transcripts sha256 {digest}")

    def _write(self, path: Path, found: Any, *, replace: bool) -> tuple[int, str]:
        """Write beside the name first: nobody finds half a file under it."""
        if path.exists() and not replace:
            raise FileExistsError
        partial = path.with_name(f"{path.name}.partial")
        digest, count = hashlib.sha256(), 0
        with partial.open("wb") as target:
            for line in found:
                target.write(line)
                digest.update(line)
                count += 1
        partial.replace(path)
        return count, digest.hexdigest()
