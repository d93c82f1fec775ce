"""What tasks wait for this person to do: changes, reviews, mending, submitting."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.http import urlencode

from authoring.listing.asked import NOBODY
from authoring.listing.reading import found, listed, read_text
from authoring.models import Revision, Task
from authoring.pages import TurnItem
from authoring.states import MARKS
from grading.models import TaskReport
from simulation.pages import Mark
from simulation.roles import ADMIN, REVIEWER, has_role
from simulation.wording import counted

State = Revision.State
NAMED = 4  # tasks of a kind that are named; the rest are counted
ERRORS = Mark(state="fail", word="lint errors")
REPORTED = Mark(state="report-open", word="reported")


def to_change(user: User) -> Iterator[TurnItem]:
    """Tasks of theirs that came back from review, with the comments that are open."""
    back = _own(user).filter(_has(State.CHANGES_REQUESTED), state="changes_requested")
    is_open = Q(comments__parent__isnull=True, comments__resolved_at__isnull=True)
    back = back.annotate(open_comments=Count("comments", filter=is_open, distinct=True))
    tasks = list(back.order_by("changed", "slug")[: NAMED + 1])
    for task in tasks[:NAMED]:
        yield TurnItem(
            mark=MARKS["changes_requested"],
            title=task.title or task.slug,
            detail=f"{counted(task.open_comments, 'open comment')} of the review",
            url=f"{reverse('editor:prompt', args=[task.slug])}?side=comments",
            action="Change it",
        )
    if len(tasks) > NAMED:
        yield _rest(MARKS["changes_requested"], "More of your tasks came back", user, "state")


def to_review(user: User) -> Iterator[TurnItem]:
    """Tasks in review that are not their own, those that they are asked for first."""
    if not has_role(user, REVIEWER, ADMIN):
        return
    others = listed(user).filter(_has(State.IN_REVIEW), state="in_review").exclude(owner=user)
    waiting = others.annotate(title=read_text("title")).select_related("owner")
    mine = list(waiting.filter(reviewer=user).order_by("changed", "slug")[: NAMED + 1])
    for task in mine[:NAMED]:
        yield TurnItem(
            mark=MARKS["in_review"],
            title=task.title or task.slug,
            detail=f"by {task.owner.get_username()}, who asks for your review",
            url=reverse("review:page", args=[task.slug]),
            action="Review",
        )
    if len(mine) > NAMED:
        yield _asked("More wait for your review", reviewer=user.get_username())
    yield from _for_anybody(user, others)


def reported(user: User) -> Iterator[TurnItem]:
    """Reports on tasks of theirs that nobody was given yet; who deals with them sees them."""
    own = Task.objects.visible_to(user).filter(owner=user, is_retired=False).values("slug")
    live = (TaskReport.State.OPEN, TaskReport.State.ACCEPTED)
    reports = TaskReport.objects.filter(task__in=own, owner=None, state__in=live)
    if count := reports.count():
        yield TurnItem(
            mark=REPORTED,
            title=f"{counted(count, 'report')} on tasks of yours",
            detail="a reviewer looks at it first; read your task again meanwhile",
            url=_list(owner=user.get_username(), state="approved"),
            action="See your tasks",
        )


def to_mend(user: User) -> Iterator[TurnItem]:
    """Drafts of theirs that lint finds errors in, and drafts ahead that nobody else knows of."""
    own = _own(user).exclude(state="retired").alias(errors=found("errors"))
    counts = own.order_by().aggregate(
        wrong=Count("pk", filter=Q(errors__gt=0)), ahead=Count("pk", filter=Q(state="ahead"))
    )
    me = user.get_username()
    if wrong := counts["wrong"]:
        yield TurnItem(
            mark=ERRORS,
            title=f"{counted(wrong, 'task')} of yours with lint errors",
            detail="they stand against submission",
            url=_list(owner=me, lint="errors"),
            action="Mend",
        )
    if ahead := counts["ahead"]:
        yield TurnItem(
            mark=MARKS["ahead"],
            title=f"{counted(ahead, 'draft')} ahead of what is approved",
            detail="agents meet the approved revision until you submit",
            url=_list(owner=me, state="ahead"),
            action="Look and submit",
        )


def _for_anybody(user: User, others: Any) -> Iterator[TurnItem]:
    count = others.filter(reviewer__isnull=True).count()
    if not count:
        return
    detail = "assign one" if has_role(user, ADMIN) else "nobody was asked yet"
    yield TurnItem(
        mark=MARKS["in_review"],
        title=f"{counted(count, 'task')} in review without a reviewer",
        detail=detail,
        url=_list(state="in_review", reviewer=NOBODY),
        action="See them",
    )


def _has(state: str) -> Q:
    """Few tasks have a revision in a state: look at these alone."""
    return Q(pk__in=Revision.objects.filter(state=state).values("task"))


def _own(user: User) -> Any:
    return listed(user).filter(owner=user).annotate(title=read_text("title"))


def _rest(mark: Mark, title: str, user: User, name: str) -> TurnItem:
    url = _list(owner=user.get_username(), **{name: "changes_requested"})
    return TurnItem(mark=mark, title=title, detail="", url=url, action="See them")


def _asked(title: str, **filters: str) -> TurnItem:
    url = _list(state="in_review", **filters)
    return TurnItem(mark=MARKS["in_review"], title=title, detail="", url=url, action="See them")


def _list(**filters: str) -> str:
    return f"{reverse('tasks:list')}?{urlencode(filters)}"
