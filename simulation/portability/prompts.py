"""System prompts as files: a world owns its prompts, one Markdown file each."""

import re
from typing import Any

from simulation.entities import shorten
from simulation.errors import InvalidArgument
from simulation.portability.files import PROMPTS
from simulation.portability.limits import MAX_PROMPTS
from simulation.portability.problems import WORLD_FILE
from simulation.portability.rows import KEPT_TEXT
from simulation.portability.shelf import Shelf
from simulation.portability.strict_json import read_text
from simulation.text import MAX_TEXT, clean_text

NAME = re.compile("[a-z0-9][a-z0-9_-]{0,79}")
NAME_WORDS = "a prompt's name is 1 to 80 small letters, digits, - and _"
MEMBER = "systemPrompts"


def prompt_path(name: str) -> str:
    """Give the path of a prompt's file. Raises InvalidArgument for a name unsafe as a file's."""
    if not NAME.fullmatch(name):
        raise InvalidArgument(f"prompt {shorten(name)}: {NAME_WORDS}", field=MEMBER)
    return f"{PROMPTS}/{name}.md"


def read_prompts(shelf: Shelf, listed: Any) -> dict[str, str] | None:
    """Read the prompts; None where neither world.json nor the files name any.

    listed: what world.json says, None when it says nothing.
    """
    paths = {_name(path): path for path in shelf.paths(f"{PROMPTS}/", ".md")}
    names = _listed(shelf, listed)
    if listed is None and not paths:
        return None
    for name in names - paths.keys():
        shelf.findings.add(WORLD_FILE, f"there is no file {PROMPTS}/{name}.md", field=MEMBER)
    for name in sorted(paths.keys() - names) if listed is not None else ():
        shelf.findings.add(paths[name], f"is not named in {MEMBER} of {WORLD_FILE}")
    if len(paths) > MAX_PROMPTS:
        shelf.findings.add(PROMPTS, f"there are more than {MAX_PROMPTS} prompts")
    return {name: _text(shelf, name, path) for name, path in sorted(paths.items())}


def _listed(shelf: Shelf, listed: Any) -> set[str]:
    if listed is None:
        return set()
    if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
        shelf.findings.add(WORLD_FILE, "write a list of names", field=MEMBER)
        return set()
    if len(set(listed)) != len(listed):
        shelf.findings.add(WORLD_FILE, "a name stands there more than once", field=MEMBER)
    return set(listed)


def _text(shelf: Shelf, name: str, path: str) -> str:
    data = shelf.take(path)
    if not NAME.fullmatch(name):
        shelf.findings.add(path, NAME_WORDS)
    try:
        text = read_text(data)
    except InvalidArgument as error:
        shelf.findings.add(path, error.message)
        return ""
    if len(text) > MAX_TEXT:
        shelf.findings.add(path, f"is longer than {MAX_TEXT:,} characters")
    cleaned, note = clean_text(text)
    if note:
        shelf.findings.note(path, KEPT_TEXT)
    return cleaned


def _name(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".md")
