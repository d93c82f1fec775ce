"""Importing criteria into a rubric, in two steps; and giving a rubric out."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from authoring.access import TaskLook, edit_task, look_at_rubric
from authoring.editor.frame import frame_for
from authoring.rubric_imports import FORMATS, MAX_BYTES
from authoring.rubric_imports.imports import import_criteria
from authoring.rubric_imports.looking import Found, look_at
from authoring.rubric_imports.page import Typed, import_page
from authoring.rubric_imports.planning import ADD, MODES, REPLACE, State
from authoring.rubric_imports.source import received_text
from authoring.rubrics.views import address_of
from simulation.errors import Conflict, GymError, InvalidArgument, Problems
from simulation.pages import Choice
from simulation.text import clean_text
from simulation.views.lookup import SignedIn, see_other
from simulation.wording import counted

DO = "do"
MAX_NAME = 40


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: SignedIn, slug: str) -> HttpResponse:
    """Take a rubric of another format, show what it would become, and import it when told to."""
    look = edit_task(request.user, slug)
    if request.method != "POST":
        return _show(request, look, Typed(), None)
    try:
        typed = _typed(request)
    except InvalidArgument as error:
        wrong = Choice(value="id_file", label=error.message)
        return _show(request, look, _as_sent(request), None, refused=[wrong], status=422)
    found = look_at(typed.text, form=typed.form, part=typed.part)
    mode = request.POST.get(DO, "")
    if mode in MODES and not found.reading.problems:
        return _import(request, look, typed, found, mode)
    return _show(request, look, typed, found, status=422 if found.reading.problems else 200)


@login_required
@require_safe
def export(request: SignedIn, slug: str) -> HttpResponse:
    """Give the criteria of a task in a format of others."""
    look = look_at_rubric(request.user, slug)
    form = FORMATS.get(request.GET.get("form", ""))
    if form is None:
        raise Http404
    try:
        data = form.write(slug, look.content)
    except GymError as error:
        messages.error(request, f"{error.message}.")
        return see_other(address_of(slug))
    response = HttpResponse(data, content_type=f"{form.media_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slug}-rubric.{form.suffix}"'
    response["Cache-Control"] = "private, no-cache"
    return response


def _import(
    request: SignedIn, look: TaskLook, typed: Typed, found: Found, mode: str
) -> HttpResponse:
    if mode == REPLACE and "confirm" not in request.POST:
        said = "tick what becomes of the criteria that are there now"
        return _refused(request, look, typed, found, Choice(value="id_confirm", label=said), 422)
    base = request.POST.get("base", "")
    try:
        done = import_criteria(look.task, found, mode, by=look.user, base=base)
    except GymError as error:
        status = 409 if isinstance(error, Conflict) else 422
        wrong = Choice(value="preview", label="; ".join(_lines(error)))
        return _refused(request, look, typed, found, wrong, status)
    new = [each.criterion["key"] for each in done.plan.criteria if each.state != State.THERE]
    what = counted(len(new), "criterion was", "criteria were")
    said = f"{what} added." if mode == ADD else f"The rubric was replaced: {what} imported."
    messages.success(request, f"{said} What it said before is in the history.")
    return see_other(address_of(look.task.slug, str(new[0])))


def _refused(
    request: SignedIn, look: TaskLook, typed: Typed, found: Found, wrong: Choice, status: int
) -> HttpResponse:
    """Show the preview of the draft as it is now, and why nothing was imported."""
    now = edit_task(look.user, look.task.slug)
    return _show(request, now, typed, found, refused=[wrong], status=status)


def _show(
    request: HttpRequest,
    look: TaskLook,
    typed: Typed,
    found: Found | None,
    *,
    refused: list[Choice] | None = None,
    status: int = 200,
) -> HttpResponse:
    page = import_page(look, typed, found, refused=refused or ())
    context = {
        "frame": frame_for(request, look, "rubric"),
        "page": page,
        "back": reverse("rubric:page", args=[look.task.slug]),
    }
    return render(request, "authoring/rubric_import.html", context, status=status)


def _typed(request: HttpRequest) -> Typed:
    """Read what was given; a file that was chosen counts more than the text.

    Raises InvalidArgument for a file that cannot be read.
    """
    sent, file = _as_sent(request), request.FILES.get("file")
    if file is None and not getattr(request, "is_too_large", False):
        return sent
    data = file.read(MAX_BYTES + 1) if file else b"." * (MAX_BYTES + 1)
    return Typed(received_text(data), sent.form, "")


def _as_sent(request: HttpRequest) -> Typed:
    given = request.POST
    form, part = given.get("form", "")[:MAX_NAME], given.get("part", "")[:MAX_NAME]
    content = given.get("content", "")
    return Typed(clean_text(content, limit=len(content))[0], form, part)


def _lines(error: GymError) -> tuple[str, ...]:
    return error.problems if isinstance(error, Problems) else (error.message,)
