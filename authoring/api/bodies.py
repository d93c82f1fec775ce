"""What is sent: checked, and refused where it says something that there is not."""

from typing import Any

from rest_framework import serializers


class Body(serializers.Serializer[Any]):
    """What a request may send; a name that there is not may be a wish misspelt."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (unknown := sorted(set(data) - set(self.fields))):
            there_are = ", ".join(sorted(self.fields))
            message = f"there is no field {unknown[0]!r}; there are {there_are}"
            raise serializers.ValidationError({unknown[0]: [message]})
        return super().to_internal_value(data)
