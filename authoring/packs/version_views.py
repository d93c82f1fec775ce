"""The pages of frozen versions, and their downloads."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from authoring.exports.artifacts import artifact_of
from authoring.packs.lookup import visible_version
from authoring.packs.version_page import version_page
from authoring.splits import SPLITS
from grading.models import Run
from grading.run_page import run_rows
from simulation.downloads import download as send
from simulation.errors import NotFound
from simulation.roles import sees_held_out
from simulation.views.lookup import SignedIn, number

RUNS = 25


@login_required
@require_safe
def version(request: SignedIn, slug: str, version: int) -> HttpResponse:
    found = visible_version(request.user, slug, version)
    split = request.GET.get("split", "")
    page = version_page(
        request.user,
        found,
        split=split if split in SPLITS else "",
        page=number(request, "page") or 1,
        since=number(request, "since"),
        all_changes=request.GET.get("changes") == "all",
        host=f"{request.scheme}://{request.get_host()}",
    )
    runs = Run.objects.visible_to(request.user).filter(source=str(found))
    shown = run_rows(runs.select_related("owner")[:RUNS])
    context = {"page": page, "runs": shown, "more_runs": max(0, runs.count() - RUNS)}
    return render(request, "authoring/pack_version.html", context)


@login_required
@require_safe
def download(request: SignedIn, slug: str, version: int, form: str) -> HttpResponseBase:
    """Send a version in a format; ?held_out=1 asks for its held-out tasks too."""
    found = visible_version(request.user, slug, version)
    with_held_out = request.GET.get("held_out") == "1"
    if with_held_out and not sees_held_out(request.user):
        raise Http404
    try:
        artifact = artifact_of(found, form, with_held_out=with_held_out)
    except NotFound:
        raise Http404 from None
    return send(
        request,
        artifact.path,
        name=artifact.name,
        media_type=artifact.media_type,
        sha256=artifact.sha256,
    )
