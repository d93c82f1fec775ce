"""Reading the data files beside the code."""

import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

_FOLDER = resources.files(__package__).joinpath("data")


@dataclass(frozen=True)
class Page:
    """A Markdown text with the TOML at its head."""

    name: str
    head: dict[str, Any]
    body: str


@cache
def table(path: str) -> dict[str, Any]:
    """Read a TOML file; numbers with a point are Decimal."""
    text = _FOLDER.joinpath(path).read_text("utf-8")
    return tomllib.loads(text, parse_float=Decimal)


def pages(folder: str) -> list[Page]:
    """Read all Markdown pages of a folder by name."""
    files = sorted(_FOLDER.joinpath(folder).iterdir(), key=lambda file: file.name)
    return [
        _page(file.name, file.read_text("utf-8")) for file in files if file.name.endswith(".md")
    ]


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _page(name: str, text: str) -> Page:
    _, head, body = text.split("+++\n", 2)
    return Page(name.removesuffix(".md"), tomllib.loads(head), body.strip())
