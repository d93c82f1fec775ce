"""The tab Rubric of a task: looking, editing one criterion, and what its check says meanwhile."""

import json
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from authoring.access import TaskLook, edit_task, look_at_rubric
from authoring.drafts.document import fingerprint, read_part
from authoring.drafts.saving import Edit
from authoring.editor.answers import answer_save
from authoring.editor.frame import frame_for
from authoring.rubrics.cards import EDIT, SPLIT, TURN, CardMaker, Opened, rubric_page, summary_of
from authoring.rubrics.form import BIND, LITERAL, PICK, Typing, freed, read_criterion
from authoring.rubrics.removed import removed_from
from grading.check_forms.fields import KIND
from grading.trying import read_pasted
from simulation.errors import InvalidArgument
from simulation.forms.repeated import ADD, edited, is_edited
from simulation.views.lookup import SignedIn, see_other

THEN = "then"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: SignedIn, slug: str) -> HttpResponse:
    """Show the rubric; what is posted is a form that gets one row more or less, not saved."""
    if request.method == "POST":
        return _edited(request, edit_task(request.user, slug))
    look = look_at_rubric(request.user, slug)
    opened = _opened(request.GET)
    removed = removed_from(request, look, request.GET.get("removed", ""))
    return show(request, look, opened, removed=removed)


@login_required
@require_POST
def save(request: SignedIn, slug: str, key: str) -> HttpResponse:
    """Save a criterion as far as it can be read."""
    look = edit_task(request.user, slug)
    then, _, name = request.POST.get(THEN, "").partition(":")
    sent = freed(request.POST, name) if then == LITERAL else request.POST
    read = read_criterion(look, _stored(look, key), sent)
    edit = Edit(path=f"rubric/{key}", value=read.value, base=sent.get("base", ""))

    def shown(problems: Mapping[str, str]) -> HttpResponse:
        now = edit_task(request.user, slug)
        inputs = _rebased(sent, now, key)
        typing = Typing(inputs=inputs, problems=problems)
        opened = Opened(key=key, mode=EDIT, kind=sent.get(KIND, ""), typing=typing)
        return show(request, now, opened, status=422)

    back = _after(slug, key, then, name)
    return answer_save(request, look, [edit], show=shown, back=back, problems=read.problems)


@login_required
@require_POST
def save_json(request: SignedIn, slug: str, key: str) -> HttpResponse:
    """Save the check of a criterion as JSON."""
    look = edit_task(request.user, slug)
    text = request.POST.get("json", "")
    try:
        check = read_pasted(text)
    except InvalidArgument as error:
        opened = Opened(key=key, mode=EDIT, pasted=(text, error.message))
        return show(request, look, opened, status=422)
    value = {**_stored(look, key), "check": check}
    edit = Edit(path=f"rubric/{key}", value=value, base=request.POST.get("base", ""))

    def shown(problems: Mapping[str, str]) -> HttpResponse:
        opened = Opened(key=key, mode=EDIT, pasted=(text, "; ".join(problems.values())))
        return show(request, edit_task(request.user, slug), opened, status=422)

    return answer_save(request, look, [edit], show=shown, back=address_of(slug, key, EDIT))


@login_required
@require_safe
def preview(request: SignedIn, slug: str, key: str) -> HttpResponse:
    """Give what a criterion says now, to stand in its form."""
    look = look_at_rubric(request.user, slug)
    criteria = look.content.rubric.criteria
    place = next((n for n, each in enumerate(criteria) if each.key == key), None)
    if place is None:
        raise Http404
    frame = frame_for(request, look, "rubric")
    card = CardMaker(look, frame.findings, Opened()).card(criteria[place], place + 1)
    check = json.dumps(criteria[place].check, ensure_ascii=False, indent=2)
    context = {"card": card, "summary": summary_of(criteria), "check": check, "is_alone": True}
    return render(request, "authoring/partials/criterion_preview.html", context)


def show(
    request: HttpRequest, look: TaskLook, opened: Opened, *, removed: str = "", status: int = 200
) -> HttpResponse:
    """Answer with the whole tab."""
    frame = frame_for(request, look, "rubric")
    given = rubric_page(look, frame.findings, opened)
    context = {"frame": frame, "page": given, "removed": removed}
    return render(request, "authoring/rubric.html", context, status=status)


def address_of(slug: str, key: str = "", mode: str = "", *, at: str = "") -> str:
    """Give the address of the tab, at one criterion or an input of it, opened for something."""
    query = f"?{mode}={key}" if mode else ""
    anchor = f"#id_{at}" if at else f"#criterion-{key}" if key else ""
    return f"{reverse('rubric:page', args=[slug])}{query}{anchor}"


def _opened(given: QueryDict) -> Opened:
    mode = next((each for each in (EDIT, SPLIT, TURN) if each in given), "")
    return Opened(key=given.get(mode, ""), mode=mode, kind=given.get(KIND, ""))


def _edited(request: SignedIn, look: TaskLook) -> HttpResponse:
    key, sent = request.GET.get(EDIT, ""), request.POST
    if not is_edited(sent):
        return see_other(address_of(look.task.slug, key, EDIT))
    typing = Typing(inputs=edited(sent), added=sent.get(ADD, ""))
    return show(request, look, Opened(key=key, mode=EDIT, kind=sent.get(KIND, ""), typing=typing))


def _stored(look: TaskLook, key: str) -> dict[str, Any]:
    """Give a criterion as it is now; one that is gone is as empty as a new one."""
    found = read_part(look.content.model_dump(mode="json"), f"rubric/{key}")
    blank = {"key": key, "text": "", "category": "correctness", "points": 1, "note": ""}
    return dict(found) if found else {**blank, "check": {}}


def _rebased(sent: QueryDict, look: TaskLook, key: str) -> QueryDict:
    """What could be read of a form was saved: the form goes on from there."""
    inputs = sent.copy()
    inputs["base"] = fingerprint(read_part(look.content.model_dump(mode="json"), f"rubric/{key}"))
    return inputs


def _after(slug: str, key: str, then: str, name: str) -> str:
    if then in (BIND, PICK):
        query = QueryDict(mutable=True)
        query["at"] = name
        return f"{reverse(f'rubric:{then}', args=[slug, key])}?{query.urlencode()}"
    if then == "close":
        return address_of(slug, key)
    return address_of(slug, key, EDIT, at=name)
