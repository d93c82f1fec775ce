"""The near-misses of a task: the page of each, and adding, renaming and removing them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_POST, require_safe

from authoring.access import edit_task, look_at_rubric
from authoring.drafts import saving
from authoring.drafts.document import Document, fingerprint, read_part, with_part
from authoring.references.page import solution_page
from authoring.references.solutions import Solution, solution_of
from authoring.references.taking import read_name, with_miss
from authoring.references.views import show
from simulation.errors import Conflict, GymError
from simulation.views.lookup import SignedIn, see_other

REMOVE = "remove"


@login_required
@require_safe
def page(request: SignedIn, slug: str, miss: int) -> HttpResponse:
    look = look_at_rubric(request.user, slug)
    return show(request, look, solution_page(look, miss))


@login_required
@require_POST
def add(request: SignedIn, slug: str) -> HttpResponse:
    """Add a near-miss: a copy of the reference that is then changed, or an empty one."""
    look = edit_task(request.user, slug)
    name = request.POST.get("name", "")
    is_copy = request.POST.get("from", "") == "reference"

    def do(document: Document) -> Document:
        return with_miss(document, name, list(document["reference"]) if is_copy else [])

    try:
        draft = saving.change(look.task, do, by=request.user)
    except GymError as error:
        messages.error(request, f"{error.message[:1].upper()}{error.message[1:]}.")
        return see_other(f"{solution_of(look, None).url()}#near-misses")
    return see_other(Solution(look, len(draft.content["near_misses"]), name, ()).url())


@login_required
@require_POST
def change(request: SignedIn, slug: str, miss: int) -> HttpResponse:
    """Rename a near-miss, or remove it when `what` says so."""
    look = edit_task(request.user, slug)
    solution = solution_of(look, miss)
    removes = request.POST.get("what") == REMOVE

    def do(document: Document) -> Document:
        part = read_part(document, solution.path)
        if fingerprint(part["name"] if part else None) != request.POST.get("base", ""):
            raise Conflict("somebody changed this near-miss meanwhile: look at it again")
        return with_part(document, solution.path, None if removes else _renamed(document, part))

    def _renamed(document: Document, part: Any) -> Any:
        others = [each["name"] for each in document["near_misses"] if each != part]
        return {**part, "name": read_name(request.POST.get("name", ""), others)}

    try:
        saving.change(look.task, do, by=request.user)
    except GymError as error:
        messages.error(request, f"{error.message[:1].upper()}{error.message[1:]}.")
        return see_other(solution.url())
    return see_other(f"{solution_of(look, None).url()}#near-misses" if removes else solution.url())
