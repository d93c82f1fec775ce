"""Items of a list claim: how each may be spelled, and the values that must stand beside it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Annotated, Any

from pydantic import BeforeValidator, model_serializer

from grading.reading.mentions import Spellings
from grading.reading.plain import needle
from simulation.operators import is_number
from simulation.values import Frozen
from simulation.wording import listed, shown

Value = str | int | float


def _spellings(value: Any) -> tuple[str, ...]:
    spellings = tuple(value) if isinstance(value, list | tuple) else (value,)
    if not spellings or not all(isinstance(each, str) and needle(each) for each in spellings):
        raise ValueError("an item is a text, or a list of accepted spellings of it")
    return spellings


def _values(value: Any) -> tuple[Value, ...]:
    values = tuple(value) if isinstance(value, list | tuple) else (value,)
    for each in values or (None,):
        if not is_number(each) and not (isinstance(each, str) and needle(each)):
            raise ValueError("write texts, numbers, amounts or dates")
    return values


class Item(Frozen):
    """One item, in all accepted spellings, with the values that stand with it."""

    item: Annotated[tuple[str, ...], BeforeValidator(_spellings)]
    beside: Annotated[tuple[Value, ...], BeforeValidator(_values)] = ()

    @model_serializer
    def _short(self) -> dict[str, Any] | tuple[str, ...]:
        return {"item": self.item, "beside": self.beside} if self.beside else self.item

    @property
    def name(self) -> str:
        return self.item[0]

    def says(self) -> str:
        return f"{self.name} ({', '.join(map(shown, self.beside))})" if self.beside else self.name


Items = tuple[Item, ...]


def read_items(value: Any) -> Items:
    """Take a list of texts, lists of spellings, and objects that have values beside an item.

    Raises ValueError.
    """
    if not isinstance(value, list | tuple) or not value:
        raise ValueError("write a list of items, or bind it to a query that gives a list")
    return tuple(map(_item, value))


def items_of_rows(rows: Any, paths: Sequence[str], beside: Collection[str]) -> Items:
    """Take what a query lists of some paths, of which some are values beside the others.

    Rows of the same item are one item with the values of all. Raises ValueError.
    """
    if not beside:
        return read_items(rows)
    merged: dict[tuple[str, ...], dict[Value, None]] = {}
    for item in (_of_row(row, paths, beside) for row in rows):
        merged.setdefault(item.item, {}).update(dict.fromkeys(item.beside))
    return tuple(Item(item=item, beside=tuple(values)) for item, values in merged.items())


def spellings_of(items: Iterable[Item]) -> Spellings:
    return tuple(item.item for item in items)


def _item(value: Any) -> Item:
    if isinstance(value, Item):
        return value
    if not isinstance(value, Mapping):
        return Item(item=value)
    if set(value) != {"item", "beside"}:
        raise ValueError("write item and beside: the item, and the values that stand with it")
    return Item.model_validate(dict(value))


def _of_row(row: Any, paths: Sequence[str], beside: Collection[str]) -> Item:
    if len(row) != len(paths):
        raise ValueError(f"{shown(row)} must have one value for each of {listed(paths)}")
    pairs = [*zip(paths, row, strict=True)]
    return Item(
        item=tuple(value for path, value in pairs if path not in beside),
        beside=tuple(value for path, value in pairs if path in beside),
    )
