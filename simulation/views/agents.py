"""Agents that models play: everybody with a role sees them, runners and admins make them."""

from collections.abc import Mapping
from dataclasses import replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from simulation.agent_configurations import (
    make_agent,
    may_make_agents,
    retire_agent,
    unretire_agent,
)
from simulation.agent_pages import (
    NewAgentPage,
    agent_page,
    agent_url,
    agents_page,
    new_agent_page,
)
from simulation.editing.agents import agent_fields
from simulation.editing.sheet import Typed, is_only_edited, only_edited
from simulation.errors import Conflict, InvalidArgument
from simulation.forms.reading import read_inputs
from simulation.models import AgentConfiguration, ModelEndpoint
from simulation.roles import roles_of
from simulation.text import clean_text
from simulation.trial_card import TrialCard, trial_card
from simulation.trials import try_agent
from simulation.views.lookup import SignedIn, see_other


@login_required
@require_safe
def agents(request: SignedIn) -> HttpResponse:
    if not roles_of(request.user):
        raise Http404
    return render(request, "simulation/agents.html", {"page": agents_page(request.user)})


@login_required
@require_safe
def agent(request: SignedIn, name: str) -> HttpResponse:
    return _show_agent(request, name)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedIn) -> HttpResponse:
    """An agent of a new name, or the next version of one: `?from=name@version`."""
    _check_may_make(request)
    names = ModelEndpoint.objects.active().order_by("name").values_list("name", flat=True)
    fields, sent = agent_fields(list(names)), request.POST
    if request.method != "POST":
        return _show(request, new_agent_page(request.user, _from(request)))
    if is_only_edited(sent):
        return _show(request, new_agent_page(request.user, None, only_edited(fields, {}, sent)))
    values, problems = read_inputs(fields, sent)
    typed = Typed(inputs=sent, problems=problems)
    if problems:
        return _show(request, new_agent_page(request.user, None, typed), status=422)
    try:
        made = make_agent(values, by=request.user)
    except (InvalidArgument, Conflict) as error:
        typed = replace(typed, messages=tuple(error.message.splitlines()))
        return _show(request, new_agent_page(request.user, None, typed), status=422)
    messages.success(request, f"{made} was made. Runs can be launched with it from now on.")
    return see_other(agent_url(made.name))


@login_required
@require_POST
def try_(request: SignedIn, name: str, version: int) -> HttpResponse:
    """Ask a version one small question and show what came of it."""
    _check_may_make(request)
    found = _visible(request, name, version)
    return _show_agent(request, name, {version: trial_card(try_agent(found))})


@login_required
@require_POST
def retire(request: SignedIn, name: str, version: int) -> HttpResponse:
    _check_may_make(request)
    found = _visible(request, name, version)
    retire_agent(found, by=request.user)
    messages.success(request, f"{found} is retired: no new run is launched with it.")
    return see_other(agent_url(name))


@login_required
@require_POST
def bring_back(request: SignedIn, name: str, version: int) -> HttpResponse:
    _check_may_make(request)
    found = _visible(request, name, version)
    unretire_agent(found, by=request.user)
    messages.success(request, f"{found} is back.")
    return see_other(agent_url(name))


def _show_agent(
    request: SignedIn, name: str, trials: Mapping[int, TrialCard] | None = None
) -> HttpResponse:
    visible = AgentConfiguration.objects.visible_to(request.user).filter(name=name)
    versions = list(visible.select_related("endpoint", "created_by").order_by("-version"))
    if not versions:
        raise Http404
    page = agent_page(versions, request.user, trials)
    return render(request, "simulation/agent.html", {"page": page})


def _check_may_make(request: SignedIn) -> None:
    if not may_make_agents(request.user):
        raise Http404


def _from(request: SignedIn) -> AgentConfiguration | None:
    name, _, version = clean_text(request.GET.get("from", ""))[0].partition("@")
    is_named = version.isdecimal() and version.isascii() and len(version) < 10
    return _visible(request, name, int(version)) if is_named else None


def _visible(request: SignedIn, name: str, version: int) -> AgentConfiguration:
    agents = AgentConfiguration.objects.visible_to(request.user).select_related("endpoint")
    return get_object_or_404(agents, name=name, version=version)


def _show(request: SignedIn, page: NewAgentPage, *, status: int = 200) -> HttpResponse:
    return render(request, "simulation/new_agent.html", {"page": page}, status=status)
