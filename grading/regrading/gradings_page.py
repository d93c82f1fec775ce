"""What the list of a run's gradings shows, in a number of queries that does not grow."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Avg, Count, Q, QuerySet
from django.urls import reverse

from grading import wording
from grading.models import Assessment, Grading, Run
from grading.models.runs import shown_by
from grading.regrading.links import compare_url, options
from grading.regrading.official import Coverage, coverages, refusal
from grading.regrading.pages import GradingRow, GradingsPage, SwitchForm, SwitchRow
from grading.statistics.rates import wilson
from simulation.pages import Choice, Mark
from simulation.stops import MASKED
from simulation.wording import counted, listed

Purpose = Grading.Purpose
NONE = Coverage(0, 0, 0, 0)


def gradings_page(
    run: Run, gradings: QuerySet[Grading], *, can_grade: bool, is_fragment: bool = False
) -> GradingsPage:
    """gradings: those of the run that this person may see."""
    found = list(gradings.filter(run=run).select_related("asked_by", "judge").order_by("-number"))
    figures, standing = _figures(run), coverages(run)
    rows = tuple(
        _row(run, grading, figures.get(grading.pk, {}), standing.get(grading.pk, NONE), can_grade)
        for grading in found
    )
    is_live = any(row.is_live for row in rows)
    official = _number(run, found)
    return GradingsPage(
        run_title=run.title,
        run_url=reverse("grading:run", args=[run.pk]),
        official=official,
        rows=rows,
        switches=tuple(_switches(run)),
        choices_a=numbers(found, official),
        choices_b=numbers(found, next((g.number for g in found if g.number != official), 0)),
        compare_url=reverse("grading:compare", args=[run.pk]),
        progress_url=reverse("grading:gradings_progress", args=[run.pk]),
        is_live=is_live,
        can_grade=can_grade,
        is_fragment=is_fragment,
        announcement="" if is_live else "All gradings are decided.",
    )


def switch_form(
    run: Run, official: Grading, after: Grading, *, reason: str = "", problem: str = ""
) -> SwitchForm:
    return SwitchForm(
        run_title=run.title,
        run_url=reverse("grading:run", args=[run.pk]),
        gradings_url=reverse("grading:gradings", args=[run.pk]),
        before=official.number,
        after=after.number,
        words=after.shown_rubrics,
        reason=reason,
        problem=problem,
    )


def numbers(gradings: Sequence[Grading], selected: int) -> tuple[Choice, ...]:
    words = {Purpose.TRIAL: " (trial)", Purpose.REPEAT: " (repeated)"}
    pairs = [
        (str(g.number), f"{g.number}{words.get(Purpose(g.purpose), '')}: {g.shown_rubrics}")
        for g in sorted(gradings, key=lambda g: g.number)
    ]
    return options(pairs, str(selected))


def scope_words(scope: Mapping[str, Any]) -> str:
    """Say which rollouts a filter chose: "agent null, category lookup"; "all rollouts"."""
    chosen = scope.get("filter", {})
    return listed(f"{name} {value}" for name, value in chosen.items()) if chosen else "all rollouts"


def people_words(grading: Grading) -> str:
    """Say how many verdicts of people were carried, and how many were not, why."""
    carried, left = grading.scope.get("carried", 0), grading.scope.get("not_carried", 0)
    parts = []
    if carried:
        parts.append(f"{counted(carried, 'human verdict')} carried")
    if left:
        was, whose = ("was", "its criterion") if left == 1 else ("were", "their criteria")
        is_repeat = grading.purpose == Purpose.REPEAT
        why = "machines are asked anew" if is_repeat else f"{whose} changed"
        parts.append(f"{counted(left, 'human verdict')} {was} not carried: {why}")
    return "; ".join(parts)


def _figures(run: Run) -> dict[int, dict[str, Any]]:
    """Count the assessments of each grading by what became of them, in one query."""
    Status = Assessment.Status  # noqa: N806  an enum under a shorter name
    masked = Q(rollout__episode__stop_reason__in=list(MASKED)) & Q(status=Status.OPEN)
    counts = {
        "decided": Q(status__in=[Status.GRADED, Status.INCOMPLETE]),
        "graded": Q(status=Status.GRADED),
        "incomplete": Q(status=Status.INCOMPLETE),
        "waiting": Q(status=Status.OPEN) & ~masked,
        "masked": masked,
        "passed": Q(passed=True),
    }
    rows: Any = (
        Assessment.objects.filter(*shown_by([run], "rollout__episode"), grading__run=run)
        .order_by()
        .values("grading")
        .annotate(
            total=Count("pk", filter=~masked),
            mean=Avg("reward"),
            **{name: Count("pk", filter=condition) for name, condition in counts.items()},
        )
    )
    return {row["grading"]: row for row in rows}


def _row(
    run: Run, grading: Grading, figures: Mapping[str, Any], coverage: Coverage, can_grade: bool
) -> GradingRow:
    is_official = grading.pk == run.official_id
    waiting = figures.get("waiting", 0)
    why_not = "" if is_official else refusal(grading, coverage)
    may_switch = can_grade and not is_official and not why_not
    may_cancel = can_grade and waiting and not is_official and grading.purpose != Purpose.FIRST
    place = [run.pk, grading.number]
    graded = figures.get("graded", 0)
    return GradingRow(
        number=grading.number,
        purpose=grading.get_purpose_display(),
        counts=grading.counts,
        is_official=is_official,
        is_live=bool(waiting),
        mark=_mark(grading, waiting),
        rubrics=grading.shown_rubrics,
        judge=str(grading.judge or ""),
        scope=scope_words(grading.shown_scope),
        left_out=_left_out(grading, figures),
        people=people_words(grading),
        reason=grading.shown_reason,
        asked_by=grading.asked_by.get_username(),
        created_at=grading.created_at,
        done=figures.get("decided", 0),
        total=figures.get("total", 0),
        incomplete=figures.get("incomplete", 0),
        rate=wording.rate(wilson(figures.get("passed", 0), graded)),
        mean_reward=wording.reward(figures.get("mean")),
        refusal=why_not,
        people_url=_people_url(run, grading),
        compare_url="" if is_official else compare_url(run.pk, _of(run), grading.number),
        official_url=reverse("grading:official", args=place) if may_switch else "",
        cancel_url=reverse("grading:grading_cancel", args=place) if may_cancel else "",
    )


def _people_url(run: Run, grading: Grading) -> str:
    """Lead to the verdicts of people that were not carried."""
    if not grading.scope.get("not_carried"):
        return ""
    return f"{compare_url(run.pk, grading.scope['carried_from'], grading.number)}#people"


def _mark(grading: Grading, waiting: int) -> Mark:
    if grading.cancelled_at:
        return Mark(state="cancelled", word="cancelled")
    return Mark(state="running", word="running") if waiting else Mark(state="ended", word="decided")


def _left_out(grading: Grading, figures: Mapping[str, Any]) -> str:
    masked = figures.get("masked", 0) + grading.scope.get("masked", 0)
    unfinished = grading.scope.get("unfinished", 0)
    parts = [f"{masked:,} masked"] if masked else []
    parts += [f"{unfinished:,} had not ended"] if unfinished else []
    forgotten = grading.scope.get("forgotten", 0)
    parts += [f"{forgotten:,} whose transcript was removed"] if forgotten else []
    return ", ".join(parts)


def _of(run: Run) -> int:
    return run.official.number if run.official else 1


def _number(run: Run, found: Iterable[Grading]) -> int:
    return next((g.number for g in found if g.pk == run.official_id), 1)


def _switches(run: Run) -> Iterable[SwitchRow]:
    for switch in run.switches.select_related("before", "after", "actor").order_by("-pk"):
        yield SwitchRow(
            before=switch.before.number,
            after=switch.after.number,
            actor=switch.actor.get_username(),
            reason=switch.reason,
            created_at=switch.created_at,
        )
