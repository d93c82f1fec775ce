"""What the run and episode pages show, as plain values: views fill them, templates print them.

Texts are ready to show ("62 %", "41 s", "1.2 kB"), "" is absent, and templates escape them. Only
fields named `*_html` are HTML, cleaned by their maker and without headings: no text of an agent
joins the outline of the page.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from django.utils.safestring import SafeString

from grading.monitor.pages import MonitorPanel
from grading.people.pages import (
    BlindBar,
    HistoryRow,
    Need,
    PeoplePanel,
    ReportForm,
    VerdictForm,
)
from simulation.pages import ChangeRow, Choice, Fact, Mark, Notice, Pager

StepKind = Literal[
    "system", "user", "customer", "message", "read", "write", "error", "answer", "event"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A share with its 95 % interval.

    `low`, `middle` and `high` are percents, 0 to 100, and place the dot and its whiskers. Where
    there is no interval, `low` and `high` are None and `interval` is "": `why` says so. basis: what
    it rests on ("80 trials of 20 tasks").
    """

    low: float | None
    middle: float
    high: float | None
    text: str
    interval: str
    n: int
    basis: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """One run in the list; `rate` is None while nothing is graded, cost and tokens are "" where
    nothing was spent."""

    title: str
    url: str
    kind: str
    source: str
    mark: Mark
    agents: tuple[str, ...]
    done: int
    total: int
    rate: Rate | None
    mean_reward: str
    masked: int
    incomplete: int
    cost: str
    tokens: str
    owner: str
    created_at: datetime
    faults: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunsPage:
    """`kinds` are links that narrow the list; `is_filtered` tells why it may be empty."""

    rows: tuple[RunRow, ...]
    count: str
    kinds: tuple[Choice, ...] = ()
    is_filtered: bool = False
    pager: Pager | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A part of a stacked bar: `start` and `share` are percents of its width."""

    state: str
    word: str
    count: int
    start: float
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSummary:
    """One agent's rollouts in figures; `url` shows only them."""

    name: str
    url: str
    detail: str
    rate: Rate | None
    mean_reward: str
    done: int
    total: int
    masked: int
    incomplete: int
    mean_steps: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RolloutMark:
    """One rollout as a sign in the overview; `label` names it whole for a screen reader."""

    state: str
    url: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewRow:
    """One task of the overview: `cells` has one tuple of marks for each agent, in their order."""

    task: str
    url: str
    cells: tuple[tuple[RolloutMark, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RolloutRow:
    """One rollout in the table. `pk` makes the row's id, so focus survives a refresh."""

    pk: int
    url: str
    task: str
    title: str
    agent: str
    index: int
    mark: Mark
    points: str
    reward: str
    steps: str
    duration: str
    stop_reason: str
    is_truncated: bool = False
    is_forgotten: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFilter:
    """The filter form: each group starts with the choice of value "" that means all."""

    agents: tuple[Choice, ...]
    tasks: tuple[Choice, ...]
    outcomes: tuple[Choice, ...]
    stops: tuple[Choice, ...]
    is_active: bool
    clear_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPage:
    """One run, before and after its end.

    `progress_url` carries the filter's query string, as `query` has it, and is polled while
    `is_live`. The answer to a poll has `is_fragment`; its `announcement` is read aloud, so give it
    once, at the end.
    """

    title: str
    kind: str
    source: str
    owner: str
    created_at: datetime
    mark: Mark
    is_live: bool
    poll_seconds: int
    progress_url: str
    query: str
    done: int
    total: int
    segments: tuple[Segment, ...]
    monitor: MonitorPanel
    agents: tuple[AgentSummary, ...]
    overview: tuple[OverviewRow, ...]
    filter: RunFilter
    rollouts: tuple[RolloutRow, ...]
    rollouts_count: str
    pager: Pager | None = None
    notice: Notice | None = None
    left_out: str = ""
    faults: str = ""
    is_fragment: bool = False
    announcement: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """Arguments or result of a call, cut at 20 kB.

    `more_url` loads all of it ("show all 214 kB"), `other_url` the other form ("raw" or
    "readable"): both answer htmx with the payload's partial, and others with a `PayloadPage`.
    `marked_html` is the text with quotes marked, "" where nothing in it is quoted.
    """

    text: str
    size: str
    is_json: bool
    marked_html: SafeString = field(default_factory=SafeString)
    more_url: str = ""
    more_label: str = ""
    other_url: str = ""
    other_label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PayloadPage:
    """A payload on a page of its own, for browsers without scripts."""

    title: str
    back_url: str
    payload: Payload


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """One argument in the summary line of a call, shortened."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionLink:
    """A criterion that names this step as evidence."""

    key: str
    number: int
    text: str
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelAnswer:
    """What came with a model's words: `lines` under the `title`, and what it thought."""

    title: str
    lines: tuple[str, ...]
    reasoning: str
    reasoning_size: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepCard:
    """One step of the transcript.

    A call has `tool`, `call` (its arguments), `outcome` ("3 rows", "not_found") and payloads; a
    text has `body_html`, and `body_text` where it is written otherwise than it is shown. `fault`:
    what was made to go wrong. `is_later` marks steps after the moment shown.
    """

    index: int
    kind: StepKind
    word: str
    tool: str = ""
    call: tuple[Argument, ...] = ()
    outcome: str = ""
    error: str = ""
    body_html: SafeString = field(default_factory=SafeString)
    body_text: str = ""
    arguments: Payload | None = None
    result: Payload | None = None
    changes: tuple[ChangeRow, ...] = ()
    cited_by: tuple[CriterionLink, ...] = ()
    duration: str = ""
    tokens: str = ""
    cost: str = ""
    note: str = ""
    fault: str = ""
    model: ModelAnswer | None = None
    at_url: str = ""
    is_later: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineMark:
    """One step in the strip; `label` says it whole ("Step 5, write: updateOrderStatus")."""

    index: int
    kind: StepKind
    word: str
    label: str
    is_evidence: bool = False
    is_later: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptCard:
    """A prompt the agent was given; long system prompts come folded."""

    word: str
    size: str
    body_html: SafeString
    is_folded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Where the reason for a verdict can be read; `step` None is evidence without a step."""

    step: int | None
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionRow:
    """One criterion and its effective verdict, None while ungraded; `points`: "important +2".

    `is_hidden`: the person looks blind and has not spoken. `needs` says why it waits for a person.
    `agree_to` is the verdict that one press agrees with; `form` is None while nobody may speak.
    """

    key: str
    number: int
    text: str
    points: str
    mark: Mark | None
    source: str
    reason: str
    evidence: tuple[Evidence, ...] = ()
    is_hidden: bool = False
    is_human: bool = False
    instructions: str = ""
    needs: str = ""
    opinions: str = ""
    agree_to: int | None = None
    form: VerdictForm | None = None
    flag: ReportForm | None = None
    history: tuple[HistoryRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionActions:
    """Where the forms of criteria are sent; `note` says why there are none.

    ungraded: stands at a criterion that nothing has decided.
    """

    verdict_url: str
    report_url: str
    try_url: str
    note: str = ""
    ungraded: str = "not graded yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The net state change up to one step; at the end it is that of the whole episode.

    `kept` stays in the address when another step is asked for.
    """

    step: int
    last_step: int
    is_end: bool
    changes: tuple[ChangeRow, ...]
    count: str
    state_hash: str
    previous_url: str = ""
    next_url: str = ""
    end_url: str = ""
    kept: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeActions:
    """Addresses of what may be done with the episode itself; "" for what may not."""

    release_url: str = ""
    retry_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeHead:
    """What stands above an episode. `points` and `percent` are "" where there is no reward.

    `overrides` counts criteria on which a person has the last word. `official_url` is there when
    another grading than the official one is shown.
    """

    run_title: str
    run_url: str
    task: str
    title: str
    agent: str
    index: int
    mark: Mark
    points: str
    percent: str
    overrides: str
    facts: tuple[Fact, ...]
    notice: Notice | None
    actions: EpisodeActions
    position: str
    previous_url: str
    next_url: str
    blind: BlindBar
    grading_notice: Notice | None
    official_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodePage:
    """One episode as of one grading.

    removed: when its transcript went, in words; "" while it is there.
    live_url: gives what came since, while it is not over.
    """

    head: EpisodeHead
    raw_url: str
    timeline: tuple[TimelineMark, ...]
    criteria: tuple[CriterionRow, ...]
    criteria_count: str
    prompts: tuple[PromptCard, ...]
    steps: tuple[StepCard, ...]
    steps_count: str
    answer_step: int | None
    moment: Moment
    needs: tuple[Need, ...]
    people: PeoplePanel
    actions: CriterionActions
    problems: tuple[Choice, ...] = ()
    removed: str = ""
    live_url: str = ""
