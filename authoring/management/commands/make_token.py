"""Make a personal API token."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from authoring.tokens import make_token
from simulation.errors import GymError
from simulation.people import find_user
from simulation.rest.scopes import READ, SCOPES


class Command(BaseCommand):
    help = "Make a personal API token and print it: the only time that anybody sees it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("name", help="what the token is for")
        parser.add_argument("--scope", action="append", choices=SCOPES, help="repeat for several")
        parser.add_argument("--days", type=int, default=90, help="how long it is valid")

    def handle(self, *, username: str, name: str, **options: Any) -> None:
        scopes = options["scope"] or [READ]
        try:
            text = make_token(find_user(username), name=name, scopes=scopes, days=options["days"])
        except GymError as error:
            raise CommandError(error.message) from None
        self.stdout.write(text)
