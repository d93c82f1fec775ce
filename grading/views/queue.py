"""The queue of what waits for a person."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from grading.people.look import is_blind
from grading.people.queue import WHYS, Asked, waiting_for
from grading.people.queue_page import episode_url, queue_page
from simulation.views.lookup import SignedIn, number


@login_required
@require_safe
def queue(request: SignedIn) -> HttpResponse:
    page = queue_page(
        request.user,
        _asked(request),
        page=max(1, number(request, "page") or 1),
        is_blind=is_blind(request),
    )
    return render(request, "grading/queue.html", {"page": page})


@login_required
@require_safe
def queue_next(request: SignedIn) -> HttpResponse:
    """Lead to the first criterion that waits, or to the queue when none does."""
    found = waiting_for(request.user, _asked(request), limit=1)
    return redirect(episode_url(found[0])) if found else redirect("grading:queue")


def _asked(request: SignedIn) -> Asked:
    why = request.GET.get("why", "")
    is_shown = why in WHYS and not is_blind(request)
    return Asked(
        why=why if is_shown else "",
        run=number(request, "run"),
        is_unspoken=request.GET.get("unspoken") == "1",
    )
