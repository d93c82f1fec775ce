"""The form that grades a run again."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from authoring.regrading.asking import ask
from authoring.regrading.page import LABELS, again_page, read_request
from grading.models import Run
from grading.regrading.permissions import may_grade
from grading.scopes import Scope, read_scope
from simulation.errors import GymError, InvalidArgument
from simulation.views.lookup import SignedIn, see_other


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def grade_again(request: SignedIn, pk: int) -> HttpResponse:
    runs = Run.objects.visible_to(request.user).select_related("official__judge")
    run = get_object_or_404(runs, pk=pk)
    if not may_grade(request.user, run):
        raise Http404
    sent = request.POST.dict() if request.method == "POST" else None
    scope = _scope(sent or request.GET.dict())
    if sent is None:
        return _show(request, run, scope)
    try:
        (grading,) = ask([run], read_request(sent, scope), actor=request.user)
    except GymError as error:
        return _show(request, run, scope, sent, error)
    messages.success(request, f"Grading {grading.number} was asked for.")
    return see_other(reverse("grading:gradings", args=[pk]))


def _show(
    request: SignedIn,
    run: Run,
    scope: Scope,
    sent: dict[str, str] | None = None,
    error: GymError | None = None,
) -> HttpResponse:
    status = 200
    if error:
        status = 422 if isinstance(error, InvalidArgument) else error.status
    page = again_page(run, request.user, scope, sent, error)
    return render(request, "authoring/grade_again.html", {"page": page}, status=status)


def _scope(given: dict[str, str]) -> Scope:
    """Read the filter of an address or a form; what means nothing there is left out."""
    named = {name: given[name] for name in LABELS if given.get(name)}
    try:
        return read_scope(named)
    except InvalidArgument:
        return read_scope({name: v for name, v in named.items() if name != "outcome"})
