"""What tokens look like over REST, and who one is."""

from typing import Any

from rest_framework import serializers

from authoring.models import ApiToken
from authoring.tokens.making import LONGEST_NAME
from simulation.rest.bodies import Body
from simulation.rest.scopes import SCOPES


class TokenOut(serializers.ModelSerializer[ApiToken]):
    """A token; of its text only the first characters are known."""

    person = serializers.CharField(source="user.username")
    made_by = serializers.CharField(source="made_by.username", default=None, allow_null=True)
    scopes = serializers.ListField(child=serializers.ChoiceField(tuple(SCOPES)))
    is_live = serializers.BooleanField()

    class Meta:
        model = ApiToken
        fields = (
            "id", "name", "start", "person", "scopes", "is_live", "is_revoked", "expires_at",
            "last_used_at", "made_by", "created_at",
        )  # fmt: skip


class NewTokenOut(TokenOut):
    """A token that was just made; its text is in no other answer."""

    token = serializers.CharField()

    class Meta(TokenOut.Meta):
        fields = (*TokenOut.Meta.fields, "token")  # type: ignore[assignment]


class TokenIn(Body):
    """days or until, its last day; 90 days when both are left out. person: for admins."""

    name = serializers.CharField(max_length=LONGEST_NAME, help_text="what it is for")
    scopes = serializers.ListField(
        child=serializers.ChoiceField(tuple(SCOPES)), min_length=1, max_length=len(SCOPES)
    )
    days = serializers.IntegerField(required=False, min_value=1, max_value=36_600)
    until = serializers.DateField(required=False)
    person = serializers.CharField(required=False, max_length=150)


class UsedTokenOut(serializers.ModelSerializer[ApiToken]):
    class Meta:
        model = ApiToken
        fields = ("id", "name", "start", "scopes", "expires_at")


class MeOut(serializers.Serializer[Any]):
    """Who asks. token is null for a session; scopes are what it may, all of them for a session."""

    user = serializers.CharField()
    roles = serializers.ListField(child=serializers.CharField())
    scopes = serializers.ListField(child=serializers.CharField())
    sees_held_out = serializers.BooleanField()
    token = UsedTokenOut(allow_null=True)
