"""Another row like one of the world, with its dependents: asked, shown, then added at once."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods

from authoring.access import TaskLook, edit_task
from authoring.setups.copying import Copied, copy_group
from authoring.setups.ground import Ground, ground_of
from authoring.setups.like_page import Likeness, like_page, likeness, preview_page
from authoring.setups.operations import adding_to, in_rows
from authoring.setups.row_forms import kind_of
from authoring.setups.views import needed, restructure, show
from simulation.editing.fields import form_of
from simulation.editing.sheet import Typed, is_only_edited, only_edited
from simulation.errors import InvalidArgument, Problems
from simulation.forms.reading import read_inputs
from simulation.views.lookup import SignedIn
from simulation.wording import counted

STEP, ADD, BACK = "step", "add", "form"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def like(request: SignedIn, slug: str, entity_type: str, key: str) -> HttpResponse:
    look = edit_task(request.user, slug)
    ground = needed(ground_of(look))
    kind = kind_of(ground, entity_type)
    row = ground.links.whole.rows(kind.name).get(key)
    if row is None:
        raise Http404
    sent = request.POST if request.method == "POST" else None
    found = likeness(ground, kind, row, sent)
    if sent is None:
        return _show(request, look, ground, found, None)
    fields = form_of(ground.links.company, kind.name)
    if is_only_edited(sent):
        return _show(request, look, ground, found, only_edited(fields, row, sent))
    if sent.get(STEP) == BACK:
        return _show(request, look, ground, found, Typed(inputs=sent))
    values, problems = read_inputs(fields, sent)
    if problems:
        typed = Typed(inputs=sent, problems=problems)
        return _show(request, look, ground, found, typed, status=422)
    return _copied(request, look, ground, found, values)


def _copied(
    request: SignedIn, look: TaskLook, ground: Ground, found: Likeness, values: dict[str, Any]
) -> HttpResponse:
    """Copy the rows, and show what that gives; add them when they were seen."""
    sent = request.POST
    try:
        copied = copy_group(ground, found.wanted, in_rows(found.kind, values))
        if wrong := copied.placed[0].applied.problems:
            raise Problems(wrong)
    except InvalidArgument as error:
        typed = Typed(inputs=sent, messages=error.message.splitlines())
        return _show(request, look, ground, found, typed, status=422)
    if sent.get(STEP) == ADD and not copied.problems:
        return _add(request, look, ground, copied)
    page = preview_page(ground, found, copied, sent)
    status = 422 if copied.problems else 200
    return show(request, look, "setup_like_preview.html", status=status, page=page)


def _add(request: SignedIn, look: TaskLook, ground: Ground, copied: Copied) -> HttpResponse:
    seen = [each.operation for each in ground.placed]
    said = f"{counted(len(copied.operations), 'operation')} added."
    do = adding_to(seen, copied.operations)
    return restructure(request, look, do, anchor=len(ground.placed) + 1, said=said)


def _show(
    request: SignedIn,
    look: TaskLook,
    ground: Ground,
    found: Likeness,
    typed: Typed | None,
    *,
    status: int = 200,
) -> HttpResponse:
    page = like_page(ground, found, typed)
    return show(request, look, "setup_like.html", status=status, page=page)
