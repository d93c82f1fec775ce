"""What one person is shown of a task's content: all of it, what is not secret, or what an agent
is given."""

from typing import Any

from authoring.access import TaskLook
from authoring.content import DraftContent
from authoring.reviewing.reading import without_secrets

PUBLIC = ("prompt", "title", "category", "difficulty", "target_level", "tags")
SECRETS = ("reference", "near_misses", "notes")


def shown_content(look: TaskLook, content: DraftContent) -> dict[str, Any]:
    """Give content as far as a person may see it; what they may not see is not there."""
    data = content.model_dump(mode="json")
    if not look.sees_rubric:
        return {name: data[name] for name in PUBLIC}
    return {name: value for name, value in data.items() if name not in hidden_fields(look)}


def comparable_content(look: TaskLook, content: DraftContent) -> DraftContent:
    """Give what may be compared: without the reference while its reviewer has not asked for it."""
    return without_secrets(content) if look.hides_reference else content


def hidden_fields(look: TaskLook) -> tuple[str, ...]:
    """Name what a reviewer sees after they asked for the reference."""
    return SECRETS if look.hides_reference else ()
