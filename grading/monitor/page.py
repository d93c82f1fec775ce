"""The values of the monitor, from what is read of a run."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse

from grading import wording
from grading.judging.costs import Spent
from grading.models import Rollout, RolloutOutcome, Run
from grading.monitor.bars import segments
from grading.monitor.hidden import Hidden, read_hidden
from grading.monitor.holds import Hold, read_holds
from grading.monitor.pages import LikeRow, MonitorPanel, PaceRow, SlowRow, Steering, StopRow
from grading.monitor.progress import SHORTEST, WINDOW, AgentPace, Pace, read_pace
from grading.monitor.slowest import Slow, read_slowest
from grading.monitor.stops import Alike, Stopped, read_parked, read_stops
from grading.monitor.used import Used
from grading.stop_words import stop_words
from grading.summaries.rates import AgentCounts, RunCounts
from simulation.pages import Fact, Mark, Notice, Tone
from simulation.stops import StopReason
from simulation.wording import duration

WAITING = (RolloutOutcome.QUEUED, RolloutOutcome.PAUSED)
WARNINGS = ("off", "workers", "lost")
NO_FAULT = "not counted: no fault of the agent’s"


def monitor_panel(run: Run, counts: RunCounts) -> MonitorPanel:
    """counts: of the run, which its page has read already."""
    pace, outcomes = read_pace(run), counts.outcomes
    is_paused = bool(run.lane and run.lane.paused_at)
    parked = outcomes[RolloutOutcome.PARKED]
    slow = tuple(_slow_row(run, slow) for slow in read_slowest(run))
    return MonitorPanel(
        speed="" if is_paused else speed_words(pace),
        counts=tuple(_counts(outcomes, pace.resting)),
        spent=tuple(_spent(pace.used, pace.judged)),
        holds=tuple(_notice(hold) for hold in read_holds(run)),
        agents=tuple(
            _pace_row(run, agent, pace.agents[agent.agent], is_paused=is_paused)
            for agent in counts.agents
        ),
        has_customers=any(agent.used.customer_tokens for agent in pace.agents.values()),
        has_judge=bool(pace.judged.calls),
        stops=tuple(_stop_row(run, stopped) for stopped in read_stops(run)),
        parked=tuple(_like_row(run, alike) for alike in read_parked(run)) if parked else (),
        slow=slow,
        slowest=_slowest_words(slow),
        steering=_steering(run, outcomes, pace.left, read_hidden(run)),
        first_failure=_first_failure(run) if outcomes[RolloutOutcome.FAIL] else "",
    )


def _counts(outcomes: Mapping[str, int], resting: int) -> Iterable[Fact]:
    waiting = sum(outcomes.get(each, 0) for each in WAITING)
    running = outcomes.get(RolloutOutcome.RUNNING, 0)
    passed, failed = (outcomes.get(each, 0) for each in (RolloutOutcome.PASS, RolloutOutcome.FAIL))
    yield Fact(label="waiting", value=f"{waiting:,}")
    come = f"{resting:,} come to rest" if resting else ""
    yield Fact(label="running", value=f"{running:,}", detail=come)
    yield Fact(label="being graded", value=f"{outcomes.get(RolloutOutcome.ENDED, 0):,}")
    both = f"{passed:,} pass, {failed:,} fail"
    yield Fact(label="graded", value=f"{passed + failed:,}", detail=both)
    incomplete = outcomes.get(RolloutOutcome.INCOMPLETE, 0)
    yield Fact(label="incomplete", value=f"{incomplete:,}", detail="no reward")
    masked = outcomes.get(RolloutOutcome.MASKED, 0)
    yield Fact(label="masked", value=f"{masked:,}", detail=NO_FAULT if masked else "")
    if cancelled := outcomes.get(RolloutOutcome.CANCELLED, 0):
        yield Fact(label="cancelled", value=f"{cancelled:,}", detail="not counted")
    if parked := outcomes.get(RolloutOutcome.PARKED, 0):
        yield Fact(label="parked", value=f"{parked:,}", detail="need a person")


def _spent(used: Used, judged: Spent) -> Iterable[Fact]:
    """Say what each of the three has cost; what costs nothing is not there."""
    parts = (
        ("agents", used.tokens, used.cost),
        ("customers", used.customer_tokens, used.customer_cost),
        ("judge", judged.prompt + judged.completion, judged.cost),
    )
    there = [(label, tokens, cost) for label, tokens, cost in parts if tokens or cost]
    for label, tokens, cost in there:
        yield Fact(label=label, value=wording.usd(cost), detail=f"{tokens:,} tokens")
    if len(there) > 1:
        total = sum((cost for _, _, cost in there), Decimal(0))
        yield Fact(label="in all", value=wording.usd(total))
    if used.replaced:
        words = "of it for attempts that were tried again"
        yield Fact(label="lost", value=wording.usd(used.replaced), detail=words)


def speed_words(pace: Pace) -> str:
    """Say how fast a run goes and when it would end; "" while that is not known."""
    if not pace.left:
        return ""
    last = (
        f"the last {WINDOW.seconds // 60} minutes" if pace.window >= WINDOW else "its first minutes"
    )
    if pace.per_minute is None or pace.minutes_left is None:
        is_known = pace.window >= SHORTEST and not pace.recent
        return f"No episode ended in {last}." if is_known else ""
    left = _minutes(pace.minutes_left)
    return f"{left} left at {pace.per_minute:,.1f} episodes a minute, the speed of {last}."


def _minutes(minutes: float) -> str:
    """Write a time that is an estimate: not to the second."""
    if minutes < 1:
        return "Less than a minute"
    if minutes < 90:
        return f"About {round(minutes)} min"
    hours = minutes / 60
    return f"About {hours:.1f} h" if hours < 48 else f"About {round(hours / 24)} days"


def _pace_row(run: Run, counts: AgentCounts, pace: AgentPace, *, is_paused: bool) -> PaceRow:
    total = counts.outcomes.total()
    left = None if is_paused else pace.minutes_left
    used, judged = pace.used, pace.judged
    return PaceRow(
        name=counts.agent,
        url=_listed(run, agent=counts.agent),
        segments=tuple(segments(counts.outcomes, total)),
        done=counts.done,
        total=total,
        speed=f"{pace.per_minute:,.1f}" if pace.per_minute and left else "",
        left=_minutes(left).removeprefix("About ") if left else "",
        tokens=f"{used.tokens:,}" if used.tokens else "",
        agent_cost=_cost(used.cost, used.tokens),
        customer_cost=_cost(used.customer_cost, used.customer_tokens),
        judge_cost=_cost(judged.cost, judged.calls),
    )


def _cost(cost: Decimal, asked: int) -> str:
    return wording.usd(cost) if cost or asked else ""


def _notice(hold: Hold) -> Notice:
    tone: Tone = "warn" if hold.kind in WARNINGS else "info"
    return Notice(tone=tone, title=f"{hold.title}.", text=hold.text)


def _stop_row(run: Run, stopped: Stopped) -> StopRow:
    return StopRow(
        reason=stop_words(stopped.reason),
        count=f"{stopped.count:,}",
        fate=_fate(stopped),
        url=f"{_listed(run, stop=stopped.reason)}#rollouts",
        alike=tuple(_like_row(run, alike) for alike in stopped.alike),
        others=f"and {stopped.others:,} with other words" if stopped.others else "",
    )


def _fate(stopped: Stopped) -> Mark:
    if stopped.reason == StopReason.CANCELLED:
        return Mark(state="cancelled", word="cancelled")
    if stopped.is_masked:
        return Mark(state="masked", word="masked: not counted, as it is no fault of the agent’s")
    if stopped.is_truncated:
        return Mark(state="ended", word="graded, truncated by a limit")
    return Mark(state="ended", word="graded")


def _like_row(run: Run, alike: Alike) -> LikeRow:
    return LikeRow(words=alike.words, count=f"{alike.count:,}", url=_episode(run, alike.example))


def _slow_row(run: Run, slow: Slow) -> SlowRow:
    url, longest = _episode(run, slow.rollout), slow.longest
    running = Mark(state="running", word="running")
    ended = Mark(state="ended", word="ended")
    words = ""
    if longest and longest.ms >= 1:
        took = duration(dt.timedelta(milliseconds=longest.ms))
        words = f"step {longest.index}, {longest.tool or longest.kind}: {took}"
    return SlowRow(
        pk=slow.rollout,
        url=url,
        task=slow.subject,
        agent=slow.agent,
        index=slow.index,
        mark=running if slow.is_running else ended,
        took=duration(slow.took),
        steps=slow.steps,
        since=duration(longest.since_last) if longest and slow.is_running else "",
        longest=words,
        longest_url=f"{url}#step-{longest.index}" if longest else "",
    )


def _slowest_words(slow: Sequence[SlowRow]) -> str:
    """Say what the folded table holds."""
    ended = [row.took for row in slow if row.mark.state == "ended"]
    return f"the longest that has ended took {ended[0]}" if ended else ""


def _steering(run: Run, outcomes: Mapping[str, int], shown: int, hidden: Hidden) -> Steering:
    """shown, hidden: what has not ended, as the page shows it, and what is held out from it."""
    lane, left = run.lane, shown + hidden.live
    parked = outcomes.get(RolloutOutcome.PARKED, 0) + hidden.parked
    return Steering(
        is_paused=bool(lane and lane.paused_at and left),
        may_pause=bool(lane and left),
        live=left + parked,
        masked=outcomes.get(RolloutOutcome.MASKED, 0) + hidden.masked,
        parked=parked,
        limit=str(lane.max_running) if lane and lane.max_running else "",
        hidden=hidden.words,
    )


def _first_failure(run: Run) -> str:
    failed = Rollout.objects.shown_in(run).with_outcome(run.official_id).filter(outcome="fail")
    first = failed.order_by("subject", "agent", "index").values_list("pk", flat=True).first()
    return _episode(run, first) if first else ""


def _listed(run: Run, **filters: str) -> str:
    return f"{reverse('grading:run', args=[run.pk])}?{urlencode(filters)}"


def _episode(run: Run, rollout: int) -> str:
    return reverse("grading:episode", args=[run.pk, rollout])
