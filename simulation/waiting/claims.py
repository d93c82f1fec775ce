"""Claims: several episodes at once, fair between lanes and exactly within the limits."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from simulation.waiting.places import Place, places_of
from simulation.waiting.pools import Pool
from simulation.waiting.sharing import share

# Whoever counts what runs of a limited lane or endpoint holds its row, so that nobody else counts.
_HOLD_LIMITS = (
    """
    SELECT 1 FROM simulation_lane
    WHERE id = ANY(%s) AND max_running IS NOT NULL ORDER BY id FOR NO KEY UPDATE
    """,
    """
    SELECT 1 FROM simulation_modelendpoint
    WHERE id = ANY(%s) AND max_running IS NOT NULL ORDER BY id FOR NO KEY UPDATE
    """,
)
# Pausing waits for these: what it does not see running was not claimed.
_HOLD_UNPAUSED = """
    SELECT id FROM simulation_lane
    WHERE id = ANY(%s) AND paused_at IS NULL ORDER BY id FOR KEY SHARE
"""
_NEXT = """
    SELECT * FROM (
        SELECT id, fruitless_claims FROM simulation_episode
        WHERE status = 'queued' AND lane_id {lane} AND endpoint_id {endpoint}
            AND customer_endpoint_id {customer}
        ORDER BY lane_id, endpoint_id, customer_endpoint_id, id LIMIT {share}
        FOR NO KEY UPDATE SKIP LOCKED
    ) AS place
"""
# An episode that may have killed its worker is taken alone: it shall not take others with it.
_CLAIM = """
    WITH next AS MATERIALIZED ({next}),
    oldest AS (SELECT id, fruitless_claims FROM next ORDER BY id LIMIT 1),
    taken AS MATERIALIZED (
        SELECT next.id FROM next CROSS JOIN oldest
        WHERE next.id = oldest.id OR next.fruitless_claims + oldest.fruitless_claims = 0
    )
    UPDATE simulation_episode AS episode
    SET status = 'running',
        lease = lease + 1,
        lease_expires_at = now() + make_interval(secs => %s),
        fruitless_claims = fruitless_claims + 1,
        rests = '',
        started_at = coalesce(started_at, now())
    FROM taken WHERE episode.id = taken.id
    RETURNING episode.id, episode.lease
"""
_SERVE = """
    UPDATE simulation_lane SET served_at = clock_timestamp()
    WHERE id IN (
        SELECT id FROM simulation_lane WHERE id = ANY(%s) FOR NO KEY UPDATE SKIP LOCKED
    )
"""
_GIVE_BACK = """
    UPDATE simulation_episode AS episode
    SET status = 'queued',
        lease_expires_at = NULL,
        fruitless_claims = greatest(fruitless_claims - 1, 0),
        rests = ''
    FROM unnest(%s::bigint[], %s::int[]) AS held (id, lease)
    WHERE episode.id = held.id AND episode.lease = held.lease AND episode.status = 'running'
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """An episode that is ours while its lease is."""

    episode_id: int
    lease: int


@transaction.atomic
def claim(pool: Pool, most: int) -> list[Claim]:
    """Take up to so many of the episodes that are next. An empty list means there is none to take.

    Next is the lane with the fewest running episodes, then the one served longest ago; of a lane,
    the oldest episode. An episode whose last claim brought no step is taken alone.
    """
    shares = share(places := places_of(pool), most)
    if any(place.is_limited for place in shares):
        shares = share(_hold(pool, shares, places), most)
    shares = _without_paused(shares)
    if not shares:
        return []
    with connection.cursor() as cursor:
        _serve(cursor, shares, places)
        next_ones = " UNION ALL ".join(_next(place, n) for place, n in shares.items())
        cursor.execute(_CLAIM.format(next=next_ones), [settings.LEASE_SECONDS])
        return [Claim(*row) for row in sorted(cursor.fetchall())]


def give_back(claims: Sequence[Claim]) -> None:
    """Let others take what was claimed and not begun."""
    if not claims:
        return
    ids, leases = [c.episode_id for c in claims], [c.lease for c in claims]
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_BACK, [ids, leases])


def _hold(pool: Pool, wanted: Iterable[Place], seen: Iterable[Place]) -> list[Place]:
    """Lock the limits of what is wanted and look again, from now on undisturbed."""
    lanes = {place.lane for place in wanted if place.lane_room is not None}
    endpoints = frozenset[int]().union(*(place.limits for place in wanted))
    with connection.cursor() as cursor:
        for statement, ids in zip(_HOLD_LIMITS, (lanes, endpoints), strict=True):
            if ids:
                cursor.execute(statement, [sorted(ids)])
    return [
        place
        for place in places_of(pool)
        if (place.lane_room is None or place.lane in lanes) and place.limits <= endpoints
    ]


def _without_paused(shares: Counter[Place]) -> Counter[Place]:
    """Leave out lanes that were paused since; pausing the others waits until this is over."""
    lanes = [place.lane for place in shares if place.lane is not None]
    if not lanes:
        return shares
    with connection.cursor() as cursor:
        cursor.execute(_HOLD_UNPAUSED, [lanes])
        going = {None, *(lane for (lane,) in cursor.fetchall())}
    return Counter({place: n for place, n in shares.items() if place.lane in going})


def _serve(cursor: Any, shares: Iterable[Place], places: Sequence[Place]) -> None:
    """Remember whose turn it was, where lanes take turns."""
    lanes = {place.lane for place in shares}
    if len({place.lane for place in places}) > 1:
        cursor.execute(_SERVE, [[lane for lane in lanes if lane is not None]])


def _next(place: Place, most: int) -> str:
    asked = {"endpoint": _equals(place.endpoint), "customer": _equals(place.customer)}
    return _NEXT.format(lane=_equals(place.lane), **asked, share=most)


def _equals(number: int | None) -> str:
    """Write a condition that the index can look up."""
    return "IS NULL" if number is None else f"= {number:d}"
