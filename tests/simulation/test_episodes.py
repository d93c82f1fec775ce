"""The life of an episode under a lease: queue, claim, record, finish, reap."""

from decimal import Decimal

import pytest
from django.utils import timezone

from simulation import episodes
from simulation.errors import Conflict, InvalidArgument, LeaseLost, Problems
from simulation.models import Episode, Step
from simulation.spending import Spent
from simulation.stops import GRADED, MASKED, StopReason
from simulation.transcript import AgentSpec
from tests.factories import (
    cancel,
    expire_lease,
    lease_gone,
    make_ended,
    make_episode,
    make_outcome,
    make_running,
    make_spec,
    make_step,
    reference,
)

pytestmark = pytest.mark.django_db
Status = Episode.Status


# queueing


def test_an_episode_is_queued_with_its_frozen_spec_and_agent(mock_world):
    episode = make_episode(world=mock_world, prompt="Sell\x00 it.", seed=3)

    assert (episode.status, episode.lease, episode.step_count) == (Status.QUEUED, 0, 0)
    assert (episode.spec["prompt"], episode.spec["seed"]) == ("Sell\ufffd it.", 3)
    assert episode.spec["tools_hash"] == mock_world.company.tools_hash("default")
    assert episode.agent == reference().model_dump()


@pytest.mark.parametrize(
    ("members", "error", "message"),
    [
        ({"toolset": "ghost"}, InvalidArgument, r"toolset 'ghost': store-\d+@1 has all, default"),
        ({"setup": [{"op": "rename"}]}, Problems, "setup 1: op 'rename'"),
    ],
)
def test_a_spec_that_does_not_fit_the_world_is_refused(mock_world, members, error, message):
    with pytest.raises(error, match=message):
        make_spec(mock_world, **members)


def test_an_unknown_kind_of_agent_is_refused_and_nothing_is_queued(mock_world):
    ghost = AgentSpec(kind="ghost", name="ghost")

    with pytest.raises(InvalidArgument, match=r"agent kind .ghost.: there are chat, claims_only"):
        make_episode(world=mock_world, agent=ghost)

    assert not Episode.objects.exists()


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 2**64, 1e300])
def test_a_number_that_cannot_be_stored_is_refused(mock_world, number):
    with pytest.raises(InvalidArgument):
        make_episode(world=mock_world, customer={"patience": number})


# claiming


def test_a_claim_gives_the_next_lease_number():
    episode, lease = make_running()

    assert (lease, episode.lease, episode.status) == (1, 1, Status.RUNNING)
    assert episode.lease_expires_at > timezone.now()
    assert (episode.fruitless_claims, episode.started_at is not None) == (1, True)


def test_a_later_claim_counts_up_and_keeps_the_start():
    episode, _ = make_running()
    started = episode.started_at

    assert lease_gone(episode) == 2
    episode.refresh_from_db()
    assert episode.started_at == started


@pytest.mark.parametrize("status", ["running", "ended", "cancelled", "parked", "nowhere"])
def test_what_is_not_queued_cannot_be_claimed(status):
    episode = make_in(status)
    before = Episode.objects.values().get(pk=episode.pk) if episode.pk else None

    assert episodes.claim_episode(episode.pk or 0) is None

    assert before is None or Episode.objects.values().get(pk=episode.pk) == before


def make_in(status):
    """An episode in that status; its lease was 1."""
    if status == "nowhere":
        return Episode()
    if status == "ended":
        return make_ended()
    if status == "queued":
        return make_episode()
    episode, lease = make_running()
    if status == "cancelled":
        cancel(episode.pk)
    if status == "parked":
        episodes.park_episode(episode.pk, "broken", lease=lease)
    episode.refresh_from_db()
    return episode


# writing under the lease


def test_steps_are_recorded_and_prolong_the_lease():
    episode, lease = make_running()
    expire_lease(episode)

    episodes.record_steps(episode.pk, [make_step(0), make_step(1)], lease=lease)

    episode.refresh_from_db()
    assert (episode.step_count, episode.fruitless_claims) == (2, 0)
    assert episode.lease_expires_at > timezone.now()
    assert [step.index for step in episodes.read_steps(episode)] == [0, 1]


