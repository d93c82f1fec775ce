"""What the page of an episode shows: transcript, criteria and the state of the world at a step."""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.urls import reverse

from grading import wording
from grading.marks import HIDDEN, outcome_mark
from grading.models import Assessment, Grading, Rollout, RolloutOutcome
from grading.pages import (
    Argument,
    CriterionActions,
    CriterionLink,
    CriterionRow,
    EpisodeHead,
    EpisodePage,
    Moment,
    Payload,
    PromptCard,
    StepCard,
    TimelineMark,
)
from grading.payloads import payload, read_json
from grading.people.criteria_page import criterion_rows, needs
from grading.people.judged import Judged, read_judged
from grading.people.look import BLIND, Look
from grading.people.pages import BlindBar, Typed
from grading.people.panel import people_panel
from grading.quotes import marked_html
from grading.verdicts import DECIDED, criteria_of
from grading.world_rows import RowAddress, row_address
from simulation import markdown
from simulation.addresses import world_url
from simulation.models import Episode, Step
from simulation.pages import Choice, Fact, Mark, Notice, change_rows, shortened
from simulation.state import net, read_changes
from simulation.wording import counted, duration, milliseconds, size

LONG = 500  # steps; longer episodes load payloads when they are asked for
SHOWN = 20_000  # characters of one payload before "show all"
DECIDED_OUTCOMES = (RolloutOutcome.PASS, RolloutOutcome.FAIL, RolloutOutcome.INCOMPLETE)
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


def episode_page(
    rollout: Rollout,
    siblings: QuerySet[Rollout],
    look: Look,
    *,
    at: int | None,
    typed: Typed | None = None,
    only: Collection[int] | None = None,
) -> EpisodePage:
    """siblings: the rollouts among which "previous" and "next" move.

    at: show the world as of this step.

    typed: what was sent and refused. only: make the cards of these steps alone.
    """
    episode = rollout.episode
    steps = list(episode.steps.order_by("index"))
    last = steps[-1].index if steps else 0
    moment = last if at is None else max(0, min(at, last))
    assessment = shown_assessment(rollout, look)
    judged = read_judged(assessment, look)
    criteria = criterion_rows(judged, assessment, look, typed)
    answer = next((s.index for s in reversed(steps) if s.kind == Step.Kind.ASSISTANT), None)
    address = row_address(episode, steps)
    card = partial(
        _step_card,
        rollout,
        look,
        moment=moment,
        is_long=len(steps) > LONG,
        quotes=quotes_by_step(judged),
        address=address,
    )
    timeline, cards = _transcript(steps, answer, _cited(criteria), moment, card, only)
    return EpisodePage(
        head=_head(rollout, siblings, look, steps, judged, criteria),
        raw_url=reverse("api:episode-steps", args=[episode.pk]),
        timeline=timeline,
        criteria=criteria,
        criteria_count=counted(len(criteria), "criterion", "criteria"),
        prompts=tuple(_prompt(step) for step in steps if not step.turn),
        steps=cards,
        steps_count=counted(len(steps), "step"),
        answer_step=answer,
        moment=_moment(rollout, look, steps, moment, last, address),
        needs=needs(judged, assessment),
        people=people_panel(rollout, look, typed, is_revealed=_is_revealed(judged)),
        actions=_actions(rollout, look, assessment),
        problems=_problems(typed),
    )


def _head(
    rollout: Rollout,
    siblings: QuerySet[Rollout],
    look: Look,
    steps: Sequence[Step],
    judged: Sequence[Judged],
    criteria: Sequence[CriterionRow],
) -> EpisodeHead:
    outcome = str(rollout.outcome)  # type: ignore[attr-defined]  # annotated by with_outcome
    previous, following, position = _neighbours(rollout, siblings, look)
    is_revealed = _is_revealed(judged)
    assessment = shown_assessment(rollout, look) if is_revealed else None
    return EpisodeHead(
        run_title=rollout.run.title,
        run_url=reverse("grading:run", args=[rollout.run_id]),
        task=rollout.subject,
        title=rollout.labels.get("title") or rollout.task,
        agent=rollout.agent,
        index=rollout.index,
        mark=_outcome_mark(outcome, is_revealed=is_revealed),
        points=_points(assessment),
        percent=_percent(assessment),
        overrides=_overrides(judged) if is_revealed else "",
        facts=tuple(_facts(rollout.episode, steps)),
        notice=_notice(rollout.episode, outcome, criteria) if is_revealed else None,
        position=position,
        previous_url=previous,
        next_url=following,
        blind=_blind(judged, look, rollout),
        grading_notice=_grading_notice(look),
        official_url="" if look.is_official else _url(rollout),
    )


