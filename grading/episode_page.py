"""What the page of an episode shows: transcript, criteria and the state of the world at a step."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from urllib.parse import urlencode

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone

from grading import wording
from grading.episode_head import (
    episode_actions,
    episode_facts,
    episode_notice,
)
from grading.marks import HIDDEN, outcome_mark
from grading.models import Assessment, Grading, Rollout, RolloutOutcome
from grading.models.runs import LIVE
from grading.pages import (
    CriterionActions,
    CriterionLink,
    CriterionRow,
    EpisodeHead,
    EpisodePage,
    Moment,
    StepCard,
    TimelineMark,
)
from grading.people.criteria_page import criterion_rows, needs
from grading.people.judged import Judged, read_judged
from grading.people.look import BLIND, Look
from grading.people.pages import BlindBar, Typed
from grading.people.panel import people_panel
from grading.step_cards import Cards, cards_of, kind_of, prompt_card
from grading.verdicts import DECIDED, criteria_of
from grading.world_rows import RowAddress, row_address
from simulation.models import Episode, Step
from simulation.pages import Choice, Mark, Notice, change_rows
from simulation.state import net, read_changes
from simulation.wording import counted

DECIDED_OUTCOMES = (RolloutOutcome.PASS, RolloutOutcome.FAIL, RolloutOutcome.INCOMPLETE)


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
    answer, address = _answer(episode, steps), row_address(episode, steps)
    cards = cards_of(
        look,
        steps,
        address=address,
        base=_payload_base(rollout),
        episode_url=_url(rollout),
        moment=moment,
        quotes=quotes_by_step(judged),
    )
    timeline, shown = _transcript(steps, answer, _cited(criteria), cards, only)
    return EpisodePage(
        head=_head(rollout, siblings, look, steps, judged, criteria),
        raw_url="" if episode.is_forgotten else reverse("api:episode-steps", args=[episode.pk]),
        timeline=timeline,
        criteria=criteria,
        criteria_count=counted(len(criteria), "criterion", "criteria"),
        prompts=tuple(prompt_card(step) for step in steps if not step.turn),
        steps=shown,
        steps_count=counted(episode.step_count if episode.is_forgotten else len(steps), "step"),
        answer_step=answer,
        moment=_moment(rollout, look, steps, moment, last, address),
        needs=needs(judged, assessment),
        people=people_panel(rollout, look, typed, is_revealed=_is_revealed(judged)),
        actions=_actions(rollout, look, assessment),
        problems=_problems(typed),
        removed=_removed(episode),
        live_url=_live_url(rollout, look, last, at),
    )


def _removed(episode: Episode) -> str:
    if episode.forgotten_at is None:
        return ""
    day = timezone.localtime(episode.forgotten_at).date()
    return f"Its steps went on {day:%-d %B %Y} to save space; what was decided stays."


def _answer(episode: Episode, steps: Sequence[Step]) -> int | None:
    """Give the index of the last words of the agent; while it goes on, none is known as that."""
    said = next((step for step in reversed(steps) if step.kind == Step.Kind.ASSISTANT), None)
    if said is None or not episode.is_over or (said.exchange or {}).get("calls"):
        return None
    return said.index


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
        facts=tuple(episode_facts(rollout.episode, steps)),
        notice=episode_notice(rollout.episode, outcome, criteria) if is_revealed else None,
        actions=episode_actions(rollout, look),
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
    cards: Cards,
    only: Collection[int] | None,
) -> tuple[tuple[TimelineMark, ...], tuple[StepCard, ...]]:
    """Give the strip and the cards of what the agent did."""
    kinds = [(s, kind_of(s, is_answer=s.index == answer)) for s in steps if s.turn]
    strip = (cards.mark(step, kind, is_cited=bool(cited.get(step.index))) for step, kind in kinds)
    shown = (
        cards.card(step, kind, cited.get(step.index, ()))
        for step, kind in kinds
        if only is None or step.index in only
    )
    return tuple(strip), tuple(shown)


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
        note=_why_no_verdicts(rollout.episode) if is_open else "",
        ungraded="not graded" if _is_lost(rollout.episode) else "not graded yet",
    )


def _is_lost(episode: Episode) -> bool:
    return episode.is_over and episode.is_masked


def _why_no_verdicts(episode: Episode) -> str:
    if _is_lost(episode):
        return "It is not graded: the agent does not answer for how it ended."
    return "People give verdicts once it is graded."


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


def _payload_base(rollout: Rollout) -> str:
    """Give what the addresses of a rollout's payloads begin with."""
    some = reverse("grading:step_payload", args=[rollout.run_id, rollout.pk, 0, "result"])
    return some.removesuffix("0/result/")


def _live_url(rollout: Rollout, look: Look, last: int, at: int | None) -> str:
    """Give the address of what comes after the last step; "" once it is over, and for a look at an
    earlier moment, which stays as it is."""
    outcome = str(rollout.outcome)  # type: ignore[attr-defined]  # annotated by with_outcome
    if outcome not in [*LIVE] or at is not None:
        return ""
    base = reverse("grading:episode_live", args=[rollout.run_id, rollout.pk])
    return look.address(base, after=last)
