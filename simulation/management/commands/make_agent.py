"""Make an agent that a model plays, or its next version."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from simulation.agent_configurations import make_agent
from simulation.agent_settings import Limits
from simulation.errors import GymError
from simulation.options import json_option, pairs_option
from simulation.people import answering_user
from simulation.text import without_nulls


class Command(BaseCommand):
    help = "Make an agent that a model plays, or the next version of its name, and print it."

    def add_arguments(self, parser: CommandParser) -> None:
        add = parser.add_argument
        add("name", help="small letters, digits and hyphens, such as small")
        add("endpoint", help="name of an endpoint: manage.py make_endpoint")
        add("model", help="as the endpoint calls it")
        add("--user", default="", help="a runner or an admin; the first admin when left out")
        add("--temperature", type=float, help="the server's when left out")
        add("--max-output-tokens", type=int, help="of one answer; the server's when left out")
        add("--instructions", help="text that follows the system prompt of each task")
        add("--extra", metavar="JSON", help='members of each request, such as {"top_p": 0.9}')
        add("--limit", action="append", metavar="NAME=VALUE", help=", ".join(Limits.model_fields))
        add("--note")

    def handle(self, *, user: str, **options: Any) -> None:
        try:
            given = {
                **{name: options[name] for name in ("name", "endpoint", "model", "note")},
                "settings": _settings(options),
                "limits": pairs_option(options["limit"]),
            }
            agent = make_agent(without_nulls(given), by=answering_user(user))
        except GymError as error:
            raise CommandError(error.message) from None
        self.stdout.write(str(agent))


def _settings(options: Any) -> dict[str, Any]:
    names = ("temperature", "max_output_tokens", "instructions")
    extra = json_option("settings.extra", options["extra"])
    return {**{name: options[name] for name in names}, "extra": extra}
