"""Beginning tasks: from nothing, from a template, or as a copy of another."""

import re
import unicodedata
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from authoring.access import TaskLook
from authoring.content import CATEGORIES
from authoring.drafts.document import Document, blank_document
from authoring.drafts.saving import replace_draft
from authoring.listing.templates import TEMPLATES
from authoring.loading import SLUG
from authoring.models import Task
from simulation.errors import Conflict, Forbidden, Problems
from simulation.models import World
from simulation.roles import ADMIN, AUTHOR, has_role
from simulation.text import clean_text

BEGINNERS = (AUTHOR, ADMIN)
MAX_SLUG = 80
MAX_TITLE = 200
# first words of addresses below /tasks/, and what may become one
RESERVED = frozenset(
    {"new", "bulk", "using", "add-row", "undo", "import", "export", "templates", "mine", "all"}
)


@dataclass(frozen=True, kw_only=True)
class Beginning:
    """What somebody typed to begin a task. template: "" for none; its category counts then."""

    title: str = ""
    slug: str = ""
    world: str = ""
    category: str = CATEGORIES[0]
    template: str = ""


def proposed_slug(title: str) -> str:
    """Make a name for addresses of a title, "" where that has no letters to make it of."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:60].strip("-")


def begin_task(typed: Beginning, *, by: User) -> Task:
    """Make a task with its first draft.

    Raises Forbidden without the role for it, Problems with "field: what is wrong" lines.
    """
    _check_role(by)
    title = clean_text(typed.title)[0].strip()
    slug = typed.slug.strip() or proposed_slug(title)
    world = World.objects.published().filter(**_named(typed.world)).first()
    problems = [
        *_title_problems(title),
        *([f"slug: {why}"] if (why := slug_problem(slug)) and (title or typed.slug) else []),
        *([] if world else ["world: choose a published world"]),
        *([] if typed.category in CATEGORIES else ["category: choose one"]),
        *([] if not typed.template or typed.template in TEMPLATES else ["template: choose one"]),
    ]
    if problems or world is None:
        raise Problems(problems)
    document = blank_document(
        title=title,
        category=typed.category,
        world=str(world),
        system_prompt=next(iter(world.prompts), ""),
    )
    if typed.template:
        document = {**document, **TEMPLATES[typed.template].document}
    return _make(slug, document, by)


def begin_whole_task(slug: str, document: Document, *, by: User) -> Task:
    """Make a task whose first draft is a whole document, finished or not.

    Raises Forbidden without the role for it, Problems for the name and for values of a wrong type.
    """
    _check_role(by)
    if why := slug_problem(slug.strip()):
        raise Problems([f"slug: {why}"])
    return _make(slug.strip(), document, by)


def duplicate_task(look: TaskLook, *, by: User) -> Task:
    """Copy what a person sees of a task into one of their own; review and split stay behind.

    Raises Forbidden for who does not write tasks or does not see all of this one.
    """
    _check_role(by)
    if not look.sees_rubric or look.hides_reference:
        raise Forbidden(f"{look.task}: you do not see all of it")
    content = look.content.model_dump(mode="json")
    title = f"{content['title'][: MAX_TITLE - 7]} (copy)"
    return _make(_free_copy(look.task.slug), {**content, "title": title}, by)


def slug_problem(slug: str) -> str:
    """Say why a task cannot have this name, "" when it can."""
    if not slug:
        return "write a name of lower-case letters and digits; the title has none to make it of"
    if not SLUG.fullmatch(slug) or len(slug) > MAX_SLUG:
        return (
            f"lower-case letters and digits with single hyphens, {MAX_SLUG} at most,"
            f" such as {proposed_slug(slug) or 'late-parcel'}"
        )
    if slug in RESERVED:
        return f"{slug} is an address of the application; write {slug}-task"
    if Task.objects.filter(slug=slug).exists():
        return f"there is a task {slug} already; write {_free(slug)}"
    return ""


@transaction.atomic
def _make(slug: str, document: Document, by: User) -> Task:
    try:
        with transaction.atomic():
            task = Task.objects.create(slug=slug, owner=by)
    except IntegrityError:
        raise Conflict(f"somebody else just made a task {slug}") from None
    replace_draft(task, document, by=by)
    return task


def _check_role(user: User) -> None:
    if not has_role(user, *BEGINNERS):
        raise Forbidden(f"to write tasks needs the role {' or '.join(BEGINNERS)}")


def _title_problems(title: str) -> list[str]:
    if not title:
        return ["title: write what the task is called"]
    if len(title) > MAX_TITLE:
        return [f"title: {MAX_TITLE} characters at most, not {len(title)}"]
    return []


def _named(world: str) -> dict[str, str | int]:
    slug, _, version = world.partition("@")
    is_number = version.isdecimal() and version.isascii() and len(version) < 8
    return {"slug": clean_text(slug)[0], "version": int(version) if is_number else 0}


def _free_copy(slug: str) -> str:
    return _free(f"{slug[: MAX_SLUG - 10].rstrip('-')}-copy", is_new=True)


def _free(stem: str, *, is_new: bool = False) -> str:
    """Give a name that no task has: the stem itself, or with the next number."""
    stem = stem[: MAX_SLUG - 5].rstrip("-")
    taken = set(Task.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    if is_new and stem not in taken:
        return stem
    return next(name for n in range(2, len(taken) + 3) if (name := f"{stem}-{n}") not in taken)
