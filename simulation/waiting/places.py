"""Where episodes wait: a place is a lane and the endpoints of agent and customer, or none of them.

The queue's index is read by jumping from one place to the next, so what a look costs depends on how
many places there are, never on how many episodes wait or ran before.
"""

from dataclasses import dataclass

from django.db import connection

from simulation.waiting.pools import Pool

_QUEUED = "SELECT {column} FROM simulation_episode WHERE status = 'queued' AND {condition}"
# The order of the index, whole: only so is it sure to be read in that order.
_FIRST = f"{_QUEUED} ORDER BY lane_id, endpoint_id, customer_endpoint_id, id LIMIT 1"


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


def _customers(lane: str, endpoint: str) -> str:
    """Jump through the endpoints of customers of what waits; null where no model plays one."""
    place = f"lane_id {lane} AND endpoint_id {endpoint}"
    column = "customer_endpoint_id"
    return f"""
        WITH RECURSIVE customers (id) AS (
            ({_first(column, f"{place} AND {column} IS NOT NULL")})
            UNION ALL
            SELECT ({_first(column, f"{place} AND {column} > customers.id")})
            FROM customers WHERE customers.id IS NOT NULL
        )
        SELECT id FROM customers WHERE id IS NOT NULL
        UNION ALL
        SELECT NULL::bigint WHERE ({_first("1", f"{place} AND {column} IS NULL")}) = 1
    """  # noqa: S608


_WAITING = {
    "celery": f"""
        SELECT lanes.id AS lane, NULL::bigint AS endpoint, met.id AS customer
        FROM lanes CROSS JOIN LATERAL ({_customers("= lanes.id", "IS NULL")}) AS met
        WHERE lanes.id IS NOT NULL
        UNION ALL
        SELECT NULL::bigint, NULL::bigint, met.id FROM ({_customers("IS NULL", "IS NULL")}) AS met
    """,  # noqa: S608
    "models": f"""
        SELECT lanes.id AS lane, asked.id AS endpoint, met.id AS customer
        FROM lanes CROSS JOIN LATERAL ({_endpoints("= lanes.id")}) AS asked
        CROSS JOIN LATERAL ({_customers("= lanes.id", "= asked.id")}) AS met
        WHERE lanes.id IS NOT NULL
        UNION ALL
        SELECT NULL::bigint, asked.id, met.id FROM ({_endpoints("IS NULL")}) AS asked
        CROSS JOIN LATERAL ({_customers("IS NULL", "= asked.id")}) AS met
    """,  # noqa: S608
}


def _looked_up(table: str, number: str) -> str:
    """Join a row by its key: there are few places, but nobody knows of how many lanes."""
    return f"LEFT JOIN LATERAL (SELECT * FROM {table} WHERE id = {number} OFFSET 0)"  # noqa: S608


def _survey(pool: str) -> str:
    return f"""
        WITH RECURSIVE lanes (id) AS ({_LANES}),
        waiting AS MATERIALIZED ({_WAITING[pool]}),
        at_work AS MATERIALIZED (
            SELECT lane_id AS lane, endpoint_id AS endpoint, customer_endpoint_id AS customer,
                   count(*) AS running
            FROM simulation_episode WHERE status = 'running'
            GROUP BY lane_id, endpoint_id, customer_endpoint_id
        ),
        of_lanes AS (
            SELECT lane, sum(running) AS running,
                   sum(running) FILTER (WHERE (endpoint IS NULL) = {pool == "celery"}) AS beside
            FROM at_work GROUP BY lane
        ),
        of_endpoints AS MATERIALIZED (
            SELECT asked AS endpoint, sum(running) AS running FROM (
                SELECT endpoint AS asked, running FROM at_work WHERE endpoint IS NOT NULL
                UNION ALL
                SELECT customer, running FROM at_work
                WHERE customer IS NOT NULL AND customer IS DISTINCT FROM endpoint
            ) AS taken GROUP BY asked
        )
        SELECT waiting.lane, waiting.endpoint, waiting.customer, coalesce(of_lanes.beside, 0)::int,
               lane.max_running - coalesce(of_lanes.running, 0)::int,
               agent.max_running - coalesce(of_agent.running, 0)::int,
               customer.max_running - coalesce(of_customer.running, 0)::int,
               extract(epoch FROM lane.served_at)::float8,
               lane.paused_at IS NOT NULL,
               NOT (coalesce(agent.is_active, true) AND coalesce(customer.is_active, true))
        FROM waiting
        {_looked_up("simulation_lane", "waiting.lane")} AS lane ON true
        {_looked_up("simulation_modelendpoint", "waiting.endpoint")} AS agent ON true
        {_looked_up("simulation_modelendpoint", "waiting.customer")} AS customer ON true
        LEFT JOIN of_lanes ON of_lanes.lane IS NOT DISTINCT FROM waiting.lane
        LEFT JOIN of_endpoints AS of_agent ON of_agent.endpoint = waiting.endpoint
        LEFT JOIN of_endpoints AS of_customer ON of_customer.endpoint = waiting.customer
    """  # noqa: S608


_SURVEYS = {pool: _survey(pool) for pool in _WAITING}


@dataclass(frozen=True, slots=True)
class Place:
    """A lane and the endpoints of an agent and its customer, for which something waits.

    running: of the lane and in the same pool, now. lane_room, endpoint_room, customer_room: how
    many more may run; None where there is no limit. served: when something was last taken from the
    lane, in seconds. is_off: one of its endpoints is.
    """

    lane: int | None
    endpoint: int | None
    customer: int | None
    running: int
    lane_room: int | None
    endpoint_room: int | None
    customer_room: int | None
    served: float | None
    is_paused: bool
    is_off: bool

    @property
    def rooms(self) -> dict[int, int | None]:
        """Give how many more may run at each endpoint that is asked; one asked by both is one."""
        asked = (self.endpoint, self.endpoint_room), (self.customer, self.customer_room)
        return {endpoint: room for endpoint, room in asked if endpoint is not None}

    @property
    def limits(self) -> frozenset[int]:
        """Give the endpoints that are asked and have a limit."""
        return frozenset(endpoint for endpoint, room in self.rooms.items() if room is not None)

    @property
    def is_open(self) -> bool:
        """Tell whether anything can be taken from here now."""
        rooms = (self.lane_room, *self.rooms.values())
        return not (self.is_paused or self.is_off or any(r is not None and r <= 0 for r in rooms))

    @property
    def is_limited(self) -> bool:
        return self.lane_room is not None or bool(self.limits)


def places_of(pool: Pool) -> list[Place]:
    """Look where something waits, whether or not it can be taken now."""
    with connection.cursor() as cursor:
        cursor.execute(_SURVEYS[pool])
        return [Place(*row) for row in cursor.fetchall()]
