"""Expected values from the world: bound to a question, or picked from a list of rows."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from authoring.access import TaskLook, edit_task
from authoring.content import DraftCriterion
from authoring.drafts.document import fingerprint
from authoring.drafts.saving import Edit
from authoring.editor.answers import answer_save
from authoring.editor.frame import frame_for
from authoring.rubrics.cards import EDIT
from authoring.rubrics.picking import pick_page
from authoring.rubrics.placing import Spot, bound_to, placed, spot_of, value_at
from authoring.rubrics.remembered import remember, with_remembered
from authoring.rubrics.views import address_of
from simulation.asking.address import Asked, asked_of, press, read_asked
from simulation.asking.page import query_page
from simulation.asking.reading import read_form
from simulation.browser.head import world_head
from simulation.errors import GymError, InvalidArgument
from simulation.models import World
from simulation.query import WorldQuery
from simulation.state import WorldState
from simulation.views.lookup import SignedIn

AT = "at"


@dataclass(frozen=True)
class Place:
    """An input of a criterion's check that is to be filled, and the world it is filled from."""

    look: TaskLook
    criterion: DraftCriterion
    number: int
    world: World
    ready: WorldState
    spot: Spot

    @property
    def base(self) -> str:
        return fingerprint(self.criterion.model_dump(mode="json"))

    @property
    def back(self) -> str:
        return address_of(self.look.task.slug, self.criterion.key, EDIT, at=self.spot.name)

    def url(self, name: str) -> str:
        return reverse(f"rubric:{name}", args=[self.look.task.slug, self.criterion.key])

    def edit(self, value: Any, base: str) -> Edit:
        check = placed(self.criterion, self.ready, self.spot, value)
        whole = {**self.criterion.model_dump(mode="json"), "check": check}
        return Edit(path=f"rubric/{self.criterion.key}", value=whole, base=base)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def bind(request: SignedIn, slug: str, key: str) -> HttpResponse:
    """Ask the world a question and bind an expected value to it; the address holds the question."""
    place = _place(request, slug, key)
    asked = read_asked(request.GET)
    if request.method == "POST":
        return _bind(request, place, asked)
    if "type" not in request.GET:
        return redirect(f"{place.url('bind')}?{_first(place).address(at=place.spot.name)}")
    pressed = press(asked, request.GET)
    if pressed != asked and "HX-Request" not in request.headers:
        return redirect(f"{place.url('bind')}?{pressed.address(at=place.spot.name)}")
    response = _builder(request, place, pressed)
    response["HX-Push-Url"] = f"{place.url('bind')}?{pressed.address(at=place.spot.name)}"
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pick(request: SignedIn, slug: str, key: str) -> HttpResponse:
    """Choose a row of a filtered list, then one of its fields, as a value or bound to it."""
    place = _place(request, slug, key)
    if request.method == "POST":
        return _pick(request, place)
    return _list(request, place)


def _bind(request: SignedIn, place: Place, asked: Asked) -> HttpResponse:
    query = read_form(place.ready.snapshot.company, asked).query
    if query is None:
        return _builder(request, place, asked, problem="The question is not whole yet.", status=422)
    try:
        query.result(place.ready)
    except GymError as error:
        problem = f"It has no single answer: {error.message}."
        return _builder(request, place, asked, problem=problem, status=422)
    remember(request, place.look.task.slug, query, place.ready)
    return _use(request, place, bound_to(query))


def _use(request: SignedIn, place: Place, value: Any) -> HttpResponse:
    def show(problems: Mapping[str, str]) -> HttpResponse:
        said = "; ".join(problems.values())
        return _builder(request, place, _first(place), problem=said, status=422)

    edit = place.edit(value, request.POST.get("base", ""))
    return answer_save(request, place.look, [edit], show=show, back=place.back)


def _builder(
    request: HttpRequest, place: Place, asked: Asked, *, problem: str = "", status: int = 200
) -> HttpResponse:
    head = world_head(place.world, "Query", person=place.look.user)
    page = query_page(place.world, asked, head=head, sheet=1, is_fragment=False, state=place.ready)
    page = with_remembered(request, place.look.task.slug, replace(page, url=place.url("bind")))
    context = {**_context(request, place), "page": page, "problem": problem}
    return render(request, "authoring/rubric_bind.html", context, status=status)


def _list(
    request: HttpRequest, place: Place, *, problem: str = "", status: int = 200
) -> HttpResponse:
    given = pick_page(place.world, place.ready, place.spot, request.GET)
    context = {**_context(request, place), "page": given, "problem": problem}
    return render(request, "authoring/rubric_pick.html", context, status=status)


def _pick(request: SignedIn, place: Place) -> HttpResponse:
    entity_type, key = request.GET.get("of-type", ""), request.GET.get("of-row", "")
    if entity_type not in place.ready.entity_types:
        raise Http404
    row = place.ready.get(entity_type, key)
    if row is None:
        raise Http404
    path = request.POST.get("bound", "") or request.POST.get("field", "")
    try:
        value = value_at(place.ready, entity_type, row, path, is_bound="bound" in request.POST)
    except InvalidArgument as error:
        return _list(request, place, problem=error.message, status=422)
    return _use(request, place, value)


def _context(request: HttpRequest, place: Place) -> dict[str, Any]:
    return {"frame": frame_for(request, place.look, "rubric"), "place": place}


def _first(place: Place) -> Asked:
    """Begin with the question that is asked already, else with the rows that the check is about."""
    company = place.ready.snapshot.company
    if place.spot.bound:
        try:
            return asked_of(WorldQuery.model_validate(place.spot.bound["query"]), company)
        except (GymError, ValueError):
            pass
    names = company.entity_types
    is_known = place.spot.entity_type in names
    return Asked(entity_type=place.spot.entity_type if is_known else next(iter(names)))


def _place(request: SignedIn, slug: str, key: str) -> Place:
    """Raises Http404 for a criterion or an input that there is not."""
    look = edit_task(request.user, slug)
    criteria = look.content.rubric.criteria
    found = next((n for n, each in enumerate(criteria) if each.key == key), None)
    world, ready = look.scene.world, look.scene.ready
    if found is None or world is None or ready is None:
        raise Http404
    try:
        spot = spot_of(criteria[found], ready, request.GET.get(AT, ""))
    except InvalidArgument:
        raise Http404 from None
    return Place(look, criteria[found], found + 1, world, ready, spot)
