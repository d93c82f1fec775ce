"""What the tab Rubric shows, as plain values."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.urls import NoReverseMatch, reverse

from authoring.access import TaskLook
from authoring.content import DraftCriterion
from authoring.lint import Finding
from authoring.lint.panel import findings_at
from authoring.reviewing.threads import open_by_place
from authoring.rubric_imports import FORMATS
from authoring.rubrics.bounds import BoundValue, bound_values
from authoring.rubrics.form import CriterionForm, Typing, form_of, kinds_in_order
from authoring.rubrics.proposals import ChangedRow, Proposal, changed_rows
from authoring.rubrics.results import Result, result_of, sentence_of
from grading.graders import GRADERS
from simulation.pages import Choice
from simulation.state import WorldState
from simulation.wording import counted, listed, spoken

EDIT, SPLIT, TURN = "edit", "split", "turn"
MOST_FITTING = 6
SHORT = {
    "state": "What a row of the world holds when the work is done.",
    "unchanged": "Nothing else in the world was touched.",
    "tool_call": "Which tools were called, how often, with what.",
    "response": "What the answer, or a text that was written, says.",
    "judge": "A model reads what happened and decides.",
    "human": "A person decides; nothing is graded until then.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """word: "essential". tone: standard, important, essential, harm."""

    word: str
    points: str
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitForm:
    text: str
    keeps_check: str
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnForm:
    """proposals: state changes of the reference whose words are in the criterion."""

    proposals: tuple[Proposal, ...]
    kinds: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionCard:
    """One criterion. form, split, turn: what it is opened for; at most one of them."""

    key: str
    number: int
    text: str
    weight: Weight
    category: str
    kind: str
    note: str
    result: Result
    bounds: tuple[BoundValue, ...]
    findings: tuple[Any, ...]
    comments: int
    comments_url: str
    is_first: bool
    is_last: bool
    can_turn: bool
    form: CriterionForm | None = None
    split: SplitForm | None = None
    turn: TurnForm | None = None

    @property
    def place(self) -> str:
        return f"criterion/{self.key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class KindOffer:
    """A kind of check to begin with."""

    kind: str
    label: str
    about: str
    example: str
    guide_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RubricPage:
    """rows: what the reference changes; rows_note says why there is nothing to show."""

    slug: str
    may_edit: bool
    cards: tuple[CriterionCard, ...]
    summary: tuple[str, ...]
    kinds: tuple[KindOffer, ...]
    rows: tuple[ChangedRow, ...] = ()
    rows_note: str = ""
    has_world: bool = True
    stopped: str = ""
    uncovered: int = 0
    problems: tuple[Choice, ...] = ()
    removed: str = ""
    new_text: str = ""
    exports: tuple[Choice, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Opened:
    """What of the tab is open: which criterion, for what, and what was typed there.

    kind: the kind of check whose form is asked for. pasted: JSON that cannot be taken, and why.
    """

    key: str = ""
    mode: str = ""
    kind: str = ""
    typing: Typing | None = None
    pasted: tuple[str, str] = ("", "")
    split: SplitForm | None = None
    problems: tuple[Choice, ...] = field(default_factory=tuple)
    removed: str = ""
    new_text: str = ""


def rubric_page(look: TaskLook, findings: Sequence[Finding], opened: Opened) -> RubricPage:
    criteria = look.content.rubric.criteria
    maker = CardMaker(look, findings, opened)
    rows, note = _changes(look)
    open_rows = [p for row in rows for p in row.proposals if not p.covered]
    cards = tuple(maker.card(each, n) for n, each in enumerate(criteria, start=1))
    typed = [problem for card in cards if card.form for problem in card.form.problems]
    return RubricPage(
        slug=look.task.slug,
        may_edit=look.may_edit,
        cards=cards,
        summary=summary_of(criteria),
        kinds=tuple(_offers()) if look.may_edit else (),
        rows=rows,
        rows_note=note,
        has_world=look.scene.world is not None,
        stopped=_stopped(look),
        uncovered=len(open_rows),
        problems=(*opened.problems, *typed),
        removed=opened.removed,
        new_text=opened.new_text,
        exports=tuple(_exports(look.task.slug)) if criteria else (),
    )


def _exports(slug: str) -> Iterator[Choice]:
    url = reverse("rubric:export", args=[slug])
    for name, each in FORMATS.items():
        yield Choice(value=name, label=each.title, url=f"{url}?form={name}")


def summary_of(criteria: Sequence[DraftCriterion]) -> tuple[str, ...]:
    """Say how many criteria there are, their points, and the share of each kind."""
    if not criteria:
        return ()
    plus = sum(each.points for each in criteria if each.points > 0)
    minus = sum(each.points for each in criteria if each.points < 0)
    points = counted(plus, "point") + (f", {-minus} against" if minus else "")
    kinds = Counter(spoken(each.kind) if each.kind else "no check" for each in criteria)
    shares = listed(f"{n} {kind}" for kind, n in kinds.most_common())
    return counted(len(criteria), "criterion", "criteria"), points, shares


def weight_of(points: int, word: str) -> Weight:
    tones = {1: "standard", 2: "important"}
    tone = "harm" if points < 0 else tones.get(points, "essential")
    is_named = not word.lstrip("+-").isdecimal()
    return Weight(word=word if is_named else "", points=f"{points}".replace("-", "−"), tone=tone)


@dataclass(frozen=True)
class CardMaker:
    look: TaskLook
    findings: Sequence[Finding]
    opened: Opened

    def card(self, criterion: DraftCriterion, number: int) -> CriterionCard:
        look, opened = self.look, self.opened
        place = f"criterion/{criterion.key}"
        result = result_of(criterion, look.scene, self._ready, is_hidden=look.hides_reference)
        is_open = opened.key == criterion.key and look.may_edit
        mode = opened.mode if is_open else ""
        page = reverse("rubric:page", args=[look.task.slug])
        return CriterionCard(
            key=criterion.key,
            number=number,
            text=criterion.text,
            weight=weight_of(criterion.points, criterion.points_word),
            category=spoken(criterion.category),
            kind=spoken(criterion.kind),
            note=criterion.note,
            result=result,
            bounds=tuple(bound_values(criterion.check)),
            findings=findings_at(look, self.findings, place),
            comments=self._comments.get(place, 0),
            comments_url=f"{page}?{_comments_query(place, mode, criterion.key)}"
            if look.sees_draft
            else "",
            is_first=number == 1,
            is_last=number == len(look.content.rubric.criteria),
            can_turn=criterion.kind in ("judge", "human"),
            form=self._form(criterion, number, result) if mode == EDIT else None,
            split=self._split(criterion) if mode == SPLIT else None,
            turn=self._turn(criterion) if mode == TURN else None,
        )

    @cached_property
    def _ready(self) -> WorldState | None:
        return self.look.scene.ready

    @cached_property
    def _comments(self) -> Mapping[str, int]:
        return open_by_place(self.look)

    def _form(self, criterion: DraftCriterion, number: int, result: Result) -> CriterionForm:
        opened = self.opened
        return form_of(
            self.look,
            criterion,
            number,
            kind=opened.kind,
            typing=opened.typing,
            messages=result.messages,
            pasted=opened.pasted,
        )

    def _split(self, criterion: DraftCriterion) -> SplitForm:
        if self.opened.split:
            return self.opened.split
        return SplitForm(text="\n".join(_parts(self.findings, criterion)), keeps_check="first")

    def _turn(self, criterion: DraftCriterion) -> TurnForm:
        rows, _ = _changes(self.look)
        kinds = [kind for kind in kinds_in_order() if kind not in ("judge", "human")]
        return TurnForm(
            proposals=tuple(_fitting(rows, criterion)),
            kinds=tuple(Choice(value=k, label=spoken(k), count=SHORT.get(k, "")) for k in kinds),
        )


def _comments_query(place: str, mode: str, key: str) -> str:
    """What is open stays open beside the comments."""
    opened = f"{mode}={key}&" if mode else ""
    return f"{opened}side=comments&place={place}"


def _parts(findings: Sequence[Finding], criterion: DraftCriterion) -> list[str]:
    """Give the criteria that lint proposes in place of one, else the one itself."""
    place = f"criterion/{criterion.key}"
    for each in findings:
        if each.place == place and each.rewrite and each.rewrite.values:
            return [str(value.get("text", "")) for value in each.rewrite.values]
    return [criterion.text]


def _fitting(rows: Sequence[ChangedRow], criterion: DraftCriterion) -> list[Proposal]:
    """Give the changes whose words are in a criterion, those with most of them first."""
    told = f"{criterion.text} {criterion.check.get('question', '')}".lower()
    words = _words(told)
    scored = [(_shared(words, told, row, each), each) for row in rows for each in row.proposals]
    fitting = [pair for pair in scored if pair[0] > 1]
    fitting.sort(key=lambda pair: -pair[0])
    return [each for _, each in fitting[:MOST_FITTING]]


def _shared(words: set[str], told: str, row: ChangedRow, proposal: Proposal) -> int:
    """Count what a criterion and a change have in common; nothing where the field is not meant."""
    value = proposal.after.lower()
    is_value = bool(value) and re.search(rf"\b{re.escape(value)}\b", told) is not None
    field = len(words & _words(proposal.label)) + 2 * is_value
    of_row = len(words & _words(row.title)) + 2 * (row.key.lower() in told)
    return field and field + of_row


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.lower()) if len(word) > 3}


def _changes(look: TaskLook) -> tuple[tuple[ChangedRow, ...], str]:
    if look.hides_reference:
        return (), "Shown when you have revealed the reference."
    played = look.scene.played
    if played is None:
        return (), look.scene.play_problem
    rows = tuple(changed_rows(played.evidence, look.content.rubric.criteria))
    return rows, "" if rows else "The reference changes nothing in the world: it only answers."


def _stopped(look: TaskLook) -> str:
    played = None if look.hides_reference else look.scene.played
    return played.problem if played else ""


def _offers() -> Iterator[KindOffer]:
    for kind in kinds_in_order():
        yield KindOffer(
            kind=kind,
            label=spoken(kind),
            about=SHORT.get(kind, ""),
            example=sentence_of(GRADERS[kind].EXAMPLE),
            guide_url=_guide(kind),
        )


def _guide(kind: str) -> str:
    try:
        return reverse("guide:check", args=[kind])
    except NoReverseMatch:
        return ""
