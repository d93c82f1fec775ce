"""What stands above an episode: its figures, where it stands, and what can be done about that."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone

from grading import wording
from grading.customer_words import CUSTOMER_FAILED, OURS
from grading.models import Rollout, RolloutOutcome
from grading.pages import CriterionRow, EpisodeActions
from grading.people.look import Look
from grading.running import may_steer
from grading.stop_words import stop_words
from simulation.addresses import world_url
from simulation.conversation import player_name
from simulation.fault_words import summary
from simulation.faults import NONE, faults_of
from simulation.models import Episode, Step
from simulation.pages import Fact, Notice
from simulation.stops import StopReason
from simulation.transcript import TOKENS_IN_ALL, Spec
from simulation.wording import counted, duration, listed


def episode_facts(episode: Episode, steps: Sequence[Step]) -> Iterable[Fact]:
    calls = sum(step.kind == Step.Kind.TOOL_CALL for step in steps)
    if episode.is_forgotten:
        yield Fact(label="steps", value=str(episode.step_count), detail="transcript removed")
    else:
        yield Fact(label="steps", value=str(len(steps)), detail=counted(calls, "tool call"))
    if episode.started_at and (episode.ended_at or episode.status == Episode.Status.RUNNING):
        length = (episode.ended_at or timezone.now()) - episode.started_at
        yield Fact(label="duration", value=duration(length))
    if episode.stop_reason:
        reason = stop_words(episode.stop_reason)
        yield Fact(label="ended", value=reason, detail=_detail(episode))
    yield from _spent("tokens", "cost", episode.usage, episode.cost)
    yield from _unpriced(steps)
    customer = episode.customer_usage, episode.customer_cost
    yield from _spent("customer’s tokens", "customer’s cost", *customer)
    if player := player_name(episode.spec):
        yield Fact(label="customer", value=player)
    if (faults := faults_of(Spec.model_validate(episode.spec))) != NONE:
        yield Fact(label="faults on purpose", value=summary(faults))
    yield Fact(label="world", value=str(episode.world), url=world_url(episode.world))


def _unpriced(steps: Sequence[Step]) -> Iterable[Fact]:
    """Say once what the answers of a model without a price say of themselves."""
    agent = (step for step in steps if step.kind != Step.Kind.CUSTOMER)
    models = {wording.split_price_note(step.note)[1] for step in agent} - {""}
    if models:
        yield Fact(label="cost", value="not known", detail=f"{listed(sorted(models))} has no price")


def _detail(episode: Episode) -> str:
    """Leave out what the notice above the transcript says."""
    is_told = episode.is_truncated or episode.is_masked
    return "" if is_told else episode.stop_detail


def _spent(tokens: str, cost: str, usage: dict[str, int], usd: Decimal) -> Iterable[Fact]:
    """Cached tokens are among those of the prompt, those of reasoning among what it wrote.

    Nothing is said of a cost of nothing: most models that seem to have none have no price here.
    """
    if total := sum(usage.get(kind, 0) for kind in TOKENS_IN_ALL):
        parts = [f"{usage[kind]:,} {kind}" for kind in ("cached", "reasoning") if usage.get(kind)]
        yield Fact(label=tokens, value=f"{total:,}", detail=", ".join(parts))
        if usd:
            yield Fact(label=cost, value=wording.usd(usd))


def episode_actions(rollout: Rollout, look: Look) -> EpisodeActions:
    """Give what this person may do with the episode as it stands."""
    episode, place = rollout.episode, [rollout.run_id, rollout.pk]
    if not may_steer(look.user, look.run):
        return EpisodeActions()
    is_parked = episode.status == Episode.Status.PARKED
    is_lost = episode.is_over and episode.is_masked
    return EpisodeActions(
        release_url=reverse("grading:episode_release", args=place) if is_parked else "",
        retry_url=reverse("grading:episode_retry", args=place) if is_lost else "",
    )


def episode_notice(
    episode: Episode, outcome: str, criteria: Sequence[CriterionRow]
) -> Notice | None:
    match outcome:
        case RolloutOutcome.PARKED:
            why = episode.stop_detail.rstrip(".")
            text = f"{why}. It goes on where it stands once that is repaired."
            return Notice(tone="warn", title="Parked: this episode needs a person", text=text)
        case RolloutOutcome.MASKED:
            title = "It failed, by no fault of the agent’s: not counted"
            known = filter(None, (stop_words(episode.stop_reason), episode.stop_detail))
            text = _sentence(": ".join(known))
            if episode.stop_reason == StopReason.CUSTOMER_FAILED:
                title, text = CUSTOMER_FAILED, f"{_sentence(episode.stop_detail)} {OURS}"
            return Notice(tone="quiet", title=title, text=text)
        case RolloutOutcome.CANCELLED:
            title = "Cancelled:" if episode.stop_detail else "Cancelled"
            return Notice(tone="quiet", title=title, text=episode.stop_detail)
        case RolloutOutcome.INCOMPLETE:
            open_ = sum(row.mark is None or row.mark.state == "grader_error" for row in criteria)
            what = counted(open_, "criterion", "criteria")
            cut = f" A limit ended it: {_limit(episode)}." if episode.is_truncated else ""
            text = f"{what} could not be graded, so there is no reward: not a zero.{cut}"
            return Notice(tone="warn", title="Grading is incomplete", text=text)
        case RolloutOutcome.QUEUED | RolloutOutcome.RUNNING | RolloutOutcome.PAUSED:
            title = f"This episode is {outcome}"
            return Notice(tone="info", title=title, text=_at_work(episode))
        case RolloutOutcome.PASS | RolloutOutcome.FAIL if episode.is_truncated:
            title = "Truncated: a limit ended it, not the agent"
            text = f"The limit: {_limit(episode)}. It was graded as it stood."
            return Notice(tone="info", title=title, text=text)
    return None


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}." if text else ""


def _limit(episode: Episode) -> str:
    return episode.stop_detail.rstrip(".") or "its limit"


def _at_work(episode: Episode) -> str:
    """Say who works on it and whether anything has been heard of them."""
    stored = f"{counted(episode.step_count, 'step')} stored so far."
    if episode.status == Episode.Status.QUEUED:
        again = f" {counted(episode.lease, 'worker')} had it before." if episode.lease else ""
        return f"{stored}{again} It goes on when a worker takes it."
    lease = episode.lease_expires_at
    if lease and lease < timezone.now():
        ago = duration(_whole_seconds(timezone.now() - lease))
        return f"{stored} Its worker is overdue for {ago}; another one will go on with it."
    rests = " It comes to rest after the answer on its way." if episode.rests else ""
    others = f", after {counted(episode.lease - 1, 'other')}" if episode.lease > 1 else ""
    return f"{stored} A worker has it{others}.{rests}"


def _whole_seconds(length: dt.timedelta) -> dt.timedelta:
    return dt.timedelta(seconds=max(1, round(length.total_seconds())))
