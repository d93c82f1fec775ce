"""Search, lists and single rows of a world."""

from dataclasses import replace

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from simulation.browser.asking import Asked, read_asked
from simulation.browser.entity_page import entity_page, raw_row, row_of
from simulation.browser.links import Links, links_to
from simulation.browser.rows_page import rows_page
from simulation.browser.search_page import named_row, search_page
from simulation.entities import EntityType
from simulation.views.lookup import visible_world
from simulation.views.worlds import sees_noise

LONGEST_SEARCH = 200


@login_required
@require_safe
def search(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """Search everything; a copied reference leads straight to its row."""
    links = links_to(visible_world(request, slug, version), request.user)
    text = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    is_fragment = "HX-Request" in request.headers
    if not is_fragment and (link := named_row(links, text)):
        return redirect(link.url)
    template = "partials/search_results.html" if is_fragment else "search.html"
    return render(request, f"simulation/{template}", {"page": search_page(links, text)})


@login_required
@require_safe
def rows(request: HttpRequest, slug: str, version: int, entity_type: str) -> HttpResponse:
    links = links_to(visible_world(request, slug, version), request.user)
    kind = links.company.entity_types.get(entity_type)
    if kind is None:
        raise Http404
    page = rows_page(links, kind, _asked(request, links, kind))
    return render(request, "simulation/rows.html", {"page": page})


@login_required
@require_safe
def entity(
    request: HttpRequest, slug: str, version: int, entity_type: str, key: str
) -> HttpResponse:
    links = links_to(visible_world(request, slug, version), request.user)
    found = row_of(links, entity_type, key)
    if found is None:
        raise Http404
    asked = _asked(request, links, found[0])
    page = entity_page(links, *found, asked, sees_noise=sees_noise(request))
    context = {"page": page, "world": links.world}
    if "raw" in request.GET:
        raw = raw_row(links, *found, is_whole=True)
        return render(request, "simulation/entity_raw.html", {**context, "raw": raw})
    return render(request, "simulation/entity.html", context)


def _asked(request: HttpRequest, links: Links, kind: EntityType) -> Asked:
    given = request.GET.copy()
    given.pop("raw", None)
    if not sees_noise(request):
        given.pop("noise", None)
    return replace(read_asked(links.company, kind, given))
