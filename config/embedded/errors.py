"""What can go wrong with the embedded servers, in words for the person at the terminal."""


class ServerError(Exception):
    """A server of this checkout cannot run; the text says why and what would help."""
