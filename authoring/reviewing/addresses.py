"""Addresses that review leads to; "" for a page that there is not."""

from django.urls import NoReverseMatch, reverse

from authoring.models import Comment
from authoring.reviewing.places import tab_of


def optional_address(name: str, *arguments: object) -> str:
    """Give the address of a page that may not be installed."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""


def editor_thread(slug: str, thread: Comment) -> str:
    """Lead to a thread beside the text that it is about."""
    return f"{tab_of(slug, thread.place)}?side=comments#thread-{thread.pk}"


def review_thread(slug: str, thread: Comment, *, is_live: bool) -> str:
    """Lead to a thread on the page of review, or beside the text when nothing is in review."""
    if not is_live:
        return editor_thread(slug, thread)
    return f"{reverse('review:page', args=[slug])}#thread-{thread.pk}"


def todo(slug: str) -> str:
    """Lead the author to what there is to do: all comments, beside the text."""
    return f"{reverse('editor:prompt', args=[slug])}?side=comments"
