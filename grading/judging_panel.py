"""What the pages of a run and of an episode say about its judge, and what can be graded again."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import QuerySet
from django.urls import reverse

from grading.judge_pages import judge_url, spent_facts
from grading.judging.costs import calls_of_run, spent
from grading.judging.retrying import undecided
from grading.models import Assessment, Grading, JudgeCall, Rollout, Run, Verdict
from grading.models.runs import shown_by
from simulation.pages import Fact, Notice
from simulation.roles import INSPECTORS, has_role
from simulation.wording import counted

HAS_JUDGE_CRITERIA = {"rubric__content__criteria__contains": [{"check": {"kind": "judge"}}]}


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgingPanel:
    """`retry` is what the button says, "" when nothing can be graded again."""

    facts: tuple[Fact, ...] = ()
    notice: Notice | None = None
    retry: str = ""
    retry_url: str = ""

    def __bool__(self) -> bool:
        return bool(self.facts or self.notice or self.retry)


def run_judging(run: Run, user: User | AnonymousUser) -> JudgingPanel:
    """Tell of the official grading; its judge is a link for those who may see judges."""
    grading = _official(run)
    shown = grading.assessments.filter(*shown_by([run], "rollout__episode"))
    failed = undecided(shown).count()
    return JudgingPanel(
        facts=_facts(grading, user, calls_of_run(run), shown),
        notice=None if grading.judge else _without_judge(shown),
        retry=f"Grade again what could not be graded: {failed}" if failed else "",
        retry_url=reverse("grading:retry_grading", args=[run.pk]),
    )


def episode_judging(rollout: Rollout, user: User | AnonymousUser) -> JudgingPanel:
    grading = _official(rollout.run)
    mine = grading.assessments.filter(rollout=rollout)
    calls = JudgeCall.objects.filter(assessment__in=mine)
    return JudgingPanel(
        facts=_facts(grading, user, calls, mine),
        notice=None if grading.judge else _without_judge(mine, is_one=True),
        retry="Grade again what could not be graded" if undecided(mine).exists() else "",
        retry_url=reverse("grading:retry_episode", args=[rollout.run_id, rollout.pk]),
    )


def _official(run: Run) -> Grading:
    return Grading.objects.select_related("judge").get(run=run, pk=run.official_id or 0)


def _facts(
    grading: Grading,
    user: User | AnonymousUser,
    calls: QuerySet[JudgeCall],
    assessments: QuerySet[Assessment],
) -> tuple[Fact, ...]:
    """Name the judge, what it cost, and how many verdicts cost nothing."""
    judge = grading.judge
    if judge is None:
        return ()
    url = judge_url(judge) if has_role(user, *INSPECTORS) else ""
    copied = Verdict.objects.filter(
        assessment__in=assessments, source=Verdict.Source.JUDGE, copy_of__isnull=False
    ).count()
    again = (Fact(label="verdicts of equal evidence used again", value=f"{copied:,}"),)
    named = Fact(label="judge", value=str(judge), url=url)
    return (named, *spent_facts(spent(calls)), *(again if copied else ()))


def _without_judge(assessments: QuerySet[Assessment], *, is_one: bool = False) -> Notice | None:
    waiting = assessments.filter(status=Assessment.Status.INCOMPLETE, **HAS_JUDGE_CRITERIA)
    count = waiting.count()
    if not count:
        return None
    who = "This episode has" if is_one else f"{counted(count, 'rollout')} {_have(count)}"
    return Notice(
        tone="warn",
        title="No judge",
        text=f"{who} criteria for a judge, and this grading has none. They stay open,"
        " and there is no reward, until people decide them or a grading with a judge does.",
    )


def _have(count: int) -> str:
    return "has" if count == 1 else "have"
