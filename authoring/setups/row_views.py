"""Rows of a setup by form: an operation edited, a row changed, made or removed."""

from collections.abc import Mapping

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from authoring.access import TaskLook, edit_task
from authoring.drafts.saving import DraftConflict, Edit, save
from authoring.editor.answers import answer_save
from authoring.history.conflicts import conflict_page
from authoring.setups.belonging import alone, group_of
from authoring.setups.ground import Ground, ground_of
from authoring.setups.operations import adding, removing
from authoring.setups.pages import RowForm
from authoring.setups.removing import removals, remove_page
from authoring.setups.row_forms import (
    RowRead,
    change_form,
    editable,
    fields_of,
    kind_of,
    new_form,
    operation_base,
    operation_form,
    read_change,
    read_new,
    read_operation,
    with_messages,
    written_row,
)
from authoring.setups.views import needed, restructure, show
from simulation.editing.sheet import Typed, is_only_edited, only_edited
from simulation.entities import EntityType, Row
from simulation.views.lookup import SignedIn, see_other

KEEP, WITH = "keep", "with"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedIn, slug: str, number: int) -> HttpResponse:
    """The form of an operation. It is saved as it is typed, with what is wrong with it."""
    look = edit_task(request.user, slug)
    ground = needed(ground_of(look))
    placed = editable(ground, number)
    if request.method != "POST":
        return _form(request, look, operation_form(ground, placed, None), operation_base(placed))
    if is_only_edited(request.POST):
        return _reshaped(request, look, ground, number)
    read = read_operation(ground, placed, request.POST)
    sent = Typed(inputs=request.POST, problems=read.problems, messages=read.messages)
    form = operation_form(ground, placed, sent)

    def show_again(_: Mapping[str, str]) -> HttpResponse:
        fresh = edit_task(request.user, slug)
        base = operation_base(editable(needed(ground_of(fresh)), number))
        return _form(request, fresh, form, base, status=422)

    wrong = {name.removeprefix("id_"): line for name, line in _lines(form)}
    return answer_save(
        request,
        look,
        [_edit(request, form.path, read)],
        show=show_again,
        back=f"{reverse('setup:page', args=[slug])}#op-{number}",
        problems=read.problems,
        complaints={name: text for name, text in wrong.items() if name not in read.problems},
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: SignedIn, slug: str, entity_type: str, key: str) -> HttpResponse:
    """Change a row of the world for this task; one that the setup changes already, further."""
    look = edit_task(request.user, slug)
    ground = needed(ground_of(look))
    kind, row = _row(ground, entity_type, key)
    there = ground.of_row(kind.name, key)
    if there and there.op in ("create", "update") and request.method != "POST":
        return see_other(reverse("setup:edit", args=[slug, there.number]))
    if request.method != "POST":
        return _form(request, look, change_form(ground, kind, row, None))
    typed = Typed(inputs=request.POST)
    if is_only_edited(request.POST):
        reshaped = only_edited(fields_of(ground, kind, is_new=False), row, request.POST)
        return _form(request, look, change_form(ground, kind, row, reshaped))
    read = read_change(ground, kind, row, request.POST)
    if not _is_taken(request, read) or not read.operation["fields"]:
        form = change_form(ground, kind, row, with_messages(typed, read), keep=_can_keep(read))
        return _form(request, look, form, status=422)
    return _add(request, look, ground, read, f"{key} is changed for this task.")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedIn, slug: str, entity_type: str) -> HttpResponse:
    """Make a row, empty or like another one."""
    look = edit_task(request.user, slug)
    ground = needed(ground_of(look))
    kind = kind_of(ground, entity_type)
    like = ground.links.whole.rows(kind.name).get(request.GET.get("like", ""))
    if request.method != "POST":
        return _form(request, look, new_form(ground, kind, like, None))
    typed = Typed(inputs=request.POST)
    if is_only_edited(request.POST):
        reshaped = only_edited(fields_of(ground, kind, is_new=True), {}, request.POST)
        return _form(request, look, new_form(ground, kind, like, reshaped))
    read = read_new(ground, kind, request.POST)
    if not _is_taken(request, read):
        form = new_form(ground, kind, like, with_messages(typed, read), keep=_can_keep(read))
        return _form(request, look, form, status=422)
    return _add(request, look, ground, read, f"{read.operation['id']} is there for this task.")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def drop(request: SignedIn, slug: str, entity_type: str, key: str) -> HttpResponse:
    """Ask before a row is removed for this task; one that others refer to stays, or goes with
    them."""
    look = edit_task(request.user, slug)
    ground = needed(ground_of(look))
    kind, row = _row(ground, entity_type, key)
    page = remove_page(ground, kind, row)
    if request.method != "POST":
        return show(request, look, "setup_remove.html", page=page)
    if page.related and not (page.members and WITH in request.POST):
        return show(request, look, "setup_remove.html", status=409, page=page)
    there = ground.of_row(kind.name, key)
    if there and there.op == "create" and not page.related:
        return restructure(request, look, removing(there.number, operation_base(there)))
    gone = removals(group_of(ground.links, kind, row) if page.related else [alone(kind, row)])
    anchor = len(ground.placed) + 1
    return restructure(
        request, look, adding(gone), anchor=anchor, said=f"{key} is removed for this task."
    )


def _row(ground: Ground, entity_type: str, key: str) -> tuple[EntityType, Row]:
    kind = kind_of(ground, entity_type)
    row = ground.links.whole.rows(kind.name).get(key)
    if row is None:
        raise Http404
    return kind, row


def _edit(request: SignedIn, path: str, read: RowRead) -> Edit:
    return Edit(path=path, value=read.operation, base=request.POST.get(f"base.{path}", ""))


def _reshaped(request: SignedIn, look: TaskLook, ground: Ground, number: int) -> HttpResponse:
    """Add or take away a line of the form; what is typed is saved at once, not to be lost."""
    placed = editable(ground, number)
    kind = kind_of(ground, placed.entity_type)
    fields = fields_of(ground, kind, is_new=placed.op == "create")
    typed = only_edited(fields, written_row(placed), request.POST)
    read = read_operation(ground, placed, typed.inputs)
    form = operation_form(ground, placed, with_messages(typed, read))
    try:
        save(look.task, [_edit(request, form.path, read)], by=look.user)
    except DraftConflict as conflict:
        return conflict_page(request, look, conflict)
    fresh = edit_task(request.user, look.task.slug)
    base = operation_base(editable(needed(ground_of(fresh)), number))
    return _form(request, fresh, form, base)


def _lines(form: RowForm) -> list[tuple[str, str]]:
    return [(choice.value, choice.label) for choice in form.sheet.problems]


def _can_keep(read: RowRead) -> bool:
    """What could be read can be added with its problems, but for an id that is taken."""
    is_named = not any(line.startswith("id: ") for line in read.messages)
    return bool(read.operation["fields"]) and is_named and not read.problems


def _is_taken(request: SignedIn, read: RowRead) -> bool:
    return read.is_right or (KEEP in request.POST and _can_keep(read))


def _add(
    request: SignedIn, look: TaskLook, ground: Ground, read: RowRead, said: str
) -> HttpResponse:
    do, anchor = adding([read.operation]), len(ground.placed) + 1
    return restructure(request, look, do, anchor=anchor, said=said)


def _form(
    request: SignedIn, look: TaskLook, form: RowForm, base: str = "", *, status: int = 200
) -> HttpResponse:
    """base: the fingerprint of the operation that the form was made of."""
    return show(request, look, "setup_row.html", status=status, form=form, base=base)
