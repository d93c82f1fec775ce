"""Home, the theme switch, the styleguide, and the tasks that use a row of a world."""

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from authoring.home import home_page
from authoring.layout import THEMES
from authoring.listing.samples import task_samples
from authoring.uses import uses_page
from grading.styleguide import styleguide as styleguide_page
from simulation.browser.entity_page import row_of
from simulation.browser.links import links_to
from simulation.views.lookup import visible_world


class SignedInRequest(HttpRequest):
    """A request behind login_required."""

    user: User


YEAR_SECONDS = 365 * 24 * 3600


@login_required
@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    return render(request, "authoring/home.html", {"page": home_page(request.user)})


@login_required
@require_safe
def tasks_using(
    request: SignedInRequest, slug: str, version: int, entity_type: str, key: str
) -> HttpResponse:
    """The tasks that name a row of a world: the fragment for htmx, a page for everybody else."""
    links = links_to(visible_world(request, slug, version), request.user)
    if row_of(links, entity_type, key) is None:
        raise Http404
    page = uses_page(request.user, links, entity_type, key)
    is_fragment = "HX-Request" in request.headers
    template = "partials/uses.html" if is_fragment else "uses.html"
    return render(request, f"authoring/{template}", {"page": page})


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in every state: the ground for pages and the target of visual tests."""
    context = {"page": styleguide_page(), "tasks": task_samples()}
    return render(request, "styleguide.html", context)


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remember light, dark or auto in a cookie and go back."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}):
        target = "/"
    response = redirect(target)
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie(
            "theme", chosen, max_age=YEAR_SECONDS, samesite="Lax", secure=request.is_secure()
        )
    return response
