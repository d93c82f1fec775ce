"""The life of an episode: queue, claim, record, finish, reap.

A claim gives a lease number. Every later write holds only while that lease is the episode's, in the
same transaction; a worker whose lease is gone stops without a word.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

import orjson
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Now

from simulation.agents import AGENTS
from simulation.errors import Conflict, Gone, InvalidArgument, LeaseLost
from simulation.inserts import insert_rows
from simulation.messages import send_after_commit
from simulation.models import Episode, Lane, Step, World
from simulation.play import Outcome
from simulation.setup import setup_changes
from simulation.snapshots import Snapshot
from simulation.state import read_changes
from simulation.stops import StopReason
from simulation.text import clean_json, clean_text
from simulation.transcript import AgentSpec, Spec, StepRecord
from simulation.worlds import load_snapshot

RUN_EPISODE = "simulation.tasks.run_episode"
MAX_FRUITLESS_CLAIMS = 3
MAX_DETAIL = 2000  # characters
_CLAIM = """
    UPDATE simulation_episode
    SET status = 'running',
        lease = lease + 1,
        lease_expires_at = now() + make_interval(secs => %(lease)s),
        fruitless_claims = fruitless_claims + 1,
        started_at = coalesce(started_at, now())
    WHERE id = %(id)s AND status = 'queued'
    RETURNING lease
"""
_STEP_FIELDS = tuple(field.name for field in fields(StepRecord))
_STEP_JSON = ("arguments", "changes", "tokens", "exchange")
_COLUMNS = ", ".join(f'"{name}"' for name in _STEP_FIELDS)
_STEPS = f"""
    SELECT {_COLUMNS} FROM simulation_step WHERE episode_id = %s ORDER BY index
"""  # noqa: S608  the names are those of our own fields
_STEPS_OF_MANY = f"""
    SELECT episode_id, {_COLUMNS} FROM simulation_step
    WHERE episode_id = ANY(%s) ORDER BY episode_id, index
"""  # noqa: S608


def make_spec(world: World, **members: Any) -> Spec:
    """Freeze what an episode is asked.

    Raises InvalidArgument when world, toolset and setup do not fit.
    """
    return spec_for(load_snapshot(world), str(world), **members)


def spec_for(snapshot: Snapshot, world: str, /, **members: Any) -> Spec:
    """Freeze what an episode is asked in a world that may be in memory alone.

    world: its name. Raises InvalidArgument when world, toolset and setup do not fit.
    """
    toolset = members.get("toolset", "default")
    company = snapshot.company
    if toolset not in company.toolsets:
        known = ", ".join(sorted(company.toolsets))
        raise InvalidArgument(f"toolset {toolset!r}: {world} has {known}", field="toolset")
    spec = Spec(**members, tools_hash=company.tools_hash(toolset))
    setup_changes(snapshot, spec.setup)
    return spec


@transaction.atomic
def queue_episodes(
    *,
    world: World,
    owner: User,
    plans: Sequence[tuple[Spec, AgentSpec]],
    held_out: Sequence[bool] = (),
    lane: Lane | None = None,
) -> list[Episode]:
    """Store episodes and tell the workers after commit.

    held_out: for each plan, whether what it shows is held out; none is unless it is said.
    lane: in which they wait.
    """
    for _, agent in plans:
        if agent.kind not in AGENTS:
            raise InvalidArgument(f"agent kind {agent.kind!r}: there are {', '.join(AGENTS)}")
    episodes = Episode.objects.bulk_create(
        Episode(
            world=world,
            owner=owner,
            spec=clean_json(spec.model_dump()),
            agent=clean_json(agent.model_dump()),
            lane=lane,
            endpoint_id=agent.config.get("endpoint_id"),
            is_held_out=is_held_out,
        )
        for (spec, agent), is_held_out in zip(plans, held_out or [False] * len(plans), strict=True)
    )
    send_after_commit(RUN_EPISODE, [episode.pk for episode in episodes])
    return episodes


def claim_episode(episode_id: int) -> int | None:
    """Take a queued episode. Gives the lease number, None when it is not there to be taken.

    In one statement: nobody can claim it again before the number is read.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"lease": settings.LEASE_SECONDS, "id": episode_id})
        claimed = cursor.fetchone()
    return claimed[0] if claimed else None


