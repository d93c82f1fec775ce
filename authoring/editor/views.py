"""The tabs Prompt and Agent view, and what is loaded again after a save."""

from collections.abc import Mapping

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from authoring.access import TaskLook, edit_task, look_at_task
from authoring.editor.agent_view import agent_view
from authoring.editor.answers import answer_save
from authoring.editor.fields import forms_of, read_form
from authoring.editor.frame import TABS, frame_for
from authoring.lint.panel import findings_at
from simulation import markdown
from simulation.views.lookup import SignedIn

PROMPT = "prompt"  # the tab, and the place of findings


@login_required
@require_safe
def prompt(request: SignedIn, slug: str) -> HttpResponse:
    return _prompt(request, look_at_task(request.user, slug), {})


@login_required
@require_POST
def save_fields(request: SignedIn, slug: str) -> HttpResponse:
    """Save those fields of the tab Prompt that the form holds."""
    look = edit_task(request.user, slug)
    read = read_form(look, request.POST)
    form = request.POST.get("form", "prompt")

    def show(problems: Mapping[str, str]) -> HttpResponse:
        return _prompt(request, edit_task(request.user, slug), problems, status=422)

    back = f"{reverse('editor:prompt', args=[slug])}#form-{form}"
    return answer_save(request, look, read.edits, show=show, back=back, problems=read.problems)


@login_required
@require_safe
def frame_parts(request: SignedIn, slug: str) -> HttpResponse:
    """Give outline, head and inspector anew, for a page whose draft was just saved."""
    look = look_at_task(request.user, slug)
    tab = request.GET.get("tab", "")
    frame = frame_for(request, look, tab if tab in TABS else "prompt")
    context = {"frame": frame, "at_prompt": findings_at(look, frame.findings, PROMPT)}
    return render(request, "authoring/partials/frame_parts.html", context)


@login_required
@require_safe
def agent(request: SignedIn, slug: str) -> HttpResponse:
    look = look_at_task(request.user, slug)
    context = {"frame": frame_for(request, look, "agent"), "page": agent_view(look)}
    return render(request, "authoring/agent.html", context)


def _prompt(
    request: SignedIn, look: TaskLook, problems: Mapping[str, str], *, status: int = 200
) -> HttpResponse:
    frame = frame_for(request, look, PROMPT)
    context = {
        "frame": frame,
        "at_prompt": findings_at(look, frame.findings, PROMPT),
        "forms": forms_of(look, request.POST if problems else None, problems)
        if look.may_edit
        else (),
        "problems": problems,
        "rendered": markdown.render(look.content.prompt),
    }
    return render(request, "authoring/prompt.html", context, status=status)
