"""What is in a world, as JSON."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from simulation.rest.bodies import Body

Plain = serializers.Serializer[Any]
ANY_ROW = {
    "type": "object",
    "description": "`id`, and the fields of its type that are not empty",
    "properties": {"id": {"type": "string"}},
    "required": ["id"],
    "additionalProperties": True,
}


class TypeOut(Plain):
    """A type of entities. hidden: rows after the world's clock, which agents cannot see."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # named so by the data
    description = serializers.CharField()
    rows = serializers.IntegerField(help_text="that agents can see")
    hidden = serializers.IntegerField()
    schema = serializers.DictField(help_text="JSON schema of a row")


class ToolOut(Plain):
    """One tool, as agents see it."""

    name = serializers.CharField()
    description = serializers.CharField()
    writes = serializers.BooleanField(help_text="whether it may change the world")
    toolsets = serializers.ListField(child=serializers.CharField())
    schema = serializers.DictField(help_text="JSON schema of its arguments")


class ConditionIn(Body):
    path = serializers.CharField(help_text="as `customerId.loyaltyTier`")
    op = serializers.CharField(default="eq", help_text="eq, in, gte, contains, is_null …")
    value = serializers.JSONField(required=False, help_text="text, number, true, false or a list")


class QueryIn(Body):
    """A question with one answer. measure: `"count"`, `{"sum": PATH}`, `{"max": PATH, "of": PATH}`,
    `{"field": PATH}` of the one row that matches, `{"list": PATH}`.
    """

    entity_type = serializers.CharField()
    where = ConditionIn(many=True, required=False)
    measure = serializers.JSONField(required=False)


@extend_schema_field(OpenApiTypes.ANY)
class AnyValue(serializers.JSONField):
    pass


class QueryOut(Plain):
    value = AnyValue(allow_null=True)
    rows = serializers.IntegerField(help_text="that match")
    hidden = serializers.IntegerField(help_text="rows after the clock, which were not counted")
