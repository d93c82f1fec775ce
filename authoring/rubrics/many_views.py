"""Pages that make several criteria at once; the count is shown before anything is made."""

from dataclasses import dataclass, replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from authoring.access import TaskLook, edit_task
from authoring.editor.frame import frame_for
from authoring.rubrics import many
from authoring.rubrics.acts import added, refused
from authoring.rubrics.form import category_choices, points_choices
from authoring.rubrics.many import CHECKS, Made, Wish
from authoring.rubrics.remembered import remember, with_remembered
from grading.graders import Evidence
from simulation.asking.address import Asked, press, read_asked
from simulation.asking.page import QueryPage, query_page
from simulation.asking.reading import read_form
from simulation.browser.head import world_head
from simulation.entities import Row
from simulation.labels import search_rows
from simulation.models import World
from simulation.pages import Choice
from simulation.state import WorldState
from simulation.views.lookup import SignedIn

MATCHES = 30


@dataclass(frozen=True)
class Stage:
    """A task whose world and reference criteria are made of."""

    look: TaskLook
    world: World
    ready: WorldState
    evidence: Evidence | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WishForm:
    wish: Wish
    pattern_hint: str
    checks: tuple[Choice, ...]
    points: tuple[Choice, ...]
    categories: tuple[Choice, ...]
    takes_field: bool
    takes_value: bool
    namers: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldLine:
    name: str
    words: str
    value: str
    is_changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldsPage:
    """types, then rows that were found, then the fields of the one that was chosen."""

    types: tuple[Choice, ...]
    find: str
    rows: tuple[Choice, ...]
    row: str
    row_title: str
    fields: tuple[FieldLine, ...]
    end: str
    problem: str = ""


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def per_row(request: SignedIn, slug: str) -> HttpResponse:
    """Make one criterion for each row of a list; the address holds the list and the pattern."""
    stage = _stage(request, slug)
    asked, wish = read_asked(request.GET), many.read_wish(request.GET)
    pressed = press(asked, request.GET)
    address = f"{_url(slug, 'per_row')}?{_address(pressed, request)}"
    if pressed != asked and request.method != "POST" and "HX-Request" not in request.headers:
        return redirect(address)
    query = read_form(stage.ready.snapshot.company, pressed).query
    made = many.per_row(query, wish, stage.ready, stage.evidence) if query else Made()
    if request.method == "POST":
        if query:
            remember(request, slug, query, stage.ready)
        return _make(request, stage, pressed, wish, made)
    response = _rows(request, stage, pressed, wish, made)
    response["HX-Push-Url"] = address
    return response


def _address(asked: Asked, request: HttpRequest) -> str:
    more = {name: request.GET.get(name, "") for name in _WISH if request.GET.get(name)}
    return asked.address(**more)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def per_field(request: SignedIn, slug: str) -> HttpResponse:
    """Make one criterion for each ticked field of a row."""
    stage = _stage(request, slug)
    if request.method != "POST":
        return _fields(request, stage)
    entity_type, key = request.GET.get("of-type", ""), request.GET.get("of-row", "")
    row = _row(stage, entity_type, key)
    if row is None:
        raise Http404
    there = stage.ready.entity_types[entity_type].fields
    names = [name for name in request.POST.getlist("field") if name in there]
    if not names:
        return _fields(request, stage, problem="Tick at least one field.", status=422)
    new = many.per_field(stage.ready, stage.evidence, entity_type, row, names)
    messages.success(request, f"{len(new)} criteria were added.")
    return added(request, stage.look, new)


_WISH = ("pattern", "check", "field", "value", "points", "category")


def _make(request: SignedIn, stage: Stage, asked: Asked, wish: Wish, made: Made) -> HttpResponse:
    """Make exactly as many as were shown; the world cannot change, the setup can."""
    if made.problem or not made.criteria:
        return _rows(request, stage, asked, wish, made, status=422)
    if request.POST.get("count") != str(made.count):
        return refused(request, stage.look, f"the list has {made.count} rows now: look again")
    messages.success(request, f"{made.count} criteria were added.")
    return added(request, stage.look, made.criteria)


