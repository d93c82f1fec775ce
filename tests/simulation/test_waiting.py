"""Who is next: fair between lanes, exactly within limits, at a price that nothing drives up."""

import itertools
from collections import Counter

import pytest
from django.db import connection, transaction
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from simulation import episodes, tasks, waiting
from simulation.models import Episode, Lane
from simulation.waiting.places import _SURVEYS, Place
from simulation.waiting.sharing import share
from tests.factories import (
    chatting,
    expire_lease,
    make_endpoint,
    make_episode,
    make_outcome,
    make_spec,
    make_world,
    reference,
)

pytestmark = pytest.mark.django_db


def queue_up(count, *, lane=None, endpoint=None, world=None, customer=None):
    """Queue episodes of one place; gives their primary keys. customer: where one is played."""
    world = world or make_world()
    agent = reference()
    if endpoint:
        agent = agent.model_copy(update={"config": {**agent.config, "endpoint_id": endpoint.pk}})
    if customer:
        agent = chatting(endpoint)
    plans = [(make_spec(world, **(spoken_to(customer) if customer else {})), agent)] * count
    queued = episodes.queue_episodes(world=world, owner=world.owner, plans=plans, lane=lane)
    return [episode.pk for episode in queued]


def spoken_to(endpoint, kind="played"):
    """What a spec says of a customer whom a model plays."""
    return {
        "mode": "conversation",
        "customer": {"kind": kind, "persona": "Dee", "goal": "lamps"},
        "customer_player": {"endpoint_id": endpoint.pk, "endpoint": endpoint.name, "model": "m"},
    }


def make_lane(**fields):
    return Lane.objects.create(**fields)


def ids(claims):
    return [claim.episode_id for claim in claims]


def lanes_of(claims):
    found = dict(Episode.objects.filter(pk__in=ids(claims)).values_list("pk", "lane"))
    return [found[claim.episode_id] for claim in claims]


def finish(claims):
    for claim in claims:
        episodes.finish_episode(claim.episode_id, make_outcome(), lease=claim.lease)


# what a claim is


def test_a_claim_takes_the_oldest_and_gives_its_lease():
    first, second, third = queue_up(3)

    claims = waiting.claim("celery", 2)

    assert claims == [waiting.Claim(first, 1), waiting.Claim(second, 1)]
    taken = Episode.objects.get(pk=first)
    assert (taken.status, taken.lease, taken.fruitless_claims) == ("running", 1, 1)
    assert taken.started_at is not None
    assert taken.lease_expires_at > timezone.now()
    assert Episode.objects.get(pk=third).status == "queued"


def test_nothing_is_claimed_where_nothing_waits():
    assert waiting.claim("celery", 4) == []
    assert waiting.claim("models", 4) == []


def test_each_pool_takes_its_own():
    (alone,) = queue_up(1)
    (asking,) = queue_up(1, endpoint=make_endpoint())
    (in_a_lane,) = queue_up(1, lane=make_lane(), endpoint=make_endpoint())

    assert sorted(ids(waiting.claim("models", 9))) == [asking, in_a_lane]
    assert ids(waiting.claim("celery", 9)) == [alone]


def test_what_was_given_back_is_there_for_others_as_it_was():
    episode, _ = queue_up(2)

    waiting.give_back(waiting.claim("celery", 2)[:1])

    back = Episode.objects.get(pk=episode)
    assert (back.status, back.lease_expires_at, back.fruitless_claims) == ("queued", None, 0)
    assert waiting.claim("celery", 2) == [waiting.Claim(episode, 2)]


def test_what_another_worker_has_is_not_given_back():
    queue_up(1)
    (old,) = waiting.claim("celery", 1)
    expire_lease(Episode.objects.get())
    episodes.reap_expired_leases()
    waiting.claim("celery", 1)

    waiting.give_back([old])

    assert Episode.objects.get().status == "running"


def test_what_may_have_killed_its_worker_takes_no_other_with_it():
    killer, other, young = queue_up(3)
    waiting.claim("celery", 2)
    for episode in Episode.objects.filter(status="running"):
        expire_lease(episode)
    episodes.reap_expired_leases()

    claims = [ids(waiting.claim("celery", 3)) for _ in range(3)]

    assert claims == [[killer], [other], [young]]


# fairness


