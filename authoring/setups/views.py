"""The tab Setup of a task, and what changes the order and number of its operations."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from authoring.access import TaskLook, edit_task, look_at_rubric
from authoring.drafts.document import fingerprint
from authoring.drafts.saving import change
from authoring.editor.frame import frame_for
from authoring.setups.amounts import fitted
from authoring.setups.ground import Ground, Placed, ground_of
from authoring.setups.operations import Do, Numbers, inserting, moving, removing
from authoring.setups.table import setup_page
from simulation.errors import Conflict, GymError
from simulation.views.lookup import SignedIn, see_other

STEPS = {"up": -1, "down": 1}


@login_required
@require_safe
def page(request: SignedIn, slug: str) -> HttpResponse:
    return show_setup(request, look_at_rubric(request.user, slug))


@login_required
@require_POST
def move(request: SignedIn, slug: str, number: int) -> HttpResponse:
    step = STEPS.get(request.POST.get("by", ""), 0)
    do = moving(number, request.POST.get("base", ""), step)
    return restructure(request, edit_task(request.user, slug), do, anchor=number + step)


@login_required
@require_POST
def take_out(request: SignedIn, slug: str, number: int) -> HttpResponse:
    """Take an operation out of the setup; the world is as it was then."""
    do = removing(number, request.POST.get("base", ""))
    return restructure(request, edit_task(request.user, slug), do, said="Taken out of the setup.")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def duplicate(request: SignedIn, slug: str, number: int) -> HttpResponse:
    """A new row once more, with the next id; a change or a removal, for another row."""
    look = edit_task(request.user, slug)
    ground = needed(ground_of(look))
    placed = next((each for each in ground.placed if each.number == number), None)
    if placed is None or placed.entity_type not in ground.links.company.entity_types:
        raise Http404
    if request.method != "POST":
        return _ask_for_row(request, look, ground, placed)
    key = request.POST.get("id", "").strip()
    if placed.op == "create":
        moment = placed.fields.get(kind_created(ground, placed), "")
        kind = ground.links.kind(placed.entity_type)
        key = Numbers(ground).next(kind, str(moment), placed.key)
    elif not ground.links.whole.rows(placed.entity_type).get(key):
        return _ask_for_row(request, look, ground, placed, typed=key, status=422)
    copied = {**placed.operation, "id": key}
    do = inserting(number, request.POST.get("base", ""), copied)
    return restructure(request, look, do, anchor=number + 1, said=f"Added {key}.")


@login_required
@require_POST
def fit_amounts(request: SignedIn, slug: str) -> HttpResponse:
    """Write the amounts that follow from the rows of the setup."""
    look = edit_task(request.user, slug)
    ground = needed(ground_of(look))
    return restructure(request, look, fitted(ground), said="The amounts fit now.")


def kind_created(ground: Ground, placed: Placed) -> str:
    return ground.links.kind(placed.entity_type).created_field or ""


def needed(ground: Ground | None) -> Ground:
    """Raises Http404 where the task has no world yet."""
    if ground is None:
        raise Http404
    return ground


def show_setup(request: SignedIn, look: TaskLook, *, status: int = 200) -> HttpResponse:
    context = {"frame": frame_for(request, look, "setup"), "page": setup_page(look)}
    return render(request, "authoring/setup.html", context, status=status)


def show(
    request: SignedIn, look: TaskLook, template: str, *, status: int = 200, **context: object
) -> HttpResponse:
    """Show one of the pages of the tab."""
    frame = frame_for(request, look, "setup")
    return render(request, f"authoring/{template}", {"frame": frame, **context}, status=status)


def restructure(
    request: SignedIn, look: TaskLook, do: Do, *, anchor: int = 0, said: str = ""
) -> HttpResponse:
    """Change the setup and go back to it; what somebody else changed meanwhile is shown."""
    refused = attempt(request, lambda: change(look.task, do, by=look.user))
    if refused is not None:
        return show_setup(request, edit_task(request.user, look.task.slug), status=refused)
    if said:
        messages.success(request, said)
    place = f"#op-{anchor}" if anchor else ""
    return see_other(f"{reverse('setup:page', args=[look.task.slug])}{place}")


def attempt(request: SignedIn, act: Callable[[], object]) -> int | None:
    """Do something; gives the status of the page that says why it could not be done."""
    try:
        act()
    except GymError as error:
        messages.error(request, f"{error.message[:1].upper()}{error.message[1:]}.")
        return error.status if isinstance(error, Conflict) else 422
    return None


def _ask_for_row(
    request: SignedIn,
    look: TaskLook,
    ground: Ground,
    placed: Placed,
    *,
    typed: str = "",
    status: int = 200,
) -> HttpResponse:
    kind, seen = ground.links.kind(placed.entity_type), fingerprint(dict(placed.operation))
    return show(
        request,
        look,
        "setup_duplicate.html",
        status=status,
        number=placed.number,
        base=request.POST.get("base") or request.GET.get("base") or seen,
        word="removal" if placed.op == "delete" else "change",
        kind=kind.label,
        entity_type=kind.name,
        key=placed.key,
        typed=typed,
        rows_url=f"{ground.links.base}query/rows/?of={kind.name}",
        problem=f"there is no {kind.label} {typed!r}" if status == 422 else "",
    )
