"""The guide for authors, open to everybody who is signed in."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from authoring.guide.pages import GuidePage, check_pages, criteria_page, lint_page, text_page
from grading.graders import GRADERS


@login_required
@require_safe
def text(request: HttpRequest, name: str) -> HttpResponse:
    return _show(request, text_page(name))


@login_required
@require_safe
def criteria(request: HttpRequest) -> HttpResponse:
    return _show(request, criteria_page())


@login_required
@require_safe
def checks(request: HttpRequest) -> HttpResponse:
    return _show(request, check_pages())


@login_required
@require_safe
def check(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in GRADERS:
        raise Http404
    return _show(request, check_pages(kind))


@login_required
@require_safe
def lint(request: HttpRequest) -> HttpResponse:
    return _show(request, lint_page())


def _show(request: HttpRequest, page: GuidePage) -> HttpResponse:
    return render(request, "authoring/guide.html", {"page": page})