def test_a_step_reads_back_as_it_was_recorded(state):
    episode, lease = make_running()
    state.create("sale", {"buyer": "ü🛒", "lines": [], "status": "open"})
    step = make_step(
        kind="tool_call", tool="sell", call_id="c1", arguments={"a": [1.5, None]},
        arguments_raw='{ "a":[1.50,null]}', result='{"b":1}', is_error=True,
        changes=tuple(state.journal), note="n", tokens={"input": 3}, duration_ms=1.25,
    )  # fmt: skip

    episodes.record_steps(episode.pk, [step], lease=lease)

    (read,) = episodes.read_steps(episode)
    assert read.changes == list(step.changes)
    assert {**vars_of(read), "changes": ()} == {**vars_of(step), "changes": ()}


def vars_of(step):
    return {name: getattr(step, name) for name in step.__dataclass_fields__}


def test_a_heartbeat_prolongs_the_lease_and_is_no_step():
    episode, lease = make_running()
    expire_lease(episode)

    assert [*episodes.heartbeat_all({episode.pk: lease})] == [episode.pk]

    episode.refresh_from_db()
    assert episode.lease_expires_at > timezone.now()
    assert episode.fruitless_claims == 1


WRITES = {
    "record": lambda pk, lease: episodes.record_steps(pk, [make_step(7)], lease=lease),
    "finish": lambda pk, lease: episodes.finish_episode(
        pk, make_outcome(), lease=lease, steps=[make_step(8)]
    ),
    "park": lambda pk, lease: episodes.park_episode(pk, "broken", lease=lease),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_worker_that_lost_its_lease_to_another_changes_nothing(write):
    episode, old = make_running()
    lease_gone(episode)
    before = everything(episode)

    with pytest.raises(LeaseLost):
        write(episode.pk, old)

    assert everything(episode) == before


@pytest.mark.parametrize("status", ["queued", "ended", "cancelled", "parked"])
@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_worker_changes_nothing_once_its_episode_does_not_run(write, status):
    episode = make_in(status)
    before = everything(episode)

    with pytest.raises(LeaseLost):
        write(episode.pk, episode.lease)

    assert everything(episode) == before


def test_a_heartbeat_without_the_lease_is_not_heard_and_changes_nothing():
    ended = {status: make_in(status) for status in ("queued", "ended", "cancelled", "parked")}
    taken, old = make_running()
    lease_gone(taken)
    before = everything(taken)

    leases = {episode.pk: episode.lease for episode in ended.values()}
    assert episodes.heartbeat_all({**leases, taken.pk: old}) == {}

    assert everything(taken) == before


def everything(episode):
    return list(Episode.objects.values()), list(Step.objects.values())


# finishing


def test_an_episode_ends_with_its_last_steps_and_its_hash():
    episode, lease = make_running()
    episodes.record_steps(episode.pk, [make_step(0)], lease=lease)
    outcome = make_outcome(StopReason.MAX_TURNS, detail="50 turns", state_hash="a" * 64)

    spent = Spent(usage={"input": 7}, cost=Decimal("0.25"))
    episodes.finish_episode(episode.pk, outcome, lease=lease, steps=[make_step(1)], spent=spent)

    episode.refresh_from_db()
    assert (episode.status, episode.stop_reason) == (Status.ENDED, "max_turns")
    assert (episode.stop_detail, episode.state_hash) == ("50 turns", "a" * 64)
    assert (episode.step_count, episode.usage, episode.final_response) == (2, {"input": 7}, "done")
    assert (episode.cost, episode.customer_usage) == (Decimal("0.25"), {})
    assert (episode.lease_expires_at, episode.is_over) == (None, True)


def test_an_episode_ends_exactly_once():
    episode, lease = make_running()
    episodes.finish_episode(episode.pk, make_outcome(), lease=lease)

    with pytest.raises(LeaseLost):
        episodes.finish_episode(episode.pk, make_outcome(StopReason.GAVE_UP), lease=lease)

    assert Episode.objects.get().stop_reason == StopReason.DONE


def test_every_reason_to_stop_is_either_graded_or_ours():
    assert set(StopReason) == GRADED | MASKED
    assert not GRADED & MASKED


@pytest.mark.parametrize(
    ("stop", "is_masked"),
    [("done", False), ("max_turns", False), ("gave_up", False), ("provider_error", True),
     ("tool_server_error", True), ("wall_time", True)],
)  # fmt: skip
def test_an_episode_that_ended_for_a_reason_of_ours_is_masked(stop, is_masked):
    assert make_ended(StopReason(stop)).is_masked is is_masked


# cancelling and parking


@pytest.mark.parametrize("status", ["queued", "running", "parked"])
def test_an_unfinished_episode_can_be_cancelled(status):
    episode = make_in(status)

    assert cancel(episode.pk, detail="not needed") is True

    episode.refresh_from_db()
    assert (episode.status, episode.stop_reason) == (Status.CANCELLED, StopReason.CANCELLED)
    assert (episode.stop_detail, episode.is_masked) == ("not needed", True)
    assert episode.lease_expires_at is None


@pytest.mark.parametrize("status", ["ended", "cancelled"])
def test_cancelling_what_is_over_changes_nothing(status):
    episode = make_in(status)
    before = everything(episode)

    assert cancel(episode.pk) is False

    assert everything(episode) == before


def test_a_parked_episode_says_why_and_can_be_released():
    episode, lease = make_running()
    episodes.park_episode(episode.pk, "no such\x00 prompt", lease=lease)
    episode.refresh_from_db()
    assert (episode.status, episode.stop_detail) == (Status.PARKED, "no such\ufffd prompt")

    episodes.release_episode(episode.pk)

    episode.refresh_from_db()
    assert (episode.status, episode.stop_detail) == (Status.QUEUED, "")
    assert episodes.claim_episode(episode.pk) == 2


@pytest.mark.parametrize("status", ["queued", "running", "ended", "cancelled"])
def test_only_a_parked_episode_can_be_released(status):
    episode = make_in(status)

    with pytest.raises(Conflict, match="is not parked"):
        episodes.release_episode(episode.pk)


# reaping


def test_an_expired_lease_is_queued_again():
    episode, _ = make_running()
    expire_lease(episode)

    assert episodes.reap_expired_leases() == (1, 0)

    episode.refresh_from_db()
    assert (episode.status, episode.lease_expires_at) == (Status.QUEUED, None)


def test_a_living_lease_is_left_alone():
    make_running()

    assert episodes.reap_expired_leases() == (0, 0)


@pytest.mark.parametrize("status", ["queued", "ended", "cancelled", "parked"])
def test_only_running_episodes_are_reaped(status):
    episode = make_in(status)
    before = everything(episode)

    assert episodes.reap_expired_leases() == (0, 0)
    assert everything(episode) == before


def test_after_three_claims_without_a_step_the_episode_is_parked():
    episode, _ = make_running()
    lease_gone(episode)
    lease_gone(episode)
    expire_lease(episode)

    assert episodes.reap_expired_leases() == (0, 1)

    episode.refresh_from_db()
    assert (episode.status, episode.lease) == (Status.PARKED, 3)
    assert episode.stop_detail == "3 workers in a row died before its next step"


def test_a_new_step_starts_the_count_of_fruitless_claims_again():
    episode, _ = make_running()
    lease_gone(episode)
    lease = lease_gone(episode)
    episodes.record_steps(episode.pk, [make_step()], lease=lease)
    expire_lease(episode)

    assert episodes.reap_expired_leases() == (1, 0)


# visibility


def test_people_see_their_own_episodes_and_inspectors_see_all(runner, charlie, analyst, reviewer):
    episode = make_episode(owner=runner)

    seen = {user.username: list(Episode.objects.visible_to(user)) for user in
            (runner, charlie, analyst, reviewer)}  # fmt: skip

    assert seen == {"ruth": [episode], "charlie": [], "anna": [episode], "bob": [episode]}
