"""What the comparison of two gradings shows, in a number of queries that does not grow."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.urls import reverse

from grading import wording
from grading.criteria import Criterion
from grading.held_out import left_out_of
from grading.marks import outcome_mark, verdict_mark
from grading.models import Assessment, Grading, Rollout, RolloutOutcome, Run, Verdict
from grading.models.runs import shown_by
from grading.regrading.carrying import left_behind
from grading.regrading.comparing import (
    FILTERS,
    FLIPS,
    Change,
    Comparison,
    Headline,
    both_assessments,
    compare,
)
from grading.regrading.criteria_page import (
    OUTCOMES,
    WORDS,
    by_criterion,
    criterion_pair,
    sorted_pairs,
)
from grading.regrading.gradings_page import numbers
from grading.regrading.links import compare_url, episode_url, options, pager
from grading.regrading.pages import (
    CompareFilter,
    ComparePage,
    LeftVerdict,
    RolloutPair,
    Side,
    VerdictPair,
    VerdictSide,
)
from grading.statistics.rates import wilson
from grading.verdicts import effective
from simulation.pages import Mark, Notice
from simulation.wording import counted

ROLLOUTS = 50
CRITERIA = 25
LEFT = 20  # verdicts of people that stayed behind, named one by one
SIGNS = {Change.UP: "▲", Change.DOWN: "▼"}


def compare_page(
    run: Run, gradings: Sequence[Grading], a: Grading, b: Grading, filters: Mapping[str, str]
) -> ComparePage:
    """gradings: those that may be chosen. filters: FILTERS, page and criteria."""
    both = compare(run, a, b, filters)
    head, pairs = both.head, both.pairs
    sheet = Paginator(both.shown, ROLLOUTS).get_page(filters.get("page"))
    grouped = by_criterion(both.found)
    by_key = {(pair.subject, pair.key): pair for pair in pairs}
    wanted = [p for p in pairs if filters.get("criterion", p.key) in ("", p.key)]
    criteria = Paginator(sorted_pairs(wanted, grouped), CRITERIA).get_page(filters.get("criteria"))
    kept = {"a": str(a.number), "b": str(b.number)}
    kept |= {name: filters.get(name, "") for name in FILTERS}
    base = reverse("grading:compare", args=[run.pk])
    left = _left_behind(run, a, b)
    return ComparePage(
        run_title=run.title,
        run_url=reverse("grading:run", args=[run.pk]),
        gradings_url=reverse("grading:gradings", args=[run.pk]),
        notice=_notice(a, b),
        a=_side(run, a, head, 0),
        b=_side(run, b, head, 1),
        n=head.n,
        difference=_difference(head),
        difference_reward=_difference_reward(head),
        ups=head.changes[Change.UP],
        downs=head.changes[Change.DOWN],
        left_out=tuple(_left_out(run, a, b, head)),
        people=left[:LEFT],
        people_count=counted(len(left), "human verdict"),
        filter=_filter(both, gradings, filters, clear_url=compare_url(run.pk, a.number, b.number)),
        rollouts=tuple(_rollouts(run, sheet.object_list, by_key, a, b)),
        rollouts_count=counted(sheet.paginator.count, "rollout"),
        criteria=tuple(
            criterion_pair(pair, grouped.get((pair.subject, pair.key), ()), kept)
            for pair in criteria.object_list
        ),
        criteria_count=counted(len(wanted), "criterion", "criteria"),
        outcome_words=tuple(WORDS[outcome] for outcome in OUTCOMES),
        pager=pager(sheet, base, {**kept, "criteria": filters.get("criteria", "")}),
        criteria_pager=pager(
            criteria, base, {**kept, "page": filters.get("page", "")}, name="criteria"
        ),
    )


def _filter(
    both: Comparison, gradings: Sequence[Grading], filters: Mapping[str, str], *, clear_url: str
) -> CompareFilter:
    every = both.every
    return CompareFilter(
        a=numbers(gradings, both.a.number),
        b=numbers(gradings, both.b.number),
        agents=options(_pairs(every, "agent"), filters.get("agent"), every="all agents"),
        tasks=options(_pairs(every, "subject"), filters.get("task"), every="all tasks"),
        keys=options(_keys(both.pairs), filters.get("criterion"), every="all criteria"),
        changes=options(_changes(both.head), filters.get("change"), every="all that changed"),
        is_active=any(filters.get(name) for name in FILTERS),
        clear_url=clear_url,
    )


def _side(run: Run, grading: Grading, head: Headline, place: int) -> Side:
    return Side(
        number=grading.number,
        words=grading.shown_rubrics,
        purpose=grading.get_purpose_display(),
        is_official=grading.pk == run.official_id,
        rate=wording.rate(wilson(head.passed[place], head.n)),
        mean_reward=wording.reward(head.mean[place]),
    )


def _difference(head: Headline) -> str:
    if not head.n:
        return ""
    points = 100 * (head.passed[1] - head.passed[0]) / head.n
    return f"{points:+.0f} points".replace("-", "−").replace("+0 ", "±0 ").replace("−0 ", "±0 ")


def _difference_reward(head: Headline) -> str:
    before, after = head.mean
    if before is None or after is None:
        return ""
    return (
        f"{after - before:+.2f}".replace("-", "−")
        .replace("+0.00", "±0.00")
        .replace("−0.00", "±0.00")
    )


def _notice(a: Grading, b: Grading) -> Notice | None:
    aside = [g for g in (a, b) if not g.counts]
    if not aside:
        return None
    which = " and ".join(f"grading {g.number} is a {g.get_purpose_display()}" for g in aside)
    title = f"{which[:1].upper()}{which[1:]}."
    return Notice(
        tone="info", title=title, text="It counts in no number and never becomes official."
    )


def _left_out(run: Run, a: Grading, b: Grading, head: Headline) -> Iterable[str]:
    """Say which rollouts are in neither figure, and why."""
    of_a, of_b = (Q(assessments__grading=each) for each in (a, b))
    rollouts = Rollout.objects.shown_in(run).gradable()
    for one, other, grading in ((of_a, of_b, a), (of_b, of_a, b)):
        alone = rollouts.filter(one).exclude(pk__in=rollouts.filter(other).values("pk")).count()
        if alone:
            yield f"{counted(alone, 'rollout')} only in grading {grading.number}"
    if hidden := left_out_of(run):
        yield f"{counted(hidden.rollouts, 'rollout')} of {counted(hidden.tasks, 'held-out task')}"
    if open_ := head.changes[Change.OPEN]:
        yield f"{counted(open_, 'rollout')} without a complete grading in one of both"


def _left_behind(run: Run, a: Grading, b: Grading) -> tuple[LeftVerdict, ...]:
    """List what people said in one of both and the other did not take along."""
    older, newer = sorted((a, b), key=lambda grading: grading.number)
    if newer.scope.get("carried_from") != older.number or not newer.scope.get("not_carried"):
        return ()
    return tuple(
        LeftVerdict(
            url=episode_url(run.pk, v.assessment.rollout_id, newer.number, v.criterion_key),
            author=v.author.get_username() if v.author else "",
            outcome=WORDS[v.outcome],
            key=v.criterion_key,
            rollout=str(v.assessment.rollout),
            kind="decided" if v.is_authoritative else "thought",
        )
        for v in left_behind(newer, older, shown_by([run], "assessment__rollout__episode"))
    )


def _pairs(rollouts: "QuerySet[Any]", field: str) -> list[tuple[str, str]]:
    values = rollouts.order_by(field).values_list(field, flat=True).distinct()[:1000]
    return [(value, value) for value in values]


def _keys(pairs: Iterable[Any]) -> list[tuple[str, str]]:
    return [(key, key) for key in dict.fromkeys(pair.key for pair in pairs)]


def _changes(head: Headline) -> list[tuple[str, str]]:
    return [
        (each.value, f"{each.label} ({head.changes[each]:,})")
        for each in Change
        if head.changes[each]
    ]


def _rollouts(
    run: Run, rollouts: Iterable[Any], pairs: Mapping[tuple[str, str], Any], a: Grading, b: Grading
) -> Iterable[RolloutPair]:
    chosen = list(rollouts)
    assessments = both_assessments([rollout.pk for rollout in chosen], a, b)
    for rollout in chosen:
        both = assessments[rollout.pk, a.pk], assessments[rollout.pk, b.pk]
        change = Change(rollout.change)
        yield RolloutPair(
            pk=rollout.pk,
            task=rollout.subject,
            title=rollout.labels.get("title") or rollout.task,
            agent=rollout.agent,
            index=rollout.index,
            change=change,
            word=change.label,
            sign=SIGNS.get(change, ""),
            before=_outcome(both[0]),
            after=_outcome(both[1]),
            before_reward=wording.reward(both[0].reward),
            after_reward=wording.reward(both[1].reward),
            before_url=episode_url(run.pk, rollout.pk, a.number),
            after_url=episode_url(run.pk, rollout.pk, b.number),
            is_flip=change in FLIPS,
            verdicts=tuple(_verdicts(run, rollout, both, pairs, (a.number, b.number))),
        )


def _outcome(assessment: Assessment) -> Mark:
    if assessment.status in (Assessment.Status.OPEN, Assessment.Status.CANCELLED):
        state = "running" if assessment.status == Assessment.Status.OPEN else "cancelled"
        return Mark(state=state, word="being graded" if state == "running" else "cancelled")
    if assessment.passed is None:
        return outcome_mark(RolloutOutcome.INCOMPLETE)
    return outcome_mark(RolloutOutcome.PASS if assessment.passed else RolloutOutcome.FAIL)


def _verdicts(
    run: Run,
    rollout: Any,
    both: tuple[Assessment, Assessment],
    pairs: Mapping[tuple[str, str], Any],
    gradings: tuple[int, int],
) -> Iterable[VerdictPair]:
    """Give the criteria of a rollout whose outcome is not the same in both gradings."""
    before, after = (effective(each.verdicts.all()) for each in both)
    for key in dict.fromkeys([*after, *before]):
        old, new = before.get(key), after.get(key)
        pair = pairs.get((rollout.subject, key))
        if pair is None or (old and new and old.outcome == new.outcome):
            continue
        urls = [episode_url(run.pk, rollout.pk, number, key) for number in gradings]
        yield VerdictPair(
            key=key,
            text=(pair.after or pair.before).text,
            before=_verdict(pair.before, old, urls[0]),
            after=_verdict(pair.after, new, urls[1]),
        )


def _verdict(criterion: Criterion | None, verdict: Verdict | None, url: str) -> VerdictSide:
    if criterion is None or verdict is None:
        return VerdictSide(mark=None, reason="" if criterion else "not in this rubric")
    who = f"{verdict.source} by {verdict.author}" if verdict.author else str(verdict.source)
    carried = f", carried from {verdict.copy_of.created_at:%-d %b %Y}" if verdict.copy_of else ""
    return VerdictSide(
        mark=verdict_mark(criterion, verdict.outcome),
        source=f"{who}{carried}",
        reason=verdict.rationale,
        url=url,
    )
