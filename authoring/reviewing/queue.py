"""What waits for a reviewer: revisions in review of other people's tasks."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db.models import Case, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.fields.json import KT, KeyTransform
from django.urls import reverse

from authoring.content import DraftRubric
from authoring.models import ReviewEvent, Revision, Task, Tick
from authoring.reviewing.pages import QueuePage, QueueRow
from authoring.reviewing.ticks import count_ticked
from simulation.pages import Choice, Pager
from simulation.roles import ADMIN, REVIEWER, has_role
from simulation.wording import counted

ROWS = 25
MINE, OTHERS, OWN = "", "others", "own"


def in_review_for(user: User) -> QuerySet[Revision]:
    """Give the revisions in review that a person may know of."""
    tasks = Task.objects.visible_to(user).filter(is_retired=False)
    return Revision.objects.filter(state=Revision.State.IN_REVIEW, task__in=tasks)


def waiting_for(user: User) -> QuerySet[Revision]:
    """Give what a person is asked to review: assigned to them, or to nobody."""
    if not has_role(user, REVIEWER, ADMIN):
        return Revision.objects.none()
    return in_review_for(user).exclude(_own(user)).filter(_asked(user))


def queue_page(user: User, *, which: str, page: int) -> QueuePage:
    """which: "" what waits for this person, "others" what others are asked for, "own" theirs."""
    known = in_review_for(user)
    others = known.exclude(_own(user)).exclude(_asked(user))
    is_reviewer = has_role(user, REVIEWER, ADMIN)
    found = {
        MINE: waiting_for(user),
        OTHERS: others if is_reviewer else Revision.objects.none(),
        OWN: known.filter(_own(user)),
    }
    which = which if which in found else MINE
    counts = {name: revisions.count() for name, revisions in found.items()}
    sheet = Paginator(_prepared(found[which], user), ROWS).get_page(page)
    return QueuePage(
        rows=tuple(_rows(sheet.object_list, user)),
        choices=tuple(_choices(counts, which)),
        count=counted(counts[which], "revision"),
        empty_title=_empty_title(which),
        empty_text=_empty_text(counts, which, is_reviewer=is_reviewer),
        pager=_pager(sheet, which),
    )


def _own(user: User) -> Q:
    return Q(author=user) | Q(task__owner=user)


def _asked(user: User) -> Q:
    return Q(task__reviewer=user) | Q(task__reviewer__isnull=True)


def _prepared(revisions: QuerySet[Revision], user: User) -> QuerySet[Revision]:
    """Order as a person should take them; of the content only what the rows show is read."""
    submitted = ReviewEvent.objects.filter(revision=OuterRef("pk"), action="submit").order_by("-pk")
    is_mine = Case(When(task__reviewer=user, then=Value(0)), default=1, output_field=IntegerField())
    rows = revisions.annotate(
        turn=is_mine,
        since=Subquery(submitted.values("created_at")[:1]),
        title=KT("content__title"),
        rubric=KeyTransform("rubric", "content"),
    )
    related = rows.select_related("task__reviewer", "author").defer("content")
    return related.order_by("turn", F("since").asc(nulls_last=True), "pk")


def _rows(revisions: Iterable[Any], user: User) -> Iterable[QueueRow]:
    shown = list(revisions)
    ticks = _ticks(user, [revision.task_id for revision in shown])
    for revision in shown:
        criteria = DraftRubric.model_validate(revision.rubric).criteria
        task = revision.task
        yield QueueRow(
            title=revision.title or task.slug,
            slug=task.slug,
            url=reverse("review:page", args=[task.slug]),
            number=revision.number,
            author=revision.author.get_username(),
            asked=task.reviewer.get_username() if task.reviewer else "",
            since=revision.since or revision.created_at,
            ticked=count_ticked(ticks.get(task.pk, {}), criteria),
            criteria=len(criteria),
            is_mine=task.reviewer_id == user.pk,
        )


def _ticks(user: User, tasks: list[int]) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    ticks = Tick.objects.filter(reviewer=user, task__in=tasks)
    for task, criterion, hash_ in ticks.values_list("task", "criterion", "hash"):
        found.setdefault(task, {})[criterion] = hash_
    return found


def _choices(counts: Mapping[str, int], which: str) -> Iterable[Choice]:
    labels = {MINE: "Waiting for you", OTHERS: "Asked of others", OWN: "Your own"}
    url = reverse("reviews:queue")
    for name, label in labels.items():
        yield Choice(
            value=name,
            label=label,
            is_selected=name == which,
            url=f"{url}?which={name}" if name else url,
            count=str(counts[name]),
        )


def _empty_title(which: str) -> str:
    return {
        OTHERS: "Nothing is asked of others.",
        OWN: "None of your own tasks is in review.",
    }.get(which, "Nothing waits for you.")


def _empty_text(counts: Mapping[str, int], which: str, *, is_reviewer: bool) -> str:
    """Say why nothing is there, with where the others are."""
    if which == OWN:
        return "Hand one in from the head of its editor: Submit for review."
    own = f"{counts[OWN]} of your own {'is' if counts[OWN] == 1 else 'are'} with reviewers"
    if not is_reviewer:
        return f"Tasks come here for people with the role reviewer. {own.capitalize()}."
    others = f"{counts[OTHERS]} {'is' if counts[OTHERS] == 1 else 'are'} asked of others"
    if which == OTHERS:
        return f"{counts[MINE]} wait for you, {own}."
    return f"0 wait for you: {own}, {others}."


def _pager(sheet: Any, which: str) -> Pager | None:
    if sheet.paginator.num_pages < 2:
        return None
    base = f"{reverse('reviews:queue')}?which={which}&page="
    return Pager(
        text=f"{sheet.start_index():,} to {sheet.end_index():,} of {sheet.paginator.count:,}",
        previous_url=f"{base}{sheet.previous_page_number()}" if sheet.has_previous() else "",
        next_url=f"{base}{sheet.next_page_number()}" if sheet.has_next() else "",
    )
