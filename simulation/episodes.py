"""The life of an episode: queue, claim, record, rest, finish, reap.

A claim gives a lease number. Every later write holds only while that lease is the episode's, in the
same transaction; a worker whose lease is gone stops without a word. Steps and the end may be told
again by a worker that did not hear whether they were stored: they are stored once.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from operator import attrgetter
from typing import Any

import orjson
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models.functions import Now

from simulation.agents import AGENTS
from simulation.chat.prices import MOST_COST
from simulation.conversation import customer_endpoint
from simulation.errors import Conflict, Gone, InvalidArgument, LeaseLost
from simulation.inserts import insert_values, insert_with_ids
from simulation.messages import send_one_after_commit
from simulation.models import Episode, Lane, Step, World
from simulation.play import Outcome
from simulation.setup import setup_changes
from simulation.snapshots import Snapshot
from simulation.spending import Spent
from simulation.state import read_changes
from simulation.storable import Storable
from simulation.text import clean_text
from simulation.transcript import AgentSpec, Spec, StepRecord, without_calls
from simulation.waiting import pool_of, tell_workers
from simulation.worlds import load_snapshot

MAX_FRUITLESS_CLAIMS = 3
MAX_DETAIL = 2000  # characters
CANCELLED = "the episode was cancelled before it came"
REAPED_AT_ONCE = 1000
_CLAIM = """
    UPDATE simulation_episode
    SET status = 'running',
        lease = lease + 1,
        lease_expires_at = now() + make_interval(secs => %(lease)s),
        fruitless_claims = fruitless_claims + 1,
        rests = '',
        started_at = coalesce(started_at, now())
    WHERE id = %(id)s AND status = 'queued'
    RETURNING lease
"""
_WRITE = """
    UPDATE simulation_episode SET {columns}, step_count = step_count + %(new)s
    WHERE id = %(id)s AND lease = %(lease)s AND status = 'running' {follows}
    RETURNING rests
"""
_FOLLOWS = "AND step_count = %(first)s"
_STORED = """
    SELECT step_count FROM simulation_episode
    WHERE id = %(id)s AND lease = %(lease)s AND status = 'running' FOR NO KEY UPDATE
"""
_RECORD = """
    lease_expires_at = now() + make_interval(secs => %(lease_seconds)s), fruitless_claims = 0
"""
_REST = """
    status = 'queued', lease_expires_at = NULL, fruitless_claims = 0, rests = '', queued_at = now()
"""
_END = """
    status = 'ended', stop_reason = %(stop_reason)s, stop_detail = %(stop_detail)s,
    final_response = %(final_response)s, state_hash = %(state_hash)s,
    ended_at = now(), lease_expires_at = NULL, rests = ''
"""
_BILL = """
    UPDATE simulation_episode SET {spent}, step_count = step_count + %(new)s
    WHERE id = %(id)s AND lease = %(lease)s AND status = 'cancelled' AND forgotten_at IS NULL
        AND step_count = %(first)s
    RETURNING id
"""  # whoever has cancelled it did not claim it: the lease is still that of its last worker
_SPENT = """
    usage = %(usage)s, cost = %(cost)s,
    customer_usage = %(customer_usage)s, customer_cost = %(customer_cost)s
"""
_HEARTBEAT = """
    WITH held AS MATERIALIZED (
        SELECT episode.id FROM simulation_episode AS episode
        JOIN unnest(%s::bigint[], %s::int[]) AS given (id, lease)
            ON given.id = episode.id AND given.lease = episode.lease
        WHERE episode.status = 'running'
        ORDER BY episode.id FOR NO KEY UPDATE OF episode
    )
    UPDATE simulation_episode AS episode
    SET lease_expires_at = now() + make_interval(secs => %s)
    FROM held WHERE episode.id = held.id
    RETURNING episode.id, episode.rests
