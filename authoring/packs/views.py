"""The list of packs, beginning one, its page and its settings."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from authoring.packs.access import may_make
from authoring.packs.composing import change_pack, create_pack
from authoring.packs.form_page import (
    form_of,
    form_page,
    members_of,
    problems_in,
    read_form,
    slug_of,
)
from authoring.packs.list_page import packs_page
from authoring.packs.lookup import own_pack, visible_pack
from authoring.packs.pack_page import checks_page, pack_page
from authoring.packs.pages.form import PackFormPage
from simulation.errors import Conflict, InvalidArgument
from simulation.roles import roles_of
from simulation.views.lookup import SignedIn, number, see_other


@login_required
@require_safe
def packs(request: SignedIn) -> HttpResponse:
    if not roles_of(request.user):
        raise Http404
    page = packs_page(request.user, page=number(request, "page") or 1)
    return render(request, "authoring/packs.html", {"page": page})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedIn) -> HttpResponse:
    """Make a pack; `then` is added to it next: the query string of what was ticked elsewhere."""
    if not may_make(request.user):
        raise Http404
    data = request.POST if request.method == "POST" else request.GET
    then = QueryDict(data.get("then", "")).urlencode()
    typed = read_form(data)
    if request.method != "POST":
        return _form(request, form_page(typed, then=then))
    try:
        pack = create_pack(slug=slug_of(typed), by=request.user, **members_of(typed))
    except (InvalidArgument, Conflict) as error:
        return _form(request, form_page(typed, problems_in(error), then=then))
    if then:
        return see_other(f"{reverse('packs:adding', args=[pack.slug])}?{then}")
    messages.success(request, f"{pack.slug} is made: now add tasks to it.")
    return see_other(reverse("packs:pack", args=[pack.slug]))


@login_required
@require_safe
def pack(request: SignedIn, slug: str) -> HttpResponse:
    page = pack_page(
        request.user,
        visible_pack(request.user, slug),
        page=number(request, "page") or 1,
        only_newer=request.GET.get("newer") == "1",
        all_versions=request.GET.get("versions") == "all",
    )
    return render(request, "authoring/pack.html", {"page": page})


@login_required
@require_safe
def checks(request: SignedIn, slug: str) -> HttpResponse:
    """The page of the checks, or the part of the pack's page that is loaded by itself."""
    page = checks_page(request.user, visible_pack(request.user, slug))
    is_part = "HX-Request" in request.headers
    name = "partials/pack_checks.html" if is_part else "pack_checks.html"
    shown = {"page": page, "checks": page.checks, "url": request.path}
    return render(request, f"authoring/{name}", shown)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: SignedIn, slug: str) -> HttpResponse:
    found = own_pack(request.user, slug)
    if request.method != "POST":
        return _form(request, form_page(form_of(found), pack=found))
    typed = read_form(request.POST)
    try:
        change_pack(found, members_of(typed), by=request.user)
    except (InvalidArgument, Conflict) as error:
        return _form(request, form_page(typed, problems_in(error), pack=found))
    messages.success(request, "The settings are saved: the next version will have them.")
    return see_other(reverse("packs:pack", args=[slug]))


def _form(request: SignedIn, page: PackFormPage) -> HttpResponse:
    status = 422 if page.problems else 200
    return render(request, "authoring/pack_form.html", {"page": page}, status=status)
