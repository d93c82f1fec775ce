"""The form as a page: filled from an address, a run that there was, or what was typed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.contrib.auth.models import User
from django.http import QueryDict
from django.urls import reverse

from authoring.access import visible_tasks
from authoring.launching.form import PREFIX, Offer, first_values, launch_fields, values_of
from authoring.launching.offers import options, read_offer
from authoring.launching.pages import LaunchPage
from authoring.launching.subjects import seen_slugs
from authoring.launching.wish import MOST_TASKS, read_wish
from authoring.listing.bulk import selected
from grading.models import Run
from simulation.agent_configurations import may_make_agents
from simulation.editing.sheet import Typed, make_sheet
from simulation.errors import Problems
from simulation.forms.inputs import Input
from simulation.forms.writing import write_inputs
from simulation.pages import Choice
from simulation.text import clean_text

TASKS = ("pack", "split", "changed_since", "tasks")
HOW = ("repeats", "kind", "judge", "max_running", "title", "seed")
MORE = ("limits", "customer", "faults")
BLANKS = {
    "pack": "no pack: the tasks named below",
    "split": "all",
    "changed_since": "all of them",
    "judge": "no judge",
    "customer.endpoint": "nobody",
    "faults.level": "none",
}
WORDS = {
    "kind": {"evaluation": "evaluation", "training": "training, by groups"},
    "split": {"heldout": "held out"},
}


def launch_page(
    user: User, values: Mapping[str, Any], typed: Typed | None = None, *, like: str = ""
) -> LaunchPage:
    """values: what the form begins with. typed: what was sent instead."""
    sent = typed.inputs if typed else None
    extra = _chosen(sent) if sent is not None else _said(values)
    offer = read_offer(user, extra)
    fields = launch_fields(offer)
    shown = typed or Typed(inputs=write_inputs(fields, values))
    sheet = make_sheet(None, fields, values, shown, base="", prefix=PREFIX, rows_url="")
    inputs = {each.name.removeprefix(f"{PREFIX}."): _labelled(each, offer) for each in sheet.inputs}
    ticked = shown.inputs.getlist(f"{PREFIX}.agents")
    agents = options(user, [name for name, _ in offer.agents], ticked)
    return LaunchPage(
        tasks=tuple(inputs[name] for name in TASKS),
        agents=agents,
        agents_problem=inputs["agents"].problem,
        how=tuple(inputs[name] for name in HOW),
        more=tuple(inputs[name] for name in MORE),
        problems=sheet.problems,
        last=_last(user),
        like=like,
        makes_agents=may_make_agents(user),
        has_agents=any(each.price for each in agents),
        has_tasks=bool(offer.packs) or visible_tasks(user).approved().exists(),
    )


def values_from(user: User, query: QueryDict) -> tuple[dict[str, Any], str]:
    """Give what an address asks for, and in words what it is like."""
    if (run := _run_like(user, query)) is not None:
        return _values_like(user, run), f"Filled in as for “{run.title}”."
    values = first_values()
    for name in ("pack", "split", "judge"):
        if text := clean_text(query.get(name, ""))[0]:
            values[name] = text
    if agents := [clean_text(name)[0] for name in query.getlist("agent")]:
        values["agents"] = agents
    since = query.get("since", "")
    if since.isdecimal() and since.isascii() and len(since) < 10:
        values["changed_since"] = int(since)
    if tasks := _tasks(user, query):
        values["tasks"] = tasks
    return values, ""


def _tasks(user: User, query: QueryDict) -> list[str]:
    """Give the tasks that were ticked in the list, or all that its filter finds."""
    if not any(query.get(name) for name in ("task", "tasks", "all")):
        return []
    named = query.copy()
    for name in ("task", "tasks"):
        named.setlist(name, [clean_text(value)[0] for value in query.getlist(name)])
    slugs = selected(user, named).order_by("slug").values_list("slug", flat=True)
    return list(slugs[:MOST_TASKS])


def _run_like(user: User, query: QueryDict) -> Run | None:
    number = query.get("like", "")
    if not (number.isdecimal() and number.isascii() and len(number) < 10):
        return None
    return Run.objects.visible_to(user).filter(pk=int(number)).first()


def _values_like(user: User, run: Run) -> dict[str, Any]:
    """Give what a run was asked for, without tasks that this person may not know of."""
    try:
        values = values_of(read_wish(run.request)) if run.request else first_values()
    except Problems:  # asked in words that a later version of ours does not know
        values = first_values()
    if "tasks" in values:
        values["tasks"] = list(seen_slugs(values["tasks"], user))
    return values


def _last(user: User) -> Choice | None:
    run = (
        Run.objects.visible_to(user).filter(owner=user).exclude(request={}).order_by("-pk").first()
    )
    if run is None:
        return None
    url = f"{reverse('launch:new')}?like={run.pk}"
    return Choice(value=str(run.pk), label=run.title, url=url)


def _chosen(sent: QueryDict) -> dict[str, Sequence[str]]:
    names = ("pack", "changed_since", "agents", "judge")
    return {name: sent.getlist(f"{PREFIX}.{name}") for name in names}


def _said(values: Mapping[str, Any]) -> dict[str, Sequence[str]]:
    single = {name: [str(values[name])] for name in ("pack", "changed_since", "judge")
              if values.get(name)}  # fmt: skip
    return {**single, "agents": values.get("agents", ())}


def _labelled(field: Input, offer: Offer) -> Input:
    """Let choices say what people read."""
    name = field.name.removeprefix(f"{PREFIX}.")
    words = {
        "pack": dict(offer.packs),
        "changed_since": dict(offer.runs),
        **WORDS,
    }.get(name, {})
    choices = tuple(
        replace(each, label=words.get(each.value, each.label)) for each in field.choices
    )
    members = tuple(_labelled(each, offer) for each in field.members)
    return replace(field, choices=choices, blank=BLANKS.get(name, ""), members=members)
