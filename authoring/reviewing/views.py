"""The page of review and what people do there. Each is a form that works without scripts."""

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from authoring.access import TaskLook, edit_task, look_at_task
from authoring.models import Revision
from authoring.references.trying import calls_made
from authoring.reviewing.checklist import KEYS, Answer, answer_checklist
from authoring.reviewing.comments import add_comment
from authoring.reviewing.judging import approve, request_changes, reveal
from authoring.reviewing.page import Asked, review_page
from authoring.reviewing.people import judges_of
from authoring.reviewing.submission import assign, submit, withdraw
from authoring.reviewing.ticks import tick
from simulation.errors import GymError, Problems
from simulation.views.lookup import SignedIn, number, see_other

FINE = {"yes": True, "no": False}


@login_required
@require_safe
def page(request: SignedIn, slug: str) -> HttpResponse:
    asked = Asked(
        number=number(request, "revision"),
        show=request.GET.get("show", ""),
        place=request.GET.get("place", ""),
    )
    return _show(request, reviewed_task(request.user, slug), asked)


@login_required
@require_POST
def decide(request: SignedIn, slug: str) -> HttpResponse:
    """Comment, ask for changes or approve; which one says `action`."""
    look = reviewed_task(request.user, slug)
    revision, text = _sent_revision(request, look), request.POST.get("text", "")
    acts: Mapping[str, tuple[Callable[[], object], str]] = {
        "comment": (lambda: add_comment(look, "task", text), "Your comment was added."),
        "request_changes": (
            lambda: request_changes(revision, by=request.user, text=text),
            f"Revision {revision.number} goes back to its author.",
        ),
        "approve": (
            lambda: approve(revision, by=request.user, note=text),
            f"Revision {revision.number} is approved.",
        ),
    }
    if request.POST.get("action") not in acts:
        raise Http404
    act, done = acts[request.POST["action"]]
    try:
        act()
    except GymError as error:
        asked = Asked(text=text, problems=_lines(error))
        return _show(request, reviewed_task(request.user, slug), asked, status=_status(error))
    messages.success(request, done)
    return see_other(reverse("review:page", args=[slug]))


@login_required
@require_POST
def tick_criterion(request: SignedIn, slug: str) -> HttpResponse:
    """Tick a criterion (on=1), or take the tick back."""
    look = reviewed_task(request.user, slug)
    key, is_on = request.POST.get("criterion", ""), request.POST.get("on") == "1"
    return _done(
        request,
        look,
        lambda revision: tick(revision, key, by=request.user, is_on=is_on),
        anchor=f"criterion-{key}",
    )


@login_required
@require_POST
def checklist(request: SignedIn, slug: str) -> HttpResponse:
    look = reviewed_task(request.user, slug)
    answers = _answers(request.POST)
    return _done(
        request,
        look,
        lambda revision: answer_checklist(revision, answers, by=request.user),
        anchor="checklist",
    )


@login_required
@require_POST
def reveal_reference(request: SignedIn, slug: str) -> HttpResponse:
    look = reviewed_task(request.user, slug)
    calls = calls_made(request.user, look.task)
    return _done(
        request,
        look,
        lambda revision: reveal(revision, by=request.user, calls=calls),
        anchor="reference",
    )


@login_required
@require_POST
def submit_task(request: SignedIn, slug: str) -> HttpResponse:
    """Hand the draft in."""
    look = edit_task(request.user, slug)
    try:
        reviewer = _reviewer(request, look)
        revision = submit(
            look.task, by=request.user, note=request.POST.get("note", ""), reviewer=reviewer
        )
    except GymError as error:
        return _refused(request, look, error)
    messages.success(request, f"Revision {revision.number} waits for review.")
    return see_other(reverse("editor:prompt", args=[slug]))


@login_required
@require_POST
def withdraw_task(request: SignedIn, slug: str) -> HttpResponse:
    look = edit_task(request.user, slug)
    try:
        revision = withdraw(look.task, by=request.user, note=request.POST.get("note", ""))
    except GymError as error:
        return _refused(request, look, error)
    messages.success(request, f"Revision {revision.number} was taken back.")
    return see_other(reverse("editor:prompt", args=[slug]))


@login_required
@require_POST
def assign_task(request: SignedIn, slug: str) -> HttpResponse:
    """Ask another person for the review."""
    look = edit_task(request.user, slug)
    try:
        reviewer = _reviewer(request, look)
        if reviewer:
            assign(look.task, reviewer, by=request.user)
    except GymError as error:
        return _refused(request, look, error)
    said = f"{reviewer} is asked for the review." if reviewer else "Nobody was chosen."
    messages.success(request, said)
    return see_other(reverse("editor:prompt", args=[slug]))


def reviewed_task(user: User, slug: str) -> TaskLook:
    """Give a task whose review a person may read: its author, reviewers, admins. Raises Http404."""
    look = look_at_task(user, slug)
    if not look.sees_draft:
        raise Http404
    return look


def _show(request: SignedIn, look: TaskLook, asked: Asked, *, status: int = 200) -> HttpResponse:
    found = review_page(look, asked)
    context = {"page": found, "slug": look.task.slug, "title": look.content.title}
    return render(request, "authoring/review.html", context, status=status)


def _sent_revision(request: SignedIn, look: TaskLook) -> Revision:
    """Give the revision that a form was about. Raises Http404."""
    sent = request.POST.get("revision", "")
    is_number = sent.isdecimal() and sent.isascii() and len(sent) < 9
    found = get_object_or_404(look.task.revisions, number=int(sent) if is_number else 0)
    found.task = look.task
    return found


def _done(
    request: SignedIn, look: TaskLook, act: Callable[[Revision], object], *, anchor: str
) -> HttpResponse:
    """Act on the revision that was sent and lead back to the place on the page."""
    try:
        act(_sent_revision(request, look))
    except GymError as error:
        messages.error(request, error.message)
        if "HX-Request" in request.headers:
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    url = reverse("review:page", args=[look.task.slug])
    show = request.POST.get("show", "")
    query = f"?show={show}" if show in ("changes", "last", "all") else ""
    return see_other(f"{url}{query}#{anchor}")


def _answers(sent: QueryDict) -> dict[str, Answer]:
    said = {key: sent.get(f"fine.{key}", "") for key in KEYS}
    return {
        key: Answer(is_fine=FINE[word], note=sent.get(f"note.{key}", ""))
        for key, word in said.items()
        if word in FINE
    }


def _reviewer(request: SignedIn, look: TaskLook) -> User | None:
    name = request.POST.get("reviewer", "")
    if not name:
        return None
    found = judges_of(look.task).filter(username=name).first()
    if found is None:
        raise Problems([f"reviewer: {name[:80]!r} cannot review this task: choose a reviewer"])
    return found


def _refused(request: SignedIn, look: TaskLook, error: GymError) -> HttpResponse:
    """Say on a page of its own what is in the way, with what was typed."""
    context = {
        "slug": look.task.slug,
        "title": look.content.title or look.task.slug,
        "problems": error.message.splitlines(),
        "note": request.POST.get("note", ""),
    }
    return render(request, "authoring/not_submitted.html", context, status=_status(error))


def _status(error: GymError) -> int:
    return 422 if isinstance(error, Problems) else error.status


def _lines(error: GymError) -> dict[str, str]:
    lines = error.message.splitlines()
    return {
        str(n): line.removeprefix("text: ").removeprefix("body: ") for n, line in enumerate(lines)
    }
