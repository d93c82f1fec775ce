"""Launching a run in the browser: the form, what it would be, and the run."""

from dataclasses import replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from authoring.launching.check_page import KEY, check_page
from authoring.launching.estimating import estimate
from authoring.launching.form import as_wished, launch_fields
from authoring.launching.form_page import launch_page, values_from
from authoring.launching.offers import read_offer
from authoring.launching.resolving import resolve
from authoring.launching.service import launch
from authoring.launching.wish import Wish, read_wish
from simulation.editing.sheet import Typed
from simulation.errors import Conflict, InvalidArgument, Problems
from simulation.forms.reading import read_inputs
from simulation.roles import LAUNCHERS, has_role
from simulation.text import clean_text
from simulation.views.lookup import SignedIn, see_other
from simulation.wording import counted

EDIT = "edit"
LONGEST_KEY = 64


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedIn) -> HttpResponse:
    """GET gives the form; POST says what it would launch, and launches nothing."""
    _check_may_launch(request)
    if request.method != "POST":
        values, like = values_from(request.user, request.GET)
        page = launch_page(request.user, values, like=like)
        return render(request, "authoring/launch.html", {"page": page})
    sent = request.POST
    if EDIT in sent:
        return _show(request, Typed(inputs=sent), status=200)
    try:
        found = resolve(_wish(request, sent), request.user)
    except (InvalidArgument, Conflict) as error:
        return _refused(request, sent, error)
    checked = check_page(found, estimate(found), sent)
    return render(request, "authoring/launch_check.html", {"page": checked})


@login_required
@require_POST
def launch_now(request: SignedIn) -> HttpResponse:
    """Launch what was shown. A second press of the button gives the run that there is."""
    _check_may_launch(request)
    sent = request.POST
    try:
        key = clean_text(sent.get(KEY, ""), limit=LONGEST_KEY)[0]
        run = launch(_wish(request, sent), by=request.user, key=key)
    except (InvalidArgument, Conflict) as error:
        return _refused(request, sent, error)
    messages.success(request, f"{counted(run.rollouts.count(), 'episode')} launched.")
    return see_other(reverse("grading:run", args=[run.pk]))


def _wish(request: SignedIn, sent: QueryDict) -> Wish:
    """Read the form. Raises Problems, those with the places of inputs that cannot be read first."""
    values, problems = read_inputs(launch_fields(read_offer(request.user, {})), sent)
    if problems:
        raise Problems([f"{name.partition('.')[2]}: {why}" for name, why in problems.items()])
    return read_wish(as_wished(values))


def _refused(request: SignedIn, sent: QueryDict, error: Exception) -> HttpResponse:
    lines = tuple(str(error).splitlines())
    return _show(request, replace(Typed(inputs=sent), messages=lines), status=422)


def _show(request: SignedIn, typed: Typed, *, status: int) -> HttpResponse:
    page = launch_page(request.user, {}, typed)
    return render(request, "authoring/launch.html", {"page": page}, status=status)


def _check_may_launch(request: SignedIn) -> None:
    if not has_role(request.user, *LAUNCHERS):
        raise Http404
