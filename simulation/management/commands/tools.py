"""Show the tools of a company: for people, or as the bytes that a bundle holds."""

import sys
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from simulation.environments import Environment, environment, slugs
from simulation.management.pipes import until_nobody_reads
from simulation.tools import Tool, definitions_document, in_words
from simulation.wording import counted

WIDTH = 100


class Command(BaseCommand):
    help = "List a company's tools by toolset, with what each takes; --json prints their schemas."

    def add_arguments(self, parser: CommandParser) -> None:
        usual = settings.DEFAULT_ENVIRONMENT
        parser.add_argument(
            "environment", nargs="?", default=usual, choices=slugs(), help=f"the company ({usual})"
        )
        parser.add_argument(
            "--toolset", help="only its tools; without it, the list has all and --json the default"
        )
        parser.add_argument(
            "--json", action="store_true", help="print just the bytes of a bundle's mcp-tools.json"
        )

    def handle(self, *, environment: str, toolset: str | None, **options: Any) -> None:
        company = _company(environment, toolset)
        with until_nobody_reads():
            if options["json"]:
                tools = company.toolsets[toolset or "default"]
                sys.stdout.buffer.write(definitions_document(tools))
            else:
                self.stdout.writelines(_listed(company, toolset))


def _company(slug: str, toolset: str | None) -> Environment:
    company = environment(slug)
    if (toolset or "default") not in company.toolsets:
        known = ", ".join(sorted(company.toolsets))
        raise CommandError(f"--toolset {toolset or 'default'!r}: {slug} has {known}")
    return company


def _listed(company: Environment, toolset: str | None) -> Iterator[str]:
    for heading, tools in _sections(company, toolset):
        yield f"{heading}, {counted(len(tools), 'tool')}\n\n"
        yield from (f"{_described(tool)}\n" for tool in tools.values())


def _sections(
    company: Environment, toolset: str | None
) -> Iterator[tuple[str, Mapping[str, Tool]]]:
    """Give the toolsets, each tool under the first that holds it; `all` has what is left."""
    if toolset:
        yield f"{company.slug}: toolset {toolset}", company.toolsets[toolset]
        return
    shown: set[str] = set()
    for name in sorted(company.toolsets, key=lambda each: (each == "all", each != "default", each)):
        rest = {key: tool for key, tool in company.toolsets[name].items() if key not in shown}
        shown |= rest.keys()
        if rest:
            only = " only" if name == "all" else ""
            yield f"{company.slug}: toolset {name}{only}", rest


def _described(tool: Tool) -> str:
    lines = [
        f"{tool.name} ({'writes' if tool.writes else 'reads'})",
        _indented(tool.description, 2),
    ]
    required = tool.schema.get("required", ())
    for name, schema in tool.schema["properties"].items():
        usual = f" = {schema['default']}" if "default" in schema else ""
        told = f": {schema['description']}" if "description" in schema else ""
        star = "*" if name in required else ""
        lines.append(_indented(f"{name}{star}{usual}  {in_words(schema)}{told}", 4))
    return "\n".join([*lines, ""])


def _indented(text: str, columns: int) -> str:
    first, following = " " * columns, " " * (columns + 2)
    return textwrap.fill(text, WIDTH, initial_indent=first, subsequent_indent=following)
