"""What can be read in a world: its policy, its prompts, and rows that are texts."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from simulation.browser.entity_page import row_of
from simulation.browser.links import links_to
from simulation.browser.reading import (
    ReadingPage,
    company_page,
    prompt_page,
    reading_list,
    row_page,
)
from simulation.titles import markdown_fields
from simulation.views.lookup import visible_world


@login_required
@require_safe
def policies(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    page = reading_list(links_to(visible_world(request, slug, version), request.user))
    return render(request, "simulation/policies.html", {"page": page})


@login_required
@require_safe
def company_policy(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    return _show(
        request, company_page(links_to(visible_world(request, slug, version), request.user))
    )


@login_required
@require_safe
def prompt(request: HttpRequest, slug: str, version: int, name: str) -> HttpResponse:
    page = prompt_page(links_to(visible_world(request, slug, version), request.user), name)
    if page is None:
        raise Http404
    return _show(request, page)


@login_required
@require_safe
def policy(
    request: HttpRequest, slug: str, version: int, entity_type: str, key: str
) -> HttpResponse:
    links = links_to(visible_world(request, slug, version), request.user)
    found = row_of(links, entity_type, key)
    if found is None or not markdown_fields(found[0]):
        raise Http404
    return _show(request, row_page(links, *found))


def _show(request: HttpRequest, page: ReadingPage) -> HttpResponse:
    return render(request, "simulation/policy.html", {"page": page})
