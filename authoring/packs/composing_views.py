"""Putting a pack together in the browser: add, take out, take newer revisions, freeze."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from authoring.listing.asked import read_asked
from authoring.packs.add_page import add_page, adding_page, chosen_slugs, planned, said_of
from authoring.packs.checking import PATIENCE
from authoring.packs.composing import add_tasks, remove_tasks, take_newer
from authoring.packs.freeze_page import freeze_page
from authoring.packs.freezing import freeze_pack
from authoring.packs.lookup import own_pack
from simulation.errors import Conflict, InvalidArgument
from simulation.text import clean_text
from simulation.views.lookup import SignedIn, see_other
from simulation.wording import counted


@login_required
@require_safe
def add(request: SignedIn, slug: str) -> HttpResponse:
    pack = own_pack(request.user, slug)
    page = add_page(request.user, pack, read_asked(request.GET))
    return render(request, "authoring/pack_add.html", {"page": page})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def adding(request: SignedIn, slug: str) -> HttpResponse:
    """GET shows what would be added and what is left out, why; POST adds what was shown."""
    pack = own_pack(request.user, slug)
    data = request.POST if request.method == "POST" else request.GET
    slugs, do = chosen_slugs(request.user, data), add_tasks if data is request.POST else planned
    try:
        added = do(pack, slugs, by=request.user)
    except InvalidArgument as error:  # more than can be added at once
        messages.error(request, error.message)
        return see_other(_back(slug, data))
    if do is planned:
        page = adding_page(pack, added, back_url=_back(slug, data))
        return render(request, "authoring/pack_adding.html", {"page": page})
    level = messages.WARNING if added.left_out else messages.SUCCESS
    messages.add_message(request, level, said_of(added))
    return see_other(reverse("packs:pack", args=[slug]))


@login_required
@require_POST
def remove(request: SignedIn, slug: str) -> HttpResponse:
    """Take out the one task whose button was pressed, or all that are ticked."""
    pack = own_pack(request.user, slug)
    slugs = _named(request.POST, "only") or _named(request.POST, "task")
    count = remove_tasks(pack, slugs, by=request.user)
    if count:
        messages.success(request, f"{counted(count, 'task')} taken out of the next version.")
    else:
        messages.warning(request, "Nothing was taken out: no task was ticked.")
    return see_other(f"{reverse('packs:pack', args=[slug])}#tasks")


@login_required
@require_POST
def newer(request: SignedIn, slug: str) -> HttpResponse:
    """Choose the approved revision of one task, or of all."""
    pack = own_pack(request.user, slug)
    slugs = _named(request.POST, "only") or None
    count = take_newer(pack, by=request.user, slugs=slugs)
    text = "has its approved revision now" if count == 1 else "have their approved revisions now"
    messages.success(request, f"{counted(count, 'task')} {text}.")
    return see_other(f"{reverse('packs:pack', args=[slug])}#tasks")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def freeze(request: SignedIn, slug: str) -> HttpResponse:
    """GET says what would become frozen; POST freezes it."""
    pack = own_pack(request.user, slug)
    if request.method != "POST":
        page = freeze_page(request.user, pack)
        return render(request, "authoring/pack_freeze.html", {"page": page})
    notes = clean_text(request.POST.get("notes", ""))[0].replace("\r\n", "\n")
    try:
        version = freeze_pack(pack, by=request.user, notes=notes, seconds=PATIENCE)
    except (InvalidArgument, Conflict) as error:
        problems = error.message.splitlines()
        page = freeze_page(request.user, pack, notes=notes, problems=problems)
        return render(request, "authoring/pack_freeze.html", {"page": page}, status=422)
    messages.success(request, f"{version} is frozen.")
    return see_other(reverse("packs:version", args=[slug, version.number]))


def _named(data: QueryDict, name: str) -> list[str]:
    return [clean_text(value)[0] for value in data.getlist(name)]


def _back(slug: str, data: QueryDict) -> str:
    """Give the list that the tasks were ticked in."""
    name = "packs:add" if data.get("approved") else "tasks:list"
    url = reverse(name, args=[slug] if data.get("approved") else [])
    query = read_asked(QueryDict(data.get("filter", ""))).query
    return f"{url}?{query}".rstrip("?")
