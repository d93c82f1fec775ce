"""The page of the list of tasks, in a number of queries that does not grow."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db.models.fields.json import KeyTransform
from django.urls import reverse

from authoring.content import CATEGORIES
from authoring.dry_runs.summaries import last_dry_runs
from authoring.listing.actions import ACTIONS, offered
from authoring.listing.asked import DIFFICULTIES, LINTS, NOBODY, SORTS, Asked
from authoring.listing.packing import ADD_TO_PACK, LAUNCH
from authoring.listing.pages import BulkBar, Heading, LintCounts, ListFilter, TaskRow, TasksPage
from authoring.listing.people import candidates
from authoring.listing.rates import pass_rates
from authoring.listing.reading import Tasks, listed, narrowed, ordered, read_text
from authoring.packs.access import changeable_packs, may_make
from authoring.states import MARKS
from simulation.pages import Choice, Pager
from simulation.roles import ADMIN, AUTHOR, LAUNCHERS, REVIEWER, has_role
from simulation.wording import counted, spoken

A_PAGE = 50
PACKS = 200  # offered to add tasks to
LINT_WORDS = {"errors": "with errors", "warnings": "with warnings", "clean": "nothing found"}
HEADINGS = (
    ("Task", "title", ""),
    ("State", "state", ""),
    ("Lint", "errors", ""),
    ("Last dry run", "", ""),
    ("Pass rate, 95 % interval", "", ""),
    ("Category", "", ""),
    ("Owner, reviewer", "owner", ""),
    ("Changed", "changed", ""),
)
FOR_DRAFTS = {"Lint", "Last dry run"}  # columns of those who see a draft


def tasks_page(user: User, asked: Asked, *, undo: str = "") -> TasksPage:
    tasks = listed(user)
    matching = _matching(tasks, asked)
    counts = Counter(state for _, state in matching)
    chosen = [pk for pk, state in matching if asked.state in ("", state)]
    found = len(chosen)
    page = min(asked.page, max(1, -(-found // A_PAGE)))
    pks = chosen[(page - 1) * A_PAGE : page * A_PAGE]
    sees_drafts = has_role(user, AUTHOR, REVIEWER, ADMIN)
    may_do = sees_drafts or has_role(user, *LAUNCHERS)
    return TasksPage(
        rows=tuple(task_rows(tasks, pks, rates_for=user)),
        count=counted(found, "task"),
        states=tuple(_states(asked, counts)),
        mine=Choice(
            value="mine",
            label="Mine",
            is_selected=asked.owner == user.get_username(),
            url=_url(asked.having(owner=user.get_username())),
        ),
        headings=tuple(_headings(asked, sees_drafts=sees_drafts)),
        filter=list_filter(
            user, tasks, asked, sees_drafts=sees_drafts, clear_url=reverse("tasks:list")
        ),
        is_narrowed=asked.is_narrowed,
        may_write=has_role(user, AUTHOR, ADMIN),
        sees_drafts=sees_drafts,
        bulk=_bulk(user, asked, found) if found and may_do else None,
        pager=_pager(asked, page, found),
        undo=undo,
    )


def _matching(tasks: Tasks, asked: Asked) -> list[tuple[int, str]]:
    """Give key and state of everything that matches, whatever its state, in order.

    Contents are long: they are searched once for counts and page, and read for the page alone.
    """
    matching = narrowed(tasks, asked, of_any_state=True)
    return list(ordered(matching, asked.sort).values_list("pk", "state"))


def task_rows(
    tasks: Tasks, pks: Sequence[int], *, rates_for: User | None = None
) -> Iterator[TaskRow]:
    """Give the rows of these of the listed tasks, in their order.

    rates_for: who sees pass rates and dry runs beside them.
    """
    read = tasks.filter(pk__in=pks).select_related("owner", "reviewer", "draft")
    read = read.defer("draft__content").annotate(
        title=read_text("title"),
        category=read_text("category"),
        difficulty=read_text("difficulty"),
        tags=KeyTransform("tags", "read"),
        changed_at=tasks.query.annotations["changed"],
    )
    by_pk = {task.pk: task for task in read}
    rates = pass_rates(rates_for, pks) if rates_for else {}
    runs = last_dry_runs(each for each in by_pk.values() if each.sees_draft) if rates_for else {}
    for pk in pks:
        yield _row(by_pk[pk], rates, runs)


def _row(task: Any, rates: Mapping[str, Any], runs: Mapping[int, Any]) -> TaskRow:
    sees = task.sees_draft
    return TaskRow(
        slug=task.slug,
        title=task.title or task.slug,
        url=reverse("editor:prompt", args=[task.slug]),
        mark=MARKS[task.state],
        owner=task.owner.get_username(),
        reviewer=task.reviewer.get_username() if sees and task.reviewer else "",
        category=spoken(task.category or ""),
        difficulty=task.difficulty or "",
        tags=tuple(task.tags or ()),
        lint=_lint(task.draft.findings) if sees and hasattr(task, "draft") else None,
        dry_run=runs.get(task.pk),
        rate=rates.get(task.slug),
        changed_at=task.changed_at,
        sees_draft=sees,
    )


def _lint(counts: Mapping[str, int]) -> LintCounts | None:
    if not counts:
        return None
    return LintCounts(**{name: counts.get(name, 0) for name in ("errors", "warnings", "hints")})


def _states(asked: Asked, counts: Mapping[str, int]) -> Iterator[Choice]:
    yield Choice(
        value="",
        label="all",
        is_selected=not asked.state,
        url=_url(asked.having(state="")),
        count=f"{sum(counts.values()):,}",
    )
    for state, mark in MARKS.items():
        if counts.get(state) or asked.state == state:
            yield Choice(
                value=mark.state,
                label=mark.word,
                is_selected=asked.state == state,
                url=_url(asked.having(state=state)),
                count=f"{counts.get(state, 0):,}",
            )


def _headings(asked: Asked, *, sees_drafts: bool) -> Iterator[Heading]:
    for label, name, style in HEADINGS:
        if label in FOR_DRAFTS and not sees_drafts:
            continue
        shown = label if sees_drafts else label.replace("Owner, reviewer", "Owner")
        yield _heading(asked, shown, name, style) if name else Heading(label=shown, style=style)


def _heading(asked: Asked, label: str, name: str, style: str) -> Heading:
    is_down = f"-{name}"
    first, second = (is_down, name) if name in ("changed", "errors") else (name, is_down)
    sort = second if asked.sort == first and second in SORTS else first
    direction = {name: "ascending", is_down: "descending"}.get(asked.sort, "")
    return Heading(label=label, url=_url(asked.having(sort=sort)), direction=direction, style=style)


def list_filter(
    user: User, tasks: Tasks, asked: Asked, *, sees_drafts: bool, clear_url: str
) -> ListFilter:
    """Give the form that narrows a list of tasks. clear_url: shows all of them."""
    hidden = [("state", asked.state)] if asked.state else []
    if asked.sort != SORTS[0]:
        hidden.append(("sort", asked.sort))
    owners = User.objects.filter(tasks__in=tasks.values("pk")).distinct().order_by("username")
    return ListFilter(
        q=asked.q,
        tag=asked.tag,
        owners=_choices("anybody", _names(owners), asked.owner),
        reviewers=_reviewers(tasks, asked) if sees_drafts else (),
        categories=_choices("any", {name: spoken(name) for name in CATEGORIES}, asked.category),
        difficulties=_choices("any", {name: name for name in DIFFICULTIES}, asked.difficulty),
        lints=_choices("any", {k: LINT_WORDS[k] for k in LINTS}, asked.lint) if sees_drafts else (),
        hidden=tuple(hidden),
        clear_url=clear_url,
        is_open=asked.is_narrowed,
    )


def _reviewers(tasks: Tasks, asked: Asked) -> tuple[Choice, ...]:
    seen = tasks.filter(sees_draft=True).values("pk")
    people = User.objects.filter(tasks_to_review__in=seen).distinct().order_by("username")
    return _choices("any", {NOBODY: "nobody yet", **_names(people)}, asked.reviewer)


def _names(people: Any) -> dict[str, str]:
    return {name: name for name in people.values_list("username", flat=True)}


def _choices(all_: str, values: Mapping[str, str], chosen: str) -> tuple[Choice, ...]:
    """Give the options of a select; what the address asks for is one of them, known or not."""
    options = {"": all_, **values, **({} if chosen in values or not chosen else {chosen: chosen})}
    return tuple(
        Choice(value=value, label=label, is_selected=value == chosen)
        for value, label in options.items()
    )


def _bulk(user: User, asked: Asked, found: int) -> BulkBar:
    return BulkBar(
        actions=(
            *(Choice(value=name, label=ACTIONS[name].label) for name in offered(user)),
            *([Choice(value=ADD_TO_PACK, label="Add to a pack")] if may_make(user) else []),
            *([Choice(value=LAUNCH, label="Run them")] if has_role(user, *LAUNCHERS) else []),
        ),
        changes=bool(offered(user)),
        people=tuple(Choice(value=name, label=name) for name in candidates()),
        packs=tuple(_packs(user)) if may_make(user) else (),
        query=asked.query,
        all_label=f"all {counted(found, 'matching task')}" if found > 1 else "the matching task",
    )


def _packs(user: User) -> Iterator[Choice]:
    yield Choice(value="", label="a new pack")
    for slug in changeable_packs(user).order_by("slug").values_list("slug", flat=True)[:PACKS]:
        yield Choice(value=slug, label=slug)


def _pager(asked: Asked, page: int, found: int) -> Pager | None:
    if found <= A_PAGE:
        return None
    first, last = (page - 1) * A_PAGE + 1, min(page * A_PAGE, found)

    def url(number: int) -> str:
        query = asked.query
        return _url(f"{query}&page={number}" if query else f"page={number}")

    return Pager(
        text=f"{first:,} to {last:,} of {found:,}",
        previous_url=url(page - 1) if page > 1 else "",
        next_url=url(page + 1) if last < found else "",
    )


def _url(query: str) -> str:
    return f"{reverse('tasks:list')}?{query}" if query else reverse("tasks:list")
