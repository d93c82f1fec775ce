"""What the queue shows of what waits for a person."""

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.urls import reverse

from grading.marks import HIDDEN
from grading.people.pages import BlindBar, QueuePage, WaitingRow
from grading.people.queue import WHYS, Asked, Waiting, counts_for, decided_by_people, waiting_for
from simulation.pages import Choice, Mark, Pager
from simulation.wording import counted

ROWS = 50
MARKS = {
    "human": Mark(state="human", word="a person decides"),
    "undecided": Mark(state="incomplete", word="nothing decided it"),
    "grader_error": Mark(state="grader_error", word="grader error"),
    "disputed": Mark(state="human", word="people disagree"),
    "cannot_tell": Mark(state="cannot_tell", word="can’t tell"),
}
Counts = list[tuple[int, str, str, int]]


def queue_page(user: User, asked: Asked, *, page: int, is_blind: bool) -> QueuePage:
    """is_blind: why something waits would tell what a machine or others said, so it is hidden."""
    counts = counts_for(user, is_unspoken=asked.is_unspoken)
    total = _total(counts, asked)
    rows = waiting_for(user, asked, limit=ROWS, offset=ROWS * (page - 1))
    chosen = _chosen(asked)
    return QueuePage(
        rows=tuple(_row(row, is_blind=is_blind) for row in rows),
        count=counted(total, "criterion", "criteria"),
        whys=() if is_blind else tuple(_whys(counts, asked)),
        runs=_runs(counts, asked),
        is_unspoken=asked.is_unspoken,
        why=asked.why,
        next_url=_address(reverse("grading:queue_next"), chosen) if rows else "",
        blind=BlindBar(is_on=is_blind, url=reverse("grading:blind"), back=reverse("grading:queue")),
        empty_title="Nothing waits with this filter." if chosen else "Nothing waits for a person.",
        empty_text=_empty_text(user, counts) if not rows else "",
        clear_url=reverse("grading:queue") if chosen else "",
        pager=_pager(page, total, chosen),
    )


def episode_url(row: Waiting) -> str:
    """Give the address of a criterion on the page of its episode."""
    return f"{reverse('grading:episode', args=[row.run, row.rollout])}#criterion-{row.key}"


def _total(counts: Counts, asked: Asked) -> int:
    return sum(
        count
        for run, _, why, count in counts
        if asked.run in (None, run) and asked.why in ("", why)
    )


def _row(row: Waiting, *, is_blind: bool) -> WaitingRow:
    return WaitingRow(
        url=episode_url(row),
        why=HIDDEN if is_blind and row.why != "human" else MARKS[row.why],
        number=row.number,
        text=row.text,
        task=row.subject,
        title=row.title or row.subject,
        agent=f"{row.agent} #{row.index}",
        run=row.run_title,
        run_url=reverse("grading:run", args=[row.run]),
    )


def _chosen(asked: Asked) -> dict[str, str]:
    """Give what of the filter stands in the address."""
    given = {
        "why": asked.why,
        "run": str(asked.run or ""),
        "unspoken": "1" if asked.is_unspoken else "",
    }
    return {name: value for name, value in given.items() if value}


def _address(base: str, query: Mapping[str, object]) -> str:
    return f"{base}?{urlencode(query)}" if query else base


def _whys(counts: Counts, asked: Asked) -> Iterable[Choice]:
    others = {name: value for name, value in _chosen(asked).items() if name != "why"}
    for why in ("", *WHYS):
        one = Asked(why=why, run=asked.run)
        yield Choice(
            value=why,
            label=MARKS[why].word if why else "all",
            is_selected=why == asked.why,
            url=_address(reverse("grading:queue"), {**others, **({"why": why} if why else {})}),
            count=str(_total(counts, one)),
        )


def _runs(counts: Counts, asked: Asked) -> tuple[Choice, ...]:
    titles = {run: title for run, title, _, _ in counts}
    pairs = [("", "all runs"), *((str(run), title) for run, title in titles.items())]
    selected = str(asked.run or "")
    return tuple(Choice(value=v, label=label, is_selected=v == selected) for v, label in pairs)


def _empty_text(user: User, counts: Counts) -> str:
    if others := sum(count for *_, count in counts):
        return f"{counted(others, 'criterion', 'criteria')} wait without it."
    decided = counted(decided_by_people(user), "criterion", "criteria")
    return f"{decided} decided by people; machines are sure of the rest."


def _pager(page: int, total: int, chosen: Mapping[str, str]) -> Pager | None:
    if total <= ROWS:
        return None
    first, last = ROWS * (page - 1) + 1, min(total, ROWS * page)

    def url(number: int) -> str:
        return _address(reverse("grading:queue"), {**chosen, "page": number})

    return Pager(
        text=f"{first:,} to {last:,} of {total:,}",
        previous_url=url(page - 1) if page > 1 else "",
        next_url=url(page + 1) if last < total else "",
    )
