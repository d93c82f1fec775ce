"""Telling people; each of them once, never of what they did themselves."""

from collections.abc import Iterable

from django.contrib.auth.models import User

from authoring.models import InboxItem, Task

LONGEST = 500  # characters of a text that are told


def tell(
    people: Iterable[User | None],
    event: InboxItem.Event,
    task: Task,
    *,
    by: User,
    path: str,
    text: str = "",
) -> None:
    """path: where the news leads to."""
    told = {person.pk: person for person in people if person and person.pk != by.pk}
    InboxItem.objects.bulk_create(
        InboxItem(person=person, event=event, task=task, actor=by, text=text[:LONGEST], path=path)
        for person in told.values()
    )
