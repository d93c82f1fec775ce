"""Bringing a world in, in two steps, and taking one out."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from simulation.addresses import world_url
from simulation.errors import Forbidden, GymError
from simulation.models import Upload
from simulation.portability.download import archive_response
from simulation.portability.identity import NEXT
from simulation.portability.imports import check_may_import
from simulation.portability.page import FIELDS, choose_page, preview_page
from simulation.portability.uploads import import_upload, keep_upload, received_archive
from simulation.views.lookup import SignedIn, see_other, visible_world

REFUSALS_SHOWN = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: SignedIn) -> HttpResponse:
    """Choose files; they are kept for a day and nothing is imported yet."""
    _check_role(request)
    if request.method != "POST":
        return render(request, "simulation/import.html", {"page": choose_page()})
    try:
        name, data = received_archive(request, request.FILES.getlist("archive"))
        upload = keep_upload(request.user, name, data)
    except GymError as error:
        page = choose_page(error.message.removeprefix("archive: "))
        return render(request, "simulation/import.html", {"page": page}, status=422)
    return see_other(reverse("simulation:import_preview", args=[upload.pk]))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: SignedIn, pk: int) -> HttpResponse:
    """Show what an upload would become, and import or discard it."""
    _check_role(request)
    upload = get_object_or_404(Upload.objects.visible_to(request.user), pk=pk)
    if request.method != "POST":
        return _preview(request, upload, _typed(request.GET))
    action, typed = request.POST.get("action", ""), _typed(request.POST)
    if action in ("draft", "publish"):
        return _import(request, upload, typed, publish=action == "publish")
    if action == "discard":
        upload.delete()
        messages.success(request, f"{upload.name} was discarded; nothing was imported.")
        return see_other(reverse("simulation:import"))
    return see_other(f"{reverse('simulation:import_preview', args=[pk])}?{urlencode(typed)}")


@login_required
@require_safe
def export(request: HttpRequest, slug: str, version: int) -> HttpResponseBase:
    """Give the world as a zip file to keep."""
    world = visible_world(request, slug, version)
    try:
        return archive_response(request, world)
    except GymError as error:
        messages.error(request, error.message)
        return see_other(world_url(world))


def _import(
    request: SignedIn, upload: Upload, typed: Mapping[str, str], *, publish: bool
) -> HttpResponse:
    try:
        world = import_upload(upload, typed, owner=request.user, publish=publish)
    except GymError as error:
        return _preview(request, upload, typed, error=error)
    done = "imported and published" if publish else "imported as a draft"
    messages.success(request, f"{world} was {done}.")
    return see_other(world_url(world))


def _preview(
    request: HttpRequest, upload: Upload, typed: Mapping[str, str], error: GymError | None = None
) -> HttpResponse:
    refusals = error.message.splitlines()[:REFUSALS_SHOWN] if error else ()
    page = preview_page(upload, typed, refusals=refusals)
    status = 422 if error else 200
    return render(request, "simulation/import_preview.html", {"page": page}, status=status)


def _typed(given: Mapping[str, str]) -> dict[str, str]:
    typed = {name: given[name] for name in FIELDS if name in given}
    if "version" in typed and not typed["version"].strip():
        typed["version"] = NEXT
    return typed


def _check_role(request: SignedIn) -> None:
    try:
        check_may_import(request.user)
    except Forbidden as error:
        raise PermissionDenied(error.message) from None
