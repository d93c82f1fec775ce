"""What the tab Reference and the page of a near-miss show, as plain values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from django.http import QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString

from authoring.access import TaskLook
from authoring.drafts.document import fingerprint
from authoring.references import changes
from authoring.references.cards import Cards, StepCard
from authoring.references.misses import MissVerdict, verdict_of
from authoring.references.solutions import Solution, solution_of
from authoring.references.trying import calls_made, review_url
from authoring.references.wording import say_path
from simulation import markdown
from simulation.pages import Choice, Notice
from simulation.tools import find_tool
from simulation.wording import counted


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageForm:
    """The last message as it is edited; `path` names the part of the draft that holds it."""

    url: str
    path: str
    base: str
    text: str
    rendered: SafeString
    back: str
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """A step that others refer to is to be removed: `values` are what would be put in place."""

    number: int
    reason: str
    values: tuple[Choice, ...]
    url: str
    base: str
    back: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MissRow:
    number: int
    name: str
    url: str
    steps: str
    verdict: MissVerdict


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolsetOffer:
    """A toolset that has every tool that the reference calls; `base` is of the one it has."""

    toolset: str
    missing: str
    url: str
    base: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SolutionPage:
    """hidden_until: where a reviewer asks for the reference, which is not shown before.

    verdict and name_base: of a near-miss. misses: of the reference.
    """

    title: str
    summary: str = ""
    cards: tuple[StepCard, ...] = ()
    notices: tuple[Notice, ...] = ()
    message: MessageForm | None = None
    removal: Removal | None = None
    offer: ToolsetOffer | None = None
    may_edit: bool = False
    is_conversation: bool = False
    is_hidden: bool = False
    hidden_until: str = ""
    add_url: str = ""
    repeat_url: str = ""
    try_url: str = ""
    tried: int = 0
    back_url: str = ""
    verdict: MissVerdict | None = None
    name: str = ""
    name_url: str = ""
    name_base: str = ""
    misses: tuple[MissRow, ...] = ()
    miss_add_url: str = ""


def solution_page(
    look: TaskLook, miss: int | None = None, *, typed: QueryDict | None = None, problem: str = ""
) -> SolutionPage:
    """typed: a message that was sent and not taken. Raises Http404 for a near-miss there is not."""
    if look.hides_reference:
        return hidden_page(look)
    solution = solution_of(look, miss)
    cards = Cards(solution)
    page = SolutionPage(
        title="Reference" if miss is None else solution.name,
        summary=_summary(solution, cards) if solution.steps else "",
        cards=tuple(cards.all()),
        notices=tuple(_notices(solution)),
        may_edit=look.may_edit,
        is_conversation=look.content.mode == "conversation",
        try_url=reverse("reference:try", args=[look.task.slug]) if look.sees_draft else "",
        tried=calls_made(look.user, look.task) if look.sees_draft else 0,
    )
    if look.may_edit:
        page = replace(
            page,
            message=_message_form(solution, typed, problem),
            add_url=solution.url("choose"),
            repeat_url=f"{solution.url('choose')}?repeat=1",
            offer=_offer(solution),
        )
    return _of_reference(page, look) if miss is None else _of_miss(page, solution)


def hidden_page(look: TaskLook) -> SolutionPage:
    """Keep the reference from a reviewer who has not asked for it."""
    return SolutionPage(
        title="Reference",
        is_hidden=True,
        hidden_until=review_url(look.task),
        try_url=reverse("reference:try", args=[look.task.slug]),
        tried=calls_made(look.user, look.task),
    )


def with_removal(page: SolutionPage, solution: Solution, place: int, reason: str) -> SolutionPage:
    """Ask what becomes of the references to a step that is to be removed."""
    cards = Cards(solution)
    number = changes.call_numbers(solution.steps)[place]
    paths = {
        path: at
        for at in changes.users_of(solution.steps, place)
        for path in changes.paths_in(solution.steps[at].get("arguments"))
        if changes.number_in(path) == number
    }
    values = tuple(
        Choice(
            value=path,
            label=f"step {at + 1}, {say_path(path, cards.places)}",
            count=cards.value_of(path),
        )
        for path, at in paths.items()
    )
    removal = Removal(
        number=place + 1,
        reason=reason,
        values=values,
        url=solution.url("do", place + 1),
        base=fingerprint(solution.steps[place]),
        back=f"{solution.url()}#step-{place + 1}",
    )
    return replace(page, removal=removal)


def _of_reference(page: SolutionPage, look: TaskLook) -> SolutionPage:
    add = reverse("reference:miss_add", args=[look.task.slug]) if look.may_edit else ""
    return replace(page, misses=tuple(_misses(look)), miss_add_url=add)


def _of_miss(page: SolutionPage, solution: Solution) -> SolutionPage:
    return replace(
        page,
        verdict=verdict_of(solution.scene),
        name=solution.name,
        name_url=solution.url("miss_change") if page.may_edit else "",
        name_base=fingerprint(solution.name),
        back_url=reverse("reference:page", args=[solution.look.task.slug]),
    )


def _misses(look: TaskLook) -> Iterator[MissRow]:
    for number in range(1, len(look.content.near_misses) + 1):
        solution = solution_of(look, number)
        yield MissRow(
            number=number,
            name=solution.name,
            url=solution.url(),
            steps=counted(len(solution.steps), "step"),
            verdict=verdict_of(solution.scene),
        )


def _summary(solution: Solution, cards: Cards) -> str:
    """Say what the steps are: "20 calls, 3 write, ends with a message"."""
    calls = [step for step in solution.steps if changes.is_call(step)]
    writing = sum(cards.writes(step["call"]) for step in calls)
    ends = changes.end_of(solution.steps) < len(solution.steps)
    return ", ".join(
        [
            counted(len(calls), "call"),
            f"{writing} {'writes' if writing == 1 else 'write'}" if writing else "none writes",
            "ends with a message" if ends else "without a message yet",
        ]
    )


def _notices(solution: Solution) -> Iterator[Notice]:
    scene = solution.scene
    if not solution.steps:
        return
    if scene.played is None:
        yield Notice(tone="warn", title="The steps cannot be played yet.", text=scene.play_problem)
    elif scene.played.problem:
        yield Notice(tone="bad", title="It stops before its end.", text=scene.played.problem)


def _offer(solution: Solution) -> ToolsetOffer | None:
    """Offer the smallest toolset that has all tools of the steps, where the task's lacks one."""
    look = solution.look
    snapshot = solution.scene.snapshot
    if snapshot is None:
        return None
    toolsets: Mapping[str, Mapping[str, object]] = snapshot.company.toolsets
    called = {step["call"] for step in solution.steps if changes.is_call(step)}
    own = snapshot.company.toolsets.get(look.content.toolset, {})
    missing = sorted(name for name in called if not find_tool(own, name))
    having = [
        name
        for name, tools in snapshot.company.toolsets.items()
        if all(find_tool(tools, each) for each in called)
    ]
    if not missing or not having:
        return None
    return ToolsetOffer(
        toolset=min(having, key=lambda name: len(toolsets[name])),
        missing=", ".join(missing),
        url=reverse("reference:toolset", args=[look.task.slug]),
        base=fingerprint(look.content.toolset),
    )


def _message_form(solution: Solution, typed: QueryDict | None, problem: str) -> MessageForm:
    place = changes.end_of(solution.steps)
    path = solution.key(place)
    sent = typed.get(f"base.{path}", "") if typed is not None else ""
    written = solution.steps[place]["message"] if place < len(solution.steps) else ""
    return MessageForm(
        url=solution.url("message"),
        path=path,
        base=sent or solution.seen(place),
        text=typed.get("message", "") if typed is not None else written,
        rendered=markdown.render(written),
        back=solution.url(),
        problem=problem,
    )
