"""What a row is called, for people: the fields that title it and tell its state."""

from collections.abc import Iterator
from typing import Any

from django.db.models import TextField

from simulation.entities import EntityType, Row
from simulation.fields import MoneyField
from simulation.pages import shortened
from simulation.wording import spoken

_TITLES = ("name", "title", "subject", "label", "code")
_WORDS = "text"  # what was said is what people know a message by
_CAPITALS = frozenset({"eta", "id", "sku", "url"})
LONGEST_TITLE = 120
MARKDOWN = "Markdown"


def title_field(kind: EntityType) -> str | None:
    return next((name for name in _TITLES if name in kind.fields), None)


def title_of(kind: EntityType, row: Row) -> str:
    """Give a row's title, "" where its type has none and it is known by its id."""
    value = row.get(title_field(kind) or _WORDS)
    return shortened(value, LONGEST_TITLE) if isinstance(value, str) else ""


def status_field(kind: EntityType) -> str | None:
    """Give the field of choices that says where a row stands."""
    names = (name for name, field in kind.fields.items() if field.choices)
    return next((name for name in names if name.lower().endswith(("status", "outcome"))), None)


def markdown_fields(kind: EntityType) -> tuple[str, ...]:
    """Give the fields whose model says that they are Markdown."""
    return tuple(field.name for field in kind.fields.values() if field.text == MARKDOWN)


def is_long(kind: EntityType, name: str) -> bool:
    """Tell whether a field holds text of many lines."""
    return isinstance(_model_field(kind, name), TextField)


def is_money(kind: EntityType, name: str) -> bool:
    return isinstance(_model_field(kind, name), MoneyField)


def gist(kind: EntityType, row: Row) -> str:
    """Say in a few words what a row is: its title, where it stands, how much it is about."""
    return " · ".join(_gist(kind, row))


def path_label(path: str) -> str:
    """`customerId.loyaltyTier` is "customer loyalty tier", the head of a column."""
    parts = (part.removesuffix("Id") or part for part in path.split("."))
    words = (word for part in parts for word in spoken(part).split())
    return " ".join(word.upper() if word in _CAPITALS else word for word in words)


def _gist(kind: EntityType, row: Row) -> Iterator[str]:
    if title := title_of(kind, row):
        yield title
    status = status_field(kind)
    if status and status in row:
        yield spoken(row[status])
    for name in kind.fields:
        if name in row and is_money(kind, name):
            yield f"{row[name]:,.2f}"
            return


def _model_field(kind: EntityType, name: str) -> Any:
    return kind.model._meta.get_field(kind.fields[name].attribute)