def _is_revealed(judged: Iterable[Judged]) -> bool:
    """Tell whether a person may see outcome and reward: nothing is hidden from them."""
    return not any(each.is_hidden for each in judged)


def _transcript(
    steps: Sequence[Step],
    answer: int | None,
    cited: Mapping[int, Sequence[CriterionLink]],
    moment: int,
    card: Callable[..., StepCard],
    only: Collection[int] | None,
) -> tuple[tuple[TimelineMark, ...], tuple[StepCard, ...]]:
    """Give the strip and the cards of what the agent did."""
    shown = [(s, _kind(s, is_answer=s.index == answer)) for s in steps if s.turn]
    timeline = tuple(_timeline(step, kind, cited, moment) for step, kind in shown)
    cards = (
        card(step, kind, cited.get(step.index, ()))
        for step, kind in shown
        if only is None or step.index in only
    )
    return timeline, tuple(cards)


def shown_assessment(rollout: Rollout, look: Look) -> Assessment | None:
    """Give the assessment that is looked at; reads all that this person may see, with their
    gradings."""
    seen = Grading.objects.visible_to(look.user)
    mine = Assessment.objects.filter(grading__in=seen)
    with_gradings = mine.prefetch_related(Prefetch("grading", seen))
    prefetch_related_objects([rollout], Prefetch("assessments", with_gradings))
    return next((a for a in rollout.assessments.all() if a.grading_id == look.grading.pk), None)


def quotes_by_step(judged: Iterable[Judged]) -> Mapping[int, Sequence[str]]:
    """Give what the verdicts that count quote from each step."""
    quotes: defaultdict[int, list[str]] = defaultdict(list)
    for each in judged:
        for item in each.counting.evidence if each.counting else ():
            if item["step"] is not None and item["quote"]:
                quotes[item["step"]].append(item["quote"])
    return quotes


def _outcome_mark(outcome: str, *, is_revealed: bool) -> Mark:
    return outcome_mark(outcome) if is_revealed or outcome not in DECIDED_OUTCOMES else HIDDEN


def _points(assessment: Assessment | None) -> str:
    if assessment is None or assessment.reward is None:
        return ""
    weights = [{"points": c.points} for c in criteria_of(assessment.rubric_id)]
    return f"{wording.points(assessment.reward, {'criteria': weights})} points"


def _percent(assessment: Assessment | None) -> str:
    if assessment is None or assessment.reward is None:
        return ""
    return wording.percent(assessment.reward)


def _overrides(judged: Iterable[Judged]) -> str:
    count = sum(bool(each.counting and each.counting.author_id) for each in judged)
    return f"{count} by people" if count else ""


def _grading_notice(look: Look) -> Notice | None:
    """Say of every grading but the official one that no number rests on it."""
    if look.is_official:
        return None
    grading = look.grading
    why = f" {grading.reason}" if grading.reason else ""
    title = f"Grading {grading.number}, {grading.get_purpose_display()}: it does not count."
    text = f"The numbers of this run rest on grading {look.run.official.number}.{why}"  # type: ignore[union-attr]  # every run that is made has one
    return Notice(tone="warn", title=title, text=text)


def _blind(judged: Sequence[Judged], look: Look, rollout: Rollout) -> BlindBar:
    kept = {name: value for name, value in look.asked.items() if name != BLIND}
    return BlindBar(
        is_on=look.is_blind,
        hidden=sum(each.is_hidden for each in judged),
        total=len(judged),
        url=reverse("grading:blind"),
        back=f"{_url(rollout)}?{urlencode(kept)}".rstrip("?"),
    )


