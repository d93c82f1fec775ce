"""Home, the theme switch and the styleguide."""

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from authoring.home import home_page
from authoring.layout import THEMES
from grading.styleguide import styleguide as styleguide_page


class SignedInRequest(HttpRequest):
    """A request behind login_required."""

    user: User


YEAR_SECONDS = 365 * 24 * 3600


@login_required
@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    return render(request, "authoring/home.html", {"page": home_page(request.user)})


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in every state: the ground for pages and the target of visual tests."""
    return render(request, "styleguide.html", {"page": styleguide_page()})


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
