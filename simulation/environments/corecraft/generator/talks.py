"""The conversations of data/chat/talks: who says what, how much later, and what it is about.

A line is `who +5m thumbsup=yuki,callum #mark: text`; all but who and text may be missing. Who is
the first name of a colleague or a part that is cast for every conversation (see chat.py). A line
that begins with ? may be left out.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from simulation.environments.corecraft.generator import texts

_LINE = re.compile(
    r"(?P<optional>\? )?(?P<who>[a-z-]+)(?: \+(?P<count>\d+)(?P<unit>[mhd]))?"
    r"(?P<reactions>(?: [a-z_]+=[a-z,]+)*)(?: #(?P<mark>[a-z_]+))?: (?P<text>.+)"
)
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_USUAL = dt.timedelta(minutes=3)
AREAS = ("support", "parcels", "money", "machines", "company", "off_topic", "cases")


@dataclass(frozen=True, slots=True)
class Remark:
    """One message of a conversation."""

    who: str
    text: str
    delay: dt.timedelta
    reactions: tuple[tuple[str, tuple[str, ...]], ...] = ()
    mark: str = ""
    optional: bool = False


@dataclass(frozen=True)
class Talk:
    """A conversation. at: when it was held, else it is held about cases of the kinds named.

    times: how often at size 1; about: ticket or order; when: see situations.py; mark: what the
    manifest says of every message.
    """

    channel: str
    remarks: tuple[Remark, ...]
    at: dt.datetime | None = None
    about: str = "ticket"
    kinds: tuple[str, ...] = ()
    when: str = ""
    refunds: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    stage: str = "open"
    times: int = 1
    lacking: str = ""
    misfiled: bool = False
    escalated: tuple[str, ...] = ()
    mark: str = ""
    core: bool = False
    recent: bool = False

    def parts(self) -> list[str]:
        """Name everybody who speaks, in the order of their first words."""
        return list(dict.fromkeys(remark.who for remark in self.remarks))


@cache
def talks() -> tuple[Talk, ...]:
    return tuple(talk for area in AREAS for talk in _read(area))


def _read(area: str) -> Iterator[Talk]:
    for row in texts.table(f"chat/{area}.toml")["talk"]:
        lines = tuple(_remark(area, line) for line in row["said"].strip().split("\n"))
        rest = {name: _frozen(value) for name, value in row.items() if name != "said"}
        yield Talk(remarks=lines, **rest)


def _remark(area: str, line: str) -> Remark:
    found = _LINE.fullmatch(line)
    if found is None:
        raise ValueError(f"chat/{area}.toml: not a line of a conversation: {line}")
    delay = _USUAL
    if found["count"]:
        delay = dt.timedelta(**{_UNITS[found["unit"]]: int(found["count"])})
    return Remark(
        found["who"],
        found["text"],
        delay,
        tuple(_reaction(word) for word in found["reactions"].split()),
        found["mark"] or "",
        found["optional"] is not None,
    )


def _reaction(word: str) -> tuple[str, tuple[str, ...]]:
    emoji, people = word.split("=")
    return emoji, tuple(people.split(","))


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
