"""Finding rows for a setup and for texts: pages to choose from, and fragments beside the text."""

from urllib.parse import parse_qsl, urlencode, urlsplit

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from authoring.access import edit_task, look_at_rubric
from authoring.setups.choosing_rows import finder_page, kinds_of
from authoring.setups.finder import LONGEST, world_panel
from authoring.setups.finding import found_groups, menu
from authoring.setups.ground import ground_of
from authoring.setups.row_forms import kind_of
from authoring.setups.views import needed, show
from simulation.browser.searching import words_of
from simulation.views.lookup import SignedIn


@login_required
@require_safe
def add(request: SignedIn, slug: str) -> HttpResponse:
    """Choose a kind of row, or search all of them."""
    look = edit_task(request.user, slug)
    ground = needed(ground_of(look))
    text = request.GET.get("q", "").strip()[:LONGEST]
    groups = tuple(found_groups(ground, text)) if words_of(text) else ()
    kinds = kinds_of(ground)
    return show(request, look, "setup_add.html", kinds=kinds, text=text, groups=groups)


@login_required
@require_safe
def rows(request: SignedIn, slug: str, entity_type: str) -> HttpResponse:
    """Choose rows of one kind, with the filters of the world browser."""
    look = edit_task(request.user, slug)
    ground = needed(ground_of(look))
    finder = finder_page(ground, kind_of(ground, entity_type), request.GET)
    return show(request, look, "setup_rows.html", finder=finder)


@login_required
@require_safe
def find(request: SignedIn, slug: str) -> HttpResponse:
    """The rows for the menu behind "@", as JSON."""
    ground = ground_of(edit_task(request.user, slug))
    text = request.GET.get("q", "")[:LONGEST]
    return JsonResponse({"rows": menu(ground, text) if ground else []})


@login_required
@require_safe
def world(request: SignedIn, slug: str) -> HttpResponse:
    """What is found beside the text, while somebody types what to find."""
    look = look_at_rubric(request.user, slug)
    text = request.GET.get("find", "")
    response = render(
        request, "authoring/partials/world_results.html", {"panel": world_panel(look, text)}
    )
    if address := _address(request, slug, text):
        response["HX-Replace-Url"] = address
    return response


def _address(request: SignedIn, slug: str, text: str) -> str:
    """Give the address of the page that asks, with what is found now; "" for a foreign page."""
    url = urlsplit(request.headers.get("HX-Current-URL", ""))
    if not url.path.startswith(f"/tasks/{slug}/"):
        return ""
    kept = [pair for pair in parse_qsl(url.query) if pair[0] not in ("side", "find")]
    return f"{url.path}?{urlencode([*kept, ('side', 'world'), ('find', text[:LONGEST])])}"