"""  # in order, so that two who hold many never wait for each other
_REAP = """
    WITH expired AS MATERIALIZED (
        SELECT id FROM simulation_episode
        WHERE status = 'running' AND lease_expires_at < now()
        ORDER BY lease_expires_at LIMIT %(most)s
        FOR NO KEY UPDATE SKIP LOCKED
    )
    UPDATE simulation_episode AS episode
    SET status = CASE WHEN fruitless_claims < %(hopeless)s THEN 'queued' ELSE 'parked' END,
        stop_detail = CASE
            WHEN fruitless_claims < %(hopeless)s THEN stop_detail
            ELSE %(hopeless)s || ' workers in a row died before its next step'
        END,
        lease_expires_at = NULL,
        rests = '',
        queued_at = CASE WHEN fruitless_claims < %(hopeless)s THEN now() ELSE queued_at END
    FROM expired WHERE episode.id = expired.id
    RETURNING episode.status, episode.endpoint_id
"""
_STEP_FIELDS = tuple(one.name for one in fields(StepRecord))
_STEP_JSON = ("arguments", "changes", "tokens", "exchange")
_STEP_COLUMNS = ("episode_id", *_STEP_FIELDS)
_JSON_AT = tuple(_STEP_COLUMNS.index(name) for name in _STEP_JSON)
_COST_AT = _STEP_COLUMNS.index("cost")
_values_of = attrgetter(*_STEP_FIELDS)
_COLUMNS = ", ".join(f'"{name}"' for name in _STEP_FIELDS)
_CLAIMED = """
    SELECT world_id, spec, agent, step_count FROM simulation_episode WHERE id = %s
"""
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
    storable = Storable()
    episodes = [
        Episode(
            world=world,
            owner=owner,
            spec=storable(spec, own=["seed"]),
            agent=storable(agent),
            lane=lane,
            endpoint_id=agent.config.get("endpoint_id"),
            customer_endpoint_id=customer_endpoint(spec, agent),
            is_held_out=is_held_out,
        )
        for (spec, agent), is_held_out in zip(plans, held_out or [False] * len(plans), strict=True)
    ]
    insert_with_ids(episodes)
    for pool, n in Counter(pool_of(episode.endpoint_id) for episode in episodes).items():
        tell_workers(pool, n)
    return episodes


def claim_episode(episode_id: int) -> int | None:
    """Take a queued episode. Gives the lease number, None when it is not there to be taken.

    In one statement: nobody can claim it again before the number is read.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"lease": settings.LEASE_SECONDS, "id": episode_id})
        claimed = cursor.fetchone()
    return claimed[0] if claimed else None


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a worker needs of an episode that it has claimed."""

    world_id: int
    spec: Spec
    agent: AgentSpec
    steps: list[StepRecord]


def read_claimed(episode_id: int) -> Claimed:
    """Read what is to be played, with the steps there are already.

    By hand, as steps are: it is done once for every episode.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CLAIMED, [episode_id])
        row = cursor.fetchone()
    if row is None:
        raise Gone(f"episode {episode_id} is not there any more")
    world_id, spec, agent, step_count = row
    return Claimed(
        world_id,
        Spec.model_validate(orjson.loads(spec)),
        AgentSpec.model_validate(orjson.loads(agent)),
        _steps_of(episode_id) if step_count else [],
    )


@transaction.atomic
def record_steps(
    episode_id: int, steps: Sequence[StepRecord], *, lease: int, spent: Spent | None = None
) -> bool:
    """Store the steps of a turn, and what was spent up to them. True when it is to rest now.

    Steps that are stored already are left as they are. Raises LeaseLost, and then nothing is
    stored.
    """
    return bool(_store(_RECORD, episode_id, steps, lease=lease, spent=spent))


