"""What a save is answered with: a page for people, or JSON for the script that saves by itself.

200  {"state": "saved", "version", "saved_at", "bases": {path: fingerprint}}
422  the same with "state": "invalid" and "problems": {input: message}; the rest was saved
     "saved" may name problems too: what is wrong with what was saved all the same
409  {"state": "conflict", "message"}; nothing was saved, the form sent plainly compares both
400  {"error": {"code", "message"}}; nothing was saved: a retired task, a form that is none of ours
"""

from collections.abc import Callable, Mapping, Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from authoring.access import TaskLook
from authoring.drafts.document import fingerprint, read_part
from authoring.drafts.saving import DraftConflict, Edit, save
from authoring.history.conflicts import conflict_page
from authoring.models import Draft
from simulation.errors import GymError, Problems
from simulation.views.lookup import see_other

AUTOSAVE = "X-Autosave"
Show = Callable[[Mapping[str, str]], HttpResponse]


def is_autosave(request: HttpRequest) -> bool:
    """Tell whether the script in the page saves, while somebody types on."""
    return AUTOSAVE in request.headers


def answer_save(
    request: HttpRequest,
    look: TaskLook,
    edits: Sequence[Edit],
    *,
    show: Show,
    back: str,
    problems: Mapping[str, str] | None = None,
    complaints: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Save what can be saved, and answer.

    problems: what could not be read, by the name of its input; it is not among the edits.
    complaints: what is wrong with what is saved all the same.
    show: gives the page with the form as it was typed and what is wrong with it. back: the address
    to go to when all is saved.
    """
    found = dict(problems or {})
    try:
        draft, saved = _save(look, edits, found)
    except DraftConflict as conflict:
        return _conflict(request, look, conflict)
    except GymError as error:
        return _refused(request, error, back)
    if is_autosave(request):
        return _told(draft, saved, found, complaints or {})
    if found or complaints:
        return show({**(complaints or {}), **found})
    return see_other(back)


def _save(
    look: TaskLook, edits: Sequence[Edit], found: dict[str, str]
) -> tuple[Draft, Sequence[Edit]]:
    """Save; what is of a wrong type is left out and named, the rest is tried again. Gives what was
    saved as well."""
    try:
        return save(look.task, edits, by=look.user), edits
    except Problems as error:
        wrong = {_path(line): line.partition(": ")[2] or line for line in error.problems}
        left = [edit for edit in edits if edit.path not in {_edited(p, edits) for p in wrong}]
        if len(left) == len(edits):
            raise
        found |= wrong
        return save(look.task, left, by=look.user), left


def _path(problem: str) -> str:
    return problem.partition(": ")[0]


def _edited(place: str, edits: Sequence[Edit]) -> str:
    """Give the path of the edit that a problem is about: "budgets" of "budgets.max_turns"."""
    first = place.partition(".")[0]
    inside = [e.path for e in edits if e.path.partition("/")[0] == first]
    return inside[0] if len(inside) == 1 else first


def _told(
    draft: Draft,
    edits: Sequence[Edit],
    problems: Mapping[str, str],
    complaints: Mapping[str, str],
) -> HttpResponse:
    bases = {e.path: fingerprint(read_part(draft.content, e.path)) for e in edits}
    body = {
        "state": "invalid" if problems else "saved",
        "version": draft.version,
        "saved_at": f"{timezone.localtime(draft.updated_at):%H:%M}",
        "bases": bases,
        "problems": {**complaints, **problems},
    }
    return JsonResponse(body, status=422 if problems else 200)


def _refused(request: HttpRequest, error: GymError, back: str) -> HttpResponse:
    if is_autosave(request):
        return JsonResponse(error.as_json(), status=400)
    messages.error(request, error.message)
    return see_other(back)


def _conflict(request: HttpRequest, look: TaskLook, conflict: DraftConflict) -> HttpResponse:
    if is_autosave(request):
        body = {"state": "conflict", "message": conflict.message}
        return JsonResponse(body, status=409)
    return conflict_page(request, look, conflict)
