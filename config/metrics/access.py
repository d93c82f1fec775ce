"""Who may read metrics: whoever has the token."""

import hmac

from django.conf import settings


def has_token(authorization: str) -> bool:
    """Tell whether a header carries the token as bearer; without one set nobody has it."""
    scheme, _, given = authorization.partition(" ")
    told = settings.METRICS_TOKEN
    is_right = hmac.compare_digest(given.strip().encode(), told.encode())
    return bool(told) and scheme.lower() == "bearer" and is_right
