"""What is sent: checked, and refused where it says something that there is not."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

# the framework takes "5" for 5, 1 for true and 5 for "5", as forms need it; JSON has types
_TYPES: tuple[tuple[type[Any], tuple[type[Any], ...], str], ...] = (
    (serializers.BooleanField, (bool,), "true or false"),
    (serializers.IntegerField, (int,), "a whole number"),
    (serializers.FloatField, (int, float), "a number"),
    (serializers.ChoiceField, (str,), "a text"),
    (serializers.CharField, (str,), "a text"),
    (serializers.DateField, (str,), "a date as text"),
)
_MESSAGE = "write {}, not {}"


class Body(serializers.Serializer[Any]):
    """What a request may send, in the types that it has in JSON.

    A name that there is not may be a wish misspelt, a number as text a mistake of its sender.
    """

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            self.check_names(data)
            for name, value in data.items():
                if message := _wrong_type(self.fields[name], value):
                    raise serializers.ValidationError({name: [message]})
        return super().to_internal_value(data)

    def check_names(self, data: Mapping[Any, Any]) -> None:
        """Raises ValidationError for the first name that there is not."""
        if unknown := sorted(set(data) - set(self.fields)):
            there_are = ", ".join(sorted(self.fields)) or "none"
            message = f"there is no field {unknown[0]!r}; there are {there_are}"
            raise serializers.ValidationError({unknown[0]: [message]})


def _wrong_type(field: Any, value: Any) -> str:
    """Say what is wrong with the type of a value or of one in it, "" where nothing is.

    What is null, and lists and objects of the wrong kind, the framework refuses by itself.
    """
    if value is None:
        return ""
    if isinstance(field, serializers.ListField) and isinstance(value, list):
        return next(filter(None, (_wrong_type(field.child, item) for item in value)), "")
    if isinstance(field, serializers.DictField) and isinstance(value, Mapping):
        return next(filter(None, (_wrong_type(field.child, v) for v in value.values())), "")
    for kind, types, noun in _TYPES:
        if isinstance(field, kind):
            return "" if _is_a(value, types) else _MESSAGE.format(noun, _named(value))
    return ""


def _is_a(value: Any, types: tuple[type[Any], ...]) -> bool:
    """JSON has one kind of number: 1.0 is a whole one."""
    if types == (int,) and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, types) and (bool in types or not isinstance(value, bool))


def _named(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "an object"
    return (
        "a text" if isinstance(value, str) else "a list" if isinstance(value, list) else "a number"
    )
