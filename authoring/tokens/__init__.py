"""Personal API tokens: shown once, stored as a hash, limited to scopes, with an end.

The framework's settings name this package: nothing that it imports may import the framework's
views.
"""

from authoring.tokens.authentication import TokenAuthentication, TokenScope
from authoring.tokens.making import PREFIX, make_token

__all__ = ["PREFIX", "TokenAuthentication", "TokenScope", "make_token"]
