#!/usr/bin/env python
"""The command line of EnterpriseGym. Starts the embedded servers for commands that need them."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from django.core.management import execute_from_command_line

from config import embedded, env

BASE_DIR = Path(__file__).resolve().parent
WITHOUT_SERVERS = frozenset(
    {
        "check",
        "collectstatic",
        "compilemessages",
        "diffsettings",
        "findstatic",
        "help",
        "makemessages",
        "replay_bundle",
        "spectacular",
        "startapp",
        "startproject",
        "tools",
        "version",
    }
)


def needs_servers(arguments: Sequence[str]) -> bool:
    """Whether the command talks to the database or the queue."""
    if not arguments or arguments[0] == "--version" or {"-h", "--help"} & set(arguments):
        return False
    asks_database = any(argument.startswith("--database") for argument in arguments)
    return arguments[0] not in WITHOUT_SERVERS or (arguments[0] == "check" and asks_database)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if needs_servers(sys.argv[1:]):
        var = env.folder("EG_VAR", BASE_DIR / "var")
        try:
            embedded.hold(var, embedded.missing_servers())
        except embedded.ServerError as error:
            sys.exit(f"manage.py: {error}")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
