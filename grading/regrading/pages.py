"""What the pages of gradings show, as plain values. Texts are ready to show, "" is absent."""

from dataclasses import dataclass
from datetime import datetime

from grading.pages import Rate
from grading.regrading.words import Piece
from simulation.pages import Choice, Mark, Notice, Pager


@dataclass(frozen=True, slots=True, kw_only=True)
class GradingRow:
    """One grading of a run.

    `counts`: it may become official; `refusal` says why it cannot now; `left_out` which rollouts it
    has not.
    """

    number: int
    purpose: str
    counts: bool
    is_official: bool
    is_live: bool
    mark: Mark
    rubrics: str
    judge: str
    scope: str
    left_out: str
    people: str
    reason: str
    asked_by: str
    created_at: datetime
    done: int
    total: int
    incomplete: int
    rate: Rate | None
    mean_reward: str
    refusal: str
    people_url: str = ""
    compare_url: str = ""
    official_url: str = ""
    cancel_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchRow:
    """The numbers were taken from another grading."""

    before: int
    after: int
    actor: str
    reason: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GradingsPage:
    """All gradings of a run, polled while one is live."""

    run_title: str
    run_url: str
    official: int
    rows: tuple[GradingRow, ...]
    switches: tuple[SwitchRow, ...]
    choices_a: tuple[Choice, ...]
    choices_b: tuple[Choice, ...]
    compare_url: str
    progress_url: str
    is_live: bool
    can_grade: bool
    new_url: str = ""
    is_fragment: bool = False
    announcement: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchForm:
    """The form that takes a run's numbers from another grading."""

    run_title: str
    run_url: str
    gradings_url: str
    before: int
    after: int
    words: str
    reason: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two gradings that are compared, in figures on the same rollouts."""

    number: int
    words: str
    purpose: str
    is_official: bool
    rate: Rate | None
    mean_reward: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictSide:
    """What a grading says of one criterion; `mark` is None where it says nothing."""

    mark: Mark | None
    source: str = ""
    reason: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictPair:
    """One criterion of a rollout whose outcome is not the same in both gradings."""

    key: str
    text: str
    before: VerdictSide
    after: VerdictSide


@dataclass(frozen=True, slots=True, kw_only=True)
class RolloutPair:
    """One rollout in both gradings; `sign` is ▲ or ▼ where its pass flipped."""

    pk: int
    task: str
    title: str
    agent: str
    index: int
    change: str
    word: str
    sign: str
    before: Mark
    after: Mark
    before_reward: str
    after_reward: str
    before_url: str
    after_url: str
    is_flip: bool
    verdicts: tuple[VerdictPair, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextChange:
    """One text of a criterion, word by word."""

    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRow:
    """One line of a confusion: the outcome before, and how often each outcome after."""

    word: str
    cells: tuple[tuple[int, bool], ...]  # the count, and whether both outcomes are the same


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionPair:
    """One criterion of a task in both rubrics, and what became of its outcomes.

    alone: the outcomes of a criterion that only one of both has.
    """

    subject: str
    key: str
    url: str
    text: str
    word: str
    n: int
    moved: int
    moves: tuple[str, ...]
    alone: str
    changes: tuple[TextChange, ...]
    matrix: tuple[MatrixRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftVerdict:
    """A person's verdict that was not carried: it waits for somebody to look again."""

    url: str
    author: str
    outcome: str
    key: str
    rollout: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareFilter:
    """Which two are compared, and what is shown of it."""

    a: tuple[Choice, ...]
    b: tuple[Choice, ...]
    agents: tuple[Choice, ...]
    tasks: tuple[Choice, ...]
    keys: tuple[Choice, ...]
    changes: tuple[Choice, ...]
    is_active: bool
    clear_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparePage:
    """Two gradings of a run beside each other, flips first."""

    run_title: str
    run_url: str
    gradings_url: str
    notice: Notice | None
    a: Side
    b: Side
    n: int
    difference: str
    difference_reward: str
    ups: int
    downs: int
    left_out: tuple[str, ...]
    people: tuple[LeftVerdict, ...]
    people_count: str
    filter: CompareFilter
    rollouts: tuple[RolloutPair, ...]
    rollouts_count: str
    criteria: tuple[CriterionPair, ...]
    criteria_count: str
    outcome_words: tuple[str, ...]
    pager: Pager | None = None
    criteria_pager: Pager | None = None
