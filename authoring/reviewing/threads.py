"""Threads of comments on the places of a task."""

from collections.abc import Iterable, Mapping

from django.db.models import Count

from authoring.access import TaskLook
from authoring.content import DraftContent
from authoring.models import Comment, Revision
from authoring.reviewing.pages import CommentsPanel, PlaceThreads, Remark, Thread
from authoring.reviewing.places import address_of, is_secret, is_there, name_of, places_of
from simulation import markdown
from simulation.pages import Choice


def open_by_place(look: TaskLook) -> Mapping[str, int]:
    """Count the threads that nobody has resolved, by place ("prompt", "criterion/KEY")."""
    if not look.sees_draft:
        return {}
    threads = look.task.comments.filter(parent__isnull=True, resolved_at__isnull=True)
    return dict(threads.order_by().values_list("place").annotate(Count("pk")))


def comments_panel(look: TaskLook, place: str) -> CommentsPanel | None:
    """place: what is commented on; "" shows all places."""
    if not look.sees_draft:
        return None
    return make_panel(look, look.content, place=place, back="editor")


def make_panel(
    look: TaskLook,
    content: DraftContent,
    *,
    place: str,
    back: str,
    is_secret_hidden: bool | None = None,
) -> CommentsPanel:
    """content: what the comments stand beside."""
    hides = look.hides_reference if is_secret_hidden is None else is_secret_hidden
    threads = read_threads(look, content)
    shown = [thread for thread in threads if not (hides and is_secret(thread.place))]
    open_ = [thread for thread in shown if thread.resolved_at is None]
    return CommentsPanel(
        slug=look.task.slug,
        back=back,
        groups=tuple(_by_place(open_, place)),
        resolved=tuple(thread for thread in shown if thread.resolved_at),
        choices=place_choices(content, place, is_secret_hidden=hides),
        count=len(open_),
        hidden=len(threads) - len(shown),
        is_asked=bool(place),
    )


def place_choices(
    content: DraftContent, place: str, *, is_secret_hidden: bool
) -> tuple[Choice, ...]:
    """Offer the places that a comment may be about."""
    return tuple(
        Choice(value=value, label=label, is_selected=value == place)
        for value, label in places_of(content, is_secret_hidden=is_secret_hidden)
    )


def read_threads(look: TaskLook, content: DraftContent) -> list[Thread]:
    """Give all threads of a task, the oldest first, in two queries however many they are."""
    comments = list(look.task.comments.select_related("author", "resolved_by"))
    heads = [comment for comment in comments if comment.parent_id is None]
    answers: dict[int, list[Comment]] = {}
    for comment in comments:
        if comment.parent_id:
            answers.setdefault(comment.parent_id, []).append(comment)
    gone = [head for head in heads if not is_there(head.place, content)]
    names = _old_names(gone)
    return [
        _thread(head, answers.get(head.pk, ()), names.get(head.pk, ""), look.task.slug, content)
        for head in heads
    ]


def _old_names(gone: Iterable[Comment]) -> dict[int, str]:
    """Name places that are gone as they were called when somebody spoke of them."""
    found = list(gone)
    numbers = {head.revision_id for head in found if head.revision_id}
    if not numbers:
        return {}
    revisions = {each.pk: each.draft_value for each in Revision.objects.filter(pk__in=numbers)}
    return {
        head.pk: name_of(head.place, revisions[head.revision_id])
        for head in found
        if head.revision_id
    }


def _thread(
    head: Comment, answers: Iterable[Comment], old_name: str, slug: str, content: DraftContent
) -> Thread:
    is_gone = not is_there(head.place, content)
    return Thread(
        pk=head.pk,
        place=head.place,
        name=(old_name if is_gone else "") or name_of(head.place, content),
        url="" if is_gone else address_of(slug, head.place),
        is_gone=is_gone,
        remarks=tuple(_remark(comment) for comment in (head, *answers)),
        resolved_by=head.resolved_by.get_username() if head.resolved_by else "",
        resolved_at=head.resolved_at,
    )


def _remark(comment: Comment) -> Remark:
    return Remark(
        pk=comment.pk,
        author=comment.author.get_username(),
        when=comment.created_at,
        body_html=markdown.render(comment.body),
    )


def _by_place(threads: Iterable[Thread], first: str) -> Iterable[PlaceThreads]:
    """Group threads by place, the one that is asked for first."""
    groups: dict[str, list[Thread]] = {first: []} if first else {}
    for thread in threads:
        groups.setdefault(thread.place, []).append(thread)
    for found in filter(None, groups.values()):
        head = found[0]
        yield PlaceThreads(name=head.name, url=head.url, is_gone=head.is_gone, threads=tuple(found))