@transaction.atomic
def bill_cancelled(
    episode_id: int, steps: Sequence[StepRecord], *, lease: int, spent: Spent
) -> bool:
    """Store what was paid for when an episode was cancelled meanwhile; its end stays as it is.

    Its last worker alone may do so, and once. Calls that were asked for are kept as left out. False
    when it is not cancelled, or another worker had it.
    """
    place = {"id": episode_id, "lease": lease, "new": len(steps), "first": steps[0].index}
    with connection.cursor() as cursor:
        cursor.execute(_BILL.format(spent=_SPENT), {**place, **_spent_columns(spent)})
        if cursor.fetchone() is None:
            return False
    lost = [_as_row(episode_id, without_calls(step, CANCELLED)) for step in steps]
    insert_values(Step, _STEP_COLUMNS, lost)
    return True


@transaction.atomic
def rest_episode(
    episode_id: int, *, lease: int, steps: Sequence[StepRecord] = (), spent: Spent | None = None
) -> None:
    """Put a running episode back into the queue, with all of its steps. Raises LeaseLost."""
    _store(_REST, episode_id, steps, lease=lease, spent=spent)
    _tell_workers_of([episode_id])


def heartbeat_all(leases: Mapping[int, int]) -> dict[int, str]:
    """Extend the leases of all these episodes; gives those still held, and what they are to do."""
    with connection.cursor() as cursor:
        numbers = list(leases), list(leases.values())
        cursor.execute(_HEARTBEAT, [*numbers, settings.LEASE_SECONDS])
        return dict(cursor.fetchall())


def finish_episode(
    episode_id: int,
    outcome: Outcome,
    *,
    lease: int,
    steps: Sequence[StepRecord] = (),
    spent: Spent | None = None,
) -> None:
    """End an episode once, with its last steps; EPISODE_ENDED_TASK is told after commit.

    Telling the same end again changes nothing. Raises LeaseLost.
    """
    try:
        _finish(episode_id, outcome, lease=lease, steps=steps, spent=spent)
    except LeaseLost:
        if not _has_ended_so(episode_id, outcome, lease=lease):
            raise
        _announce_end(episode_id)  # whoever did not hear of the commit may not have sent it


@transaction.atomic
def _finish(
    episode_id: int,
    outcome: Outcome,
    *,
    lease: int,
    steps: Sequence[StepRecord],
    spent: Spent | None,
) -> None:
    end = {
        "stop_reason": outcome.stop_reason,
        "stop_detail": outcome.detail,
        "final_response": outcome.final_response,
        "state_hash": outcome.state_hash,
    }
    _store(_END, episode_id, steps, lease=lease, spent=spent, **end)
    _announce_end(episode_id)


def _has_ended_so(episode_id: int, outcome: Outcome, *, lease: int) -> bool:
    return Episode.objects.filter(
        pk=episode_id,
        lease=lease,
        status=Episode.Status.ENDED,
        stop_reason=outcome.stop_reason,
        stop_detail=outcome.detail,
        final_response=outcome.final_response,
        state_hash=outcome.state_hash,
    ).exists()


@transaction.atomic
def park_episode(episode_id: int, reason: str, *, lease: int) -> None:
    """Put an episode aside for a person: something of ours is broken. Raises LeaseLost."""
    detail, _ = clean_text(reason, limit=MAX_DETAIL)
    parked = Episode.objects.filter(
        pk=episode_id, lease=lease, status=Episode.Status.RUNNING
    ).update(status=Episode.Status.PARKED, stop_detail=detail, lease_expires_at=None, rests="")
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
    _tell_workers_of([episode_id])


def reap_expired_leases() -> tuple[int, int]:
    """Queue again what dead workers left; park what three workers left without a step.

    Gives how many were queued and parked. Safe to run at any time, in any number of processes.
    """
    again, parked = batch = _reap_some()
    while sum(batch) == REAPED_AT_ONCE:
        batch = _reap_some()
        again, parked = again + batch[0], parked + batch[1]
    return again, parked


@transaction.atomic
def _reap_some() -> tuple[int, int]:
    """Deal with some expired leases: short transactions keep no worker waiting."""
    with connection.cursor() as cursor:
        cursor.execute(_REAP, {"most": REAPED_AT_ONCE, "hopeless": MAX_FRUITLESS_CLAIMS})
        rows = cursor.fetchall()
    again = Counter(pool_of(endpoint) for status, endpoint in rows if status == "queued")
    for pool, n in again.items():
        tell_workers(pool, n)
    return again.total(), len(rows) - again.total()


