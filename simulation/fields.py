"""Django fields of entity types: references inside one world, structured values, amounts."""

from typing import Any

from django.db import models
from pydantic import TypeAdapter


class Reference(models.ForeignKey):  # type: ignore[type-arg]
    """A row of the same world.

    The migration operation GuardEntity adds what keeps it in the world.
    """

    def __init__(self, to: Any, on_delete: Any = models.DO_NOTHING, **options: Any) -> None:
        # DO_NOTHING: the deferred constraint decides, once, at commit
        options.setdefault("related_name", "+")
        super().__init__(to, on_delete=on_delete, **options)

    def deconstruct(self) -> Any:
        name, _, arguments, options = super().deconstruct()
        return name, "simulation.fields.Reference", arguments, options


class ValueField(models.JSONField):
    """Structured JSON whose shape is a type: `ValueField(list[LineItem])`."""

    def __init__(self, annotation: Any = None, *, expects: str = "", **options: Any) -> None:
        self.annotation = annotation
        self.expects = expects or _words(annotation)
        super().__init__(**options)

    def deconstruct(self) -> Any:
        """Leave the shape out: it is checked by code and needs no migration."""
        name, _, arguments, options = super().deconstruct()
        return name, "simulation.fields.ValueField", arguments, options


class MoneyField(models.DecimalField):  # type: ignore[type-arg]
    """US dollars to the cent."""

    def __init__(self, **options: Any) -> None:
        options["max_digits"], options["decimal_places"] = 12, 2
        super().__init__(**options)

    def deconstruct(self) -> Any:
        name, _, arguments, options = super().deconstruct()
        del options["max_digits"], options["decimal_places"]
        return name, "simulation.fields.MoneyField", arguments, options


def _words(annotation: Any) -> str:
    if annotation is None:
        return ""
    kind = TypeAdapter(annotation).json_schema().get("type")
    return {"array": "a list", "object": "an object"}.get(str(kind), "structured JSON")
