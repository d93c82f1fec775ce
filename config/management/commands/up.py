"""`manage.py up`: the whole application on this machine, until Ctrl+C."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config import embedded
from config.supervisor import Services, ServicesError


class Command(BaseCommand):
    help = "Run the servers, the migrations, the workers and the web application until Ctrl+C."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=int, default=8000, help="port; 0 takes a free one")
        parser.add_argument("--workers", type=int, help="worker processes (default: one a core)")

    def handle(self, *, host: str, port: int, workers: int | None, **options: Any) -> None:
        services = Services(host=host, port=port, workers=workers)
        try:
            _run(services)
        except (ServicesError, embedded.ServerError) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            embedded.release(settings.VAR, timeout=1.5)  # a slow disk may take it longer
            services.say("stopped")


def _run(services: Services) -> None:
    with services:
        services.wait_ready()
        services.say(f"EnterpriseGym is at {services.url}  (Ctrl+C ends it)")
        services.wait()
