"""Rows of a draft: made, changed and deleted by those who may edit it."""

from dataclasses import replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from simulation.browser.links import Links, links_to
from simulation.drafts import create_row, delete_row, fingerprint, update_row
from simulation.editing.fields import form_of
from simulation.editing.rows import delete_page, edit_row_page, new_row_fields, new_row_page
from simulation.editing.sheet import BASE, Typed, is_only_edited, only_edited
from simulation.entities import EntityType, Row
from simulation.errors import Conflict, GymError, InvalidArgument, NotFound
from simulation.forms.reading import read_inputs
from simulation.pages import Notice
from simulation.views.lookup import SignedIn, editable_world, see_other
from simulation.worlds import check_key, read_row

GONE = Notice(
    tone="warn",
    title="Somebody deleted this row meanwhile.",
    text="What you typed stands below. Saving makes it again, as a new row.",
)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedIn, slug: str, version: int, entity_type: str) -> HttpResponse:
    links = links_to(editable_world(request, slug, version), request.user)
    kind = _kind(links, entity_type)
    fields = new_row_fields(links, kind)
    if request.method != "POST":
        return _show_new(request, links, kind, None)
    if is_only_edited(request.POST):
        return _show_new(request, links, kind, only_edited(fields, {}, request.POST))
    values, problems = read_inputs(fields, request.POST)
    typed = Typed(inputs=request.POST, problems=problems)
    if problems:
        return _show_new(request, links, kind, typed, status=422)
    key = values.pop("id", "")
    try:
        _check_id(key)
        create_row(links.world, kind.name, key, values)
    except GymError as error:
        refused = replace(typed, messages=_lines(error))
        return _show_new(request, links, kind, refused, status=_status(error))
    return _saved(request, links, kind, key, "was made")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedIn, slug: str, version: int, entity_type: str, key: str) -> HttpResponse:
    """Change a row. Who is not the only one to change it sees both sides, and chooses."""
    links = links_to(editable_world(request, slug, version), request.user)
    kind = _kind(links, entity_type)
    stored = read_row(links.world, kind, key)
    if stored is None:
        return _make_again(request, links, kind, key)
    fields = form_of(links.company, kind.name)
    if request.method != "POST":
        return _show_edit(request, links, kind, stored, None)
    if is_only_edited(request.POST):
        typed = only_edited(fields, stored, request.POST)
        return _show_edit(request, links, kind, stored, typed, base=request.POST.get(BASE, ""))
    values, problems = read_inputs(fields, request.POST)
    typed = Typed(inputs=request.POST, problems=problems)
    base = request.POST.get(BASE, "")
    if problems:
        return _show_edit(request, links, kind, stored, typed, base=base, status=422)
    try:
        update_row(links.world, kind.name, key, values, base=base)
    except (Conflict, NotFound) as error:
        return _conflict(request, links, kind, key, typed, error)
    except InvalidArgument as error:
        refused = replace(typed, messages=_lines(error))
        return _show_edit(request, links, kind, stored, refused, base=base, status=422)
    return _saved(request, links, kind, key, "was saved")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: SignedIn, slug: str, version: int, entity_type: str, key: str) -> HttpResponse:
    """Ask before a row goes; one that others refer to stays."""
    links = links_to(editable_world(request, slug, version), request.user)
    kind = _kind(links, entity_type)
    row = links.whole.rows(kind.name).get(key)
    if row is None:
        raise Http404
    status = 200
    if request.method == "POST":
        try:
            delete_row(links.world, kind.name, key)
        except Conflict as error:
            messages.error(request, _sentence(error))
            status = error.status
        else:
            messages.success(request, f"{kind.label} {key} was deleted.")
            return see_other(links.list_url(kind.name))
    page = delete_page(links, kind, row)
    return render(request, "simulation/delete_row.html", {"page": page}, status=status)


def _conflict(
    request: SignedIn, links: Links, kind: EntityType, key: str, typed: Typed, error: GymError
) -> HttpResponse:
    """Show what was typed beside what is stored by now; nothing of it is lost."""
    stored = read_row(links.world, kind, key)
    if stored is None:
        return _make_again(request, links, kind, key)
    links.world.refresh_from_db(fields=["status", "edits"])
    if links.world.is_draft:
        against = replace(typed, against=True)
        return _show_edit(request, links, kind, stored, against, status=409)
    refused = replace(typed, messages=_lines(error))
    return _show_edit(request, links, kind, stored, refused, status=409)


def _make_again(request: SignedIn, links: Links, kind: EntityType, key: str) -> HttpResponse:
    if request.method != "POST":
        raise Http404
    inputs = request.POST.copy()
    inputs["row.id"] = key
    return _show_new(request, links, kind, Typed(inputs=inputs), notice=GONE, status=409)


def _show_new(
    request: SignedIn,
    links: Links,
    kind: EntityType,
    typed: Typed | None,
    *,
    notice: Notice | None = None,
    status: int = 200,
) -> HttpResponse:
    page = new_row_page(links, kind, typed, notice)
    return render(request, "simulation/row_form.html", {"page": page}, status=status)


def _show_edit(
    request: SignedIn,
    links: Links,
    kind: EntityType,
    stored: Row,
    typed: Typed | None,
    *,
    base: str = "",
    status: int = 200,
) -> HttpResponse:
    """base: what the form was opened on, the stored row when left out."""
    page = edit_row_page(links, kind, stored, typed, base=base or fingerprint(stored))
    return render(request, "simulation/row_form.html", {"page": page}, status=status)


def _saved(request: SignedIn, links: Links, kind: EntityType, key: str, done: str) -> HttpResponse:
    messages.success(request, f"{kind.label} {key} {done}.")
    return see_other(links.row_url(kind.name, key))


def _kind(links: Links, entity_type: str) -> EntityType:
    kind = links.company.entity_types.get(entity_type)
    if kind is None:
        raise Http404
    return kind


def _check_id(key: str) -> None:
    """Raises InvalidArgument that begins with the path of the id."""
    try:
        check_key(key)
    except InvalidArgument as error:
        raise InvalidArgument(f"id: {error.message}") from None


def _lines(error: GymError) -> tuple[str, ...]:
    """Give the messages of an error, each beginning with its path."""
    if isinstance(error, Conflict) and error.field:
        return (f"{error.field}: {error.message}",)
    return tuple(error.message.splitlines())


def _status(error: GymError) -> int:
    return 422 if isinstance(error, InvalidArgument) else error.status


def _sentence(error: GymError) -> str:
    return f"{error.message[:1].upper()}{error.message[1:]}."