def test_a_run_of_a_thousand_does_not_starve_one_of_five():
    world, large, small = make_world(), make_lane(), make_lane()
    queue_up(1000, lane=large, world=world)
    queue_up(5, lane=small, world=world)

    turns = []
    for _ in range(10):
        claims = waiting.claim("celery", 1)
        turns += lanes_of(claims)
        finish(claims)

    assert Counter(turns) == {large.pk: 5, small.pk: 5}
    assert all(one != other for one, other in itertools.pairwise(turns))


def test_the_lane_with_the_fewest_running_is_next():
    world, busy, idle = make_world(), make_lane(), make_lane()
    queue_up(4, lane=busy, world=world)
    waiting.claim("celery", 3)
    queue_up(4, lane=idle, world=world)

    assert lanes_of(waiting.claim("celery", 3)) == [idle.pk] * 3


def test_a_claim_of_several_is_shared_between_all_that_wait():
    world, lanes = make_world(), [make_lane() for _ in range(3)]
    for lane in [*lanes, None]:
        queue_up(5, lane=lane, world=world)

    claims = waiting.claim("celery", 8)

    assert Counter(lanes_of(claims)) == {**{lane.pk: 2 for lane in lanes}, None: 2}


def place(lane, **fields):
    nothing = dict.fromkeys(Place.__slots__)
    flags = {"running": 0, "is_paused": False, "is_off": False}
    return Place(**{**nothing, **flags, "lane": lane, **fields})


@pytest.mark.parametrize(
    ("places", "most", "shares"),
    [
        ([], 5, {}),
        ([place(1)], 3, {1: 3}),
        ([place(1, running=4), place(2)], 3, {2: 3}),
        ([place(1, running=2), place(2)], 4, {1: 1, 2: 3}),
        ([place(1, served=7.0), place(2, served=5.0)], 1, {2: 1}),
        ([place(1, served=7.0), place(2)], 1, {2: 1}),
        ([place(1, lane_room=1), place(2)], 4, {1: 1, 2: 3}),
        ([place(1, lane_room=0), place(2, lane_room=-2)], 4, {}),
        ([place(n, endpoint=8, endpoint_room=3) for n in (1, 2)], 9, {1: 2, 2: 1}),
        ([place(n, endpoint=n, customer=8, customer_room=3) for n in (1, 2)], 9, {1: 2, 2: 1}),
        ([place(1, endpoint=8, endpoint_room=3, customer=8, customer_room=3)], 9, {1: 3}),
        (
            [
                place(1, endpoint=8, endpoint_room=2),
                place(2, endpoint=7, customer=8, customer_room=2),
            ],
            9,
            {1: 1, 2: 1},
        ),
        ([place(1, endpoint=8, lane_room=3), place(1, endpoint=9, lane_room=3)], 9, {1: 3}),
        ([place(1, endpoint=8), place(1, endpoint=9), place(2, endpoint=8)], 4, {1: 2, 2: 2}),
    ],
)  # fmt: skip
def test_shares_follow_from_the_figures(places, most, shares):
    found = Counter()
    for taken, n in share(places, most).items():
        found[taken.lane] += n

    assert found == shares


def test_the_endpoints_of_a_lane_take_turns():
    shares = share([place(1, endpoint=8), place(1, endpoint=9)], 4)

    assert sorted(shares.values()) == [2, 2]


# limits and pauses


def test_a_lane_runs_no_more_than_it_may():
    lane = make_lane(max_running=2)
    queue_up(5, lane=lane)

    first = waiting.claim("celery", 5)
    assert (len(first), waiting.claim("celery", 5)) == (2, [])

    finish(first[:1])
    assert len(waiting.claim("celery", 5)) == 1


def test_the_limit_of_a_lane_counts_both_pools():
    lane, world = make_lane(max_running=3), make_world()
    queue_up(2, lane=lane, world=world)
    queue_up(5, lane=lane, world=world, endpoint=make_endpoint())

    assert [len(waiting.claim(pool, 9)) for pool in ("celery", "models")] == [2, 1]


def test_the_limit_of_an_endpoint_counts_all_lanes():
    endpoint, free, world = make_endpoint(max_running=3), make_endpoint(), make_world()
    for lane in (make_lane(), make_lane(), None):
        queue_up(2, lane=lane, endpoint=endpoint, world=world)
    others = queue_up(2, endpoint=free, world=world)

    claims = waiting.claim("models", 9)

    asked = Counter(Episode.objects.filter(pk__in=ids(claims)).values_list("endpoint", flat=True))
    assert asked == {endpoint.pk: 3, free.pk: 2}
    assert set(others) <= set(ids(claims))
    assert waiting.claim("models", 9) == []


