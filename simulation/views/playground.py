"""The tool playground. Every call runs in the clone of who is signed in, never in the world.

The views of a world's own playground, and what answers for whoever sets another stage.
"""

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
from simulation.playground.fields import PREFIX, form_of
from simulation.playground.page import Asking, new_call_id, reference_page, tools_page
from simulation.playground.scratch import call_in_scratch, reset_scratch
from simulation.playground.stage import Stage, world_stage
from simulation.tools import Tool
from simulation.transcript import StepRecord
from simulation.views.lookup import SignedIn, number, see_other, visible_world

MAX_CALL_ID = 40


@login_required
@require_safe
def tools(request: SignedIn, slug: str, version: int) -> HttpResponse:
    return answer_tools(request, _stage(request, slug, version))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def tool(request: SignedIn, slug: str, version: int, name: str) -> HttpResponse:
    return answer_tool(request, _stage(request, slug, version), name)


@login_required
@require_safe
def reference(request: SignedIn, slug: str, version: int) -> HttpResponse:
    """Show the calls of one's clone as the reference steps of a task, to copy."""
    page = reference_page(visible_world(request, slug, version), request.user)
    return render(request, "simulation/tools_reference.html", {"page": page})


@login_required
@require_POST
def reset(request: SignedIn, slug: str, version: int) -> HttpResponse:
    return answer_reset(request, _stage(request, slug, version))


def answer_tools(request: SignedIn, stage: Stage) -> HttpResponse:
    """List the tools of a stage."""
    page = tools_page(stage, request.user, _asking(request, stage))
    return render(request, "simulation/tools.html", {"page": page})


def answer_tool(request: SignedIn, stage: Stage, name: str) -> HttpResponse:
    """Show a tool with its form and what a call gave; POST calls it.

    A call that the tool refuses is answered with the form as it was typed. Raises Http404 for a
    tool that the stage has not.
    """
    found = stage.tools.get(name)
    if found is None:
        raise Http404
    asking = _asking(request, stage)
    if is_edited(request.POST):
        typed, added = edited(request.POST), request.POST.get(ADD, "")
        return _show(request, stage, found, replace(asking, typed=typed, added=added))
    if request.method == "POST":
        return _call(request, stage, found, asking)
    if any(key.startswith(f"{PREFIX}.") for key in request.GET):
        asking = replace(asking, typed=request.GET)
    return _show(request, stage, found, asking)


def answer_reset(request: SignedIn, stage: Stage) -> HttpResponse:
    """Replace somebody's clone by a fresh one."""
    shown = request.POST.get("scratch", "")
    reset = shown.isdecimal() and reset_scratch(
        stage.world, request.user, number=int(shown), scene=stage.scene
    )
    if reset:
        messages.success(request, "Your clone is fresh again: all its calls are gone.")
    return redirect(stage.base)


def _stage(request: SignedIn, slug: str, version: int) -> Stage:
    return world_stage(visible_world(request, slug, version), request.user)


def _call(request: SignedIn, stage: Stage, found: Tool, asking: Asking) -> HttpResponse:
    fields = form_of(found, stage.world.company)
    arguments, problems = read_inputs(fields, request.POST)
    asking = replace(asking, typed=request.POST, problems=problems)
    if problems:
        return _show(request, stage, found, asking, status=422)
    try:
        step = call_in_scratch(
            stage.world,
            request.user,
            tool=found.name,
            arguments_raw=json.dumps(arguments, ensure_ascii=False),
            call_id=request.POST.get("call_id", "")[:MAX_CALL_ID] or new_call_id(),
            scene=stage.scene,
        )
    except GymError as error:
        messages.error(request, error.message)
        return _show(request, stage, found, asking, status=error.status)
    return _answer(request, stage, found, replace(asking, step=step.index + 1), step)


def _answer(
    request: SignedIn, stage: Stage, found: Tool, asking: Asking, step: StepRecord
) -> HttpResponse:
    if step.is_error:
        return _show(request, stage, found, asking, status=422)
    is_first = asking.toolset == stage.toolsets[0]
    toolset = "" if is_first else f"toolset={asking.toolset}&"
    return see_other(f"{request.path}?{toolset}step={step.index + 1}#result")


def _show(
    request: SignedIn, stage: Stage, found: Tool, asking: Asking, *, status: int = 200
) -> HttpResponse:
    page = tools_page(stage, request.user, asking, found)
    return render(request, "simulation/tool.html", {"page": page}, status=status)


def _asking(request: SignedIn, stage: Stage) -> Asking:
    toolset = request.GET.get("toolset", "")
    return Asking(
        toolset=toolset if toolset in stage.toolsets else stage.toolsets[0],
        step=number(request, "step"),
        is_whole=request.GET.get("whole") == "1",
        has_whole_log=request.GET.get("log") == "all",
    )
