"""Bringing a bundle in, in two steps: look at it, then import it."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from authoring.bundles.importing import Imported
from authoring.bundles.page import bundle_page, choose_page
from authoring.bundles.permission import may_import
from authoring.bundles.uploads import FIELD, import_uploaded, keep_bundle, received_bundle
from authoring.bundles.wording import said_of
from authoring.packs.members import LONGEST_SLUG
from simulation.errors import GymError
from simulation.models import Upload
from simulation.views.lookup import SignedIn, see_other


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: SignedIn) -> HttpResponse:
    """Choose a file; it is kept for a day and nothing is imported yet."""
    _check_role(request)
    if request.method != "POST":
        return render(request, "authoring/bundle_import.html", {"page": choose_page()})
    try:
        name, data = received_bundle(request, request.FILES.getlist(FIELD))
        upload = keep_bundle(request.user, name, data)
    except GymError as error:
        page = choose_page(error.message.removeprefix("archive: "))
        return render(request, "authoring/bundle_import.html", {"page": page}, status=422)
    return see_other(reverse("bundles:preview", args=[upload.pk]))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: SignedIn, pk: int) -> HttpResponse:
    """Show what an upload would become, and import or discard it."""
    _check_role(request)
    upload = get_object_or_404(Upload.objects.visible_to(request.user), pk=pk)
    given = request.POST if request.method == "POST" else request.GET
    slug = given.get("slug", "").strip()[:LONGEST_SLUG]
    if request.method != "POST":
        return _preview(request, upload, slug)
    action = request.POST.get("action", "")
    if action in ("drafts", "approve"):
        return _import(request, upload, slug, approve=action == "approve")
    if action == "discard":
        upload.delete()
        messages.success(request, f"{upload.name} was discarded; nothing was imported.")
        return see_other(reverse("bundles:import"))
    return see_other(f"{reverse('bundles:preview', args=[pk])}?{urlencode({'slug': slug})}")


def _import(request: SignedIn, upload: Upload, slug: str, *, approve: bool) -> HttpResponse:
    try:
        done = import_uploaded(upload, owner=request.user, approve=approve, slug=slug)
    except GymError as error:
        return _preview(request, upload, slug, refusal=error)
    messages.success(request, said_of(done, upload.name))
    return see_other(_made_url(done))


def _made_url(done: Imported) -> str:
    """Give where to go on: at the frozen version, or without approval among the drafts."""
    if not done.version:
        return reverse("tasks:list")
    slug, _, number = done.version.partition("@")
    return reverse("packs:version", args=[slug, int(number)])


def _preview(
    request: SignedIn, upload: Upload, slug: str, refusal: GymError | None = None
) -> HttpResponse:
    page = bundle_page(upload, request.user, slug=slug, refusal=refusal)
    status = 422 if refusal else 200
    return render(request, "authoring/bundle_preview.html", {"page": page}, status=status)


def _check_role(request: SignedIn) -> None:
    if not may_import(request.user):
        raise Http404
