"""The whole page, from the figures of a run."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse

from grading.criteria import POINT_WORDS
from grading.models import Run
from grading.statistics_page import agents, drawing
from grading.statistics_page.pairs import forest, verdict
from grading.statistics_page.values import Bar, CriterionLine, Curves, StatisticsPage
from grading.summaries.agents import AgentFigures
from grading.summaries.criteria import CriterionFigures
from grading.summaries.runs import RunFigures
from grading.wording import basis, percent
from simulation.pages import Choice, Notice
from simulation.wording import counted, listed

MISSED = 12  # criteria listed, the most missed first
RUNS = 50  # offered for comparison


def statistics_page(run: Run, figures: RunFigures, others: QuerySet[Run]) -> StatisticsPage:
    """others: the runs that it may be compared with."""
    headline, detail = _headline(figures)
    failures = [agents.failure_row(agent) for agent in figures.agents]
    return StatisticsPage(
        title=run.title,
        run_url=reverse("grading:run", args=[run.pk]),
        subtitle=_subtitle(run),
        headline=headline,
        headline_detail=detail,
        notice=_notice(figures.agents),
        left_out=figures.left_out.words,
        agents=tuple(agents.agent_row(run, agent) for agent in figures.agents),
        forest=forest(run, figures),
        baselines=_baselines(figures),
        runs=_runs(figures, others),
        curves=_curves(figures.agents),
        strips=tuple(agents.strip_row(agent) for agent in figures.agents if agent.repeats.rates),
        sections=tuple(agents.sections(figures.agents)),
        criteria=tuple(_criterion(run, some) for some in figures.criteria.most_missed(MISSED)),
        criteria_count=counted(len(figures.criteria), "criterion", "criteria"),
        conduct=tuple(agents.conduct_row(agent) for agent in figures.agents),
        failures=tuple(row for row in failures if row),
        json_url=f"{reverse('api:run-statistics', args=[run.pk])}{_query(figures)}",
    )


def _curves(figures: Sequence[AgentFigures]) -> tuple[Curves, ...]:
    """Give no curves at all where nothing was tried twice."""
    if all(len(agent.over_k) < 2 for agent in figures):
        return ()
    return tuple(agents.curves(agent) for agent in figures if agent.over_k)


def _query(figures: RunFigures) -> str:
    if figures.against:
        return f"?{urlencode({'against': figures.against.pk})}"
    return f"?{urlencode({'baseline': figures.baseline})}" if figures.baseline else ""


def _subtitle(run: Run) -> str:
    grading = run.official
    which = f"official grading {grading.number}" if grading else "no grading"
    return f"{run.get_kind_display()} · {which} · {run.owner.get_username()}"


def _headline(figures: RunFigures) -> tuple[str, str]:
    """Give the answer that people come for: who passes most, and whether that is certain."""
    known = [agent for agent in figures.agents if agent.passed.value is not None]
    if not known:
        return "Nothing is graded yet.", ""
    best = max(known, key=lambda agent: (agent.passed.value or 0, agent.reward.value or 0))
    drawn = drawing.share(best.passed)
    span = f" ({drawn.interval})" if drawn.interval else ""
    headline = drawing.unbroken(f"{best.agent} passes {percent(best.passed.value or 0)}{span}")
    if len(known) == 1:
        return f"{headline}.", drawn.basis
    return f"{headline}, the most of {counted(len(known), 'agent')}.", _certainty(figures, best)


def _certainty(figures: RunFigures, best: AgentFigures) -> str:
    rests_on = basis(best.passed)
    if figures.against or figures.baseline != best.agent:
        return f"{rests_on}."
    alike = [p.second for p in figures.pairs if verdict(p).word == "cannot be told apart"]
    if not alike:
        return f"{rests_on}. The others are behind by more than chance explains."
    return f"{rests_on}. Cannot be told apart from {listed(alike)} on these tasks."


def _notice(figures: Sequence[AgentFigures]) -> Notice | None:
    if waiting := sum(agent.counts.unfinished for agent in figures):
        rollouts = counted(waiting, "rollout")
        text = "They are in no number yet; agents that are behind may look better or worse."
        return Notice(tone="warn", title=f"{rollouts} not graded yet.", text=text)
    return None


def _baselines(figures: RunFigures) -> tuple[Choice, ...]:
    return tuple(
        Choice(value=a.agent, label=a.agent, is_selected=a.agent == figures.baseline)
        for a in figures.agents
    )


def _runs(figures: RunFigures, others: QuerySet[Run]) -> tuple[Choice, ...]:
    chosen = figures.against.pk if figures.against else None
    offered = {other.pk: other for other in others.only("pk", "title")[:RUNS]}
    if figures.against:
        offered.setdefault(figures.against.pk, figures.against)
    return (
        Choice(value="", label="none", is_selected=chosen is None),
        *(
            Choice(value=str(pk), label=f"{pk} · {other.title}", is_selected=pk == chosen)
            for pk, other in offered.items()
        ),
    )


def _criterion(run: Run, figures: Sequence[CriterionFigures]) -> CriterionLine:
    first = figures[0]
    notes = [
        counted(number, word, many)
        for number, word, many in (
            (sum(each.cannot_tell for each in figures), "cannot tell", "cannot tell"),
            (sum(each.grader_errors for each in figures), "grader error", ""),
        )
        if number
    ]
    return CriterionLine(
        task=first.task,
        url=f"{reverse('grading:run', args=[run.pk])}?{urlencode({'task': first.task})}",
        key=first.key,
        text=first.text,
        points=f"{POINT_WORDS.get(first.points, '')} {first.points:+d}".strip().replace("-", "−"),
        bars=tuple(
            Bar(agent=each.agent, drawn=drawing.counted_share(share, what="trial"),
                reward="")
            for each in figures
            if (share := each.fulfilled)
        ),
        notes=listed(notes),
    )  # fmt: skip
