"""The page of "another like this, with its dependents": what to change, then all that is added."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse

from authoring.setups.belonging import MOST, Member, group_of, left
from authoring.setups.copying import Copied, newly_broken
from authoring.setups.ground import Ground
from authoring.setups.moments import latest_start
from authoring.setups.pages import Dependent, LikePage
from authoring.setups.table import broken_rules, operation_rows
from simulation.browser.links import Links
from simulation.browser.moments import instant_words
from simulation.editing.fields import PREFIX, form_of
from simulation.editing.sheet import Typed, make_sheet
from simulation.entities import EntityType, Row
from simulation.forms.writing import write_inputs
from simulation.patched import Patched
from simulation.titles import gist, path_label

WITH, ASKED = "with", "asked"  # the rows that go along; whether the form says so


@dataclass(frozen=True)
class Likeness:
    """A row, all that belongs to it, and which of it is to be copied."""

    kind: EntityType
    row: Row
    members: tuple[Member, ...]
    wanted: tuple[Member, ...]


def likeness(ground: Ground, kind: EntityType, row: Row, sent: QueryDict | None) -> Likeness:
    members = group_of(ground.links, kind, row)
    if sent is None or ASKED not in sent:
        return Likeness(kind, row, tuple(members), tuple(members))
    ticked = set(sent.getlist(WITH))
    wanted = {member.place for member in members if _name(member) in ticked}
    return Likeness(kind, row, tuple(members), tuple(left(members, wanted)))


def like_page(ground: Ground, like: Likeness, typed: Typed | None) -> LikePage:
    """typed: what was sent, with what is wrong with it."""
    kind, links = like.kind, ground.links
    fields = form_of(links.company, kind.name)
    given = typed or Typed(inputs=write_inputs(fields, like.row))
    sheet = make_sheet(
        links.state,
        fields,
        like.row,
        given,
        base="",
        prefix=PREFIX,
        rows_url=f"{links.base}query/rows/?",
    )
    return LikePage(
        title=f"Another {kind.label} like {like.row['id']}",
        kind=kind.label,
        key=like.row["id"],
        url=reverse("setup:like", args=[ground.slug, kind.name, like.row["id"]]),
        form=sheet,
        dependents=tuple(_dependents(links, like)),
        hint=_hint(ground, like),
    )


def preview_page(ground: Ground, like: Likeness, copied: Copied, sent: QueryDict) -> LikePage:
    """Show all that would be added, and carry what was typed."""
    links = Links(ground.world, Patched(ground.base, copied.changes))
    page = like_page(ground, like, Typed(inputs=sent))
    return LikePage(
        title=page.title,
        kind=page.kind,
        key=page.key,
        url=page.url,
        form=page.form,
        dependents=page.dependents,
        hint=page.hint,
        preview=tuple(operation_rows(ground, copied.placed, links=links)),
        problems=copied.problems,
        notes=copied.notes,
        broken=tuple(broken_rules(links, newly_broken(ground, copied))),
        carried=tuple(_carried(sent)),
    )


def _carried(sent: QueryDict) -> Iterator[tuple[str, str]]:
    for name, texts in sent.lists():
        if name not in ("csrfmiddlewaretoken", "step"):
            yield from ((name, text) for text in texts)


def _dependents(links: Links, like: Likeness) -> Iterator[Dependent]:
    wanted = {member.place for member in like.wanted}
    for member in like.members[1:]:
        link = links.row(*member.place)
        told = gist(member.kind, member.row).removeprefix(link.title).removeprefix(" · ")
        yield Dependent(
            place=_name(member),
            link=link,
            gist=told,
            through=path_label(member.through),
            is_taken=member.place in wanted,
            depth=member.depth,
        )


def _hint(ground: Ground, like: Likeness) -> str:
    """Say how far the dates can move, and when there is too much to copy all of it."""
    return " ".join(filter(None, (_cut(like), _latest(ground, like))))


def _cut(like: Likeness) -> str:
    is_cut = len(like.members) == MOST
    return f"More rows belong to it than are copied: the first {MOST}." if is_cut else ""


def _latest(ground: Ground, like: Likeness) -> str:
    created = like.kind.created_field
    if not created or created not in like.row:
        return ""
    rows: Sequence[tuple[EntityType, Row]] = [(m.kind, m.row) for m in like.wanted]
    latest = latest_start(ground.links.snapshot, rows, like.row[created])
    return (
        f"All dates move together with {path_label(created)}."
        f" It can be {instant_words(latest)} UTC at the latest."
    )


def _name(member: Member) -> str:
    return ":".join(member.place)
