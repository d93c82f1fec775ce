"""The tool playground. Every call runs in the clone of who is signed in, never in the world."""

import json
from dataclasses import replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from simulation.errors import GymError
from simulation.forms.reading import read_inputs
from simulation.forms.repeated import ADD, edited, is_edited
from simulation.models import World
from simulation.playground.fields import PREFIX, form_of
from simulation.playground.page import Asking, new_call_id, reference_page, tools_page
from simulation.playground.scratch import call_in_scratch, reset_scratch
from simulation.tools import Tool
from simulation.transcript import StepRecord
from simulation.views.lookup import SignedIn, number, visible_world

MAX_CALL_ID = 40


@login_required
@require_safe
def tools(request: SignedIn, slug: str, version: int) -> HttpResponse:
    world = visible_world(request, slug, version)
    page = tools_page(world, request.user, _asking(request, world))
    return render(request, "simulation/tools.html", {"page": page})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def tool(request: SignedIn, slug: str, version: int, name: str) -> HttpResponse:
    """Show a tool with its form and what a call gave; POST calls it.

    A call that the tool refuses is answered with the form as it was typed.
    """
    world = visible_world(request, slug, version)
    found = world.company.tools.get(name)
    if found is None:
        raise Http404
    asking = _asking(request, world)
    if is_edited(request.POST):
        typed, added = edited(request.POST), request.POST.get(ADD, "")
        return _show(request, world, found, replace(asking, typed=typed, added=added))
    if request.method == "POST":
        return _call(request, world, found, asking)
    if any(key.startswith(f"{PREFIX}.") for key in request.GET):
        asking = replace(asking, typed=request.GET)
    return _show(request, world, found, asking)


@login_required
@require_safe
def reference(request: SignedIn, slug: str, version: int) -> HttpResponse:
    """Show the calls of one's clone as the reference steps of a task, to copy."""
    page = reference_page(visible_world(request, slug, version), request.user)
    return render(request, "simulation/tools_reference.html", {"page": page})


@login_required
@require_POST
def reset(request: SignedIn, slug: str, version: int) -> HttpResponse:
    world = visible_world(request, slug, version)
    shown = request.POST.get("scratch", "")
    if shown.isdecimal() and reset_scratch(world, request.user, number=int(shown)):
        messages.success(request, "Your clone is fresh again: all its calls are gone.")
    return redirect("simulation:tools", slug=slug, version=version)


def _call(request: SignedIn, world: World, found: Tool, asking: Asking) -> HttpResponse:
    fields = form_of(found, world.company)
    arguments, problems = read_inputs(fields, request.POST)
    asking = replace(asking, typed=request.POST, problems=problems)
    if problems:
        return _show(request, world, found, asking, status=422)
    try:
        step = call_in_scratch(
            world,
            request.user,
            tool=found.name,
            arguments_raw=json.dumps(arguments, ensure_ascii=False),
            call_id=request.POST.get("call_id", "")[:MAX_CALL_ID] or new_call_id(),
        )
    except GymError as error:
        messages.error(request, error.message)
        return _show(request, world, found, asking, status=error.status)
    return _answer(request, world, found, replace(asking, step=step.index + 1), step)


def _answer(
    request: SignedIn, world: World, found: Tool, asking: Asking, step: StepRecord
) -> HttpResponse:
    if step.is_error:
        return _show(request, world, found, asking, status=422)
    toolset = f"toolset={asking.toolset}&" if asking.toolset != "default" else ""
    response = redirect(f"{request.path}?{toolset}step={step.index + 1}#result")
    response.status_code = 303
    return response


def _show(
    request: SignedIn, world: World, found: Tool, asking: Asking, *, status: int = 200
) -> HttpResponse:
    page = tools_page(world, request.user, asking, found)
    return render(request, "simulation/tool.html", {"page": page}, status=status)


def _asking(request: SignedIn, world: World) -> Asking:
    toolset = request.GET.get("toolset", "default")
    return Asking(
        toolset=toolset if toolset in world.company.toolsets else "default",
        step=number(request, "step"),
        is_whole=request.GET.get("whole") == "1",
        has_whole_log=request.GET.get("log") == "all",
    )
