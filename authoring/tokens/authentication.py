"""Who comes with a token, and what it may."""

import datetime as dt
from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from authoring.models import ApiToken
from authoring.tokens.making import hash_of
from simulation.rest.scopes import HELDOUT, SCOPES, scope_needed
from simulation.roles import ADMIN, has_role, limit_held_out

if TYPE_CHECKING:
    from rest_framework.views import APIView  # it imports this module, through the settings

REMEMBER_USE_EVERY = dt.timedelta(minutes=1)


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer egt_…`"""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _, text = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = ApiToken.objects.valid().select_related("user").filter(hash=hash_of(text)).first()
        if token is None or not token.user.is_active:
            raise AuthenticationFailed("this token is unknown, revoked or expired; make a new one")
        _remember_use(token)
        limit_held_out(token.user, sees=_sees_held_out(token))
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class TokenScope(BasePermission):
    """A token needs the scope that the view names; a session may what its person may."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        needed = scope_needed(view, request.method or "GET")
        self.message = f"the token lacks the scope {needed!r}: {SCOPES[needed]}"
        return not isinstance(request.auth, ApiToken) or needed in request.auth.scopes


def _sees_held_out(token: ApiToken) -> bool:
    """Tell whether the scope was given to its person; who gave it to themselves is still admin."""
    is_given = token.made_by_id != token.user_id or has_role(token.user, ADMIN)
    return is_given and HELDOUT in token.scopes


def _remember_use(token: ApiToken) -> None:
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > REMEMBER_USE_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
