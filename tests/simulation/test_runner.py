"""What a worker does with one episode, on the real database."""

import pytest
from django.db import DatabaseError, connection

from simulation import episodes, runner
from simulation.environments import environment
from simulation.leases import Lease
from simulation.models import Episode, Step
from simulation.replay import rebuild, rerun
from simulation.runner import Buffer, run_episode
from simulation.stops import StopReason
from simulation.transcript import AgentSpec
from tests.factories import (
    SOLUTION,
    calls,
    expire_lease,
    lease_gone,
    make_episode,
    make_playing,
    make_running,
    make_spec,
    make_step,
    reference,
    scripted,
)
from tests.simulation.test_play import explode

pytestmark = pytest.mark.django_db
Status = Episode.Status
SEARCHES = [calls(("searchSales", {}))] * 4


def ran(**options):
    episode = make_episode(**options)
    assert run_episode(episode.pk) is True
    episode.refresh_from_db()
    return episode


def transcript(episode):
    """What agents sent and saw, without the times."""
    names = ("index", "turn", "kind", "content", "tool", "arguments_raw", "result", "changes")
    return list(episode.steps.values_list(*names))


@pytest.fixture
def stored_at_once(monkeypatch):
    """Steps are stored as they come instead of once a second."""
    monkeypatch.setattr(Buffer, "INTERVAL", Buffer.INTERVAL * 0)


class WorkerDied(BaseException):
    """kill -9, as far as the code that runs can tell."""


@pytest.fixture
def dying(monkeypatch):
    """Let the worker die when it stores its nth batch of steps."""

    def die_at(batch):
        original, seen = episodes.record_steps, []

        def record(*args, **options):
            seen.append(1)
            if len(seen) == batch:
                raise WorkerDied
            return original(*args, **options)

        monkeypatch.setattr(episodes, "record_steps", record)

    return die_at


def test_the_reference_solution_is_run_to_its_end():
    episode = ran()

    assert (episode.status, episode.stop_reason) == (Status.ENDED, StopReason.DONE)
    assert (episode.final_response, episode.step_count) == ("Sold and paid.", 4)
    assert [step.kind for step in episode.steps.all()] == [
        "user", "tool_call", "tool_call", "assistant"]  # fmt: skip
    assert rebuild(episode).hash() == episode.state_hash


def test_usage_is_summed_over_the_turns():
    turn = {**SEARCHES[0], "tokens": {"prompt": 10, "completion": 2}}

    episode = ran(agent=scripted(turn, turn, {"text": "Done.", "tokens": {"prompt": 5}}))

    assert episode.usage == {"prompt": 25, "completion": 4}


@pytest.mark.parametrize("kind", ["null", "echo", "claims_only"])
def test_an_agent_that_does_nothing_changes_nothing(kind):
    episode = ran(agent=AgentSpec(kind=kind, name=kind))

    assert episode.stop_reason == StopReason.DONE
    assert not rebuild(episode).journal


def test_a_second_delivery_finds_nothing_to_do():
    episode = ran()
    before = transcript(episode)

    assert run_episode(episode.pk) is False
    assert transcript(episode) == before


def test_an_unknown_episode_is_nothing_to_do():
    assert run_episode(10**9) is False


@pytest.mark.parametrize("batch", [1, 2, 3])
@pytest.mark.usefixtures("stored_at_once")
def test_after_a_crash_another_worker_goes_on_as_if_nothing_had_happened(batch, dying, mock_world):
    undisturbed = ran(world=mock_world)
    episode = make_episode(world=mock_world)
    dying(batch)
    with pytest.raises(WorkerDied):
        run_episode(episode.pk)
    expire_lease(episode)
    episodes.reap_expired_leases()

    assert run_episode(episode.pk) is True

    episode.refresh_from_db()
    assert transcript(episode) == transcript(undisturbed)
    assert (episode.state_hash, episode.lease) == (undisturbed.state_hash, 2)
    assert (episode.step_count, episode.final_response) == (4, "Sold and paid.")


def test_a_worker_that_comes_back_with_an_old_lease_changes_nothing(monkeypatch):
    episode = make_episode(agent=scripted(*SEARCHES))
    play = runner.play

    def slow_play(*arguments, **options):
        outcome = play(*arguments, **options)
        lease_gone(episode)
        return outcome

    monkeypatch.setattr(runner, "play", slow_play)

    assert run_episode(episode.pk) is False
    episode.refresh_from_db()
    assert (episode.status, episode.lease, episode.step_count) == (Status.RUNNING, 2, 0)
    assert not Step.objects.exists()


@pytest.mark.parametrize(
    ("agent", "detail"),
    [
        (reference({"arguments": {}}), "KeyError"),
        (AgentSpec(kind="scripted", name="x"), "KeyError('turns')"),
        (scripted({"stop": "no_such_reason"}), "no_such_reason"),
    ],
)
def test_an_episode_that_cannot_be_run_is_parked_with_the_reason(agent, detail):
    episode = ran(agent=agent)

    assert (episode.status, episode.stop_reason) == (Status.PARKED, "")
    assert detail in episode.stop_detail


def test_a_setup_that_does_not_fit_any_more_parks_the_episode(mock_world):
    spec = make_spec(setup=[{"op": "delete", "entity_type": "sale", "id": "nobody"}])
    plan = spec, reference()
    (episode,) = episodes.queue_episodes(world=mock_world, owner=mock_world.owner, plans=[plan])

    run_episode(episode.pk)

    episode.refresh_from_db()
    assert episode.stop_detail == "setup 1: there is no sale 'nobody'"


