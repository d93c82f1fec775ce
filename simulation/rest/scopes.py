"""Scopes of tokens, and which one a view asks for. A session may what its person may."""

from typing import Any

from rest_framework.permissions import SAFE_METHODS

READ, AUTHOR, RUN, TRAIN, HELDOUT, ADMIN = "read", "author", "run", "train", "heldout", "admin"
SCOPES = {
    READ: "read what its person may see",
    AUTHOR: "write tasks, worlds and packs, and review",
    RUN: "launch and cancel runs, grade and give verdicts",
    TRAIN: "download packs, datasets and transcripts",
    HELDOUT: "see held-out tasks and all that comes of them",
    ADMIN: "manage endpoints, judges and tokens",
}
GRANTED = (HELDOUT, ADMIN)  # only an admin makes tokens with these


def scope_needed(view: Any, method: str) -> str:
    """Give the scope that a token needs for a request.

    A view says it with `action_scopes` by the name of an action, else `read_scope` and
    `write_scope`.
    """
    by_action: dict[str, str] = getattr(view, "action_scopes", {})
    if scope := by_action.get(getattr(view, "action", None) or ""):
        return scope
    name = "read_scope" if method in SAFE_METHODS else "write_scope"
    return str(getattr(view, name, READ if method in SAFE_METHODS else RUN))
