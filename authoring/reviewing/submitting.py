"""Whether a task can go to review, and if not, why."""

from collections.abc import Iterable, Sequence

from django.db.models import Count, Window
from django.urls import reverse

from authoring.access import TaskLook
from authoring.content import DraftContent
from authoring.lint import Finding, Severity
from authoring.models import Comment, ReviewEvent, Revision
from authoring.reviewing.addresses import editor_thread
from authoring.reviewing.gating import content_problems
from authoring.reviewing.judging import Reason
from authoring.reviewing.pages import SubmitPanel, ToDo
from authoring.reviewing.people import judges_of
from authoring.reviewing.places import address_of, name_of
from authoring.reviewing.submission import same_as
from simulation.pages import Choice, shortened
from simulation.roles import ADMIN, AUTHOR, has_role

State = Revision.State
MOST_REASONS = 12
MOST_TODO = 8
SHOWN = 120  # characters of a comment
MOST_PEOPLE = 200
EMPTY = {
    "title": "The task has no title.",
    "prompt": "The prompt is empty.",
    "world": "The task has no world.",
    "system_prompt": "No system prompt is chosen.",
    "reference": "There is no reference solution.",
    "rubric": "There are no criteria.",
}


def submit_panel(look: TaskLook, findings: Sequence[Finding]) -> SubmitPanel | None:
    """findings: what lint says of the draft."""
    last = _last_round(look)
    is_author = look.may_edit and has_role(look.user, AUTHOR, ADMIN)
    is_waiting = last is not None and last.state == State.IN_REVIEW
    was_sent_back = last is not None and last.state == State.CHANGES_REQUESTED
    todo, more = _todo(look) if is_author else ((), 0)
    return SubmitPanel(
        slug=look.task.slug,
        label="Submit again" if is_waiting or was_sent_back else "Submit for review",
        reasons=tuple(_reasons(look, findings))[:MOST_REASONS] if is_author else (),
        may_submit=is_author,
        may_withdraw=is_author and (is_waiting or was_sent_back),
        said=_said(last, look) if is_author else "",
        review_url=reverse("review:page", args=[look.task.slug]) if last else "",
        review_label="Review" if is_waiting and not look.is_owner else "See the review",
        reviewers=_reviewers(look) if is_author else (),
        todo=todo,
        more=more,
    )


def _last_round(look: TaskLook) -> Revision | None:
    """Give the newest revision that was ever handed in."""
    handed_in = look.task.revisions.exclude(state=State.SAVED)
    return handed_in.defer("content").first()


def _said(last: Revision | None, look: TaskLook) -> str:
    """Say where the last round stands, with who made the last move."""
    if last is None:
        return ""
    event = ReviewEvent.objects.filter(revision=last).select_related("actor").last()
    who = event.actor.get_username() if event else ""
    asked = look.task.reviewer.get_username() if look.task.reviewer else "a reviewer"
    words = {
        State.IN_REVIEW: f"Revision {last.number} waits for {asked}.",
        State.CHANGES_REQUESTED: f"{who} asks for changes in revision {last.number}.",
        State.APPROVED: f"Revision {last.number} was approved by {who}.",
        State.WITHDRAWN: f"Revision {last.number} was taken back.",
    }
    return words.get(State(last.state), "")


def _reasons(look: TaskLook, findings: Sequence[Finding]) -> Iterable[Reason]:
    """Say what is in the way, each with the place where it is mended."""
    slug, content = look.task.slug, look.content
    if look.task.is_retired:
        yield Reason(text="The task is retired.", target="")
        return
    empty = [name for name in EMPTY if _is_empty(content, name)]
    for name in empty:
        yield Reason(text=EMPTY[name], target=_tab(slug, name))
    broken = [] if empty else _broken(content)
    for line in broken:
        yield Reason(text=line, target=_tab(slug, line.partition(".")[0].partition(" ")[0]))
    errors = [found for found in findings if found.severity == Severity.ERROR]
    for found in errors:
        place = name_of(found.place, content)
        yield Reason(
            text=f"{place.removesuffix('.')}: {found.why}", target=address_of(slug, found.place)
        )
    if not (empty or broken or errors) and (why := same_as(look.task, content.hash)):
        yield Reason(text=why, target="")


def _broken(content: DraftContent) -> list[str]:
    """Name what is not whole; that a criterion has no check yet is said by lint, in its words."""
    numbered = enumerate(content.rubric.criteria, start=1)
    unchecked = tuple(f"rubric {n} ({c.key}): check.kind" for n, c in numbered if not c.check)
    return [line for line in content_problems(content) if not line.startswith(unchecked)]


def _is_empty(content: object, name: str) -> bool:
    value = getattr(content, name)
    return not (value.criteria if name == "rubric" else value)


def _tab(slug: str, field: str) -> str:
    tabs = {"setup": "setup:page", "reference": "reference:page", "rubric": "rubric:page"}
    return reverse(tabs.get(field, "editor:prompt"), args=[slug])


def _reviewers(look: TaskLook) -> tuple[Choice, ...]:
    asked = look.task.reviewer_id
    people = judges_of(look.task).values_list("pk", "username")[:MOST_PEOPLE]
    named = [Choice(value=n, label=n, is_selected=pk == asked) for pk, n in people]
    return (Choice(value="", label="any reviewer", is_selected=asked is None), *named)


def _todo(look: TaskLook) -> tuple[tuple[ToDo, ...], int]:
    """Give the newest threads that others opened and nobody resolved, and how many more."""
    threads = Comment.objects.filter(
        task=look.task, parent__isnull=True, resolved_at__isnull=True
    ).exclude(author=look.user)
    counted = threads.annotate(number=Window(Count("pk"))).select_related("author")
    found = list(counted.order_by("-pk")[:MOST_TODO])
    more = found[0].number - len(found) if found else 0
    return tuple(_thing(look, thread) for thread in found), more


def _thing(look: TaskLook, thread: Comment) -> ToDo:
    return ToDo(
        name=name_of(thread.place, look.content),
        url=editor_thread(look.task.slug, thread),
        author=thread.author.get_username(),
        words=shortened(" ".join(thread.body.split()), SHOWN),
    )
