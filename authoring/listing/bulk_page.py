"""What people confirm before something is done to many tasks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from authoring.listing.actions import Wish
from authoring.listing.asked import NOBODY
from authoring.listing.bulk import Chosen, LeftOut, Result, words_of
from simulation.wording import counted

NAMED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why tasks are left out; the first are named, `more` says how many are not."""

    text: str
    count: str
    names: tuple[str, ...]
    more: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkPage:
    """title: "Add the tag “x” to 12 tasks". fields: what the form sends; filter leads back."""

    title: str
    done: tuple[Chosen, ...]
    more: str
    reasons: tuple[Reason, ...]
    left: str
    fields: tuple[tuple[str, str], ...]
    button: str
    back: str
    is_checked_again: bool
    problem: str = ""


def bulk_page(wish: Wish, result: Result, *, query: str, back: str) -> BulkPage:
    count = len(result.done)
    title = f"{words_of(wish)} {counted(count, 'task')}"
    return BulkPage(
        title=title,
        done=result.done[:NAMED],
        more=_more(count),
        reasons=tuple(_reasons(result.left)),
        left=counted(len(result.left), "task"),
        fields=(
            ("action", wish.action),
            ("person", wish.person.get_username() if wish.person else NOBODY),
            ("tag", wish.tag),
            ("filter", query),
            ("tasks", " ".join(each.slug for each in result.done)),
        ),
        button=title if count else "",
        back=back,
        is_checked_again=wish.action == "submit",
    )


def refused_page(problem: str, *, back: str) -> BulkPage:
    """Say that what was asked for cannot be done to any task."""
    return BulkPage(
        title="Nothing was changed",
        done=(),
        more="",
        reasons=(),
        left="",
        fields=(),
        button="",
        back=back,
        is_checked_again=False,
        problem=problem,
    )


def summary(wish: Wish, result: Result) -> str:
    """Say in one message what was done and what was left out."""
    words = f"{words_of(wish)} {counted(len(result.done), 'task')}: done."
    if not result.left:
        return words
    reasons = [f"{r.names[0]}{_others(r)} {r.text}" for r in _reasons(result.left)][:5]
    return f"{words} Left out {len(result.left)}: {'; '.join(reasons)}."


def _others(reason: Reason) -> str:
    count = len(reason.names) - 1
    return f" and {count} more:" if count else ""


def _reasons(left: Sequence[LeftOut]) -> list[Reason]:
    by_reason: dict[str, list[str]] = {}
    for each in left:
        by_reason.setdefault(each.reason, []).append(each.title)
    return [_reason(text, names) for text, names in _largest_first(by_reason)]


def _largest_first(by_reason: Mapping[str, list[str]]) -> list[tuple[str, list[str]]]:
    return sorted(by_reason.items(), key=lambda item: -len(item[1]))


def _reason(text: str, names: Sequence[str]) -> Reason:
    return Reason(
        text=text,
        count=counted(len(names), "task"),
        names=tuple(names[:NAMED]),
        more=_more(len(names)),
    )


def _more(count: int) -> str:
    return f"and {count - NAMED:,} more" if count > NAMED else ""
