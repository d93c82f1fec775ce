"""The tab History of a task, two states compared, and the answer to a conflict."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from authoring.access import edit_task, look_at_rubric
from authoring.drafts.saving import DraftConflict, save
from authoring.editor.frame import frame_for
from authoring.history.conflicts import conflict_page, place_url, read_choices
from authoring.history.pages import compare_page, history_page
from authoring.history.revisions import DRAFT, find_version, name_draft, restore, revisions_for
from simulation.errors import GymError
from simulation.views.lookup import SignedIn, number, see_other

SHOWN = ("", "named", "review")


@login_required
@require_safe
def page(request: SignedIn, slug: str) -> HttpResponse:
    return _history(request, slug)


@login_required
@require_safe
def compare(request: SignedIn, slug: str) -> HttpResponse:
    """Compare two states: ?a=3&b=draft. Without both, the approved or first one and the newest."""
    look = look_at_rubric(request.user, slug)
    numbers = list(revisions_for(look).values_list("number", flat=True)[:2])
    newest = DRAFT if look.sees_draft else str(numbers[0]) if numbers else ""
    before = find_version(look, request.GET.get("a") or str(numbers[-1] if numbers else newest))
    after = find_version(look, request.GET.get("b") or newest)
    context = {
        "frame": frame_for(request, look, "history"),
        "page": compare_page(look, before, after),
    }
    return render(request, "authoring/compare.html", context)


@login_required
@require_POST
def name(request: SignedIn, slug: str) -> HttpResponse:
    """Keep the draft as it is under a name."""
    look = edit_task(request.user, slug)
    given = request.POST.get("name", "")
    try:
        revision = name_draft(look.task, given, by=request.user)
    except GymError as error:
        return _history(request, slug, typed=given, problem=error.message, status=error.status)
    messages.success(request, f"Kept as revision {revision.number}, “{revision.name}”.")
    return see_other(reverse("history:page", args=[slug]))


@login_required
@require_POST
def restore_revision(request: SignedIn, slug: str, number: int) -> HttpResponse:
    look = edit_task(request.user, slug)
    version = find_version(look, str(number))
    if version.revision is not None:
        restore(look.task, version.revision, by=request.user)
    said = f"The draft says what revision {number} says. What it said before is kept in the list."
    messages.success(request, said)
    return see_other(reverse("history:page", args=[slug]))


@login_required
@require_POST
def resolve(request: SignedIn, slug: str) -> HttpResponse:
    """Save what was chosen on the screen of a conflict; somebody may have been quicker again."""
    look = edit_task(request.user, slug)
    try:
        edits = read_choices(request.POST)
        save(look.task, edits, by=request.user)
    except DraftConflict as conflict:
        return conflict_page(request, edit_task(request.user, slug), conflict)
    except GymError as error:
        messages.error(request, error.message)
        return see_other(reverse("editor:prompt", args=[slug]))
    done = "Saved as you chose." if edits else "Theirs stays; nothing was changed."
    messages.success(request, done)
    paths = [edit.path for edit in edits] or [request.POST.get("path-0", "")]
    return see_other(place_url(look, paths[0]))


def _history(
    request: SignedIn, slug: str, *, typed: str = "", problem: str = "", status: int = 200
) -> HttpResponse:
    look = look_at_rubric(request.user, slug)
    shown = request.GET.get("shown", "")
    shown = shown if shown in SHOWN else ""
    context = {
        "frame": frame_for(request, look, "history"),
        "page": history_page(look, shown=shown, page=max(1, number(request, "page") or 1)),
        "typed": typed,
        "problem": problem,
    }
    return render(request, "authoring/history.html", context, status=422 if problem else status)
