"""Scratch clones: an episode of agent kind `person`, one for each person, world version and scene.

It rests paused, and its lease is the person's: it ends when they have been away for `IDLE_DAYS`.
Each call claims it, executes, records the step and pauses it again in one transaction, so nobody
ever sees it running: workers and reaper have nothing to take, and two tabs follow one another.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Case, F, Q, TextField, Value, When
from django.db.models.functions import Now

from simulation import episodes
from simulation.calls import ToolCrashed
from simulation.errors import Conflict, Unavailable
from simulation.guards import maintenance
from simulation.models import Episode, Step, World
from simulation.models.episodes import PERSON
from simulation.play import make_call, prepare
from simulation.playground.scenes import PLAIN, Scene
from simulation.state import WorldState, read_changes
from simulation.transcript import AgentSpec, Call, Spec, StepRecord
from simulation.worlds import load_snapshot

IDLE_DAYS = 7
MAX_CALLS = 500
BATCH = 100  # clones that one transaction deletes
ATTEMPTS = 3
Laid = tuple[Scene, Spec]  # a scene, and what its clone begins with


@dataclass(frozen=True)
class Scratch:
    """A scratch clone as it stands: its calls, and the world that they made.

    Results may be left out of the steps, see `read_scratch`. is_outdated: the scene has changed
    since the clone was made, which keeps what it began with until it is reset.
    """

    number: int
    steps: Sequence[StepRecord]
    state: WorldState
    kept_until: dt.datetime
    is_outdated: bool = False


def read_scratch(
    world: World, person: User, *, scene: Scene = PLAIN, results: Q | None = None
) -> Scratch | None:
    """Give somebody's clone of a world in a scene, None while they have called nothing.

    results: the steps whose results are read; None reads them all, which may be megabytes.
    """
    # there is one at most; asked for in the order of ids, PostgreSQL may read all episodes
    episode = next(iter(_scratches(world, person, scene)), None)
    if episode is None or episode.lease_expires_at is None:
        return None
    steps = _read_steps(episode, results)
    spec = Spec.model_validate(episode.spec)
    state = prepare(load_snapshot(world), spec, steps).world
    is_outdated = not scene.is_in(spec)
    return Scratch(episode.pk, steps, state, episode.lease_expires_at, is_outdated)


def call_in_scratch(
    world: World,
    person: User,
    *,
    tool: str,
    arguments_raw: str,
    call_id: str,
    scene: Scene = PLAIN,
) -> StepRecord:
    """Make one call in somebody's clone, which is made at the first; gives the recorded step.

    call_id: a call sent twice under one id is made once, and its step is given again.
    Raises Conflict for a draft world and a clone that is full, InvalidArgument for a scene that
    does not fit, Unavailable for a broken tool.
    """
    spec = scene.spec(world)
    call = Call(tool, arguments_raw, call_id)
    for _ in range(ATTEMPTS):
        step = _try_call(world, person, (scene, spec), call)
        if step is not None:
            return step
    raise Conflict(f"your clone of {world} is being removed; call again")


@transaction.atomic
def reset_scratch(world: World, person: User, *, number: int, scene: Scene = PLAIN) -> bool:
    """Replace a clone by a fresh one. False when it is not there any more: it was reset already."""
    found = _scratches(world, person, scene).filter(pk=number).select_for_update().first()
    if found is None:
        return False
    with maintenance(f"playground of {world} was reset", actor=person):
        _remove([found.pk])
    _make(world, person, (scene, scene.spec(world)))
    return True


def remove_idle_scratches() -> int:
    """Delete the clones that nobody has used for `IDLE_DAYS`; gives how many. Safe to repeat."""
    removed = 0
    while count := _remove_some_idle():
        removed += count
    return removed


@transaction.atomic
def _try_call(world: World, person: User, laid: Laid, call: Call) -> StepRecord | None:
    """Make a call in one transaction. None when the clone was removed meanwhile."""
    episode = _take(_make(world, person, laid))
    if episode is None:
        return None
    steps = _read_steps(episode, Q(call_id=call.call_id))
    known = next((step for step in steps if step.call_id == call.call_id), None)
    playing = prepare(load_snapshot(world), Spec.model_validate(episode.spec), steps)
    if known is None:
        if len(steps) >= MAX_CALLS:
            raise Conflict(f"your clone holds {MAX_CALLS} calls; reset it to go on")
        step = _execute(playing, call, len(steps))
        episodes.record_steps(episode.pk, [step], lease=episode.lease)
    _rest(episode, playing.world)
    return known or step


def _read_steps(episode: Episode, results: Q | None) -> list[StepRecord]:
    """Read the recorded steps, with the results of some: changes alone rebuild the world."""
    if results is None:
        return episodes.read_steps(episode)
    names = [field.name for field in fields(StepRecord) if field.name != "result"]
    result = Case(When(results, then="result"), default=Value(""), output_field=TextField())
    rows = episode.steps.order_by("index").annotate(kept=result).values("kept", *names)
    return [
        StepRecord(result=row.pop("kept"), changes=read_changes(row.pop("changes")), **row)
        for row in rows
    ]


def _execute(playing: Any, call: Call, index: int) -> StepRecord:
    try:
        return make_call(playing, call, index=index, turn=index + 1)
    except ToolCrashed as crash:
        raise Unavailable(f"the tool is broken, which is ours to mend: {crash}") from crash


def _make(world: World, person: User, laid: Laid) -> int:
    """Give the number of somebody's clone, which is made when there is none."""
    scene, spec = laid
    agent = AgentSpec(kind=PERSON, name=person.get_username())
    made, _ = Episode.objects.get_or_create(
        world=world,
        owner=person,
        scene=scene.name,
        agent__kind=PERSON,
        defaults={
            "agent": agent.model_dump(),
            "spec": spec.model_dump(),
            "is_held_out": scene.is_held_out,
            "status": Episode.Status.PAUSED,
            "lease_expires_at": _idle_end(),
        },
    )
    return made.pk


def _take(number: int) -> Episode | None:
    """Claim a clone for the rest of the transaction; whoever comes second waits for its end."""
    taken = Episode.objects.filter(pk=number, status=Episode.Status.PAUSED).update(
        status=Episode.Status.RUNNING, lease=F("lease") + 1, lease_expires_at=_idle_end()
    )
    return Episode.objects.get(pk=number) if taken else None


def _rest(episode: Episode, world: WorldState) -> None:
    Episode.objects.filter(pk=episode.pk, lease=episode.lease).update(
        status=Episode.Status.PAUSED, lease_expires_at=_idle_end(), state_hash=world.hash()
    )


@transaction.atomic
def _remove_some_idle() -> int:
    idle = Episode.objects.idle_scratches().select_for_update(skip_locked=True)
    numbers = list(idle.values_list("pk", flat=True)[:BATCH])
    if numbers:
        with maintenance(f"{len(numbers)} playground clones, unused for {IDLE_DAYS} days"):
            _remove(numbers)
    return len(numbers)


def _remove(numbers: Sequence[int]) -> None:
    Step.objects.filter(episode_id__in=numbers).delete()
    Episode.objects.filter(pk__in=numbers).delete()


def _scratches(world: World, person: User, scene: Scene) -> Any:
    return Episode.objects.scratches().filter(world=world, owner=person, scene=scene.name)


def _idle_end() -> Any:
    return Now() + Value(dt.timedelta(days=IDLE_DAYS))
