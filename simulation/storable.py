"""Frozen values as rows hold them."""

from collections.abc import Collection
from typing import Any

from pydantic import BaseModel

from simulation.text import clean_json


class Storable:
    """Makes values into storable JSON; what many copies of one have in common, once.

    Copies made by `model_copy` share the members that it did not change: these are known again by
    being the same objects, not equal ones, so that long texts are not compared.
    """

    def __init__(self) -> None:
        self._made: dict[tuple[int, ...], tuple[dict[str, Any], list[Any]]] = {}

    def __call__(self, value: BaseModel, *, own: Collection[str] = ()) -> dict[str, Any]:
        """own: members in which copies differ. Raises InvalidArgument where there is no JSON."""
        common = [member for name, member in vars(value).items() if name not in own]
        key = tuple(map(id, common))
        if key not in self._made:  # with its members, or others could come to be in their places
            self._made[key] = clean_json(value.model_dump()), common
        made, _ = self._made[key]
        return {**made, **{name: clean_json(getattr(value, name)) for name in own}}
