"""What the pages of the history show, as plain values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from authoring.access import TaskLook
from authoring.content import DraftContent
from authoring.history.differences import PARTS, Comparison, compare
from authoring.history.revisions import DRAFT, Version, revisions_for
from authoring.models import Revision
from authoring.packs.membership import Membership, PackPlace, membership_of
from authoring.reviewing.reading import without_secrets
from simulation.pages import Choice, Mark, Pager
from simulation.wording import listed

EACH_PAGE = 30
MARKS = {
    Revision.State.SAVED: Mark(state="ended", word="saved"),
    Revision.State.IN_REVIEW: Mark(state="running", word="in review"),
    Revision.State.CHANGES_REQUESTED: Mark(state="incomplete", word="changes requested"),
    Revision.State.APPROVED: Mark(state="pass", word="approved"),
    Revision.State.SUPERSEDED: Mark(state="masked", word="superseded"),
    Revision.State.WITHDRAWN: Mark(state="cancelled", word="withdrawn"),
}
_FILTERS = {"": "all", "named": "named", "review": "that were in review"}
_REVIEWED = [s for s in Revision.State if s != Revision.State.SAVED]


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionRow:
    """A revision in the list; `changed` names the parts that differ from the one before; packs:
    the frozen versions that have it."""

    value: str
    title: str
    name: str
    mark: Mark
    cause: str
    author: str
    at: datetime
    changed: str
    changes_url: str
    restore_url: str
    packs: tuple[PackPlace, ...] = ()
    is_draft: bool = False
    is_a: bool = False
    is_b: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPage:
    rows: tuple[RevisionRow, ...]
    filters: tuple[Choice, ...]
    compare_url: str
    name_url: str
    pager: Pager | None
    note: str
    membership: Membership


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparePage:
    """Two states side by side; `older` and `newer` are the choices of the form."""

    before: str
    after: str
    older: tuple[Choice, ...]
    newer: tuple[Choice, ...]
    comparison: Comparison
    restore_url: str
    restore_word: str


def history_page(look: TaskLook, *, shown: str, page: int) -> HistoryPage:
    """shown: "" for all, named, or review. page: counts from 1."""
    revisions = revisions_for(look)
    if shown == "named":
        revisions = revisions.exclude(name="")
    elif shown == "review":
        revisions = revisions.filter(state__in=_REVIEWED)
    start = (page - 1) * EACH_PAGE
    found = list(revisions[start : start + EACH_PAGE + 1])
    base = reverse("history:page", args=[look.task.slug])
    membership = membership_of(look.task)
    rows = tuple(_rows(look, found[:EACH_PAGE], _before(look, found), membership))
    if look.draft and look.draft.is_ahead and page == 1 and not shown:
        rows = (_draft_row(look, found[0] if found else None), *rows)
    return HistoryPage(
        rows=_chosen(rows),
        filters=tuple(
            Choice(
                value=value,
                label=label,
                url=f"{base}?{urlencode({'shown': value})}" if value else base,
                is_selected=value == shown,
            )
            for value, label in _FILTERS.items()
        ),
        compare_url=reverse("history:compare", args=[look.task.slug]),
        name_url=reverse("history:name", args=[look.task.slug]) if look.may_edit else "",
        pager=_pager(base, shown, page, len(found)),
        note=_NOTES[shown],
        membership=membership,
    )


_NOTES = {
    "": "A revision is cut when an editing session ends, before a dry run, on submit, and when"
    " you give one a name.",
    "named": "Nobody has given a revision a name yet.",
    "review": "None was submitted for review yet.",
}


def compare_page(look: TaskLook, before: Version, after: Version) -> ComparePage:
    restored = before.revision
    is_offered = look.may_edit and restored is not None
    number = restored.number if restored else 0
    return ComparePage(
        before=before.word,
        after=after.word,
        older=tuple(_versions(look, before)),
        newer=tuple(_versions(look, after)),
        comparison=compare(_shown(look, before), _shown(look, after)),
        restore_url=_restore_url(look, number) if is_offered else "",
        restore_word=f"Restore revision {number}" if is_offered else "",
    )


def _shown(look: TaskLook, version: Version) -> DraftContent:
    """Give what is compared: without the reference while its reviewer has not asked for it."""
    return without_secrets(version.content) if look.hides_reference else version.content


def _before(look: TaskLook, found: Sequence[Revision]) -> dict[int, Revision]:
    """Give the revision that came before each of these, by number, in one query."""
    if not found:
        return {}
    wanted = [revision.number - 1 for revision in found]
    others = {r.number: r for r in look.task.revisions.filter(number__in=wanted)}
    return {number + 1: revision for number, revision in others.items()}


def _rows(
    look: TaskLook,
    found: Sequence[Revision],
    before: dict[int, Revision],
    membership: Membership,
) -> Iterator[RevisionRow]:
    newest = look.draft is not None and not look.draft.is_ahead
    for place, revision in enumerate(found):
        older = before.get(revision.number)
        is_now = newest and place == 0 and look.draft and revision.hash == look.draft.hash
        yield RevisionRow(
            value=str(revision.number),
            title=f"Revision {revision.number}",
            name=revision.name,
            mark=MARKS[Revision.State(revision.state)],
            cause=Revision.Cause(revision.cause).label,
            author=revision.author.get_username(),
            at=revision.created_at,
            changed=_changed(older.draft_value if older else None, revision.draft_value),
            changes_url=_compare_url(look, older.number, revision.number) if older else "",
            restore_url="" if is_now or not look.may_edit else _restore_url(look, revision.number),
            packs=membership.of_revision(revision.number),
        )


def _draft_row(look: TaskLook, newest: Revision | None) -> RevisionRow:
    draft = look.draft
    if draft is None:
        raise ValueError("there is no draft to show")
    return RevisionRow(
        value=DRAFT,
        title="The draft now",
        name="",
        mark=Mark(state="queued", word="not kept yet"),
        cause=f"version {draft.version}",
        author=draft.updated_by.get_username(),
        at=draft.updated_at,
        changed=_changed(newest.draft_value if newest else None, look.content),
        changes_url=_compare_url(look, newest.number, DRAFT) if newest else "",
        restore_url="",
        is_draft=True,
    )


def _chosen(rows: tuple[RevisionRow, ...]) -> tuple[RevisionRow, ...]:
    """Propose to compare the two newest."""
    marked = list(rows)
    if len(marked) > 1:
        marked[0], marked[1] = replace(marked[0], is_b=True), replace(marked[1], is_a=True)
    return tuple(marked)


def _changed(before: DraftContent | None, after: DraftContent) -> str:
    if before is None:
        return "the first"
    old, new = before.model_dump(mode="json"), after.model_dump(mode="json")
    names = {name: _PART_OF.get(name, name) for name in new if old[name] != new[name]}
    parts = [PARTS[part].lower() for part in PARTS if part in names.values()]
    return listed(parts) if parts else "nothing"


_PART_OF = {
    **dict.fromkeys(("title", "notes", "category", "difficulty", "target_level", "tags"), "about"),
    **dict.fromkeys(
        ("world", "mode", "system_prompt", "toolset", "asker", "max_results", "budgets", "faults"),
        "setting",
    ),
}


def _versions(look: TaskLook, chosen: Version) -> Iterator[Choice]:
    current = str(chosen.revision.number) if chosen.revision else DRAFT
    if look.draft:
        yield Choice(value=DRAFT, label="the draft now", is_selected=current == DRAFT)
    for number, name in revisions_for(look).values_list("number", "name")[:500]:
        label = f"revision {number}{f' · {name}' if name else ''}"
        yield Choice(value=str(number), label=label, is_selected=current == str(number))


def _compare_url(look: TaskLook, a: object, b: object) -> str:
    query = urlencode({"a": a, "b": b})
    return f"{reverse('history:compare', args=[look.task.slug])}?{query}"


def _restore_url(look: TaskLook, number: int) -> str:
    return reverse("history:restore", args=[look.task.slug, number])


def _pager(base: str, shown: str, page: int, found: int) -> Pager | None:
    has_more = found > EACH_PAGE
    if page == 1 and not has_more:
        return None

    def url(number: int) -> str:
        return f"{base}?{urlencode({'shown': shown, 'page': number})}"

    first = (page - 1) * EACH_PAGE + 1
    return Pager(
        text=f"{first} to {first + min(found, EACH_PAGE) - 1}",
        previous_url=url(page - 1) if page > 1 else "",
        next_url=url(page + 1) if has_more else "",
    )