@transaction.atomic
def record_steps(episode_id: int, steps: Sequence[StepRecord], *, lease: int) -> None:
    """Store the steps of a turn. Raises LeaseLost, and then nothing is stored."""
    _hold(
        episode_id,
        lease=lease,
        fruitless_claims=0,
        step_count=F("step_count") + len(steps),
    )
    insert_rows([_as_row(episode_id, step) for step in steps])


def heartbeat(episode_id: int, *, lease: int) -> None:
    """Keep the lease while a model thinks. Raises LeaseLost."""
    _hold(episode_id, lease=lease)


@transaction.atomic
def finish_episode(
    episode_id: int,
    outcome: Outcome,
    *,
    lease: int,
    steps: Sequence[StepRecord] = (),
    usage: Mapping[str, Any] | None = None,
) -> None:
    """End an episode once, with its last steps; EPISODE_ENDED_TASK is told after commit.

    Raises LeaseLost.
    """
    ended = Episode.objects.filter(
        pk=episode_id, lease=lease, status=Episode.Status.RUNNING
    ).update(
        status=Episode.Status.ENDED,
        stop_reason=outcome.stop_reason,
        stop_detail=outcome.detail,
        final_response=outcome.final_response,
        state_hash=outcome.state_hash,
        step_count=F("step_count") + len(steps),
        usage=usage or {},
        ended_at=Now(),
        lease_expires_at=None,
    )
    if not ended:
        raise LeaseLost(f"episode {episode_id}, lease {lease}")
    insert_rows([_as_row(episode_id, step) for step in steps])
    _announce_end(episode_id)


@transaction.atomic
def cancel_episode(episode_id: int, *, detail: str = "") -> bool:
    """End an unfinished episode from outside. False when it is over already."""
    cancelled = (
        Episode.objects.filter(pk=episode_id)
        .exclude(status__in=[Episode.Status.ENDED, Episode.Status.CANCELLED])
        .update(
            status=Episode.Status.CANCELLED,
            stop_reason=StopReason.CANCELLED,
            stop_detail=clean_text(detail, limit=MAX_DETAIL)[0],
            ended_at=Now(),
            lease_expires_at=None,
        )
    )
    if cancelled:
        _announce_end(episode_id)
    return bool(cancelled)


@transaction.atomic
def park_episode(episode_id: int, reason: str, *, lease: int) -> None:
    """Put an episode aside for a person: something of ours is broken. Raises LeaseLost."""
    detail, _ = clean_text(reason, limit=MAX_DETAIL)
    parked = Episode.objects.filter(
        pk=episode_id, lease=lease, status=Episode.Status.RUNNING
    ).update(status=Episode.Status.PARKED, stop_detail=detail, lease_expires_at=None)
    if not parked:
        raise LeaseLost(f"episode {episode_id}, lease {lease}")


@transaction.atomic
def release_episode(episode_id: int) -> None:
    """Queue a parked episode again. Raises Conflict when it is not parked."""
    released = Episode.objects.filter(pk=episode_id, status=Episode.Status.PARKED).update(
        status=Episode.Status.QUEUED, stop_detail="", fruitless_claims=0, queued_at=Now()
    )
    if not released:
        raise Conflict(f"episode {episode_id} is not parked")
    send_after_commit(RUN_EPISODE, [episode_id])


