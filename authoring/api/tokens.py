"""Personal tokens over REST, and who one is.

A token makes others only with the scope admin, none stronger than itself, none that outlives it.
"""

from typing import Any, ClassVar

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from authoring.api.parts import PK, AuthoringViewSet
from authoring.api.token_wire import MeOut, NewTokenOut, TokenIn, TokenOut
from authoring.models import ApiToken
from authoring.tokens.making import USUAL_DAYS, Order, issue_token
from authoring.tokens.revoking import revoke_token
from simulation.errors import InvalidArgument
from simulation.rest.pages import NewestFirst
from simulation.rest.scopes import ADMIN, SCOPES
from simulation.roles import roles_of, sees_held_out


class TokenViewSet(AuthoringViewSet):
    """Your own tokens."""

    write_scope: ClassVar[str] = ADMIN
    serializer_class = TokenOut
    pagination_class = NewestFirst
    queryset = ApiToken.objects.none()
    secret_fields = ("token",)

    def get_queryset(self) -> QuerySet[ApiToken]:
        mine = ApiToken.objects.filter(user=self.person)
        return mine.select_related("user", "made_by")

    @extend_schema(responses=TokenOut(many=True), filters=False)
    def list(self, request: Request) -> Response:
        """Give your tokens, newest first, those that ended too."""
        page = self.paginate_queryset(self.get_queryset()) or []
        return self.get_paginated_response(TokenOut(page, many=True).data)

    @extend_schema(request=TokenIn, responses={201: NewTokenOut})
    def create(self, request: Request) -> Response:
        """Make a token; its text is shown in this answer and never again."""
        sent = self.sent(TokenIn)
        using = request.auth if isinstance(request.auth, ApiToken) else None
        issued = issue_token(
            _person(self.person, sent.get("person", "")),
            _order(sent, using),
            by=self.person,
            using=using,
        )
        body = {**TokenOut(issued.token).data, "token": issued.text}
        return Response(body, status=status.HTTP_201_CREATED, headers={"Cache-Control": "no-store"})

    @extend_schema(responses=TokenOut, parameters=[PK])
    def retrieve(self, request: Request, pk: str) -> Response:
        """Give one of your tokens."""
        return Response(TokenOut(get_object_or_404(self.get_queryset(), pk=pk)).data)

    @extend_schema(request=None, responses=TokenOut, parameters=[PK])
    def revoke(self, request: Request, pk: str) -> Response:
        """End a token for ever; doing it twice is no fault. Admins end everybody's."""
        tokens = ApiToken.objects.visible_to(self.person).select_related("user", "made_by")
        token = get_object_or_404(tokens, pk=pk)
        revoke_token(token, by=self.person)
        return Response(TokenOut(token).data)


class MeViewSet(AuthoringViewSet):
    """Who asks."""

    @extend_schema(responses=MeOut)
    def retrieve(self, request: Request) -> Response:
        """Give who you are, your roles, and what your token may."""
        token = request.auth if isinstance(request.auth, ApiToken) else None
        body: dict[str, Any] = {
            "user": self.person.get_username(),
            "roles": sorted(roles_of(self.person)),
            "scopes": token.scopes if token else list(SCOPES),
            "sees_held_out": sees_held_out(self.person),
            "token": token,
        }
        return Response(MeOut(body).data)


def _person(by: User, name: str) -> User:
    if not name or name == by.get_username():
        return by
    found = User.objects.filter(username=name, is_active=True).first()
    if found is None:
        raise InvalidArgument(f"there is nobody named {name!r}", field="person")
    return found


def _order(sent: dict[str, Any], using: ApiToken | None) -> Order:
    days, until = sent.get("days"), sent.get("until")
    if days is None and until is None:
        days = _usual_days(using)
    return Order(name=sent["name"], scopes=sent["scopes"], days=days, until=until)


def _usual_days(using: ApiToken | None) -> int:
    """Give as many days as are usual, as long as the token that asks lives so long."""
    if using is None or using.expires_at is None:
        return USUAL_DAYS
    return min(USUAL_DAYS, max(1, (using.expires_at - timezone.now()).days))
