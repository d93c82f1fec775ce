"""Values inside rows: money, instants, days, references and the structured JSON of a field.

One definition each serves the codec, the validation of writes and imports, and the JSON schemas of
tools. On the wire and in rows money is a number with at most two places, an instant is ISO 8601 UTC
ending in Z.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

CENT = Decimal("0.01")
MAX_AMOUNT = Decimal("9999999999.99")  # numeric(12,2)
INSTANT_EXAMPLE = "2025-09-15T19:00:00Z"
DAY_EXAMPLE = "2025-09-15"
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)")


class Frozen(BaseModel):
    """A frozen value that refuses members it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Value(BaseModel):
    """A structured value inside a field, such as a line item; camelCase on the wire."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, alias_generator=to_camel, validate_by_name=False
    )


@dataclass(frozen=True, slots=True)
class Ref:
    """Marks a string as the id of a row: `Annotated[str, Ref("product")]`."""

    entity_type: str


def money(value: float | Decimal | str) -> Decimal:
    """Read an amount of a row exactly. Sums and shares are Decimal until `amount` writes them."""
    return Decimal(str(value))


def amount(value: Decimal) -> float:
    """Write an amount: rounded half up to the cent, once, at the end."""
    return float(value.quantize(CENT, rounding=ROUND_HALF_UP)) + 0.0  # nothing has no sign


def has_places(value: float, places: int) -> bool:
    """Tell whether a number has at most that many decimal places."""
    exponent = Decimal(str(value)).as_tuple().exponent
    return isinstance(exponent, int) and -exponent <= places


def read_instant(text: str) -> dt.datetime:
    """Read an instant. Raises ValueError when it has no time zone or is none."""
    if not _INSTANT.fullmatch(text):
        raise ValueError(f"write an instant such as {INSTANT_EXAMPLE}")
    try:
        return dt.datetime.fromisoformat(text).astimezone(dt.UTC)
    except OverflowError:
        raise ValueError("an instant lies between the years 1 and 9999 in UTC") from None


def write_instant(moment: dt.datetime) -> str:
    """Write an instant in its one form: UTC, Z, fractions only where there are some."""
    utc = moment.astimezone(dt.UTC)
    text = utc.replace(tzinfo=None).isoformat(timespec="seconds")
    fraction = f".{moment.microsecond:06d}".rstrip("0") if moment.microsecond else ""
    return f"{text}{fraction}Z"


def instant_key(text: str) -> str:
    """Give a string that sorts as the instant does: "…00Z" before "…00.5Z"."""
    return text[:-1]


def read_day(text: str) -> dt.date:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        raise ValueError(f"write a date such as {DAY_EXAMPLE}")
    return dt.date.fromisoformat(text)


def _instant(text: str) -> str:
    return write_instant(read_instant(text))


def _day(text: str) -> str:
    return read_day(text).isoformat()


def _amount(value: float) -> float:
    if not has_places(value, 2):
        raise ValueError("an amount has at most two decimal places")
    if abs(Decimal(str(value))) > MAX_AMOUNT:
        raise ValueError(f"an amount is at most {MAX_AMOUNT}")
    return float(value) + 0.0


def _bound(*, last: bool) -> AfterValidator:
    """A bare date is its first instant in a lower bound and its last in an upper one."""

    def widen(text: str) -> str:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            day = read_day(text).isoformat()
            return f"{day}T23:59:59.999999Z" if last else f"{day}T00:00:00Z"
        return _instant(text)

    return AfterValidator(widen)


Instant = Annotated[str, AfterValidator(_instant), Field(json_schema_extra={"format": "date-time"})]
Day = Annotated[str, AfterValidator(_day), Field(json_schema_extra={"format": "date"})]
Money = Annotated[float, AfterValidator(_amount), Field(allow_inf_nan=False)]
# bounds stand before the validator, or else schemas do not show them
PositiveMoney = Annotated[float, Field(gt=0, allow_inf_nan=False), AfterValidator(_amount)]
UnsignedMoney = Annotated[float, Field(ge=0, allow_inf_nan=False), AfterValidator(_amount)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=200)]
After = Annotated[
    str,
    _bound(last=False),
    Field(description="inclusive; ISO 8601 instant, or a date, which is its first instant in UTC"),
]
Before = Annotated[
    str,
    _bound(last=True),
    Field(description="inclusive; ISO 8601 instant, or a date, which is its last instant in UTC"),
]


def references_in(annotation: Any) -> Iterator[tuple[str, str]]:
    """Find the references inside a value's type as (dotted path, entity type)."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        yield from (("", mark.entity_type) for mark in arguments[1:] if isinstance(mark, Ref))
        yield from references_in(arguments[0])
    elif origin in (list, tuple, Union, UnionType):
        for argument in arguments:
            yield from references_in(argument)
    elif isinstance(annotation, type) and issubclass(annotation, Value):
        yield from _references_of_value(annotation)


def _references_of_value(value: type[Value]) -> Iterator[tuple[str, str]]:
    for name, field in value.model_fields.items():
        wire = field.alias or to_camel(name)
        yield from ((wire, mark.entity_type) for mark in field.metadata if isinstance(mark, Ref))
        for path, target in references_in(field.annotation):
            yield f"{wire}.{path}".rstrip("."), target


def pluck(row: Any, path: str) -> list[Any]:
    """Give every value at a dotted path; a list on the way stands for each of its members."""
    found: list[Any] = [row]
    for part in path.split("."):
        found = [item for value in found for item in _step(value, part)]
    return [item for value in found for item in (value if isinstance(value, list) else [value])]


def _step(value: Any, part: str) -> list[Any]:
    if isinstance(value, list):
        return [item for member in value for item in _step(member, part)]
    found = value.get(part) if isinstance(value, dict) else None
    return [] if found is None else [found]
