"""What a generator made untidy on purpose, as a file that goes along with its world."""

from typing import Any

from simulation.portability.problems import NOISE_FILE
from simulation.portability.shelf import Shelf
from simulation.wording import listed

MEMBERS = ("type", "id", "noise")


def read_noise(shelf: Shelf) -> list[dict[str, str]]:
    """Read the list; [] where there is none."""
    value = shelf.json(NOISE_FILE)
    if value is None:
        return []
    if not isinstance(value, list):
        shelf.findings.add(NOISE_FILE, "write a list of objects")
        return []
    for index, item in enumerate(value):
        if not _is_noise(item) and not shelf.findings.is_full:
            text = f"write an object of {listed(MEMBERS)}, each of them text"
            shelf.findings.add(NOISE_FILE, text, field=str(index))
    return value


def _is_noise(item: Any) -> bool:
    if not isinstance(item, dict) or item.keys() != set(MEMBERS):
        return False
    return all(isinstance(text, str) for text in item.values())
