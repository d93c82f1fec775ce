"""The list of tasks, and what is done from it to one or many."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from authoring.access import visible_task
from authoring.listing.asked import read_asked
from authoring.listing.bulk import carry_out, plan, read_wish, selected
from authoring.listing.bulk_page import bulk_page, refused_page, summary
from authoring.listing.list_page import tasks_page
from authoring.listing.packing import ADD_TO_PACK, LAUNCH, address_for, launch_address
from authoring.listing.undoing import KEY, remembered, undo
from authoring.models import Task
from authoring.packs.access import may_make
from authoring.packs.lookup import own_pack
from authoring.retiring import bring_back, retire
from simulation.errors import Conflict, Forbidden, InvalidArgument, NotFound
from simulation.roles import LAUNCHERS, has_role
from simulation.text import clean_text
from simulation.views.lookup import SignedIn, see_other
from simulation.wording import counted


@login_required
@require_safe
def tasks(request: SignedIn) -> HttpResponse:
    kept = request.session.get(KEY)
    page = tasks_page(request.user, read_asked(request.GET), undo=kept["words"] if kept else "")
    return render(request, "authoring/tasks.html", {"page": page})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def bulk(request: SignedIn) -> HttpResponse:
    """GET shows what would happen, to how many; POST does it to those that were shown."""
    data = request.POST if request.method == "POST" else request.GET
    if data.get("action") == ADD_TO_PACK:
        return see_other(_packing(request.user, data))
    if data.get("action") == LAUNCH and has_role(request.user, *LAUNCHERS):
        return see_other(launch_address(data))
    query = read_asked(QueryDict(data.get("filter", ""))).query
    back = f"{reverse('tasks:list')}?{query}".rstrip("?")
    try:
        wish = read_wish(request.user, data)
    except NotFound:
        raise Http404 from None
    except InvalidArgument as error:
        page = refused_page(error.message, back=back)
        return render(request, "authoring/bulk.html", {"page": page}, status=422)
    chosen = selected(request.user, data)
    if request.method != "POST":
        page = bulk_page(wish, plan(wish, chosen), query=query, back=back)
        return render(request, "authoring/bulk.html", {"page": page})
    result = carry_out(wish, chosen)
    request.session[KEY] = remembered(wish, result)
    level = messages.WARNING if result.left else messages.SUCCESS
    messages.add_message(request, level, summary(wish, result))
    return see_other(back)


@login_required
@require_POST
def undo_last(request: SignedIn) -> HttpResponse:
    """Take back what was done last to many tasks, once."""
    kept = request.session.pop(KEY, None)
    if kept is None:
        raise Http404
    result = undo(kept, by=request.user)
    text = f"Taken back for {counted(len(result.done), 'task')}."
    if rest := len(kept["before"]) - len(result.done):
        text += f" {counted(rest, 'task')} changed meanwhile and stayed as they are."
    messages.success(request, text)
    return see_other(reverse("tasks:list"))


@login_required
@require_POST
def retire_task(request: SignedIn, slug: str) -> HttpResponse:
    task = visible_task(request.user, slug)
    try:
        retire(task, by=request.user)
    except Forbidden:
        raise Http404 from None
    except Conflict as error:
        messages.error(request, error.message)
        return see_other(_page_of(task))
    messages.success(request, f"{slug} is retired: it is in no new pack or run.")
    return see_other(_page_of(task))


@login_required
@require_POST
def bring_task_back(request: SignedIn, slug: str) -> HttpResponse:
    task = visible_task(request.user, slug)
    try:
        bring_back(task, by=request.user)
    except Forbidden:
        raise Http404 from None
    messages.success(request, f"{slug} is back.")
    return see_other(_page_of(task))


def _packing(user: User, data: QueryDict) -> str:
    """Give the page where ticked tasks are added to a pack that this person may change."""
    if not may_make(user):
        raise Http404
    if slug := data.get("pack", ""):
        own_pack(user, clean_text(slug)[0])
    return address_for(data)


def _page_of(task: Task) -> str:
    return reverse("editor:prompt", args=[task.slug])
