"""What keeps the waiting episodes of a run from being taken up."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import Count, Max, Min, Q
from django.db.models.functions import Now

from grading.models import Run
from simulation.models import Episode, ModelEndpoint
from simulation.waiting import pool_of
from simulation.wording import counted, duration

PATIENCE = dt.timedelta(seconds=15)  # so long a waiting episode needs no explanation
LOST = Q(lease_expires_at__lt=Now())
Asked = tuple[int | None, int | None]  # the endpoints of an agent and its customer
Kind = Literal["paused", "limit", "endpoint", "off", "workers", "lost"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """One reason: `title` is what is the case, `text` what can be done."""

    kind: Kind
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """What a run has waiting, by the endpoints of agent and customer, and what runs anywhere.

    by_endpoint: episodes that ask it, for whichever of the two. alive: endpoints of agents that are
    asked by workers of which something has been heard; None stands for agents that ask none.
    """

    waiting: Counter[Asked]
    waits: dt.timedelta
    by_lane: Counter[int | None]
    by_endpoint: Counter[int | None]
    lost: Counter[int | None]
    alive: frozenset[int | None]

    def waiting_for(self, endpoint: int) -> int:
        return sum(n for asked, n in self.waiting.items() if endpoint in asked)

    def plays_customers(self, endpoint: int) -> bool:
        """Tell whether what waits would ask it for what customers say, and for nothing else."""
        return all(agent != endpoint for agent, _ in self.waiting)


def read_holds(run: Run) -> list[Hold]:
    """Say what holds a run up, in three queries at most."""
    if run.lane is None:
        return []
    queue = _read(run.lane.pk)
    lost = queue.lost[run.lane.pk]
    holds = [_lost(lost)] if lost else []
    most, running = run.lane.max_running, queue.by_lane[run.lane.pk]
    if run.lane.paused_at and (running or queue.waiting):
        return [*holds, _paused(running, queue.waiting.total())]
    if not queue.waiting:
        return holds
    if most is not None and running >= most:
        return [*holds, _limit(running, most)]
    return [*holds, *_endpoints_or_workers(queue)]


def _read(lane: int) -> Queue:
    at_work = Episode.objects.filter(status=Episode.Status.RUNNING).order_by()
    places = at_work.values("lane", "endpoint", "customer_endpoint").annotate(
        n=Count("pk"), lost=Count("pk", filter=LOST)
    )
    waiting = Episode.objects.filter(lane=lane, status=Episode.Status.QUEUED).order_by()
    queued = waiting.values("endpoint", "customer_endpoint").annotate(
        n=Count("pk"), first=Min("queued_at"), now=Max(Now())
    )
    running, rows = list(places), list(queued)
    return Queue(
        waiting=Counter({_asked(row): row["n"] for row in rows}),
        waits=max((row["now"] - row["first"] for row in rows), default=dt.timedelta(0)),
        by_lane=_counter(running, "lane", "n"),
        by_endpoint=_by_endpoint(running),
        lost=_counter(running, "lane", "lost"),
        alive=frozenset(row["endpoint"] for row in running if row["n"] > row["lost"]),
    )


def _asked(row: Any) -> Asked:
    return row["endpoint"], row["customer_endpoint"]


def _by_endpoint(rows: list[Any]) -> Counter[int | None]:
    """Count what runs at each endpoint; an episode that asks one twice is there once."""
    counts: Counter[int | None] = Counter()
    for row in rows:
        for endpoint in {*_asked(row)} - {None}:
            counts[endpoint] += row["n"]
    return counts


def _counter(rows: list[Any], key: str, count: str) -> Counter[int | None]:
    counts: Counter[int | None] = Counter()
    for row in rows:
        counts[row[key]] += row[count]
    return counts


def _endpoints_or_workers(queue: Queue) -> list[Hold]:
    """Name endpoints that take no more; of what waits for none of them, ask for workers."""
    numbers = {pk for asked in queue.waiting for pk in asked if pk is not None}
    endpoints = ModelEndpoint.objects.filter(pk__in=numbers)
    closed = {endpoint.pk: hold for endpoint in endpoints if (hold := _endpoint(endpoint, queue))}
    open_ = {pool_of(asked[0]) for asked in queue.waiting if closed.keys().isdisjoint(asked)}
    at_work = {pool_of(endpoint) for endpoint in queue.alive}
    if open_ <= at_work or queue.waits < PATIENCE:
        return [*closed.values()]
    return [*closed.values(), _no_worker(queue.waits)]


def _endpoint(endpoint: ModelEndpoint, queue: Queue) -> Hold | None:
    running, most = queue.by_endpoint[endpoint.pk], endpoint.max_running
    waits = f"{queue.waiting_for(endpoint.pk):,} of this run waiting."
    if queue.plays_customers(endpoint.pk):
        waits = f"It plays their customers. {waits}"
    if not endpoint.is_active:
        title = f"Endpoint {endpoint.name} is switched off"
        return Hold(kind="off", title=title, text=f"{waits} An admin can switch it on.")
    if most is not None and running >= most:
        title = f"Endpoint {endpoint.name} is full"
        text = f"{running:,} of at most {most:,} episodes of all runs ask it. {waits}"
        return Hold(kind="endpoint", title=title, text=text)
    return None


def _paused(running: int, waiting: int) -> Hold:
    come = f"{running:,} still at work, until the answer on its way is stored. " if running else ""
    text = f"{come}{waiting:,} waiting. “Resume” goes on where each one stands."
    return Hold(kind="paused", title="The run is paused", text=text)


def _limit(running: int, most: int) -> Hold:
    text = "The others wait their turn; a higher limit lets more run at one time."
    return Hold(kind="limit", title=f"{running:,} of at most {most:,} run", text=text)


def _no_worker(waits: dt.timedelta) -> Hold:
    text = (
        f"They have been waiting for {duration(waits)}. Workers may be grading or at other runs;"
        " where there are none, start some."
    )
    return Hold(kind="workers", title="No worker takes them yet", text=text)


def _lost(count: int) -> Hold:
    title = f"{counted(count, 'episode')} without a worker"
    return Hold(kind="lost", title=title, text="Another worker goes on with what is stored.")