def _actions(rollout: Rollout, look: Look, assessment: Assessment | None) -> CriterionActions:
    place = [rollout.run_id, rollout.pk]
    is_open = assessment is not None and assessment.status not in DECIDED
    return CriterionActions(
        verdict_url=look.address(reverse("grading:verdict", args=place)),
        report_url=look.address(reverse("grading:report_task", args=place)),
        try_url=reverse("grading:try_check", args=place),
        note="People give verdicts once it is graded." if is_open else "",
    )


def _problems(typed: Typed | None) -> tuple[Choice, ...]:
    """List what is wrong with what was sent, each linked to its field."""
    if typed is None:
        return ()
    suffix = f"-{typed.criterion}" if typed.criterion else ""
    return tuple(
        Choice(value=f"{typed.form}-{name}{suffix}" if name else "", label=words)
        for name, words in typed.problems.items()
    )


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
    look: Look,
    step: Step,
    kind: Any,
    cited: Sequence[CriterionLink],
    *,
    moment: int,
    is_long: bool,
    quotes: Mapping[int, Sequence[str]],
    address: RowAddress,
) -> StepCard:
    quoted = quotes.get(step.index, ())
    fold = partial(_folded, rollout, look, step, is_long=is_long, quotes=quoted)
    is_call = step.kind == Step.Kind.TOOL_CALL
    return StepCard(
        index=step.index,
        kind=kind,
        word=WORDS[kind],
        tool=step.tool,
        call=tuple(_arguments(step)),
        outcome="" if step.is_error or not is_call else _outcome(step.result),
        error=_error(step),
        body_html=marked_html(markdown.render(step.content), quoted),
        body_text=step.content,
        arguments=fold("arguments") if is_call else None,
        result=fold("result") if is_call else None,
        changes=change_rows(read_changes(step.changes), address),
        cited_by=tuple(cited),
        duration=milliseconds(step.duration_ms),
        tokens=counted(sum(step.tokens.values()), "token") if step.tokens else "",
        note=step.note or ("The agent said nothing." if _is_silent(step) else ""),
        at_url=f"{look.address(_url(rollout), at=step.index)}#step-{step.index}",
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
    value = read_json(result)
    if isinstance(value, list):
        return counted(len(value), "row")
    if isinstance(value, dict):
        return str(value["id"]) if "id" in value else ", ".join(value)
    return shortened(result, SHORT_ARGUMENT)


def _error(step: Step) -> str:
    if not step.is_error:
        return ""
    value = read_json(step.result)
    error = value.get("error", {}) if isinstance(value, dict) else {}
    return f"{error.get('code', 'error')}: {error.get('message', step.content)}"


def _folded(
    rollout: Rollout, look: Look, step: Step, part: str, *, is_long: bool, quotes: Sequence[str]
) -> Payload:
    """A quoted payload is there even in long episodes, so its quotes can be gone to."""
    shown = 0 if is_long and not quotes else SHOWN
    return payload(rollout, look, step, part, shown=shown, quotes=quotes)


def _moment(
    rollout: Rollout, look: Look, steps: Sequence[Step], at: int, last: int, address: RowAddress
) -> Moment:
    changes = [c for step in steps if step.index <= at for c in read_changes(step.changes)]
    rows = change_rows(net(changes), address)
    is_end = at == last
    url = partial(look.address, _url(rollout))
    return Moment(
        step=at,
        last_step=last,
        is_end=is_end,
        changes=rows,
        count=counted(len(rows), "row"),
        state_hash=rollout.episode.state_hash[:16] if is_end else "",
        previous_url=url(at=at - 1) if at > 0 else "",
        next_url=url(at=at + 1) if at < last else "",
        end_url=url(),
        kept=tuple(look.asked.items()),
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


def _neighbours(rollout: Rollout, siblings: QuerySet[Rollout], look: Look) -> tuple[str, str, str]:
    """Give the addresses of the previous and next rollout, and "3 of 64"."""
    ids = list(siblings.values_list("pk", flat=True)[:5000])
    if rollout.pk not in ids:
        return "", "", ""
    place = ids.index(rollout.pk)

    def url(number: int) -> str:
        if not 0 <= number < len(ids):
            return ""
        return look.address(reverse("grading:episode", args=[rollout.run_id, ids[number]]))

    return url(place - 1), url(place + 1), f"{place + 1} of {len(ids)}"


def _url(rollout: Rollout) -> str:
    return reverse("grading:episode", args=[rollout.run_id, rollout.pk])
