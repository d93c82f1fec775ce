"""What the page of an episode shows: transcript, criteria and the state of the world at a step."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.db.models import Prefetch, QuerySet
from django.urls import reverse

from grading import wording
from grading.criteria import Criterion
from grading.models import Assessment, Rollout, RolloutOutcome, Verdict
from grading.pages import (
    Argument,
    CriterionLink,
    CriterionRow,
    EpisodePage,
    Evidence,
    Moment,
    Payload,
    PayloadPage,
    PromptCard,
    StepCard,
    TimelineMark,
)
from grading.run_page import outcome_mark
from grading.verdicts import effective, standing
from grading.world_rows import RowAddress, row_address
from simulation import markdown
from simulation.addresses import world_url
from simulation.models import Episode, Step
from simulation.pages import Fact, Mark, Notice, change_rows, shortened
from simulation.state import net, read_changes
from simulation.wording import counted, duration, milliseconds, size

LONG = 500  # steps; longer episodes load payloads when they are asked for
SHOWN = 20_000  # characters of one payload before "show all"
SHORT_ARGUMENT = 60
WORDS = {
    "system": "system",
    "user": "prompt",
    "customer": "customer",
    "message": "message",
    "read": "read",
    "write": "write",
    "error": "error",
    "answer": "answer",
}


def episode_page(rollout: Rollout, siblings: QuerySet[Rollout], *, at: int | None) -> EpisodePage:
    """siblings: the rollouts among which "previous" and "next" move.

    at: show the world as of this step.
    """
    episode = rollout.episode
    steps = list(episode.steps.order_by("index"))
    last = steps[-1].index if steps else 0
    moment = last if at is None else max(0, min(at, last))
    assessment = _assessment(rollout)
    criteria = _criteria(assessment)
    cited = _cited(criteria)
    answer = next((s.index for s in reversed(steps) if s.kind == Step.Kind.ASSISTANT), None)
    kinds = {step.index: _kind(step, is_answer=step.index == answer) for step in steps}
    shown = [step for step in steps if step.turn]
    address = row_address(episode, steps)
    card = partial(_step_card, rollout, moment=moment, is_long=len(steps) > LONG, address=address)
    previous, following, position = _neighbours(rollout, siblings)
    outcome = str(rollout.outcome)  # type: ignore[attr-defined]  # annotated by with_outcome
    return EpisodePage(
        run_title=rollout.run.title,
        run_url=reverse("grading:run", args=[rollout.run_id]),
        task=rollout.subject,
        title=rollout.labels.get("title") or rollout.task,
        agent=rollout.agent,
        index=rollout.index,
        mark=outcome_mark(outcome),
        points=_points(assessment),
        percent=_percent(assessment),
        facts=tuple(_facts(episode, steps)),
        notice=_notice(episode, outcome, criteria),
        position=position,
        previous_url=previous,
        next_url=following,
        raw_url=reverse("api:episode-steps", args=[episode.pk]),
        timeline=tuple(_timeline(step, kinds[step.index], cited, moment) for step in shown),
        criteria=criteria,
        criteria_count=counted(len(criteria), "criterion", "criteria"),
        prompts=tuple(_prompt(step) for step in steps if not step.turn),
        steps=tuple(card(step, kinds[step.index], cited[step.index]) for step in shown),
        steps_count=counted(len(steps), "step"),
        answer_step=answer,
        moment=_moment(rollout, steps, moment, last, address),
    )


def payload_page(rollout: Rollout, step: Step, part: str, *, raw: bool) -> PayloadPage:
    """Show all of one step's arguments or result on a page of its own.

    part: arguments or result.
    """
    return PayloadPage(
        title=f"Step {step.index}, {step.tool}: {part}",
        back_url=f"{_url(rollout)}#step-{step.index}",
        payload=_payload(rollout, step, part, shown=None, raw=raw),
    )


def _assessment(rollout: Rollout) -> Assessment | None:
    return (
        rollout.assessments.filter(grading=rollout.run.official_id)
        .select_related("rubric")
        .prefetch_related(Prefetch("verdicts", standing().select_related("author")))
        .first()
    )


def _points(assessment: Assessment | None) -> str:
    if assessment is None or assessment.reward is None:
        return ""
    return f"{wording.points(assessment.reward, assessment.rubric.content)} points"


def _percent(assessment: Assessment | None) -> str:
    if assessment is None or assessment.reward is None:
        return ""
    return wording.percent(assessment.reward)


def _criteria(assessment: Assessment | None) -> tuple[CriterionRow, ...]:
    if assessment is None:
        return ()
    verdicts = effective(assessment.verdicts.all())
    criteria = assessment.rubric.value.criteria
    return tuple(
        _criterion_row(number, criterion, verdicts.get(criterion.key))
        for number, criterion in enumerate(criteria, start=1)
    )


def _criterion_row(number: int, criterion: Criterion, verdict: Verdict | None) -> CriterionRow:
    points = f"{criterion.points:+d}".replace("-", "−")
    return CriterionRow(
        key=criterion.key,
        number=number,
        text=criterion.text,
        points=f"{criterion.points_word} {points}",
        mark=verdict_mark(criterion, verdict.outcome) if verdict else None,
        source=_source(verdict) if verdict else "",
        reason=verdict.rationale if verdict else "",
        evidence=tuple(Evidence(**item) for item in verdict.evidence) if verdict else (),
    )


def verdict_mark(criterion: Criterion, outcome: str) -> Mark:
    """Name an outcome; a negative criterion is harm found or clean, never a green "met"."""
    words: dict[str, Mark] = {
        "met": Mark(state="met", word="met"),
        "not_met": Mark(state="not_met", word="not met"),
        "cannot_tell": Mark(state="cannot_tell", word="can’t tell"),
        "grader_error": Mark(state="grader_error", word="grader error"),
    }
    if criterion.points < 0:
        words["met"] = Mark(state="harm", word="harm found")
        words["not_met"] = Mark(state="clean", word="clean")
    return words[outcome]


def _source(verdict: Verdict) -> str:
    return f"{verdict.source} by {verdict.author}" if verdict.author else str(verdict.source)


def _cited(criteria: Iterable[CriterionRow]) -> defaultdict[int, list[CriterionLink]]:
    cited: defaultdict[int, list[CriterionLink]] = defaultdict(list)
    for row in criteria:
        for index in {item.step for item in row.evidence if item.step is not None}:
            if row.mark:
                cited[index].append(
                    CriterionLink(key=row.key, number=row.number, text=row.text, mark=row.mark)
                )
    return cited


def _kind(step: Step, *, is_answer: bool) -> Any:
    if step.is_error or step.kind == Step.Kind.ERROR:
        return "error"
    if step.kind == Step.Kind.TOOL_CALL:
        return "write" if step.changes else "read"
    if step.kind == Step.Kind.ASSISTANT:
        return "answer" if is_answer else "message"
    return step.kind


def _timeline(
    step: Step, kind: Any, cited: Mapping[int, Sequence[CriterionLink]], moment: int
) -> TimelineMark:
    return TimelineMark(
        index=step.index,
        kind=kind,
        word=WORDS[kind],
        label=f"Step {step.index}, {WORDS[kind]}{f': {step.tool}' if step.tool else ''}",
        is_evidence=bool(cited.get(step.index)),
        is_later=step.index > moment,
    )


def _prompt(step: Step) -> PromptCard:
    is_system = step.kind == Step.Kind.SYSTEM
    return PromptCard(
        word="System prompt" if is_system else "Prompt",
        size=size(len(step.content)),
        body_html=markdown.render(step.content),
        is_folded=is_system,
    )


def _step_card(
    rollout: Rollout,
    step: Step,
    kind: Any,
    cited: Sequence[CriterionLink],
    *,
    moment: int,
    is_long: bool,
    address: RowAddress,
) -> StepCard:
    is_call = step.kind == Step.Kind.TOOL_CALL
    return StepCard(
        index=step.index,
        kind=kind,
        word=WORDS[kind],
        tool=step.tool,
        call=tuple(_arguments(step)),
        outcome="" if step.is_error or not is_call else _outcome(step.result),
        error=_error(step),
        body_html=markdown.render(step.content),
        body_text=step.content,
        arguments=_folded(rollout, step, "arguments", is_long=is_long) if is_call else None,
        result=_folded(rollout, step, "result", is_long=is_long) if is_call else None,
        changes=change_rows(read_changes(step.changes), address),
        cited_by=tuple(cited),
        duration=milliseconds(step.duration_ms),
        tokens=counted(sum(step.tokens.values()), "token") if step.tokens else "",
        note=step.note or ("The agent said nothing." if _is_silent(step) else ""),
        at_url=f"{_url(rollout)}?{urlencode({'at': step.index})}#step-{step.index}",
        is_later=step.index > moment,
    )


def _is_silent(step: Step) -> bool:
    return step.kind == Step.Kind.ASSISTANT and not step.content


def _arguments(step: Step) -> Iterable[Argument]:
    for name, value in (step.arguments or {}).items():
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        yield Argument(name=name, value=shortened(text, SHORT_ARGUMENT))


def _outcome(result: str) -> str:
    """Say in two words what a call gave."""
    value = _read_json(result)
    if isinstance(value, list):
        return counted(len(value), "row")
    if isinstance(value, dict):
        return str(value["id"]) if "id" in value else ", ".join(value)
    return shortened(result, SHORT_ARGUMENT)


def _error(step: Step) -> str:
    if not step.is_error:
        return ""
    value = _read_json(step.result)
    error = value.get("error", {}) if isinstance(value, dict) else {}
    return f"{error.get('code', 'error')}: {error.get('message', step.content)}"


def _folded(rollout: Rollout, step: Step, part: str, *, is_long: bool) -> Payload:
    return _payload(rollout, step, part, shown=0 if is_long else SHOWN)


def _payload(
    rollout: Rollout, step: Step, part: str, *, shown: int | None, raw: bool = False
) -> Payload:
    """shown: so many characters at most; None for all."""
    text = step.arguments_raw if part == "arguments" else step.result
    value = None if raw or shown == 0 else _read_json(text)
    is_json = value is not None
    whole = json.dumps(value, ensure_ascii=False, indent=2) if is_json else text
    is_cut = shown is not None and len(whole) > shown
    base = reverse("grading:step_payload", args=[rollout.run_id, rollout.pk, step.index, part])
    return Payload(
        text=whole[:shown] if is_cut else whole,
        size=size(len(text)),
        is_json=is_json,
        more_url=base if is_cut else "",
        more_label=f"show all {size(len(text))}" if is_cut else "",
        other_url=base if raw else f"{base}?view=raw",
        other_label="readable" if raw else "raw",
    )


def _moment(
    rollout: Rollout, steps: Sequence[Step], at: int, last: int, address: RowAddress
) -> Moment:
    changes = [c for step in steps if step.index <= at for c in read_changes(step.changes)]
    rows = change_rows(net(changes), address)
    is_end = at == last
    url = _url(rollout)
    return Moment(
        step=at,
        last_step=last,
        is_end=is_end,
        changes=rows,
        count=counted(len(rows), "row"),
        state_hash=rollout.episode.state_hash[:16] if is_end else "",
        previous_url=f"{url}?at={at - 1}" if at > 0 else "",
        next_url=f"{url}?at={at + 1}" if at < last else "",
        end_url=url,
    )


def _facts(episode: Episode, steps: Sequence[Step]) -> Iterable[Fact]:
    calls = sum(step.kind == Step.Kind.TOOL_CALL for step in steps)
    yield Fact(label="steps", value=str(len(steps)), detail=counted(calls, "tool call"))
    if episode.started_at and episode.ended_at:
        length = duration(episode.ended_at - episode.started_at)
        yield Fact(label="duration", value=length)
    if episode.stop_reason:
        reason = episode.stop_reason.replace("_", " ")
        yield Fact(label="stopped by", value=reason, detail=episode.stop_detail)
    if tokens := sum(episode.usage.values()):
        yield Fact(label="tokens", value=f"{tokens:,}")
    yield Fact(label="world", value=str(episode.world), url=world_url(episode.world))


def _notice(episode: Episode, outcome: str, criteria: Sequence[CriterionRow]) -> Notice | None:
    match outcome:
        case RolloutOutcome.PARKED:
            text = f"{episode.stop_detail} An admin can release it once that is repaired."
            return Notice(tone="warn", title="Parked: this episode needs a person", text=text)
        case RolloutOutcome.MASKED:
            title = "Infrastructure failed: not counted"
            text = f"{episode.stop_reason.replace('_', ' ')}. {episode.stop_detail}"
            return Notice(tone="quiet", title=title, text=text)
        case RolloutOutcome.CANCELLED:
            return Notice(tone="quiet", title="Cancelled", text=episode.stop_detail)
        case RolloutOutcome.INCOMPLETE:
            open_ = sum(row.mark is None or row.mark.state == "grader_error" for row in criteria)
            what = counted(open_, "criterion", "criteria")
            text = f"{what} could not be graded, so there is no reward: not a zero."
            return Notice(tone="warn", title="Grading is incomplete", text=text)
        case RolloutOutcome.QUEUED | RolloutOutcome.RUNNING | RolloutOutcome.PAUSED:
            text = "Reload the page to see what has happened since."
            return Notice(tone="info", title=f"This episode is {outcome}", text=text)
    return None


def _neighbours(rollout: Rollout, siblings: QuerySet[Rollout]) -> tuple[str, str, str]:
    """Give the addresses of the previous and next rollout, and "3 of 64"."""
    ids = list(siblings.values_list("pk", flat=True)[:5000])
    if rollout.pk not in ids:
        return "", "", ""
    place = ids.index(rollout.pk)

    def url(number: int) -> str:
        if not 0 <= number < len(ids):
            return ""
        return reverse("grading:episode", args=[rollout.run_id, ids[number]])

    return url(place - 1), url(place + 1), f"{place + 1} of {len(ids)}"


def _url(rollout: Rollout) -> str:
    return reverse("grading:episode", args=[rollout.run_id, rollout.pk])


def _read_json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
