"""Threads of comments on the places of a task."""

from collections.abc import Mapping

from authoring.access import TaskLook


def open_by_place(look: TaskLook) -> Mapping[str, int]:
    """Count the threads that nobody has resolved, by place ("prompt", "criterion/KEY")."""
    return {}


def comments_panel(look: TaskLook, place: str) -> object | None:
    """place: what is commented on; "" shows all places."""
    return None
