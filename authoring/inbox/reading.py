"""A person's news, and which of it they have read."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db.models.fields.json import KeyTextTransform
from django.urls import reverse
from django.utils import timezone

from authoring.inbox.pages import InboxPage, Item
from authoring.models import InboxItem
from simulation.pages import Pager

ROWS = 50
Event = InboxItem.Event
ICONS = {
    Event.REVIEW_REQUESTED: "eye",
    Event.CHANGES_REQUESTED: "rotate-ccw",
    Event.APPROVED: "circle-check",
    Event.WITHDRAWN: "x",
    Event.COMMENTED: "message-square",
    Event.ASSIGNED: "user",
}
WORDS = {
    Event.REVIEW_REQUESTED: "asks for your review of",
    Event.CHANGES_REQUESTED: "asks for changes in",
    Event.APPROVED: "approved",
    Event.WITHDRAWN: "took back",
    Event.COMMENTED: "commented on",
    Event.ASSIGNED: "made you the reviewer of",
}


def inbox_page(user: User, *, page: int) -> InboxPage:
    mine = InboxItem.objects.visible_to(user)
    items = mine.select_related("task", "actor")
    items = items.annotate(task_title=KeyTextTransform("title", "task__draft__content"))
    sheet = Paginator(items, ROWS).get_page(page)
    return InboxPage(
        items=tuple(_items(sheet.object_list)),
        unread=mine.filter(read_at__isnull=True).count(),
        pager=_pager(sheet),
    )


def open_item(item: InboxItem) -> str:
    """Mark an item as read and give where it leads."""
    unread = InboxItem.objects.filter(pk=item.pk, read_at__isnull=True)
    unread.update(read_at=timezone.now())
    return item.path


def read_all(user: User) -> int:
    """Mark everything as read that a person was told of until now. Gives how much that was."""
    unread = InboxItem.objects.visible_to(user).filter(read_at__isnull=True)
    return unread.update(read_at=timezone.now())


def _items(items: Iterable[Any]) -> Iterable[Item]:
    for item in items:
        event = Event(item.event)
        yield Item(
            url=reverse("inbox:open", args=[item.pk]),
            icon=ICONS[event],
            actor=item.actor.get_username(),
            words=WORDS[event],
            task=item.task_title or item.task.slug,
            text=item.text,
            when=item.created_at,
            is_read=item.read_at is not None,
        )


def _pager(sheet: Any) -> Pager | None:
    if sheet.paginator.num_pages < 2:
        return None
    base = f"{reverse('inbox:inbox')}?page="
    return Pager(
        text=f"{sheet.start_index():,} to {sheet.end_index():,} of {sheet.paginator.count:,}",
        previous_url=f"{base}{sheet.previous_page_number()}" if sheet.has_previous() else "",
        next_url=f"{base}{sheet.next_page_number()}" if sheet.has_next() else "",
    )
