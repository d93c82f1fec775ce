"""Personal API tokens: shown once, stored as a hash, limited to scopes, with an end."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from authoring.models import ApiToken
from simulation.errors import Conflict, InvalidArgument
from simulation.rest.scopes import HELDOUT, READ, SCOPES, scope_needed
from simulation.roles import limit_held_out

if TYPE_CHECKING:
    from rest_framework.views import APIView  # it imports this module, through the settings

PREFIX = "egt_"
REMEMBER_USE_EVERY = dt.timedelta(minutes=1)


def make_token(
    user: User, *, name: str, scopes: Sequence[str] = (READ,), days: int | None = 90
) -> str:
    """Make a token and give its text: the only time that anybody sees it.

    days: how long it is valid; None for ever.
    """
    if unknown := sorted(set(scopes) - set(SCOPES)):
        raise InvalidArgument(f"scope {unknown[0]!r}: write some of {', '.join(SCOPES)}")
    text = PREFIX + secrets.token_urlsafe(32)
    expires_at = timezone.now() + dt.timedelta(days=days) if days else None
    try:
        with transaction.atomic():
            ApiToken.objects.create(
                user=user, name=name, hash=_hash(text), scopes=list(scopes), expires_at=expires_at
            )
    except IntegrityError:
        raise Conflict(f"{user} has a token named {name!r} already", field="name") from None
    return text


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer egt_…`"""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _, text = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = ApiToken.objects.valid().select_related("user").filter(hash=_hash(text)).first()
        if token is None or not token.user.is_active:
            raise AuthenticationFailed("this token is unknown, revoked or expired; make a new one")
        _remember_use(token)
        limit_held_out(token.user, sees=HELDOUT in token.scopes)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class TokenScope(BasePermission):
    """A token needs the scope that the view names; a session may what its person may."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        needed = scope_needed(view, request.method or "GET")
        self.message = f"the token lacks the scope {needed!r}: {SCOPES[needed]}"
        return not isinstance(request.auth, ApiToken) or needed in request.auth.scopes


def _remember_use(token: ApiToken) -> None:
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > REMEMBER_USE_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
