"""Versions of a world: begun as a copy, described, discarded."""

from dataclasses import replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from simulation.addresses import world_url
from simulation.browser.links import Links, links_to
from simulation.drafts import details_of, discard_draft, fingerprint, update_details
from simulation.editing.details import (
    details_fields,
    details_page,
    discard_page,
    given_details,
    placed_messages,
    stored_details,
)
from simulation.editing.sheet import BASE, Typed, is_only_edited, only_edited
from simulation.errors import Conflict, GymError, InvalidArgument
from simulation.forms.reading import read_inputs
from simulation.versions import copy_world, may_copy
from simulation.views.lookup import SignedIn, editable_world, see_other, visible_world


@login_required
@require_POST
def copy(request: SignedIn, slug: str, version: int) -> HttpResponse:
    """Begin the next version of a world, as a draft of who asks."""
    world = visible_world(request, slug, version)
    if not may_copy(request.user):
        raise Http404
    try:
        draft = copy_world(world, request.user)
    except GymError as error:
        messages.error(request, f"{world} could not be copied: {error.message}")
        return see_other(world_url(world))
    messages.success(request, f"{draft} is a draft of yours now, made from {world}.")
    return see_other(world_url(draft))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def details(request: SignedIn, slug: str, version: int) -> HttpResponse:
    """Change title, clock, agent and prompts of a draft."""
    links = links_to(editable_world(request, slug, version), request.user)
    world, sent = links.world, request.POST
    fields = details_fields(world)
    if request.method != "POST":
        return _show(request, links, None)
    if is_only_edited(sent):
        typed = only_edited(fields, stored_details(world), sent)
        return _show(request, links, typed, base=sent.get(BASE, ""))
    values, problems = read_inputs(fields, sent)
    typed = Typed(inputs=sent, problems=problems)
    base = sent.get(BASE, "")
    try:
        update_details(world, **given_details(world, values), base=base)
    except Conflict as error:
        return _conflict(request, links, typed, error)
    except InvalidArgument as error:
        lines = placed_messages(world, error.message.splitlines())
        return _show(request, links, replace(typed, messages=lines), base=base, status=422)
    messages.success(request, f"The details of {world} were saved.")
    return see_other(links.base)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: SignedIn, slug: str, version: int) -> HttpResponse:
    """Throw a draft away with all its rows, once its name is typed."""
    links = links_to(editable_world(request, slug, version), request.user)
    typed = request.POST.get("name", "").strip()
    if request.method != "POST":
        return render(request, "simulation/discard.html", {"page": discard_page(links)})
    problem, status = f"Write {links.world} to confirm.", 422
    if typed == str(links.world):
        try:
            discard_draft(links.world)
        except Conflict as error:
            problem, status = f"{error.message[:1].upper()}{error.message[1:]}.", error.status
        else:
            messages.success(request, f"{typed} was discarded.")
            return see_other(reverse("simulation:worlds"))
    page = discard_page(links, typed=typed, problem=problem)
    return render(request, "simulation/discard.html", {"page": page}, status=status)


def _conflict(request: SignedIn, links: Links, typed: Typed, error: Conflict) -> HttpResponse:
    links.world.refresh_from_db()
    if links.world.is_draft:
        return _show(request, links, replace(typed, against=True), status=409)
    return _show(request, links, replace(typed, messages=(error.message,)), status=409)


def _show(
    request: SignedIn, links: Links, typed: Typed | None, *, base: str = "", status: int = 200
) -> HttpResponse:
    """base: what the form was opened on, the stored details when left out."""
    page = details_page(links, typed, base=base or fingerprint(details_of(links.world)))
    return render(request, "simulation/details.html", {"page": page}, status=status)
