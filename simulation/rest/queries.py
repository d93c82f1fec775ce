"""What the address of a list may ask for: filters, fields, a page. Misspelt wishes are refused."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.http import QueryDict
from rest_framework import serializers

from simulation.rest.pages import MAX_PAGE

FIELDS = "fields"
PAGING = ("cursor", "page_size")
LONGEST = 200  # characters of a filter


def text(says: str = "", **options: Any) -> serializers.CharField:
    """Make a filter by a text that is written exactly so."""
    return serializers.CharField(required=False, max_length=LONGEST, help_text=says, **options)


def one_of(values: Sequence[str], says: str = "") -> serializers.ChoiceField:
    """Make a filter by one of the values that there are."""
    return serializers.ChoiceField([str(v) for v in values if v], required=False, help_text=says)


def yes_or_no(says: str = "") -> serializers.BooleanField:
    return serializers.BooleanField(required=False, help_text=says)


def number(says: str = "") -> serializers.IntegerField:
    return serializers.IntegerField(
        required=False, min_value=0, max_value=2**31 - 1, help_text=says
    )


def moment(says: str) -> serializers.DateTimeField:
    return serializers.DateTimeField(required=False, help_text=says)


class Query(serializers.Serializer[Any]):
    """Filters of a list; a subclass adds one field for each, with `required=False`.

    What is not given is not in the validated data, unless its field has a default. lookups: by
    which look-up of the rows a filter narrows them; what is not there narrows by other means.
    """

    is_paged = True
    takes_fields = True
    lookups: ClassVar[Mapping[str, str]] = {}

    def narrow(self, rows: Any) -> Any:
        """Keep the rows that are asked for; a subclass adds what is no look-up of its own."""
        asked, lookups = self.validated_data, self.lookups
        return rows.filter(**{lookups[name]: asked[name] for name in asked if name in lookups})

    def to_internal_value(self, data: Any) -> Any:
        given = _once_each(data, self.known_names() - self._lists())
        self.check_names(given)
        _check_page_size(given)
        return super().to_internal_value(given)

    def known_names(self) -> set[str]:
        paging = PAGING if self.is_paged else ()
        return {*self.fields, *paging, *([FIELDS] if self.takes_fields else [])}

    def _lists(self) -> set[str]:
        lists = (serializers.ListField, serializers.MultipleChoiceField)
        return {name for name, field in self.fields.items() if isinstance(field, lists)}

    def check_names(self, given: Mapping[str, Any]) -> None:
        known = self.known_names()
        if unknown := sorted(set(given) - known):
            there_are = f"there are {', '.join(sorted(known))}" if known else "there is none here"
            message = f"there is no parameter {unknown[0]!r}; {there_are}"
            raise serializers.ValidationError({unknown[0]: [message]})


def _once_each(data: Any, single: set[str]) -> dict[str, Any]:
    """Read each parameter once: of two values one would be left out without a word."""
    if not isinstance(data, QueryDict):
        return dict(data)
    given: dict[str, Any] = {}
    for name, values in data.lists():
        if name in single and len(values) > 1:
            raise serializers.ValidationError({name: ["write it once"]})
        given[name] = values[0] if name in single else values
    return given


def _check_page_size(given: Mapping[str, Any]) -> None:
    size = given.get("page_size", "1")
    is_number = size.isascii() and size.isdecimal() and len(size) <= len(str(MAX_PAGE))
    if not (is_number and 1 <= int(size) <= MAX_PAGE):
        message = f"write a whole number from 1 to {MAX_PAGE}"
        raise serializers.ValidationError({"page_size": [message]})