@transaction.atomic
def reap_expired_leases() -> tuple[int, int]:
    """Queue again what a dead worker left; park what three workers left without a step.

    Gives how many were queued and parked. Safe to run at any time, in any number of processes.
    """
    expired = Episode.objects.abandoned_by_their_worker()
    rows = list(expired.select_for_update(skip_locked=True).values_list("pk", "fruitless_claims"))
    hopeless = [pk for pk, claims in rows if claims >= MAX_FRUITLESS_CLAIMS]
    again = [pk for pk, claims in rows if claims < MAX_FRUITLESS_CLAIMS]
    Episode.objects.filter(pk__in=hopeless).update(
        status=Episode.Status.PARKED,
        stop_detail=f"{MAX_FRUITLESS_CLAIMS} workers in a row died before its next step",
        lease_expires_at=None,
    )
    Episode.objects.filter(pk__in=again).update(
        status=Episode.Status.QUEUED, lease_expires_at=None, queued_at=Now()
    )
    send_after_commit(RUN_EPISODE, again)
    return len(again), len(hopeless)


@transaction.atomic
def repeat_lost_messages(*, older_than: dt.timedelta) -> int:
    """Tell the workers again of episodes that have been queued for so long. Gives how many."""
    waiting = Episode.objects.filter(
        status=Episode.Status.QUEUED, queued_at__lt=Now() - Value(older_than)
    )
    ids = list(waiting.select_for_update(skip_locked=True).values_list("pk", flat=True)[:1000])
    Episode.objects.filter(pk__in=ids).update(queued_at=Now())
    send_after_commit(RUN_EPISODE, ids)
    return len(ids)


def read_steps(episode: Episode) -> list[StepRecord]:
    """Give the recorded steps as frozen values. Raises Gone when they were removed.

    By hand, because each grading reads them: making the query takes longer than running it.
    """
    if episode.is_forgotten:
        raise Gone(f"the transcript of {episode} was removed")
    with connection.cursor() as cursor:
        cursor.execute(_STEPS, [episode.pk])
        return [_as_record(row) for row in cursor.fetchall()]


def read_steps_of(episodes: Iterable[int]) -> dict[int, list[StepRecord]]:
    """Give the recorded steps of several episodes, by primary key, in one query.

    There are none of one whose transcript was removed.
    """
    found: dict[int, list[StepRecord]] = {pk: [] for pk in episodes}
    with connection.cursor() as cursor:
        cursor.execute(_STEPS_OF_MANY, [list(found)])
        for episode, *row in cursor.fetchall():
            found[episode].append(_as_record(row))
    return found


def _as_record(row: Sequence[Any]) -> StepRecord:
    given = dict(zip(_STEP_FIELDS, row, strict=True))
    given |= {name: orjson.loads(given[name]) for name in _STEP_JSON if given[name] is not None}
    given["changes"] = read_changes(given["changes"])
    return StepRecord(**given)


def _as_row(episode_id: int, step: StepRecord) -> Step:
    return Step(
        episode_id=episode_id,
        index=step.index,
        turn=step.turn,
        kind=step.kind,
        content=step.content,
        tool=step.tool,
        call_id=step.call_id,
        arguments=step.arguments,
        arguments_raw=step.arguments_raw,
        result=step.result,
        is_error=step.is_error,
        changes=[change.as_json() for change in step.changes],
        note=step.note,
        tokens=dict(step.tokens),
        cost=step.cost,
        reasoning=step.reasoning,
        exchange=step.exchange,
        fault=step.fault,
        started_at=step.started_at,
        duration_ms=step.duration_ms,
    )


def _hold(episode_id: int, *, lease: int, **values: Any) -> None:
    """Write to an episode and extend its lease, while the lease is held."""
    held = Episode.objects.filter(pk=episode_id, lease=lease, status=Episode.Status.RUNNING).update(
        lease_expires_at=_lease_end(), **values
    )
    if not held:
        raise LeaseLost(f"episode {episode_id}, lease {lease}")


def _lease_end() -> Any:
    return Now() + Value(dt.timedelta(seconds=settings.LEASE_SECONDS))


def _announce_end(episode_id: int) -> None:
    send_after_commit(settings.EPISODE_ENDED_TASK, [episode_id])
