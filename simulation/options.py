"""Options of commands that hold several values."""

from collections.abc import Iterable
from typing import Any

import orjson

from simulation.errors import Problems


def json_option(name: str, text: str | None) -> Any:
    """Read JSON; None where nothing was given. Raises Problems."""
    if text is None:
        return None
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Problems([f"{name}: is no JSON: {error}"]) from None


def pairs_option(texts: Iterable[str] | None) -> dict[str, str] | None:
    """Read "max_calls=50", once or more; None where nothing was given.

    Values stay texts: whoever reads them refuses what is no number, by its name.
    """
    pairs = [text.partition("=") for text in texts or ()]
    return {name: value for name, _, value in pairs} or None
