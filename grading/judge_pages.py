"""What the pages of judges show: the list, one version, the form of the next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count, Q
from django.urls import reverse

from grading.judge_form import PREFIX, judge_fields, new_judge
from grading.judging.configurations import content_of
from grading.judging.costs import Spent, spent, spent_by
from grading.models import Grading, Judge, JudgeCall, Run
from grading.wording import usd
from simulation.editing.sheet import Sheet, Typed, make_sheet
from simulation.forms.writing import write_inputs
from simulation.models import ModelEndpoint
from simulation.pages import Choice, Fact, Mark
from simulation.wording import counted, milliseconds

RECENT = 20  # calls and gradings that a page lists


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeRow:
    url: str
    name: str
    version: str
    mark: Mark
    model: str
    endpoint: str
    asked: str
    use: str
    cost: str
    calls: str
    note: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgesPage:
    """`new_url` is "" for those who make none."""

    rows: tuple[JudgeRow, ...]
    count: str
    new_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRow:
    """One call. `answer` is what came; `url` leads to the episode, "" where there is none."""

    made_at: datetime
    what: str
    mark: Mark
    answer: str
    tokens: str
    cost: str
    duration: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgePage:
    """One version. `next_url` and `retire_url` are "" for those who may not."""

    title: str
    name: str
    mark: Mark
    note: str
    facts: tuple[Fact, ...]
    spent: tuple[Fact, ...]
    settings: tuple[Fact, ...]
    versions: tuple[Choice, ...]
    gradings: tuple[Fact, ...]
    gradings_count: str
    calls: tuple[CallRow, ...]
    calls_count: str
    list_url: str
    next_url: str = ""
    retire_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJudgePage:
    title: str
    sheet: Sheet
    list_url: str
    form_url: str
    endpoints_url: str
    has_endpoints: bool


def judge_url(judge: Judge, view: str = "judge") -> str:
    return reverse(f"judges:{view}", args=[judge.name, judge.version])


def judges_page(user: User, *, may_make: bool) -> JudgesPage:
    judges = Judge.objects.visible_to(user)
    runs = Run.objects.visible_to(user)
    uses = Count("gradings__run", distinct=True, filter=Q(gradings__run__in=runs))
    used = judges.select_related("endpoint").annotate(uses=uses).order_by("name", "-version")
    paid = spent_by(JudgeCall.objects.visible_to(user).filter(judge__in=judges), "judge")
    rows = tuple(_row(judge, paid.get(judge.pk, Spent())) for judge in used)
    return JudgesPage(
        rows=rows,
        count=counted(len(rows), "judge"),
        new_url=reverse("judges:new") if may_make else "",
    )


def judge_page(judge: Judge, user: User, *, may_make: bool) -> JudgePage:
    made = JudgeCall.objects.visible_to(user).filter(judge=judge)
    paid = spent(made)
    seen = Grading.objects.visible_to(user).filter(run__in=Run.objects.visible_to(user))
    gradings = seen.filter(judge=judge).select_related("run")
    calls = made.order_by("-created_at").select_related("assessment__rollout")
    siblings = Judge.objects.filter(name=judge.name)
    is_retirable = may_make and not judge.is_retired
    return JudgePage(
        title=str(judge),
        name=judge.name,
        mark=_mark(judge),
        note=judge.note,
        facts=_facts(judge),
        spent=spent_facts(paid),
        settings=_settings(judge),
        versions=tuple(_version(each, judge) for each in siblings),
        gradings=tuple(_use(each) for each in gradings.order_by("-pk")[:RECENT]),
        gradings_count=counted(gradings.count(), "grading"),
        calls=tuple(_call(call) for call in calls[:RECENT]),
        calls_count=counted(paid.calls, "call"),
        list_url=reverse("judges:list"),
        next_url=f"{reverse('judges:new')}?from={judge}" if may_make else "",
        retire_url=judge_url(judge, "retire") if is_retirable else "",
    )


def new_judge_page(like: Judge | None, typed: Typed | None = None) -> NewJudgePage:
    """like: the version whose next one is made, None for a new name."""
    endpoints = endpoint_names()
    given = content_of(like) if like else new_judge()
    fields = judge_fields(endpoints)
    shown = typed or Typed(inputs=write_inputs(fields, given))
    sheet = make_sheet(None, fields, given, shown, base="", prefix=PREFIX, rows_url="")
    return NewJudgePage(
        title=f"Next version of {like.name}" if like else "New judge",
        sheet=sheet,
        list_url=reverse("judges:list"),
        form_url=reverse("judges:new"),
        endpoints_url=reverse("endpoints:new"),
        has_endpoints=bool(endpoints),
    )


def endpoint_names() -> list[str]:
    return list(ModelEndpoint.objects.active().order_by("name").values_list("name", flat=True))


def spent_facts(paid: Spent) -> tuple[Fact, ...]:
    """Show what was paid."""
    unanswered = f"{paid.unanswered} without an answer" if paid.unanswered else ""
    return (
        Fact(label="calls", value=f"{paid.calls:,}", detail=unanswered),
        Fact(label="tokens in", value=f"{paid.prompt:,}"),
        Fact(label="tokens out", value=f"{paid.completion:,}"),
        Fact(label="cost", value=usd(paid.cost)),
    )


def _row(judge: Any, paid: Spent) -> JudgeRow:
    settings = judge.value
    batch = {"one": "one criterion a call", "all": "all criteria in one call"}
    asked = batch.get(str(settings.batch), f"{settings.batch} criteria a call")
    return JudgeRow(
        url=judge_url(judge),
        name=judge.name,
        version=f"@{judge.version}",
        mark=_mark(judge),
        model=judge.model,
        endpoint=judge.endpoint.name,
        asked=f"{counted(settings.votes, 'vote')}, {asked}",
        use=counted(judge.uses, "run") if judge.uses else "–",
        cost=usd(paid.cost),
        calls=counted(paid.calls, "call"),
        note=judge.note,
        created_at=judge.created_at,
    )


def _mark(judge: Judge) -> Mark:
    if judge.is_retired:
        return Mark(state="cancelled", word="retired")
    return Mark(state="pass", word="in use")


def _facts(judge: Judge) -> tuple[Fact, ...]:
    return (
        Fact(label="model", value=judge.model),
        Fact(label="endpoint", value=judge.endpoint.name),
        Fact(label="made by", value=str(judge.created_by)),
        Fact(label="made", value=f"{judge.created_at:%d %b %Y %H:%M} UTC"),
        Fact(label="words", value=f"version {judge.prompt}"),
        Fact(label="hash", value=judge.hash[:12]),
    )


def _settings(judge: Judge) -> tuple[Fact, ...]:
    values: Mapping[str, Any] = judge.value.model_dump(mode="json")
    return tuple(
        Fact(label=name.replace("_", " "), value=_setting(value)) for name, value in values.items()
    )


def _setting(value: Any) -> str:
    if value is None:
        return "not given"
    return value if isinstance(value, str) else f"{value:,g}" if value < 1 else f"{value:,}"


def _version(each: Judge, shown: Judge) -> Choice:
    return Choice(
        value=str(each.version),
        label=f"@{each.version}",
        is_selected=each.pk == shown.pk,
        url=judge_url(each),
    )


def _use(grading: Grading) -> Fact:
    return Fact(
        label=grading.get_purpose_display(),
        value=grading.run.title,
        detail=f"grading {grading.number}",
        url=reverse("grading:run", args=[grading.run_id]),
    )


def _call(call: JudgeCall) -> CallRow:
    part = f"repair of vote {call.vote}" if call.repair else f"vote {call.vote}"
    assessment = call.assessment
    place = [assessment.rollout.run_id, assessment.rollout_id] if assessment else []
    return CallRow(
        made_at=call.created_at,
        what=f"{counted(len(call.criteria), 'criterion', 'criteria')}, {part}",
        mark=_answer_mark(call),
        answer=call.failure or "; ".join(call.problems),
        tokens=f"{call.prompt_tokens:,} in, {call.completion_tokens:,} out",
        cost=usd(call.cost),
        duration=milliseconds(call.duration_ms),
        url=reverse("grading:episode", args=place) if place else "",
    )


def _answer_mark(call: JudgeCall) -> Mark:
    if call.failure:
        return Mark(state="grader_error", word="no answer")
    if call.problems:
        return Mark(state="incomplete", word="not usable")
    return Mark(state="pass", word="decided")