def read_steps(episode: Episode) -> list[StepRecord]:
    """Give the recorded steps as frozen values. Raises Gone when they were removed.

    By hand, because each grading reads them: making the query takes longer than running it.
    """
    if episode.is_forgotten:
        raise Gone(f"the transcript of {episode} was removed")
    return _steps_of(episode.pk)


def _steps_of(episode_id: int) -> list[StepRecord]:
    with connection.cursor() as cursor:
        cursor.execute(_STEPS, [episode_id])
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


def _as_row(episode_id: int, step: StepRecord) -> list[Any]:
    """Give the values of _STEP_COLUMNS; by hand, because each episode has dozens."""
    row = [episode_id, *_values_of(step)]
    row[_COST_AT] = _kept(row[_COST_AT])
    for place in _JSON_AT:
        if row[place] is not None:
            row[place] = orjson.dumps(row[place], default=dict).decode()
    return row


def _store(
    columns: str,
    episode_id: int,
    steps: Sequence[StepRecord],
    *,
    lease: int,
    spent: Spent | None,
    **values: Any,
) -> str:
    """Write to an episode and store its new steps, while the lease is held. Gives what it is to do.

    Usually no step is stored yet: one statement makes sure of that, and writes.
    """
    held = {"id": episode_id, "lease": lease, "lease_seconds": settings.LEASE_SECONDS, **values}
    with connection.cursor() as cursor:
        written = _write(cursor, columns, steps, spent, held)
        if written is None:
            steps = _not_stored(cursor, steps, held)
            written = _write(cursor, columns, steps, spent, held)
    if written is None:
        raise Conflict(f"episode {episode_id}: step {steps[0].index} does not follow the last one")
    if steps:
        insert_values(Step, _STEP_COLUMNS, [_as_row(episode_id, step) for step in steps])
    return str(written[0])


def _write(
    cursor: Any, columns: str, steps: Sequence[StepRecord], spent: Spent | None, held: Any
) -> Any:
    written = columns if spent is None else f"{columns}, {_SPENT}"
    statement = _WRITE.format(columns=written, follows=_FOLLOWS if steps else "")
    place = {"new": len(steps), "first": steps[0].index if steps else 0}
    cursor.execute(statement, {**held, **place, **_spent_columns(spent)})
    return cursor.fetchone()


def _not_stored(
    cursor: Any, steps: Sequence[StepRecord], held: Mapping[str, Any]
) -> Sequence[StepRecord]:
    """Leave out the steps of a commit whose answer was lost. Raises LeaseLost."""
    cursor.execute(_STORED, held)
    row = cursor.fetchone()
    if row is None:
        raise LeaseLost(f"episode {held['id']}, lease {held['lease']}")
    return [step for step in steps if step.index >= row[0]]


def _spent_columns(spent: Spent | None) -> dict[str, Any]:
    if spent is None:
        return {}
    return {
        "usage": orjson.dumps(spent.usage).decode(),
        "cost": _kept(spent.cost),
        "customer_usage": orjson.dumps(spent.customer_usage).decode(),
        "customer_cost": _kept(spent.customer_cost),
    }


def _kept(cost: Decimal) -> Decimal:
    """Give what a row can hold of a sum of costs, each of which it could."""
    return min(cost, MOST_COST)


def _tell_workers_of(episode_ids: Iterable[int]) -> None:
    asked = Episode.objects.filter(pk__in=episode_ids).values_list("endpoint_id", flat=True)
    for pool, n in Counter(map(pool_of, asked)).items():
        tell_workers(pool, n)


def _announce_end(episode_id: int) -> None:
    send_one_after_commit(settings.EPISODE_ENDED_TASK, episode_id)
