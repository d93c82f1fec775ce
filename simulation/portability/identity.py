"""What world a parcel of files says it is: world.json, with options that override it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug

from simulation.entities import KEY_LENGTH, shorten
from simulation.environments import slugs
from simulation.portability.problems import OPTIONS, WORLD_FILE, Findings
from simulation.text import clean_text
from simulation.values import INSTANT_EXAMPLE, read_instant, write_instant

SLUG_LENGTH, TITLE_LENGTH = 80, 200
NEXT = "next"  # as an option, the next free version whatever world.json says
HIGHEST_VERSION = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Which world it is. version None is the next free one; "" is what could not be read."""

    slug: str = ""
    version: int | None = None
    title: str = ""
    environment: str = ""
    now: str = ""
    agent_employee_id: str = ""


def read_identity(
    written: Mapping[str, Any] | None,
    options: Mapping[str, str],
    findings: Findings,
    *,
    guess: str,
    is_bare: bool,
) -> Identity:
    """Read every member, an option before world.json.

    written: None where world.json could not be read, of which nobody hears twice.
    guess: the company that the files fit.
    """
    source = _Source(written, options, findings, OPTIONS if is_bare else WORLD_FILE)
    slug = source.read("slug", _slug)
    environment = source.read("environment", _environment, default=guess or _REQUIRED)
    return Identity(
        slug=slug,
        version=source.read("version", _version, default=None),
        title=source.read("title", _title, default=spoken_title(slug)),
        environment=environment,
        now=source.read("now", _now),
        agent_employee_id=source.read("agentEmployeeId", _agent, default=""),
    )


def spoken_title(slug: str) -> str:
    return slug.replace("-", " ").replace("_", " ").title()


_REQUIRED: Any = object()


@dataclass(frozen=True, slots=True)
class _Source:
    written: Mapping[str, Any] | None
    options: Mapping[str, str]
    findings: Findings
    place: str

    def read(self, name: str, reader: Callable[[Any], Any], *, default: Any = _REQUIRED) -> Any:
        option = self.options.get(name, "").strip()
        value = option or (self.written or {}).get(name)
        file = OPTIONS if option else self.place
        if value is None or value == "":
            return self._absent(name, default)
        try:
            return reader(value)
        except ValueError as error:
            self.findings.add(file, f"{error}, not {shorten(value)}", field=name)
        return None if name == "version" else ""

    def _absent(self, name: str, default: Any) -> Any:
        if default is not _REQUIRED:
            return default
        if self.written is not None or self.place == OPTIONS:
            self.findings.add(self.place, _MISSING[name], field=name)
        return ""


def _slug(value: Any) -> str:
    try:
        validate_slug(value)
    except (ValidationError, TypeError):
        raise ValueError(_SLUG) from None
    if not isinstance(value, str) or len(value) > SLUG_LENGTH:
        raise ValueError(_SLUG)
    return value


def _version(value: Any) -> int | None:
    if value == NEXT:
        return None
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= 10:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= HIGHEST_VERSION:
        raise ValueError("write a whole number from 1 on, or next")
    return value


def _title(value: Any) -> str:
    if not isinstance(value, str) or len(value) > TITLE_LENGTH or not value.strip():
        raise ValueError(f"write text of 1 to {TITLE_LENGTH} characters")
    return clean_text(value)[0]


def _environment(value: Any) -> str:
    if value not in slugs():
        raise ValueError(f"write one of {', '.join(slugs())}")
    return str(value)


def _now(value: Any) -> str:
    return write_instant(read_instant(value if isinstance(value, str) else ""))


def _agent(value: Any) -> str:
    if not isinstance(value, str) or len(value) > KEY_LENGTH or clean_text(value)[0] != value:
        raise ValueError(f"write the id of an employee, text of 1 to {KEY_LENGTH} characters")
    return value


_SLUG = f"write 1 to {SLUG_LENGTH} letters, digits, - and _"
MISSING = "is missing: "
_MISSING = {
    "slug": f"{MISSING}give the world a short name, such as my-company",
    "environment": f"{MISSING}write one of {', '.join(slugs())}",
    "now": f"{MISSING}give the clock of the world, such as {INSTANT_EXAMPLE}",
}
