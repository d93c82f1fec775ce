"""Judges: inspectors look at them, admins make and retire them."""

from dataclasses import replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grading.judge_form import judge_fields
from grading.judge_pages import (
    NewJudgePage,
    endpoint_names,
    judge_page,
    judge_url,
    judges_page,
    new_judge_page,
)
from grading.judging.configurations import (
    check_may_make,
    check_may_see,
    make_judge,
    may_make_judges,
    retire_judge,
)
from grading.models import Judge
from simulation.editing.sheet import Typed, is_only_edited, only_edited
from simulation.errors import Conflict, Forbidden, InvalidArgument
from simulation.forms.reading import read_inputs
from simulation.views.lookup import SignedIn, see_other


@login_required
@require_safe
def judges(request: SignedIn) -> HttpResponse:
    _check(request, is_making=False)
    page = judges_page(request.user, may_make=may_make_judges(request.user))
    return render(request, "grading/judges.html", {"page": page})


@login_required
@require_safe
def judge(request: SignedIn, name: str, version: int) -> HttpResponse:
    found = _visible(request, name, version)
    page = judge_page(found, request.user, may_make=may_make_judges(request.user))
    return render(request, "grading/judge.html", {"page": page})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedIn) -> HttpResponse:
    """A judge of a new name, or the next version of one: `?from=name@version`."""
    _check(request, is_making=True)
    fields, sent = judge_fields(endpoint_names()), request.POST
    if request.method != "POST":
        return _show(request, new_judge_page(_from(request)))
    if is_only_edited(sent):
        return _show(request, new_judge_page(None, only_edited(fields, {}, sent)))
    values, problems = read_inputs(fields, sent)
    typed = Typed(inputs=sent, problems=problems)
    if problems:
        return _show(request, new_judge_page(None, typed), status=422)
    try:
        made = make_judge(values, by=request.user)
    except (InvalidArgument, Conflict) as error:
        typed = replace(typed, messages=tuple(error.message.splitlines()))
        return _show(request, new_judge_page(None, typed), status=422)
    messages.success(request, f"{made} was made. Runs can be judged by it from now on.")
    return see_other(judge_url(made))


@login_required
@require_POST
def retire(request: SignedIn, name: str, version: int) -> HttpResponse:
    found = _visible(request, name, version)
    if not may_make_judges(request.user):
        raise Http404
    retire_judge(found, by=request.user)
    messages.success(request, f"{found} is retired: no new run is judged by it.")
    return see_other(judge_url(found))


def _from(request: SignedIn) -> Judge | None:
    name, _, version = request.GET.get("from", "").partition("@")
    is_named = version.isdecimal() and version.isascii() and len(version) < 10
    return _visible(request, name, int(version)) if is_named else None


def _visible(request: SignedIn, name: str, version: int) -> Judge:
    judges = Judge.objects.visible_to(request.user).select_related("endpoint", "created_by")
    return get_object_or_404(judges, name=name, version=version)


def _show(request: SignedIn, page: NewJudgePage, *, status: int = 200) -> HttpResponse:
    return render(request, "grading/new_judge.html", {"page": page}, status=status)


def _check(request: SignedIn, *, is_making: bool) -> None:
    try:
        (check_may_make if is_making else check_may_see)(request.user)
    except Forbidden as error:
        raise PermissionDenied(error.message) from None
