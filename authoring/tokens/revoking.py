"""Taking tokens back."""

import logging

from django.contrib.auth.models import User

from authoring.models import ApiToken
from simulation.errors import Forbidden
from simulation.roles import ADMIN, has_role

logger = logging.getLogger(__name__)


def revoke_token(token: ApiToken, *, by: User) -> bool:
    """End a token for ever; False when that was done already. Raises Forbidden."""
    if token.user_id != by.pk and not has_role(by, ADMIN):
        raise Forbidden(f"{token}: only its person and admins revoke it")
    still_on = ApiToken.objects.filter(pk=token.pk, is_revoked=False)
    was_on = bool(still_on.update(is_revoked=True))
    token.is_revoked = True
    if was_on:
        said = {"token": token.pk, "person": token.user_id, "by": by.pk}
        logger.info("token revoked", extra=said)
    return was_on