def test_a_failing_database_leaves_the_episode_to_the_reaper(monkeypatch):
    episode = make_episode()

    def fail(*_, **__):
        raise DatabaseError("connection lost")

    monkeypatch.setattr(runner, "play", fail)

    with pytest.raises(DatabaseError):
        run_episode(episode.pk)

    episode.refresh_from_db()
    assert (episode.status, episode.step_count) == (Status.RUNNING, 0)


def test_a_crashed_tool_masks_the_episode(monkeypatch):
    monkeypatch.setitem(environment("mock_store").toolsets["default"], "explode", explode)

    episode = ran(
        agent=scripted(calls(("sell", {"buyer": "x", "itemId": "lamp"}), ("explode", {})))
    )

    assert (episode.stop_reason, episode.is_masked) == (StopReason.TOOL_SERVER_ERROR, True)
    assert [step.kind for step in episode.steps.all()] == ["user"]
    assert rebuild(episode).hash() == episode.state_hash


@pytest.mark.parametrize(("took", "stop"), [(59_000, "done"), (61_000, "wall_time")])
def test_wall_time_is_what_the_steps_took_whoever_ran_them_and_no_time_in_the_queue(took, stop):
    episode, lease = make_running(budgets={"wall_seconds": 60})
    steps = [
        make_step(0, kind="user", turn=0),
        make_step(1, kind="customer", turn=0, duration_ms=took),
    ]
    episodes.record_steps(episode.pk, steps, lease=lease)
    Episode.objects.update(started_at=episode.created_at - 2 * runner.dt.timedelta(seconds=60))
    expire_lease(episode)
    episodes.reap_expired_leases()

    run_episode(episode.pk)

    episode.refresh_from_db()
    assert (episode.stop_reason, episode.is_masked) == (stop, stop == "wall_time")


def test_the_setup_is_part_of_the_episode():
    fields = {"inStock": 7}
    setup = [{"op": "update", "entity_type": "item", "id": "lamp", "fields": fields}]

    episode = ran(setup=setup)

    state = rebuild(episode)
    assert state.get("item", "lamp")["inStock"] == 5
    assert state.hash() == episode.state_hash
    assert [change.entity_type for change in state.setup] == ["item"]


# rebuilding and running again


@pytest.mark.parametrize(
    ("step", "stock", "status"), [(0, 10, None), (1, 8, "open"), (2, 8, "paid"), (3, 8, "paid")]
)
def test_the_world_can_be_seen_as_of_any_step(step, stock, status):
    state = rebuild(ran(), step=step)

    sold = state.get("sale", "sale-250915-008")
    assert state.get("item", "lamp")["inStock"] == stock
    assert (sold and sold["status"]) == status


def test_running_the_calls_again_gives_the_same():
    episode = ran()

    again = rerun(episode)

    assert again.comparable
    assert again.is_same(episode.state_hash)


@pytest.mark.parametrize(
    "raw",
    [
        '{"buyer": "a\x00b", "itemId": "lamp"}',
        '{"buyer": "\\ud800", "itemId": "lamp"}',
        '{"buyer": "x", "itemId": "lamp", "qty": 2.0}',
        '{"buyer": "x", "itemId": "lamp", "qty": -0.0}',
        '{"buyer": "x", "itemId": "lamp", "qty": 1e16}',
        '{"buyer": ',
        "",
    ],
)
def test_odd_arguments_run_again_as_they_were_recorded(raw):
    episode = ran(agent=scripted({"calls": [["sell", raw]]}))

    assert rerun(episode).is_same(episode.state_hash)
    assert rebuild(episode).hash() == episode.state_hash


def test_numbers_in_free_form_json_rebuild_to_their_hash(mock_world):
    """A setup value passes through jsonb on its way to the worker and to the grader."""
    fields = {"price": -0.0, "inStock": 3}
    setup = [{"op": "update", "entity_type": "item", "id": "lamp", "fields": fields}]

    episode = ran(world=mock_world, setup=setup)

    assert rebuild(episode).hash() == episode.state_hash


def test_with_other_tools_a_rerun_is_not_comparable():
    spec = make_spec(tools_hash="0" * 64)
    episode = make_episode()
    Episode.objects.filter(pk=episode.pk).delete()
    (episode,) = episodes.queue_episodes(
        world=episode.world, owner=episode.owner, plans=[(spec, reference(*SOLUTION))]
    )
    run_episode(episode.pk)
    episode.refresh_from_db()

    assert not rerun(episode).comparable


# the buffer


def test_steps_wait_for_one_commit_until_a_second_has_passed(django_assert_num_queries):
    episode = make_episode()
    lease = episodes.claim_episode(episode.pk)
    buffer = Buffer(Lease(episode.pk, lease), make_playing())

    with django_assert_num_queries(0):
        buffer.add([make_step(0)])
    buffer.INTERVAL = buffer.INTERVAL * 0
    buffer.add([make_step(1)])

    assert (Step.objects.count(), buffer.steps) == (2, [])


def test_flushing_nothing_writes_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        Buffer(Lease(1, 1), make_playing()).flush()


@pytest.mark.django_db(transaction=True)
def test_a_running_worker_keeps_its_lease_alive(settings, monkeypatch):
    settings.LEASE_SECONDS = 1.0
    episode = make_episode()
    play, reaped = runner.play, []

    def slow_play(*arguments, **options):
        for _ in range(3):
            connection.cursor().execute("SELECT pg_sleep(0.5)")
            reaped.append(episodes.reap_expired_leases())
        return play(*arguments, **options)

    monkeypatch.setattr(runner, "play", slow_play)

    assert run_episode(episode.pk) is True
    assert reaped == [(0, 0)] * 3
