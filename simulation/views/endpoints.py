"""Endpoints of models, for admins: listed, made, changed, asked once."""

from dataclasses import replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from simulation.editing.endpoints import endpoint_fields
from simulation.editing.sheet import BASE, Typed, is_only_edited, only_edited
from simulation.endpoint_pages import (
    EndpointPage,
    edit_page,
    endpoint_url,
    endpoints_page,
    new_page,
)
from simulation.endpoints import (
    change_endpoint,
    check_may_manage,
    content_of,
    make_endpoint,
)
from simulation.errors import Conflict, Forbidden, InvalidArgument
from simulation.forms.reading import read_inputs
from simulation.models import ModelEndpoint
from simulation.text import clean_text
from simulation.trial_card import trial_card
from simulation.trials import try_endpoint
from simulation.views.lookup import SignedIn, see_other

MAX_MODEL = 200
Refusal = InvalidArgument | Conflict


@login_required
@require_safe
def endpoints(request: SignedIn) -> HttpResponse:
    _check_role(request)
    page = endpoints_page(ModelEndpoint.objects.visible_to(request.user))
    return render(request, "simulation/endpoints.html", {"page": page})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedIn) -> HttpResponse:
    _check_role(request)
    fields, sent = endpoint_fields(), request.POST
    if request.method != "POST":
        return _show(request, new_page())
    if is_only_edited(sent):
        return _show(request, new_page(only_edited(fields, {}, sent)))
    values, problems = read_inputs(fields, sent)
    typed = Typed(inputs=sent, problems=problems)
    if problems:
        return _show(request, new_page(typed), status=422)
    try:
        endpoint = make_endpoint(values, by=request.user)
    except (InvalidArgument, Conflict) as error:
        return _show(request, new_page(_refused(typed, error)), status=422)
    messages.success(request, f"{endpoint.name} was made. Test the connection before it is used.")
    return see_other(endpoint_url(endpoint))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedIn, name: str) -> HttpResponse:
    endpoint = _visible(request, name)
    fields, sent = endpoint_fields(), request.POST
    base = sent.get(BASE, "")
    if request.method != "POST":
        return _show(request, edit_page(endpoint))
    if is_only_edited(sent):
        typed = only_edited(fields, content_of(endpoint), sent)
        return _show(request, edit_page(endpoint, typed, base=base))
    values, problems = read_inputs(fields, sent)
    typed = Typed(inputs=sent, problems=problems)
    if problems:
        return _show(request, edit_page(endpoint, typed, base=base), status=422)
    try:
        changed = change_endpoint(endpoint, values, by=request.user, base=base)
    except (InvalidArgument, Conflict) as error:
        return _not_changed(request, endpoint, typed, error, base)
    messages.success(request, f"{changed.name} was saved.")
    return see_other(endpoint_url(changed))


@login_required
@require_POST
def test(request: SignedIn, name: str) -> HttpResponse:
    """Ask the stored endpoint a tiny question and show what came of it."""
    endpoint = _visible(request, name)
    model = clean_text(request.POST.get("model", "").strip(), limit=MAX_MODEL)[0]
    if not model:
        page = edit_page(endpoint, model_problem="Write the name of a model that the server has.")
        return _show(request, page, status=422)
    trial = trial_card(try_endpoint(endpoint, model))
    return _show(request, edit_page(endpoint, model=model, trial=trial))


def _not_changed(
    request: SignedIn,
    endpoint: ModelEndpoint,
    typed: Typed,
    error: Refusal,
    base: str,
) -> HttpResponse:
    """Show what was typed again, beside what somebody else stored if that is the trouble."""
    if isinstance(error, Conflict) and not error.field:
        endpoint.refresh_from_db()
        return _show(request, edit_page(endpoint, replace(typed, against=True)), status=409)
    return _show(request, edit_page(endpoint, _refused(typed, error), base=base), status=422)


def _refused(typed: Typed, error: Refusal) -> Typed:
    if error.field:
        return replace(typed, messages=(f"{error.field}: {error.message}",))
    return replace(typed, messages=tuple(error.message.splitlines()))


def _visible(request: SignedIn, name: str) -> ModelEndpoint:
    found = ModelEndpoint.objects.visible_to(request.user).select_related("created_by")
    return get_object_or_404(found, name=name)


def _show(request: SignedIn, page: EndpointPage, *, status: int = 200) -> HttpResponse:
    return render(request, "simulation/endpoint.html", {"page": page}, status=status)


def _check_role(request: SignedIn) -> None:
    try:
        check_may_manage(request.user)
    except Forbidden as error:
        raise PermissionDenied(error.message) from None
