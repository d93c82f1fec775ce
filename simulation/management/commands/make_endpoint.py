"""Say where models are asked."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from simulation.endpoints import make_endpoint, warning_of
from simulation.errors import GymError, Problems
from simulation.models import ModelEndpoint
from simulation.options import json_option
from simulation.people import answering_user
from simulation.text import without_nulls
from simulation.trials import try_endpoint


class Command(BaseCommand):
    help = (
        "Make an endpoint: a server that speaks the chat-completions protocol. With --test a model"
        " is asked one short question; exit code 1 says that no answer came."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add = parser.add_argument
        add("name", help="small letters, digits and hyphens, such as local-vllm")
        add("base_url", help="as far as its /v1: http://127.0.0.1:8000/v1")
        add("--user", default="", help="an admin; the first one when left out")
        add("--key-variable", help="name of the variable with its key: EG_MODEL_KEY_OPENAI")
        add("--max-running", type=int, help="episodes that ask it at one time")
        add("--timeout", type=int, metavar="SECONDS", help="for an answer; 120")
        add("--price", action="append", metavar="MODEL=PROMPT/COMPLETION",
            help="USD per million tokens; repeat for several, * is any other model")  # fmt: skip
        add("--capabilities", metavar="JSON", help='such as {"tools": "json"}: docs/models.md')
        add("--test", metavar="MODEL", help="ask this model a question once it is made")

    def handle(self, *, test: str | None, user: str, **options: Any) -> None:
        try:
            endpoint = make_endpoint(_given(options), by=answering_user(user))
        except GymError as error:
            raise CommandError(error.message) from None
        self.stdout.write(f"made {endpoint}: {endpoint.base_url}")
        if warning := warning_of(endpoint):
            self.stderr.write(warning)
        if test is not None:
            self._test(endpoint, test)

    def _test(self, endpoint: ModelEndpoint, model: str) -> None:
        trial = try_endpoint(endpoint, model)
        said = f"{trial.message} {trial.text}".strip()
        if not trial.answers:
            raise CommandError(f"{said} The endpoint stays; mend it at /settings/endpoints/.")
        self.stdout.write(f"{said} ({trial.duration_ms:.0f} ms)")


def _given(options: Any) -> dict[str, Any]:
    given = {
        "name": options["name"],
        "base_url": options["base_url"],
        "key_variable": options["key_variable"],
        "max_running": options["max_running"],
        "timeout_s": options["timeout"],
        "prices": [*map(_price, options["price"])] if options["price"] else None,
        "capabilities": json_option("capabilities", options["capabilities"]),
    }
    found: dict[str, Any] = without_nulls(given)
    return found


def _price(text: str) -> dict[str, str]:
    """Read "small=0.5/1.5"; a name of a model may hold both signs."""
    model, _, prices = text.rpartition("=")
    prompt, slash, completion = prices.partition("/")
    if not (model and slash):
        raise Problems([f"price: write MODEL=PROMPT/COMPLETION such as *=0.5/1.5, not {text!r}"])
    return {"model": model, "prompt": prompt, "completion": completion}
