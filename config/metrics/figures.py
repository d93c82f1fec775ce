"""What the database and the queue say when they are asked: gauges, each by an index.

Nothing here reads a row of an episode that is over but those of the last minutes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from amqp.exceptions import ChannelError
from celery import current_app
from django.db import DatabaseError, connection, transaction
from kombu.exceptions import OperationalError
from prometheus_client.core import GaugeMetricFamily

PATIENCE = "5s"
RECENT_MINUTES = 5


@dataclass(frozen=True)
class Question:
    """SQL whose rows are label values and then the figures of the gauges, in their order."""

    sql: str
    labels: Sequence[str]
    gauges: Sequence[tuple[str, str]]  # name and what it tells

    def ask(self, cursor: Any) -> list[GaugeMetricFamily]:
        cursor.execute(self.sql)
        rows = cursor.fetchall()
        return [
            _gauge(name, told, self.labels, [(row[: len(self.labels)], row[place]) for row in rows])
            for place, (name, told) in enumerate(self.gauges, len(self.labels))
        ]


QUESTIONS = (
    # The first of a lane and endpoint has waited longest: to look at all would read whole rows.
    Question(
        """
        WITH waiting AS (
            SELECT lane_id, endpoint_id, count(*) AS number, min(id) AS first
            FROM simulation_episode WHERE status = 'queued' GROUP BY lane_id, endpoint_id
        )
        SELECT CASE WHEN waiting.endpoint_id IS NULL THEN 'celery' ELSE 'models' END,
               CASE WHEN paused_at IS NULL THEN 'no' ELSE 'yes' END,
               sum(number), count(DISTINCT waiting.lane_id),
               extract(epoch FROM now() - min(queued_at))
        FROM waiting
        JOIN simulation_episode episode ON episode.id = first
        LEFT JOIN simulation_lane lane ON lane.id = waiting.lane_id
        GROUP BY 1, 2
        """,
        ("pool", "paused"),
        (
            ("eg_episodes_waiting", "Episodes that wait for a worker"),
            ("eg_lanes_waiting", "Lanes (runs) in which episodes wait"),
            ("eg_episodes_waiting_oldest_seconds", "How long the first of them has waited"),
        ),
    ),
    Question(
        """
        SELECT coalesce(endpoint.name, 'none'), count(*)
        FROM simulation_episode episode
        LEFT JOIN simulation_modelendpoint endpoint ON endpoint.id = episode.endpoint_id
        WHERE status = 'running' GROUP BY 1
        """,
        ("endpoint",),
        (("eg_episodes_running", "Episodes that run, by the endpoint that their agent asks"),),
    ),
    Question(
        """
        SELECT name, count(*) FROM (
            SELECT endpoint_id AS asked FROM simulation_episode
            WHERE status = 'running' AND endpoint_id IS NOT NULL
            UNION ALL
            SELECT customer_endpoint_id FROM simulation_episode
            WHERE status = 'running' AND customer_endpoint_id IS DISTINCT FROM endpoint_id
                AND customer_endpoint_id IS NOT NULL
        ) AS taken
        JOIN simulation_modelendpoint endpoint ON endpoint.id = asked GROUP BY 1
        """,
        ("endpoint",),
        (("eg_endpoint_running", "Episodes that ask an endpoint for their agent or customer"),),
    ),
    Question(
        """
        SELECT name, max_running FROM simulation_modelendpoint
        WHERE max_running IS NOT NULL AND is_active
        """,
        ("endpoint",),
        (("eg_endpoint_max_running", "Episodes that may run on an endpoint at one time"),),
    ),
    Question(
        """
        SELECT (SELECT count(*) FROM simulation_episode WHERE status = 'parked'),
               (SELECT count(*) FROM simulation_episode
                WHERE status = 'running' AND lease_expires_at < now()),
               (SELECT count(*) FROM grading_assessment WHERE status = 'open'),
               (SELECT count(*) FROM grading_assessment WHERE status = 'incomplete')
        """,
        (),
        (
            ("eg_episodes_parked", "Episodes that were put aside for a person"),
            ("eg_leases_expired", "Running episodes whose worker has fallen silent"),
            ("eg_assessments_open", "Assessments that are not decided, of episodes over or not"),
            ("eg_assessments_incomplete", "Assessments without a reward: a criterion is open"),
        ),
    ),
    Question(
        f"""
        SELECT stop_reason, count(*) FROM simulation_episode
        WHERE ended_at > now() - interval '{RECENT_MINUTES} minutes' GROUP BY 1
        """,  # noqa: S608  our own number
        ("stop_reason",),
        (
            (
                "eg_episodes_ended_recently",
                f"Episodes that ended in the last {RECENT_MINUTES} minutes, by why",
            ),
        ),
    ),
)


def database_figures() -> list[GaugeMetricFamily]:
    """Ask everything in one moment. A database that is not there is a figure as well."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = '{PATIENCE}'")
            answers = [gauge for question in QUESTIONS for gauge in question.ask(cursor)]
    except DatabaseError:
        return [_up("eg_database_up", "Whether the database answers", is_up=False)]
    return [*answers, _up("eg_database_up", "Whether the database answers", is_up=True)]


def queue_figures() -> list[GaugeMetricFamily]:
    """Tell how many messages wait in each queue; a broker that is not there is a figure as well."""
    told = "Whether the message broker answers"
    try:
        lengths = list(_lengths(queue.name for queue in current_app.conf.task_queues or ()))
    except (OperationalError, OSError):
        return [_up("eg_queue_up", told, is_up=False)]
    messages = "Messages that wait for a worker"
    return [
        _gauge("eg_queue_messages", messages, ("queue",), lengths),
        _up("eg_queue_up", told, is_up=True),
    ]


def _lengths(names: Iterable[str]) -> Iterator[tuple[tuple[str], int]]:
    with current_app.connection_for_read() as broker:
        broker.ensure_connection(max_retries=1, timeout=2)
        channel: Any = broker.default_channel
        for name in names:
            try:
                yield (name,), channel.queue_declare(name, passive=True).message_count
            except ChannelError:
                yield (name,), 0  # nobody has sent anything yet


def _gauge(
    name: str, told: str, labels: Sequence[str], values: Iterable[tuple[Sequence[str], Any]]
) -> GaugeMetricFamily:
    gauge = GaugeMetricFamily(name, told, labels=labels)
    for given, value in values:
        gauge.add_metric(given, float(value or 0))
    return gauge


def _up(name: str, told: str, *, is_up: bool) -> GaugeMetricFamily:
    return _gauge(name, told, (), [((), is_up)])
