"""Beginning a task, and copying one."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from authoring.access import look_at_task
from authoring.content import CATEGORIES
from authoring.listing.beginning import BEGINNERS, Beginning, begin_task, duplicate_task
from authoring.listing.templates import TEMPLATES, TaskTemplate
from simulation.errors import Conflict, Forbidden, Problems
from simulation.models import World
from simulation.pages import Choice
from simulation.roles import has_role
from simulation.views.lookup import SignedIn, see_other
from simulation.wording import spoken

WORLDS = 200  # offered


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTaskPage:
    """typed is what the form holds; problems by field, as they are shown beside it."""

    typed: Beginning
    worlds: tuple[Choice, ...]
    categories: tuple[Choice, ...]
    templates: tuple[TaskTemplate, ...]
    errors: dict[str, str]
    problems: tuple[Choice, ...]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedIn) -> HttpResponse:
    if not has_role(request.user, *BEGINNERS):
        raise Http404
    if request.method != "POST":
        return _show(request, _read(request.GET), ())
    typed = _read(request.POST)
    try:
        task = begin_task(typed, by=request.user)
    except Problems as error:
        return _show(request, typed, error.problems)
    except Conflict as error:
        return _show(request, typed, (f"slug: {error.message}",))
    return see_other(reverse("editor:prompt", args=[task.slug]))


@login_required
@require_POST
def duplicate(request: SignedIn, slug: str) -> HttpResponse:
    look = look_at_task(request.user, slug)
    try:
        copy = duplicate_task(look, by=request.user)
    except Forbidden:
        raise Http404 from None
    messages.success(
        request, f"This is your copy of {slug}: change what makes it a task of its own."
    )
    return see_other(reverse("editor:prompt", args=[copy.slug]))


def _read(data: QueryDict) -> Beginning:
    template = TEMPLATES.get(data.get("template", ""))
    category = template.category if template else data.get("category", Beginning.category)
    return Beginning(
        title=data.get("title", ""),
        slug=data.get("slug", ""),
        world=data.get("world", ""),
        category=category,
        template=data.get("template", ""),
    )


def _show(request: SignedIn, typed: Beginning, problems: tuple[str, ...]) -> HttpResponse:
    lines = [problem.partition(": ") for problem in problems]
    worlds = World.objects.published().order_by("-published_at", "-pk")[:WORLDS]
    names = [(str(world), world.title) for world in worlds.only("slug", "version", "title")]
    chosen = typed.world or (names[0][0] if names else "")
    page = NewTaskPage(
        typed=typed,
        worlds=tuple(
            Choice(value=name, label=f"{name} · {title}", is_selected=name == chosen)
            for name, title in names
        ),
        categories=tuple(
            Choice(value=name, label=spoken(name), is_selected=name == typed.category)
            for name in CATEGORIES
        ),
        templates=tuple(TEMPLATES.values()),
        errors={field: why for field, _, why in lines},
        problems=tuple(Choice(value=f"id_{f}", label=f"{f}: {why}") for f, _, why in lines),
    )
    context = {"page": page}
    return render(request, "authoring/new_task.html", context, status=422 if problems else 200)
