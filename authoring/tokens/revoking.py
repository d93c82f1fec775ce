"""Taking tokens back."""

from django.contrib.auth.models import User

from authoring.models import ApiToken
from simulation.errors import Forbidden
from simulation.roles import ADMIN, has_role


def revoke_token(token: ApiToken, *, by: User) -> bool:
    """End a token for ever; False when that was done already. Raises Forbidden."""
    if token.user_id != by.pk and not has_role(by, ADMIN):
        raise Forbidden(f"{token}: only its person and admins revoke it")
    still_on = ApiToken.objects.filter(pk=token.pk, is_revoked=False)
    token.is_revoked = True
    return bool(still_on.update(is_revoked=True))
