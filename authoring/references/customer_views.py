"""The tab Customer of a task."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from authoring.access import TaskLook, edit_task, look_at_rubric
from authoring.drafts.saving import Edit
from authoring.editor.answers import answer_save
from authoring.editor.frame import frame_for
from authoring.references.customer_form import PREFIX, customer_page, read_customer_form
from authoring.references.trials import start_trial, trial_of, trial_panel
from simulation.customers import KINDS, PLAYED
from simulation.errors import Conflict, InvalidArgument
from simulation.forms.repeated import ADD, edited, is_edited
from simulation.models import Episode
from simulation.views.lookup import SignedIn, number, see_other

NOBODY = "nobody"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: SignedIn, slug: str) -> HttpResponse:
    """Show the customer; POST saves it as far as it is written, and `what` nobody takes it away."""
    if request.method == "POST":
        return _save(request, slug)
    look = look_at_rubric(request.user, slug)
    shown = _trial(look, number(request, "trial"))
    return _show(
        request,
        look,
        trial={"shown": shown, "chosen": request.GET.get("player", "")},
        kind=request.GET.get("kind", ""),
    )


@login_required
@require_POST
def try_customer(request: SignedIn, slug: str) -> HttpResponse:
    """Have the customer asked prepared questions by an agent."""
    look = edit_task(request.user, slug)
    player = request.POST.get("player", "")
    try:
        episode = start_trial(look, player=player, by=request.user)
    except (InvalidArgument, Conflict) as error:
        refused = {"problem": error.message, "chosen": player}
        return _show(request, look, trial=refused, status=422)
    return see_other(f"{reverse('customer:page', args=[slug])}?trial={episode.pk}#customer-trial")


def _trial(look: TaskLook, pk: int | None) -> Episode | None:
    """Raises Http404 for a trial that is none of this task's, or not for this person."""
    found = trial_of(look, pk) if pk else None
    if pk and found is None:
        raise Http404
    return found


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


def _show(
    request: SignedIn,
    look: TaskLook,
    *,
    status: int = 200,
    trial: Mapping[str, Any] | None = None,
    **asked: Any,
) -> HttpResponse:
    url = reverse("customer:page", args=[look.task.slug])
    context = {
        "frame": frame_for(request, look, "customer"),
        "page": customer_page(look, url=url, **asked),
        "panel": trial_panel(look, **(trial or {})),
    }
    return render(request, "authoring/customer.html", context, status=status)
