"""What the address of a list may ask for: filters, fields, a page. Misspelt wishes are refused."""

from typing import Any

from rest_framework import serializers

PAGING = ("cursor", "page_size", "fields")


class Query(serializers.Serializer[Any]):
    """Filters of a list; a subclass adds one field for each."""

    def to_internal_value(self, data: Any) -> Any:
        known = {*self.fields, *PAGING}
        if unknown := sorted(set(data) - known):
            there_are = ", ".join(sorted(known))
            message = f"there is no filter {unknown[0]!r}; there are {there_are}"
            raise serializers.ValidationError({unknown[0]: [message]})
        return super().to_internal_value(data)
