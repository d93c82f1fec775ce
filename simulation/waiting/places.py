"""Where episodes wait: a place is a lane and an endpoint, either of which may be none.

The queue's index is read by jumping from one place to the next, so what a look costs depends on how
many places there are, never on how many episodes wait or ran before.
"""

from dataclasses import dataclass

from django.db import connection

from simulation.waiting.pools import Pool

_QUEUED = "SELECT {column} FROM simulation_episode WHERE status = 'queued' AND {condition}"
# The order of the index, whole: only so is it sure to be read in that order.
_FIRST = f"{_QUEUED} ORDER BY lane_id, endpoint_id, id LIMIT 1"


def _first(column: str, condition: str) -> str:
    return _FIRST.format(column=column, condition=condition)


# Each row gives the next: the last one is null, which stands for having no lane.
_LANES = f"""
    ({_first("lane_id", "lane_id IS NOT NULL")})
    UNION ALL
    SELECT ({_first("lane_id", "lane_id > lanes.id")}) FROM lanes WHERE lanes.id IS NOT NULL
"""  # noqa: S608  our own words alone, here and below


def _endpoints(lane: str) -> str:
    """Jump through the endpoints for which something waits in a lane; the last row is null."""
    return f"""
        WITH RECURSIVE endpoints (id) AS (
            ({_first("endpoint_id", f"lane_id {lane} AND endpoint_id IS NOT NULL")})
            UNION ALL
            SELECT ({_first("endpoint_id", f"lane_id {lane} AND endpoint_id > endpoints.id")})
            FROM endpoints WHERE endpoints.id IS NOT NULL
        )
        SELECT id FROM endpoints WHERE id IS NOT NULL
    """  # noqa: S608


_WAITING = {
    "celery": f"""
        SELECT id AS lane, NULL::bigint AS endpoint FROM (
            SELECT id FROM lanes WHERE id IS NOT NULL AND EXISTS (
                {_first("1", "lane_id = lanes.id AND endpoint_id IS NULL")})
            UNION ALL
            SELECT NULL::bigint WHERE EXISTS (
                {_first("1", "lane_id IS NULL AND endpoint_id IS NULL")})
        ) AS those_that_ask_nobody
    """,  # noqa: S608
    "models": f"""
        SELECT lanes.id AS lane, found.id AS endpoint
        FROM lanes CROSS JOIN LATERAL ({_endpoints("= lanes.id")}) AS found
        WHERE lanes.id IS NOT NULL
        UNION ALL
        SELECT NULL::bigint, found.id FROM ({_endpoints("IS NULL")}) AS found
    """,  # noqa: S608
}


def _survey(pool: str) -> str:
    return f"""
        WITH RECURSIVE lanes (id) AS ({_LANES}),
        waiting AS MATERIALIZED ({_WAITING[pool]}),
        at_work AS MATERIALIZED (
            SELECT lane_id AS lane, endpoint_id AS endpoint, count(*) AS running
            FROM simulation_episode WHERE status = 'running' GROUP BY lane_id, endpoint_id
        ),
        of_lanes AS (
            SELECT lane, sum(running) AS running,
                   sum(running) FILTER (WHERE (endpoint IS NULL) = {pool == "celery"}) AS beside
            FROM at_work GROUP BY lane
        ),
        of_endpoints AS (
            SELECT endpoint, sum(running) AS running
            FROM at_work WHERE endpoint IS NOT NULL GROUP BY endpoint
        )
        SELECT waiting.lane, waiting.endpoint, coalesce(of_lanes.beside, 0)::int,
               simulation_lane.max_running - coalesce(of_lanes.running, 0)::int,
               simulation_modelendpoint.max_running - coalesce(of_endpoints.running, 0)::int,
               extract(epoch FROM simulation_lane.served_at)::float8,
               simulation_lane.paused_at IS NOT NULL,
               NOT coalesce(simulation_modelendpoint.is_active, true)
        FROM waiting
        LEFT JOIN simulation_lane ON simulation_lane.id = waiting.lane
        LEFT JOIN simulation_modelendpoint ON simulation_modelendpoint.id = waiting.endpoint
        LEFT JOIN of_lanes ON of_lanes.lane IS NOT DISTINCT FROM waiting.lane
        LEFT JOIN of_endpoints ON of_endpoints.endpoint = waiting.endpoint
    """  # noqa: S608


_SURVEYS = {pool: _survey(pool) for pool in _WAITING}


@dataclass(frozen=True, slots=True)
class Place:
    """A lane and an endpoint for which something waits.

    running: of the lane and in the same pool, now. lane_room, endpoint_room: how many more may run;
    None where there is no limit. served: when something was last taken from the lane, in seconds.
    """

    lane: int | None
    endpoint: int | None
    running: int
    lane_room: int | None
    endpoint_room: int | None
    served: float | None
    is_paused: bool
    is_off: bool

    @property
    def is_open(self) -> bool:
        """Tell whether anything can be taken from here now."""
        rooms = (self.lane_room, self.endpoint_room)
        return not (self.is_paused or self.is_off or any(r is not None and r <= 0 for r in rooms))

    @property
    def is_limited(self) -> bool:
        return self.lane_room is not None or self.endpoint_room is not None


def places_of(pool: Pool) -> list[Place]:
    """Look where something waits, whether or not it can be taken now."""
    with connection.cursor() as cursor:
        cursor.execute(_SURVEYS[pool])
        return [Place(*row) for row in cursor.fetchall()]
