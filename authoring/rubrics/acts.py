"""What changes the shape of a rubric: each view does one thing and leads back to the criterion."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from authoring.access import TaskLook, edit_task
from authoring.drafts.document import Document
from authoring.drafts.saving import change
from authoring.rubrics import changes
from authoring.rubrics.cards import EDIT, SPLIT, Opened, SplitForm
from authoring.rubrics.proposals import Proposal, changed_rows
from authoring.rubrics.removed import Removed, forget_removed, keep_removed, kept_removed
from authoring.rubrics.views import address_of, show
from grading.graders import GRADERS
from simulation.errors import Conflict, GymError
from simulation.pages import Choice
from simulation.text import clean_text
from simulation.views.lookup import SignedIn, see_other

MAX_PLACE = 6  # digits


@login_required
@require_POST
def add(request: SignedIn, slug: str) -> HttpResponse:
    """Add a criterion of one kind and open it."""
    look = edit_task(request.user, slug)
    kind = request.POST.get("kind", "")
    text = clean_text(request.POST.get("text", ""), limit=changes.MAX_TEXT)[0].strip()
    check = {"kind": kind} if kind in GRADERS else {}
    return added(request, look, [{"text": text, "check": check}], mode=EDIT, typed=text)


@login_required
@require_POST
def from_reference(request: SignedIn, slug: str) -> HttpResponse:
    """Add the criterion that a change of the reference proposes."""
    look = edit_task(request.user, slug)
    found = proposal_of(look, request.POST.get("change", ""))
    if found is None:
        return refused(request, look, GONE)
    new = {"text": found.text[: changes.MAX_TEXT], "check": dict(found.check)}
    return added(request, look, [new], mode="" if found.is_whole else EDIT)


@login_required
@require_POST
def duplicate(request: SignedIn, slug: str, key: str) -> HttpResponse:
    look = edit_task(request.user, slug)
    return _done(request, look, lambda d: changes.duplicate(d, key), mode=EDIT)


@login_required
@require_POST
def move(request: SignedIn, slug: str, key: str) -> HttpResponse:
    """Move a criterion: up, down, or to a place."""
    look = edit_task(request.user, slug)
    to = request.POST.get("to", "")
    if to.isdecimal() and to.isascii() and len(to) <= MAX_PLACE:
        return _done(request, look, lambda d: changes.move(d, key, int(to)), at=key)
    by = {"up": -1, "down": 1}.get(to)
    if by is None:
        return refused(request, look, "say up, down or a place, counted from 1")
    return _done(request, look, lambda d: changes.step(d, key, by), at=key)


@login_required
@require_POST
def remove(request: SignedIn, slug: str, key: str) -> HttpResponse:
    """Remove a criterion; it is kept so that it can be put back."""
    look = edit_task(request.user, slug)
    gone: list[Removed] = []

    def do(document: Document) -> Document:
        place = changes.keys_of(document).index(key) + 1 if key in changes.keys_of(document) else 0
        gone[:] = [Removed(changes.find(document, key), place)]
        return changes.remove(document, key)

    try:
        change(look.task, do, by=look.user)
    except GymError as error:
        return refused(request, look, error.message)
    keep_removed(request, slug, gone[0])
    return see_other(f"{address_of(slug)}?removed={key}#removed")


@login_required
@require_POST
def put_back(request: SignedIn, slug: str) -> HttpResponse:
    look = edit_task(request.user, slug)
    kept = kept_removed(request, slug)
    if kept is None:
        return refused(request, look, "there is no removed criterion that could be put back")
    forget_removed(request, slug)
    key = kept.criterion["key"]
    return _done(request, look, lambda d: changes.put_back(d, kept.criterion, kept.place), at=key)


@login_required
@require_POST
def split(request: SignedIn, slug: str, key: str) -> HttpResponse:
    """Make several criteria of one, one a line."""
    look = edit_task(request.user, slug)
    typed = clean_text(request.POST.get("texts", ""), limit=100_000)[0]
    texts = [line.strip() for line in typed.splitlines() if line.strip()]
    keeps: Literal["first", "each"] = "each" if request.POST.get("check") == "each" else "first"
    try:
        change(look.task, lambda d: changes.split(d, key, texts, keeps), by=look.user)
    except GymError as error:
        return _not_split(request, look, key, typed, keeps, error)
    messages.success(request, f"There are {len(texts)} criteria now in the place of one.")
    return see_other(address_of(slug, key))


def _not_split(
    request: SignedIn, look: TaskLook, key: str, typed: str, keeps: str, error: GymError
) -> HttpResponse:
    """Show what was typed again: in its card, or as a new criterion where that is gone."""
    now = edit_task(look.user, look.task.slug)
    is_there = any(each.key == key for each in now.content.rubric.criteria)
    opened = Opened(
        key=key,
        mode=SPLIT,
        split=SplitForm(text=typed, keeps_check=keeps, problem=error.message),
        problems=(Choice(value="id_texts" if is_there else "", label=error.message),),
        new_text="" if is_there else typed[: changes.MAX_TEXT],
    )
    return show(request, now, opened, status=422 if is_there else 409)


@login_required
@require_POST
def turn(request: SignedIn, slug: str, key: str) -> HttpResponse:
    """Give a criterion that a judge or a person decides a check instead."""
    look = edit_task(request.user, slug)
    if token := request.POST.get("change"):
        found = proposal_of(look, token)
        if found is None:
            return refused(request, look, GONE)
        check: Mapping[str, Any] = dict(found.check)
    else:
        kind = request.POST.get("kind", "")
        if kind not in GRADERS:
            return refused(request, look, f"kind {kind!r}: choose one of {', '.join(GRADERS)}")
        check = {"kind": kind}
    return _done(request, look, lambda d: changes.turn(d, key, check), at=key, mode=EDIT)


GONE = "the reference does not change this any more: look again at what it changes"


def proposal_of(look: TaskLook, token: str) -> Proposal | None:
    played = look.scene.played
    if played is None:
        return None
    rows = changed_rows(played.evidence, ())
    return next((each for row in rows for each in row.proposals if each.token == token), None)


def added(
    request: HttpRequest,
    look: TaskLook,
    new: Sequence[changes.Criterion],
    *,
    mode: str = "",
    typed: str = "",
) -> HttpResponse:
    """Add criteria at the end and lead to the first of them. typed: what is shown again if not."""
    return _done(request, look, lambda d: changes.add(d, new), mode=mode, typed=typed)


def refused(
    request: HttpRequest, look: TaskLook, reason: str, *, status: int = 409, typed: str = ""
) -> HttpResponse:
    """Show the rubric as it is now, and why nothing was changed."""
    now = edit_task(look.user, look.task.slug)
    opened = Opened(problems=(Choice(value="", label=reason),), new_text=typed)
    return show(request, now, opened, status=status)


def _done(
    request: HttpRequest,
    look: TaskLook,
    do: changes.Change,
    *,
    at: str = "",
    mode: str = "",
    typed: str = "",
) -> HttpResponse:
    """Change the draft and lead to a criterion: to `at`, else to the first new one."""
    new: list[str] = []

    def noted(document: Document) -> Document:
        changed = do(document)
        there = {*changes.keys_of(document)}
        new[:] = [key for key in changes.keys_of(changed) if key not in there]
        return changed

    try:
        change(look.task, noted, by=look.user)
    except GymError as error:
        status = 409 if isinstance(error, Conflict) else 422
        return refused(request, look, error.message, status=status, typed=typed)
    return see_other(address_of(look.task.slug, at or next(iter(new), ""), mode))
