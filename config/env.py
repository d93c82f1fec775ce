"""Settings from environment variables; a bad value stops the start and says what is right.

A variable that is set to nothing counts as not set. Without a default a variable is required.
"""

import os
import re
from collections.abc import Collection
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off"})
_SECRET = re.compile(r"KEY|SECRET|PASSWORD|TOKEN|URL|DSN")
_UNITS = {"": 1.0, "ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]*)")

_PERIODS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
_RATE = re.compile(r"([1-9][0-9]{0,8})/([a-z]+)")


def text(name: str, default: str | None = None) -> str:
    """Read a value as it is written."""
    value = _value(name)
    if value is not None:
        return value
    if default is None:
        raise ImproperlyConfigured(f"{name} is not set, and there is no default for it")
    return default


def flag(name: str, *, default: bool | None = None) -> bool:
    """Read yes or no."""
    value = text(name, None if default is None else str(default)).lower()
    if value not in _TRUE | _FALSE:
        raise _refusal(name, value, "write true or false")
    return value in _TRUE


def whole_number(
    name: str,
    default: int | None = None,
    minimum: int | None = None,
    maximum: int | None = None,
) -> int:
    """Read an integer from `minimum` to `maximum`, both included."""
    value = text(name, None if default is None else str(default))
    right = f"write a whole number{_span(minimum, maximum)}"
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", value):
        raise _refusal(name, value, right)
    number = int(value)
    is_low = minimum is not None and number < minimum
    if is_low or (maximum is not None and number > maximum):
        raise _refusal(name, value, right)
    return number


def seconds(name: str, default: float | None = None) -> float:
    """Read a duration above 0: a number of seconds, or one with ms, s, m, h or d."""
    value = text(name, None if default is None else str(default)).lower()
    match = _DURATION.fullmatch(value)
    duration = float(match[1]) * _UNITS.get(match[2], 0.0) if match else 0.0
    if duration <= 0:
        raise _refusal(name, value, "write a duration above 0, as 30, 500ms, 2m or 1h")
    return duration


def rate(name: str, default: str) -> tuple[int, int] | None:
    """Read so many a time, as 1200/minute: a count and seconds. None for off."""
    value = text(name, default).lower()
    if value == "off":
        return None
    match = _RATE.fullmatch(value)
    if match is None or match[2] not in _PERIODS:
        raise _refusal(
            name, value, "write a rate as 1200/minute, a second, minute, hour or day, or off"
        )
    return int(match[1]), _PERIODS[match[2]]


def choice(name: str, options: Collection[str], default: str | None = None) -> str:
    """Read one of `options`, spelt as they are."""
    value = text(name, default)
    if value not in options:
        raise _refusal(name, value, f"write one of {', '.join(options)}")
    return value


def url(name: str, schemes: Collection[str], default: str | None = None) -> str:
    """Read an address with one of `schemes`. It may hold a password, so it is never shown."""
    value = text(name, default)
    if value == default:
        return value
    right = f"write {' or '.join(f'{scheme}://…' for scheme in schemes)}"
    try:
        parts = urlsplit(value)
    except ValueError:
        raise _refusal(name, value, right) from None
    if parts.scheme not in schemes:
        raise _refusal(name, value, right)
    if not parts.netloc and not parts.path.strip("/"):
        raise _refusal(name, value, f"{right} with a host or a path after it")
    return value


def folder(name: str, default: Path) -> Path:
    """Read the path of a folder that need not exist yet; a relative one starts where we are."""
    path = Path(text(name, str(default))).expanduser().absolute().resolve()
    if path.exists() and not path.is_dir():
        raise _refusal(name, str(path), "write the path of a folder, this is a file")
    return path


def names(name: str, default: Collection[str] | None = None) -> list[str]:
    """Read a list with commas between its items."""
    value = _value(name)
    if value is None and default is not None:
        return list(default)
    found = [item.strip() for item in text(name).split(",")]
    if not all(found):
        raise _refusal(name, text(name), "write names with one comma between two, as a,b,c")
    return found


def secret(name: str, *, minimum: int) -> str:
    """Read a secret of so many printable characters or more; "" when it is not set."""
    value = text(name, "")
    if value and not (len(value) >= minimum and value.isascii() and value.isprintable()):
        raise ImproperlyConfigured(
            f"{name}=(its value is not shown): write {minimum} or more printable ASCII characters"
        )
    return value


def _value(name: str) -> str | None:
    return os.environ.get(name, "").strip() or None


def _span(minimum: int | None, maximum: int | None) -> str:
    if minimum is not None and maximum is not None:
        return f" from {minimum} to {maximum}"
    if minimum is not None:
        return f", {minimum} or more"
    return "" if maximum is None else f", {maximum} or less"


def _refusal(name: str, value: str, right: str) -> ImproperlyConfigured:
    shown = "(its value is not shown)" if _SECRET.search(name.upper()) else f"{value!r}"
    return ImproperlyConfigured(f"{name}={shown}: {right}")