def _rows(
    request: HttpRequest,
    stage: Stage,
    asked: Asked,
    wish: Wish,
    made: Made,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "frame": frame_for(request, stage.look, "rubric"),
        "page": with_remembered(request, stage.look.task.slug, _query_page(stage, asked)),
        "form": _wish_form(stage, wish, made.entity_type or asked.entity_type or "row"),
        "made": made,
        "back": reverse("rubric:page", args=[stage.look.task.slug]),
        "post_url": f"{request.path}?{_address(asked, request)}",
    }
    return render(request, "authoring/rubric_per_row.html", context, status=status)


def _query_page(stage: Stage, asked: Asked) -> QueryPage:
    head = world_head(stage.world, "Query", person=stage.look.user)
    page = query_page(stage.world, asked, head=head, sheet=1, is_fragment=False, state=stage.ready)
    return replace(page, url=_url(stage.look.task.slug, "per_row"))


def _wish_form(stage: Stage, wish: Wish, entity_type: str) -> WishForm:
    return WishForm(
        wish=wish,
        pattern_hint=many.default_pattern(wish.check, entity_type, wish.path),
        checks=tuple(
            Choice(value=name, label=label, is_selected=name == wish.check)
            for name, label in CHECKS.items()
        ),
        points=points_choices(str(wish.points)),
        categories=category_choices(wish.category),
        takes_field=wish.check in (many.TYPED, many.REFERENCE),
        takes_value=wish.check == many.TYPED,
        namers=tuple(
            Choice(value=value, label=label, is_selected=value == wish.path)
            for value, label in many.namers(stage.ready, entity_type)
        )
        if wish.check == many.MADE
        else (),
    )


def _fields(
    request: HttpRequest, stage: Stage, *, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "frame": frame_for(request, stage.look, "rubric"),
        "page": _fields_page(request, stage, problem),
        "back": reverse("rubric:page", args=[stage.look.task.slug]),
        "post_url": f"{request.path}?{request.GET.urlencode()}",
    }
    return render(request, "authoring/rubric_per_field.html", context, status=status)


def _fields_page(request: HttpRequest, stage: Stage, problem: str) -> FieldsPage:
    kinds = stage.ready.entity_types
    chosen = request.GET.get("of-type", "")
    chosen = chosen if chosen in kinds else next(iter(kinds))
    find = request.GET.get("find", "").strip()[:200]
    row = _row(stage, chosen, request.GET.get("of-row", ""))
    subject = many.subject_of(stage.ready, stage.evidence, chosen, row) if row else None
    lines = many.fields_to_tick(subject) if subject else ()
    return FieldsPage(
        types=tuple(
            Choice(value=name, label=kind.label_plural, is_selected=name == chosen)
            for name, kind in kinds.items()
        ),
        find=find,
        rows=tuple(_found(stage, chosen, find)) if row is None else (),
        row=str(row["id"]) if row else "",
        row_title=subject.name if subject else "",
        fields=tuple(FieldLine(name=n, words=w, value=v, is_changed=c) for n, w, v, c in lines),
        end="at the end of the reference" if stage.evidence else "at the start",
        problem=problem,
    )


def _found(stage: Stage, entity_type: str, find: str) -> list[Choice]:
    """Offer the rows of the setup and those of the world whose id or title has the words."""
    kind = stage.ready.entity_types[entity_type]
    made = [
        (change.id, f"{kind.label} of the setup")
        for change in stage.ready.setup
        if change.entity_type == entity_type and change.after and find.casefold() in change.id
    ]
    stored = search_rows(stage.ready.snapshot, entity_type, find, limit=MATCHES)
    pairs = dict([*stored, *made])
    return [
        Choice(value=key, label=label or key, url=f"?of-type={entity_type}&of-row={key}")
        for key, label in pairs.items()
    ]


def _row(stage: Stage, entity_type: str, key: str) -> Row | None:
    if entity_type not in stage.ready.entity_types or not key:
        return None
    return stage.ready.get(entity_type, key)


def _url(slug: str, name: str) -> str:
    return reverse(f"rubric:{name}", args=[slug])


def _stage(request: SignedIn, slug: str) -> Stage:
    """Raises Http404 for a task that this person does not edit, or one without a world."""
    look = edit_task(request.user, slug)
    world, ready = look.scene.world, look.scene.ready
    if world is None or ready is None:
        raise Http404
    played = look.scene.played
    return Stage(look, world, ready, played.evidence if played else None)
