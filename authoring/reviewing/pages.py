"""What review shows, as plain values: views fill them, templates print them.

Fields named `*_html` are HTML, cleaned by their maker; everything else is escaped where shown.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString

from authoring.history.differences import Comparison
from authoring.references.cards import StepCard
from authoring.reviewing.judging import Reason
from simulation.pages import ChangeRow, Choice, Fact, Mark, Pager

LONG_SENTENCE = 160  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One comment of a thread."""

    pk: int
    author: str
    when: datetime
    body_html: SafeString


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """What was said of one place. url: where that is; "" when the place is gone."""

    pk: int
    place: str
    name: str
    url: str
    is_gone: bool
    remarks: tuple[Remark, ...]
    resolved_by: str = ""
    resolved_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceThreads:
    """The open threads of one place."""

    name: str
    url: str
    is_gone: bool
    threads: tuple[Thread, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentsPanel:
    """back: which page the forms lead back to, "editor" or "review".

    hidden: how many threads are about the reference, which this person has not seen yet.
    """

    slug: str
    back: str
    groups: tuple[PlaceThreads, ...]
    resolved: tuple[Thread, ...]
    choices: tuple[Choice, ...]
    count: int
    hidden: int
    is_asked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentForm:
    """A comment that could not be taken, with what was typed. thread: None begins a new one."""

    slug: str
    title: str
    back: str
    back_url: str
    choices: tuple[Choice, ...]
    body: str
    problems: tuple[Choice, ...]
    thread: Thread | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionRow:
    """One criterion beside its tick. news: "new" or "changed" since the last approval."""

    key: str
    number: int
    text: str
    points: str
    is_harm: bool
    kind: str
    sentence: str
    note: str
    news: str = ""
    is_ticked: bool = False
    has_fallen: bool = False
    comments: int = 0

    @property
    def is_long(self) -> bool:
        """Tell whether the sentence would hide the other criteria."""
        return len(self.sentence) > LONG_SENTENCE


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionRow:
    """One question of the checklist; is_fine: None while it is open."""

    key: str
    text: str
    hint: str
    is_fine: bool | None = None
    note: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """What a reviewer found not fine, for the author."""

    reviewer: str
    question: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceBox:
    """The reference, or the way to it. calls: how many the reviewer made before they looked."""

    is_hidden: bool
    can_reveal: bool
    try_url: str
    calls: int
    seen_at: datetime | None
    earlier: str
    steps: tuple[StepCard, ...]
    problem: str
    near_misses: tuple[str, ...]
    notes_html: SafeString


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeTask:
    """Everything about a task but its reference and its criteria."""

    facts: tuple[Fact, ...]
    prompt_html: SafeString
    setup: tuple[ChangeRow, ...]
    setup_problems: tuple[str, ...]
    customer: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLine:
    """What one gate or lint rule says; reason: why the author keeps it, "" where they do not."""

    mark: Mark
    text: str
    place: str = ""
    words: str = ""
    rule: str = ""
    reason: str = ""
    kept_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """What machines say of a revision. hidden: findings that would tell about the reference."""

    lines: tuple[CheckLine, ...]
    hidden: int
    dry_run_url: str
    strength_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailLine:
    actor: str
    words: str
    when: datetime
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictBar:
    """The bar below: what stands against approval, and what was typed."""

    reasons: tuple[Reason, ...]
    text: str = ""
    problems: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPage:
    """One revision as its reviewers see it. bar: None where nobody judges here.

    why: says why this person cannot judge. since: what `comparison` compares with; "" shows `whole`
    instead. is_secret_changed: the reference changed too, and is hidden.
    """

    slug: str
    title: str
    mark: Mark
    number: int
    author: str
    url: str
    editor_url: str
    trail: tuple[TrailLine, ...]
    rounds: tuple[Choice, ...]
    shows: tuple[Choice, ...]
    since: str
    comparison: Comparison | None
    is_secret_changed: bool
    whole: WholeTask
    criteria: tuple[CriterionRow, ...]
    ticked: str
    checklist: tuple[QuestionRow, ...]
    answered: str
    voices: tuple[Voice, ...]
    panel: CommentsPanel
    checks: Checks
    reference: ReferenceBox
    why: str
    bar: VerdictBar | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    title: str
    slug: str
    url: str
    number: int
    author: str
    asked: str
    since: datetime
    ticked: int
    criteria: int
    is_mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePage:
    """`empty` says where the others are, when nothing is shown."""

    rows: tuple[QueueRow, ...]
    choices: tuple[Choice, ...]
    count: str
    empty_title: str
    empty_text: str
    pager: Pager | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDo:
    """One thing that a reviewer asks the author for."""

    name: str
    url: str
    author: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitPanel:
    """Where a task stands on its way through review, in the head of the editor.

    may_submit and may_withdraw: whose move it is; reasons: what is in the way of submitting.
    todo: what reviewers ask for; more: how many things are left out of it.
    """

    slug: str
    label: str
    reasons: tuple[Reason, ...]
    may_submit: bool
    may_withdraw: bool
    said: str
    review_url: str
    review_label: str
    reviewers: tuple[Choice, ...]
    todo: tuple[ToDo, ...]
    more: int