def test_a_conversation_takes_a_place_at_the_endpoint_of_its_customer_too():
    player, world = make_endpoint(max_running=3), make_world()
    agents = [make_endpoint() for _ in range(3)]
    for endpoint in agents[:2]:
        queue_up(2, endpoint=endpoint, customer=player, world=world)
    queue_up(2, endpoint=player, world=world)
    others = queue_up(2, endpoint=agents[2], world=world)

    claims = waiting.claim("models", 9)

    taken = Episode.objects.filter(pk__in=ids(claims))
    assert taken.filter(Q(endpoint=player) | Q(customer_endpoint=player)).count() == 3
    assert (len(claims), set(others) <= set(ids(claims))) == (5, True)
    assert waiting.claim("models", 9) == []

    finish(claims[:1])
    assert len(waiting.claim("models", 9)) == 1


def test_one_endpoint_for_agent_and_customer_is_one_place():
    both = make_endpoint(max_running=2)
    queue_up(3, endpoint=both, customer=both)

    assert len(waiting.claim("models", 9)) == 2
    assert waiting.claim("models", 9) == []


def test_a_full_endpoint_of_customers_holds_up_nobody_who_talks_to_none():
    player, endpoint, world = make_endpoint(max_running=1), make_endpoint(), make_world()
    lane = make_lane()
    spoken = queue_up(5, endpoint=endpoint, customer=player, lane=lane, world=world)
    alone = queue_up(3, endpoint=endpoint, lane=lane, world=world)

    assert ids(waiting.claim("models", 9)) == [spoken[0], *alone]


@pytest.mark.parametrize(
    ("kind", "agent", "is_asked"),
    [("played", chatting, True), ("script", chatting, False), ("played", None, False)],
)
def test_the_endpoint_of_a_customer_is_kept_where_it_is_asked(kind, agent, is_asked):
    endpoint, world = make_endpoint(), make_world()
    spec = make_spec(world, **spoken_to(endpoint, kind))
    plan = spec, agent(endpoint) if agent else reference()

    (episode,) = episodes.queue_episodes(world=world, owner=world.owner, plans=[plan])

    assert (episode.customer_endpoint_id == endpoint.pk) == is_asked


def test_a_paused_lane_is_left_alone_until_it_is_resumed(queue, django_capture_on_commit_callbacks):
    lane = make_lane()
    running, waits = queue_up(2, lane=lane)
    ((_, lease),) = [(c.episode_id, c.lease) for c in waiting.claim("celery", 1)]

    assert (waiting.pause_lane(lane), waiting.pause_lane(lane)) == (True, False)
    assert waiting.claim("celery", 9) == []
    assert Episode.objects.get(pk=running).rests == "pause"
    episodes.rest_episode(running, lease=lease)
    assert waiting.claim("celery", 9) == []

    with django_capture_on_commit_callbacks(execute=True):
        assert (waiting.resume_lane(lane), waiting.resume_lane(lane)) == (True, False)
    assert queue.take() == [(waiting.WORK, "celery")]
    assert ids(waiting.claim("celery", 9)) == [running, waits]
    assert set(Episode.objects.values_list("rests", flat=True)) == {""}


def test_resuming_takes_back_what_a_worker_was_asked():
    lane = make_lane()
    queue_up(1, lane=lane)
    (claim,) = waiting.claim("celery", 1)
    waiting.pause_lane(lane)
    assert episodes.heartbeat_all({claim.episode_id: claim.lease}) == {claim.episode_id: "pause"}

    waiting.resume_lane(lane)

    assert episodes.heartbeat_all({claim.episode_id: claim.lease}) == {claim.episode_id: ""}


CLOSED = {
    "paused": {"lane": {"paused_at": timezone.now()}},
    "full lane": {"lane": {"max_running": 1}},
    "full endpoint": {"endpoint": {"max_running": 1}},
    "endpoint switched off": {"endpoint": {"is_active": False}},
    "full endpoint of customers": {"customer": {"max_running": 1}},
    "endpoint of customers switched off": {"customer": {"is_active": False}},
}


@pytest.mark.parametrize("name", ["open", *CLOSED])
def test_nothing_is_taken_where_something_is_closed(name):
    given = CLOSED.get(name, {})
    endpoint = make_endpoint(name="slow", **given.get("endpoint", {}))
    lane = make_lane(**given.get("lane", {}))
    customer = make_endpoint(**given.get("customer", {}))
    queue_up(2, lane=lane, endpoint=endpoint, customer=customer)
    waiting.claim("models", 1)

    (place,) = waiting.places_of("models")

    assert place.is_open == (name == "open")
    assert bool(waiting.claim("models", 1)) == (name == "open")


