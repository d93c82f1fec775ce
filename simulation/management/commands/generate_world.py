"""Make and publish a world from a company's generator."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from simulation.environments import environment as company
from simulation.environments import slugs
from simulation.errors import GymError
from simulation.people import answering_user
from simulation.worlds import generate_world


class Command(BaseCommand):
    help = "Make and publish a world from a company's generator, once for each version."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("environment", choices=slugs())
        parser.add_argument("--owner", default="", help="username; the first admin by default")
        parser.add_argument("--slug", help="name of the world; the company's by default")
        parser.add_argument(
            "--number", type=int, help="version of the world; the generator's by default"
        )
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument("--size", type=float, default=1.0, help="factor on the amount of data")

    def handle(self, *, environment: str, owner: str, **options: Any) -> None:
        try:
            world = generate_world(
                environment=environment,
                slug=options["slug"] or environment,
                version=options["number"],
                title=company(environment).title,
                owner=answering_user(owner),
                seed=options["seed"],
                size=options["size"],
            )
        except GymError as error:
            raise CommandError(error.message) from None
        self.stdout.write(f"{world} {world.content_hash}")
