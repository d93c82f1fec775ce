"""The gradings of a run: their list, two beside each other, cancelled, made official."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grading.models import Grading, Run
from grading.people.look import is_blind
from grading.regrading.asking import cancel_grading
from grading.regrading.compare_page import compare_page
from grading.regrading.comparing import FILTERS, Change
from grading.regrading.gradings_page import gradings_page, switch_form
from grading.regrading.official import switch_official
from grading.regrading.permissions import may_grade
from grading.views.lookup import visible_grading, visible_run
from simulation.errors import Conflict, GymError, InvalidArgument
from simulation.views.lookup import SignedIn, number, see_other
from simulation.wording import counted


@login_required
@require_safe
def gradings(request: HttpRequest, pk: int) -> HttpResponse:
    return _list(request, visible_run(request, pk), "grading/gradings.html")


@login_required
@require_safe
def gradings_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the list that is polled while a grading is live."""
    template = "grading/partials/gradings_list.html"
    return _list(request, visible_run(request, pk), template, is_fragment=True)


@login_required
@require_safe
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    run = visible_run(request, pk)
    if is_blind(request):
        messages.info(
            request, "You look blind, and a comparison tells verdicts. Look openly first."
        )
        return see_other(reverse("grading:gradings", args=[pk]))
    seen = Grading.objects.visible_to(request.user).filter(run=run)
    found = {grading.number: grading for grading in seen.select_related("run").order_by("number")}
    a = found.get(number(request, "a") or (run.official.number if run.official else 0))
    b = found.get(number(request, "b") or max(found, default=0))
    if a is None or b is None:
        raise Http404
    page = compare_page(run, list(found.values()), a, b, _filters(request))
    return render(request, "grading/compare.html", {"page": page})


@login_required
@require_POST
def grading_cancel(request: SignedIn, pk: int, grading: int) -> HttpResponse:
    run = _gradable(request, pk)
    try:
        count = cancel_grading(visible_grading(request, run, grading), actor=request.user)
    except Conflict as error:
        messages.error(request, _sentence(error))
    else:
        what = counted(count, "rollout")
        messages.success(request, f"{what} will not be graded; what was decided stays.")
    return see_other(reverse("grading:gradings", args=[pk]))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def official(request: SignedIn, pk: int, grading: int) -> HttpResponse:
    """Take the numbers of a run from another grading, with a reason."""
    run = _gradable(request, pk)
    after, seen = visible_grading(request, run, grading), run.official
    if seen is None or after == seen:
        raise Http404
    if request.method != "POST":
        return render(request, "grading/official.html", {"page": switch_form(run, seen, after)})
    reason = request.POST.get("reason", "")
    before = visible_grading(request, run, _whole(request.POST.get("before", "")) or seen.number)
    try:
        switch_official(run, after, before=before, reason=reason, actor=request.user)
    except GymError as error:
        page = switch_form(run, seen, after, reason=reason, problem=_sentence(error))
        status = 422 if isinstance(error, InvalidArgument) else error.status
        return render(request, "grading/official.html", {"page": page}, status=status)
    messages.success(request, f"The numbers of the run are those of grading {after.number} now.")
    return see_other(reverse("grading:gradings", args=[pk]))


def _list(
    request: HttpRequest, run: Run, template: str, *, is_fragment: bool = False
) -> HttpResponse:
    seen = Grading.objects.visible_to(request.user)
    can_grade = may_grade(request.user, run)
    page = gradings_page(run, seen, can_grade=can_grade, is_fragment=is_fragment)
    return render(request, template, {"page": page, "run": run})


def _gradable(request: HttpRequest, pk: int) -> Run:
    """Find a run for somebody who may say how it is graded."""
    run = visible_run(request, pk)
    if not may_grade(request.user, run):
        raise Http404
    return run


def _filters(request: HttpRequest) -> dict[str, str]:
    filters = {name: request.GET.get(name, "") for name in (*FILTERS, "page", "criteria")}
    if filters["change"] not in Change.values:
        filters["change"] = ""
    return filters


def _whole(text: str) -> int | None:
    return int(text) if text.isdecimal() and text.isascii() and len(text) <= 5 else None


def _sentence(error: GymError) -> str:
    return f"{error.message[:1].upper()}{error.message[1:]}."