# what it costs


def fill(count, *, lanes, **values):
    """Add many episodes like the oldest one, spread over lanes, by the database alone."""
    written = {"lane_id": f"('{{{str(lanes)[1:-1]}}}'::bigint[])[1 + mod(n, {len(lanes)})]"}
    written |= {name: f"'{value}'" for name, value in values.items()}
    columns = [field.column for field in Episode._meta.concrete_fields if not field.primary_key]
    taken = ", ".join(written.get(column, f'"{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO simulation_episode ({names})
            SELECT {taken} FROM (SELECT * FROM simulation_episode ORDER BY id LIMIT 1) AS model
            CROSS JOIN generate_series(1, {count}) AS n
            """
        )


def buffers(statement):
    """Count the pages that a statement looks at, and name how it reads episodes and lanes.

    Endpoints are a handful on one page: how PostgreSQL reads that is its own affair.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}")
        (plan,) = cursor.fetchone()[0]
        transaction.set_rollback(True)
    used = Counter()

    def walk(node):
        if node.get("Relation Name") in ("simulation_episode", "simulation_lane"):
            used[node.get("Index Name", node["Node Type"])] += 1
        for child in node.get("Plans", ()):
            walk(child)

    walk(plan["Plan"])
    return plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"], used


def looked_at(pool):
    """Claim four; gives the pages that its queries look at, and the indexes of episodes."""
    with CaptureQueriesContext(connection) as seen, transaction.atomic():
        waiting.claim(pool, 4)
        transaction.set_rollback(True)
    pages, used = 0, Counter()
    for query in seen.captured_queries:
        if "simulation_episode" in query["sql"]:
            more, names = buffers(query["sql"])
            pages, used = pages + more, used + names
    return pages, used


OVER = {"status": "ended", "stop_reason": "done", "state_hash": "x", "ended_at": "2026-01-01"}


@pytest.mark.django_db(transaction=True)
def test_a_claim_costs_the_same_with_twenty_thousand_waiting_and_after_as_many_runs():
    few, many = make_lane(), [make_lane().pk for _ in range(3)]
    make_episode(lane=few)
    fill(500, lanes=many)  # the index has its depth then
    analyze()
    little, _ = looked_at("celery")

    old = [lane.pk for lane in Lane.objects.bulk_create(Lane() for _ in range(2000))]
    fill(4000, lanes=old, **OVER)
    fill(20_000, lanes=many)
    analyze()
    much, used = looked_at("celery")

    assert "Seq Scan" not in used
    assert used["episode_waiting"] >= 4
    assert much <= little + 60


@pytest.mark.django_db(transaction=True)
def test_a_claim_of_conversations_costs_the_same_with_thousands_waiting():
    player, world, lanes = make_endpoint(max_running=2), make_world(), [make_lane().pk]
    queue_up(1, endpoint=make_endpoint(), customer=player, world=world, lane=make_lane())
    fill(500, lanes=lanes)  # the index has its depth then
    analyze()
    little, _ = looked_at("models")

    fill(4000, lanes=lanes)
    analyze()
    much, used = looked_at("models")

    assert used["episode_waiting"] >= 4
    assert much <= little + 60


def analyze():
    """Take away what other tests rolled back as well: pages that hold it are looked at, too."""
    tables = "simulation_episode, simulation_lane, simulation_modelendpoint"
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM (ANALYZE) {tables}")


@pytest.mark.parametrize("pool", waiting.POOLS)
def test_looking_asks_once_however_much_waits(pool, django_assert_num_queries):
    world = make_world()
    for _ in range(3):
        queue_up(2, lane=make_lane(max_running=1), endpoint=make_endpoint(), world=world)
        queue_up(2, lane=make_lane(), world=world)

    with django_assert_num_queries(1):
        assert len(waiting.places_of(pool)) == 3
    assert set(_SURVEYS) == set(waiting.POOLS)


# the task


@pytest.mark.usefixtures("queue")
def test_a_worker_runs_what_waits_and_then_hints_no_more(queue, django_capture_on_commit_callbacks):
    numbers = queue_up(6)

    with django_capture_on_commit_callbacks(execute=True):
        tasks.work("celery")

    assert set(Episode.objects.values_list("status", flat=True)) == {"ended"}
    assert [name for name, _ in queue.take()].count(waiting.WORK) <= 1
    assert len(numbers) == 6
