"""Comments: beginning a thread, answering it, resolving it and opening it again."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from authoring.access import TaskLook
from authoring.models import Comment
from authoring.reviewing.addresses import editor_thread
from authoring.reviewing.comments import add_comment, reopen, reply, resolve
from authoring.reviewing.pages import CommentForm
from authoring.reviewing.places import name_of
from authoring.reviewing.threads import place_choices, read_threads
from authoring.reviewing.views import reviewed_task
from simulation.errors import GymError, Problems
from simulation.pages import Choice
from simulation.views.lookup import SignedIn, see_other

MAX_CHOSEN = 120  # characters of a place


@login_required
@require_POST
def add(request: SignedIn, slug: str) -> HttpResponse:
    look = reviewed_task(request.user, slug)
    place = request.POST.get("place", "")[:MAX_CHOSEN]
    try:
        comment = add_comment(look, place, request.POST.get("body", ""))
    except GymError as error:
        return _again(request, look, error, place=place)
    _say(request, "Your comment was added.")
    return _back(request, slug, comment)


@login_required
@require_POST
def answer(request: SignedIn, slug: str, pk: int) -> HttpResponse:
    look = reviewed_task(request.user, slug)
    thread = _thread(look, pk)
    try:
        reply(look, thread, request.POST.get("body", ""))
    except GymError as error:
        return _again(request, look, error, place=thread.place, thread=thread)
    _say(request, "Your answer was added.")
    return _back(request, slug, thread)


@login_required
@require_POST
def resolve_thread(request: SignedIn, slug: str, pk: int) -> HttpResponse:
    return _turn(request, slug, pk, resolve, "The thread is resolved.")


@login_required
@require_POST
def reopen_thread(request: SignedIn, slug: str, pk: int) -> HttpResponse:
    return _turn(request, slug, pk, reopen, "The thread is open again.")


def _turn(
    request: SignedIn, slug: str, pk: int, act: Callable[[TaskLook, Comment], None], said: str
) -> HttpResponse:
    look = reviewed_task(request.user, slug)
    thread = _thread(look, pk)
    try:
        act(look, thread)
    except GymError as error:
        messages.error(request, error.message)
    else:
        _say(request, said)
    return _back(request, slug, thread)


def _say(request: SignedIn, words: str) -> None:
    """Say that it is done, on the next page; what the script swaps in shows it itself."""
    if "HX-Request" not in request.headers:
        messages.success(request, words)


def _thread(look: TaskLook, pk: int) -> Comment:
    threads = look.task.comments.filter(parent__isnull=True).select_related("author")
    return get_object_or_404(threads, pk=pk)


def _back(request: SignedIn, slug: str, thread: Comment) -> HttpResponse:
    """Lead to where the thread is shown: the page that the script is on, else its own place."""
    current = request.headers.get("HX-Current-URL", "")
    if current and url_has_allowed_host_and_scheme(current, {request.get_host()}):
        return see_other(current)
    if request.POST.get("back") == "review":
        return see_other(f"{reverse('review:page', args=[slug])}#thread-{thread.pk}")
    return see_other(editor_thread(slug, thread))


def _again(
    request: SignedIn, look: TaskLook, error: GymError, *, place: str, thread: Comment | None = None
) -> HttpResponse:
    """Show a comment that could not be taken once more, with what was typed."""
    slug, content = look.task.slug, look.content
    hides = look.hides_reference
    shown = read_threads(look, content) if thread else ()
    back = "review" if request.POST.get("back") == "review" else "editor"
    form = CommentForm(
        slug=slug,
        title=f"Comment on {name_of(place, content).lower()}" if thread else "Comment",
        back=back,
        back_url=reverse("review:page" if back == "review" else "editor:prompt", args=[slug]),
        choices=place_choices(content, place, is_secret_hidden=hides),
        body=request.POST.get("body", ""),
        problems=tuple(_problems(error)),
        thread=next((each for each in shown if thread and each.pk == thread.pk), None),
    )
    status = 422 if isinstance(error, Problems) else error.status
    answer = render(
        request, "authoring/comment.html", {"form": form, "task": content.title}, status=status
    )
    for header, value in (("Retarget", "#main"), ("Reselect", "#main"), ("Reswap", "outerHTML")):
        answer.headers[f"HX-{header}"] = value
    return answer


def _problems(error: GymError) -> list[Choice]:
    """Link each problem with the field that it names."""
    found = []
    for line in error.message.splitlines():
        name, _, words = line.partition(": ")
        is_field = name in ("place", "body")
        found.append(Choice(value=name if is_field else "", label=words if is_field else line))
    return found
