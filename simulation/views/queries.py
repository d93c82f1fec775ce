"""The query builder. Everything is in the address; nothing is stored."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from simulation.asking.address import press, read_asked
from simulation.asking.page import query_page
from simulation.browser.head import world_head
from simulation.labels import search_rows
from simulation.snapshots import Snapshot
from simulation.views.lookup import number, visible_world
from simulation.worlds import open_world

MATCHES = 30
_OPTIONS = ("of", "hidden")


@login_required
@require_safe
def query(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """Show a query, its answer and the rows behind it; buttons that edit it lead to the edited
    address."""
    world = visible_world(request, slug, version)
    asked = read_asked(request.GET)
    edited = press(asked, request.GET)
    if edited != asked and not _is_fragment(request):
        return redirect(f"{request.path}?{edited.address()}")
    sheet = number(request, "page") or 1
    head = world_head(world, "Query", person=request.user)
    page = query_page(world, edited, head=head, sheet=sheet, is_fragment=_is_fragment(request))
    if not page.is_fragment:
        return render(request, "simulation/query.html", {"page": page})
    response = render(request, "simulation/partials/query.html", {"page": page})
    response["HX-Push-Url"] = f"{request.path}?{page.address}"
    return response


@login_required
@require_safe
def query_rows(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """Find rows of one type by id or label: the options of an input that takes an id.

    hidden: those that agents cannot see as well.
    """
    snapshot: Snapshot = open_world(visible_world(request, slug, version))
    if "hidden" in request.GET:
        snapshot = snapshot.unveiled
    entity_type = request.GET.get("of", "")
    if entity_type not in snapshot.company.entity_types:
        raise Http404
    typed = next((request.GET.get(name, "") for name in request.GET if name not in _OPTIONS), "")
    found = search_rows(snapshot, entity_type, typed, limit=MATCHES)
    return render(request, "simulation/partials/row_options.html", {"rows": found})


def _is_fragment(request: HttpRequest) -> bool:
    """Tell whether a part of the page is asked for; going back in history asks for all of it."""
    headers = request.headers
    return "HX-Request" in headers and "HX-History-Restore-Request" not in headers
