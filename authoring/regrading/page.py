"""The form that grades a run again: what it offers, and how it is read."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.urls import reverse

from authoring.regrading.asking import EVERY, Request, read_picks
from authoring.regrading.pages import AgainPage, FilterSelect, Option, RubricOption, TaskRubrics
from authoring.regrading.rubrics import APPROVED, DRAFT, LAUNCHED, Offer, offers, slug_of
from grading.models import Grading, Judge, Rollout, RolloutOutcome, Run
from grading.regrading.links import options
from grading.regrading.measures import worlds_of
from grading.scopes import Scope, count_chosen, rollouts_of
from simulation.errors import GymError
from simulation.pages import Choice
from simulation.text import clean_text
from simulation.wording import counted, plural

CHOSEN = "chosen"
PICK = "pick."
KEY_LENGTH = 64
Purpose = Grading.Purpose
PURPOSES = (
    (Purpose.REGRADE, "Re-grading", "It may become the official grading, with a reason."),
    (Purpose.TRIAL, "Trial", "Tries a rubric, a draft too. It counts in no number."),
    (
        Purpose.REPEAT,
        "Repetition",
        "The rubrics of the official grading again: how stable is it? It counts in no number.",
    ),
)
RUBRICS = (
    (LAUNCHED, "As launched", "The rubrics that the run was started with."),
    (APPROVED, "The approved revision of each task", "Tasks without one are named."),
    (CHOSEN, "Chosen for each task", "From the list below; every other task keeps its own."),
)
LABELS = {"agent": "Agent", "task": "Task", "outcome": "Outcome", "category": "Category",
          "difficulty": "Difficulty"}  # fmt: skip


def again_page(
    run: Run,
    user: User,
    scope: Scope,
    sent: Mapping[str, str] | None = None,
    error: GymError | None = None,
) -> AgainPage:
    """sent: what was typed, where the form is shown again because of an error."""
    typed = sent or {}
    found = rollouts_of(run, scope, user)
    chosen = count_chosen(found)
    gradable = Rollout.objects.filter(pk__in=found.order_by().values("pk")).still_gradable()
    base = reverse("grade_again", args=[run.pk])
    rubrics = typed.get("rubrics", LAUNCHED)
    return AgainPage(
        run_title=run.title,
        run_url=reverse("grading:run", args=[run.pk]),
        gradings_url=reverse("grading:gradings", args=[run.pk]),
        form_url=base,
        count=counted(chosen.gradable, "rollout"),
        left_out=chosen.left_out,
        can_ask=bool(chosen.gradable),
        filters=tuple(_filters(run, scope)),
        is_filtered=bool(scope.as_json()),
        purposes=_radio(PURPOSES, typed.get("purpose", Purpose.REGRADE)),
        rubrics=_radio(RUBRICS, rubrics),
        tasks=tuple(_tasks(gradable, user, typed)),
        tasks_open=rubrics == CHOSEN,
        judges=_judges(run, typed.get("judge", "")),
        reason=typed.get("reason", ""),
        key=_key(typed) or uuid.uuid4().hex,
        problems=_problems(error),
    )


def read_request(sent: Mapping[str, str], scope: Scope) -> Request:
    """Read the form. Raises InvalidArgument for what it did not offer."""
    rubrics = sent.get("rubrics", LAUNCHED)
    picked = {name.removeprefix(PICK): v for name, v in sent.items() if name.startswith(PICK)}
    picks = read_picks(picked if rubrics == CHOSEN else {EVERY: rubrics})
    return Request(
        reason=sent.get("reason", ""),
        purpose=sent.get("purpose", ""),
        picks=picks,
        judge=sent.get("judge", ""),
        scope=scope,
        key=_key(sent),
    )


def _key(sent: Mapping[str, str]) -> str:
    return clean_text(sent.get("key", ""), limit=KEY_LENGTH)[0]


def _filters(run: Run, scope: Scope) -> Iterable[FilterSelect]:
    chosen = scope.as_json()
    for name, values in _values(run).items():
        if len(values) > 1 or name in chosen:
            yield FilterSelect(
                name=name,
                label=LABELS[name],
                choices=options(
                    [(v, w) for v, w in values], chosen.get(name), every=f"all {plural(name)}"
                ),
                value=chosen.get(name, ""),
            )


def _values(run: Run) -> dict[str, list[tuple[str, str]]]:
    """Give the values that the rollouts of a run have, by filter, in one query."""
    rows = Rollout.objects.shown_in(run).with_outcome(run.official_id).order_by()
    fields = ("agent", "subject", "outcome", "labels__category", "labels__difficulty")
    found = list(rows.values_list(*fields).distinct())
    columns: list[Sequence[Any]] = list(zip(*found, strict=True)) or [()] * len(fields)
    names = dict(zip(LABELS, columns, strict=True))
    return {
        name: [(v, _word(name, v)) for v in sorted({v for v in values if v})]
        for name, values in names.items()
    }


def _word(name: str, value: str) -> str:
    if name == "outcome":
        return RolloutOutcome(value).label.lower()
    return value if name in ("agent", "task") else value.replace("_", " ")


def _judges(run: Run, picked: str) -> tuple[Choice, ...]:
    """Offer the judges in use; none where there is no judge at all."""
    names = [str(judge) for judge in Judge.objects.in_use()]
    same = run.official.judge if run.official else None
    every = f"as the official grading: {same or 'no judge'}"
    return options([(name, name) for name in names], picked, every=every) if names else ()


def _tasks(
    rollouts: "QuerySet[Any]", user: User, typed: Mapping[str, str]
) -> Iterable[TaskRubrics]:
    worlds: dict[str, tuple[str, str]] = {s: (w, h) for s, w, h in sorted(worlds_of(rollouts))}
    by_task: dict[str, list[Offer]] = {}
    for offer in offers(user, map(slug_of, worlds)):
        by_task.setdefault(offer.task, []).append(offer)
    for subject, place in worlds.items():
        picked = typed.get(f"{PICK}{subject}", LAUNCHED)
        first = RubricOption(
            value=LAUNCHED, label="as launched", is_selected=picked == LAUNCHED, is_disabled=False
        )
        found = [_option(offer, *place, picked) for offer in by_task.get(slug_of(subject), ())]
        yield TaskRubrics(subject=subject, name=f"{PICK}{subject}", options=(first, *found))


def _option(offer: Offer, world: str, setup: str, picked: str) -> RubricOption:
    words = "draft" if offer.value == DRAFT else f"revision {offer.value}, {_state(offer)}"
    notes = [] if offer.counts else ["trial only"]
    if offer.world != world:
        notes = [f"written for {offer.world}"]
    elif offer.setup != setup:
        notes = ["another setup"]
    is_disabled = (offer.world, offer.setup) != (world, setup)
    return RubricOption(
        value=offer.value,
        label=": ".join([words, *notes]),
        is_selected=picked == offer.value and not is_disabled,
        is_disabled=is_disabled,
    )


def _state(offer: Offer) -> str:
    return offer.state.replace("_", " ")


def _radio(choices: Iterable[tuple[str, str, str]], selected: str) -> tuple[Option, ...]:
    return tuple(
        Option(value=value, label=label, hint=hint, is_selected=value == selected)
        for value, label, hint in choices
    )


def _problems(error: GymError | None) -> tuple[Choice, ...]:
    """Lead each problem to its place in the form."""
    if error is None:
        return ()
    places = {"reason": "id_reason", "judge": "id_judge", "purpose": "id_purpose_regrade"}
    place = places.get(error.field or "", "id_rubrics_launched")
    return tuple(Choice(value=place, label=line) for line in error.message.splitlines())
