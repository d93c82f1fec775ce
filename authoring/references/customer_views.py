"""The tab Customer of a task."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from authoring.access import TaskLook, edit_task, look_at_rubric
from authoring.drafts.saving import Edit
from authoring.editor.answers import answer_save
from authoring.editor.frame import frame_for
from authoring.references.customer_form import PREFIX, customer_page, read_customer_form
from simulation.customers import KINDS, PLAYED
from simulation.forms.repeated import ADD, edited, is_edited
from simulation.views.lookup import SignedIn

NOBODY = "nobody"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: SignedIn, slug: str) -> HttpResponse:
    """Show the customer; POST saves it as far as it is written, and `what` nobody takes it away."""
    if request.method == "POST":
        return _save(request, slug)
    look = look_at_rubric(request.user, slug)
    return _show(request, look, kind=request.GET.get("kind", ""))


def _save(request: SignedIn, slug: str) -> HttpResponse:
    look = edit_task(request.user, slug)
    kind = request.POST.get("kind", "")
    kind = kind if kind in KINDS else PLAYED
    if is_edited(request.POST):
        added = request.POST.get(ADD, "")
        return _show(request, look, kind=kind, typed=edited(request.POST), added=added)
    value, problems = read_customer_form(kind, request.POST)
    is_nobody = request.POST.get("what") == NOBODY
    base = request.POST.get(f"base.{PREFIX}", "")
    edit = Edit(path=PREFIX, value=None if is_nobody else value, base=base)

    def again(found: Mapping[str, str]) -> HttpResponse:
        return _show(request, look, kind=kind, typed=request.POST, problems=found, status=422)

    back = reverse("customer:page", args=[slug])
    edits = [] if problems else [edit]
    return answer_save(request, look, edits, show=again, back=back, problems=problems)


def _show(request: SignedIn, look: TaskLook, *, status: int = 200, **asked: Any) -> HttpResponse:
    url = reverse("customer:page", args=[look.task.slug])
    context = {
        "frame": frame_for(request, look, "customer"),
        "page": customer_page(look, url=url, **asked),
    }
    return render(request, "authoring/customer.html", context, status=status)
