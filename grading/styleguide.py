"""Made-up values for the styleguide page: every part in every state."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.safestring import SafeString

from grading.pages import (
    AgentSummary,
    Argument,
    CriterionLink,
    CriterionRow,
    Evidence,
    Moment,
    OverviewRow,
    Payload,
    PromptCard,
    Rate,
    RolloutMark,
    RunRow,
    Segment,
    StepCard,
    TimelineMark,
)
from simulation.pages import ChangeRow, Choice, Fact, FieldChange, Mark, Notice, Pager

HERE = "#sg-table"
SWATCHES = (
    "page",
    "surface",
    "sunken",
    "line",
    "ink",
    "ink-2",
    "ink-3",
    "accent",
    "accent-soft",
    "good",
    "good-soft",
    "good-fill",
    "bad",
    "bad-soft",
    "bad-fill",
    "warn",
    "warn-soft",
    "warn-fill",
    "human",
    "quiet",
)

QUEUED = Mark(state="queued", word="queued")
RUNNING = Mark(state="running", word="running")
PARKED = Mark(state="parked", word="parked")
CANCELLED = Mark(state="cancelled", word="cancelled")
ENDED = Mark(state="ended", word="ended")
PASS = Mark(state="pass", word="pass")
FAIL = Mark(state="fail", word="fail")
INCOMPLETE = Mark(state="incomplete", word="incomplete")
MASKED = Mark(state="masked", word="masked")
MET = Mark(state="met", word="met")
NOT_MET = Mark(state="not_met", word="not met")
CANNOT_TELL = Mark(state="cannot_tell", word="can’t tell")
GRADER_ERROR = Mark(state="grader_error", word="grader error")
HARM = Mark(state="harm", word="harm found")
CLEAN = Mark(state="clean", word="clean")
HUMAN = Mark(state="human", word="by a person")
ROLLOUTS = (QUEUED, RUNNING, PARKED, CANCELLED, ENDED, PASS, FAIL, INCOMPLETE, MASKED)
VERDICTS = (MET, NOT_MET, CANNOT_TELL, GRADER_ERROR, HARM, CLEAN, HUMAN)

HALF = Rate(
    low=30.6,
    middle=50,
    high=69.4,
    text="50 %",
    interval="31–69 %",
    n=24,
    basis="24 trials of 24 tasks",
)
ALL = Rate(
    low=86.2,
    middle=100,
    high=100,
    text="100 %",
    interval="86–100 %",
    n=24,
    basis="24 trials of 24 tasks",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Styleguide:
    """One value of every kind that the shared templates take."""

    swatches: tuple[str, ...]
    marks: tuple[Mark, ...]
    rollout_marks: tuple[Mark, ...]
    choices: tuple[Choice, ...]
    notices: tuple[Notice, ...]
    facts: tuple[Fact, ...]
    segments: tuple[Segment, ...]
    runs: tuple[RunRow, ...]
    pager: Pager
    agents: tuple[AgentSummary, ...]
    overview: tuple[OverviewRow, ...]
    timeline: tuple[TimelineMark, ...]
    prompts: tuple[PromptCard, ...]
    steps: tuple[StepCard, ...]
    criteria: tuple[CriterionRow, ...]
    criteria_count: str
    moment: Moment


def _run(title: str, mark: Mark, rate: Rate | None) -> RunRow:
    return RunRow(
        title=title,
        url=HERE,
        kind="evaluation",
        source="sample@1",
        mark=mark,
        agents=("reference", "a-name-too-long-for-its-column-that-is-cut"),
        done=48 if rate else 0,
        total=48,
        rate=rate,
        mean_reward="0.61" if rate else "",
        masked=0,
        incomplete=1 if rate else 0,
        cost="$12.40" if rate else "",
        tokens="3,120,400 tokens" if rate else "",
        owner="author",
        created_at=datetime(2025, 9, 15, 19, 0, tzinfo=UTC),
    )


def _agent(name: str, rate: Rate | None) -> AgentSummary:
    return AgentSummary(
        name=name,
        url=HERE,
        detail="what it is",
        rate=rate,
        mean_reward="0.61" if rate else "",
        done=24 if rate else 0,
        total=24,
        masked=0,
        incomplete=0,
        mean_steps="11.4" if rate else "",
    )


def _segments() -> tuple[Segment, ...]:
    marks = (PASS, FAIL, INCOMPLETE, MASKED, RUNNING, QUEUED)
    share = 100 / len(marks)
    return tuple(
        Segment(state=mark.state, word=mark.word, count=8, start=i * share, share=share)
        for i, mark in enumerate(marks)
    )


def _overview() -> tuple[OverviewRow, ...]:
    signs = tuple(
        RolloutMark(state=mark.state, url=HERE, label=f"some-task@1, an agent: {mark.word}")
        for mark in ROLLOUTS
    )
    return (OverviewRow(task="some-task@1", url=HERE, cells=(signs[:5], signs[5:])),)


ORDER = ChangeRow(
    entity_type="order",
    entity_id="ord-250820-007",
    operation="updated",
    fields=(
        FieldChange(name="status", before="paid", after="refund_requested"),
        FieldChange(name="failureReason", before="none given", after=""),
    ),
)
MESSAGE = ChangeRow(
    entity_type="customer_message",
    entity_id="msg-250915-001",
    operation="created",
    fields=(FieldChange(name="channel", before="", after="email"),),
)
DELETED = ChangeRow(entity_type="build", entity_id="build-0003", operation="deleted", fields=())

PAYLOAD = Payload(
    text='{\n  "id": "ord-250820-007",\n  "total": 342.9,\n  "gift": false\n}',
    size="62 B",
    is_json=True,
    more_url=HERE,
    more_label="show all 214 kB",
    other_url=HERE,
    other_label="raw",
)
TEXT = "A text with a **strong** word."
HTML = SafeString("<p>A text with a <strong>strong</strong> word.</p>")


def _steps() -> tuple[StepCard, ...]:
    cited = CriterionLink(key="order-requested", number=1, text="The order is requested.", mark=MET)
    call = (Argument(name="order_id", value="ord-250820-007"),)
    return (
        StepCard(index=1, kind="message", word="says", body_html=HTML, body_text=TEXT, at_url=HERE),
        StepCard(
            index=2,
            kind="read",
            word="read",
            tool="getOrderDetails",
            call=call,
            outcome="1 order",
            arguments=PAYLOAD,
            result=PAYLOAD,
            duration="0.010 s",
        ),
        StepCard(
            index=3,
            kind="write",
            word="write",
            tool="updateOrderStatus",
            call=call,
            outcome="ok",
            arguments=PAYLOAD,
            result=PAYLOAD,
            changes=(ORDER, MESSAGE, DELETED),
            cited_by=(cited,),
            note="One character that no database can keep was replaced.",
        ),
        StepCard(
            index=4,
            kind="error",
            word="error",
            tool="getOrderDetails",
            call=call,
            error="not_found: there is no such order",
            result=PAYLOAD,
        ),
        StepCard(index=5, kind="customer", word="customer", body_html=HTML, tokens="12 tok"),
        StepCard(index=6, kind="answer", word="answer", body_html=HTML, is_later=True),
    )


def _criteria() -> tuple[CriterionRow, ...]:
    return tuple(
        CriterionRow(
            key=f"sample-{mark.state}",
            number=number,
            text="One requirement in one sentence.",
            points="critical harm −3" if mark in (HARM, CLEAN) else "standard +1",
            mark=mark,
            source="state check",
            reason="What was found, and what was expected.",
            evidence=(Evidence(step=3, quote="the words that show it"),),
        )
        for number, mark in enumerate(VERDICTS, start=1)
    )


def styleguide() -> Styleguide:
    steps = _steps()
    return Styleguide(
        swatches=SWATCHES,
        marks=ROLLOUTS + VERDICTS,
        rollout_marks=ROLLOUTS,
        choices=(Choice(value="", label="All agents", is_selected=True),),
        notices=tuple(
            Notice(tone=tone, title="Title.", text="What is the case, and what to do.")
            for tone in ("info", "good", "warn", "bad", "quiet")
        ),
        facts=(Fact(label="Graded", value="47", detail="of 48"), Fact(label="Steps", value="12")),
        segments=_segments(),
        runs=(_run("A run", ENDED, HALF), _run("A queued run", QUEUED, None)),
        pager=Pager(text="1 to 2 of 6", next_url=HERE),
        agents=(_agent("reference", ALL), _agent("chat", None)),
        overview=_overview(),
        timeline=tuple(
            TimelineMark(
                index=step.index,
                kind=step.kind,
                word=step.word,
                label=f"Step {step.index}, {step.word}",
                is_evidence=bool(step.cited_by),
                is_later=step.is_later,
            )
            for step in steps
        ),
        prompts=(
            PromptCard(word="System prompt", size="4.1 kB", body_html=HTML, is_folded=True),
            PromptCard(word="Prompt", size="", body_html=HTML, is_folded=False),
        ),
        steps=steps,
        criteria=_criteria(),
        criteria_count="every outcome",
        moment=Moment(
            step=3,
            last_step=6,
            is_end=False,
            changes=(ORDER, MESSAGE, DELETED),
            count="3 rows",
            state_hash="9f2c41d07be3",
            previous_url=HERE,
            next_url=HERE,
            end_url=HERE,
        ),
    )
