"""Launching, cancelling and repairing runs."""

import pytest
from django.db import IntegrityError, transaction

from grading import runs, verdicts
from grading.models import Assessment, ReplacedEpisode, Rollout, Rubric, Run
from simulation import episodes
from simulation.errors import Conflict
from simulation.models import Episode
from simulation.runner import run_episode
from simulation.stops import StopReason
from tests.beside import at_once
from tests.factories import (
    cancel,
    make_criterion,
    make_ended,
    make_outcome,
    make_plan,
    make_rollout,
    make_rubric,
    make_run,
    make_user,
    make_world,
)

pytestmark = pytest.mark.django_db


def end(rollout, stop):
    lease = episodes.claim_episode(rollout.episode_id)
    episodes.finish_episode(rollout.episode_id, make_outcome(stop), lease=lease)
    rollout.refresh_from_db()
    return rollout


def test_a_run_is_stored_with_its_rollouts_episodes_and_open_assessments(runner):
    world = make_world()
    plans = [make_plan(world, index=n, labels={"category": "lookup"}) for n in (1, 2)]

    run = make_run(*plans, owner=runner, source="first@1")

    assert (run.owner, run.source, run.official.number) == (runner, "first@1", 1)
    for rollout in run.rollouts.all():
        assert (rollout.subject, rollout.agent) == ("sell-lamps@1", "reference")
        assert (rollout.group, rollout.labels) == (
            "sell-lamps@1 reference",
            {"category": "lookup"},
        )
        assert (rollout.episode.owner, rollout.episode.status) == (runner, "queued")
        assert rollout.assessments.get().status == Assessment.Status.OPEN


def test_each_rollout_has_the_episode_of_its_own_plan():
    first, second = make_world(), make_world()
    plans = [
        make_plan(
            world, index=n, subject=f"task-{n}@1", rubric=make_rubric(make_criterion(f"c-{n}"))
        )
        for n, world in enumerate([first, second, first, second], start=1)
    ]

    run = make_run(*plans)

    for rollout in run.rollouts.all():
        assert rollout.episode.world == (second, first)[rollout.index % 2]
        (criterion,) = rollout.assessments.get().rubric.value.criteria
        assert criterion.key == f"c-{rollout.index}"


def test_equal_rubrics_are_one_row():
    world = make_world()

    make_run(*[make_plan(world, index=n) for n in (1, 2)])
    make_run(make_plan(world))

    assert Rubric.objects.get().value == make_rubric()


def test_a_launch_that_fails_stores_nothing():
    world = make_world()
    twice = [make_plan(world, index=1), make_plan(world, index=1)]

    with pytest.raises(IntegrityError, match="rollout_index_once"), transaction.atomic():
        make_run(*twice)

    assert not Run.objects.exists()
    assert not Episode.objects.exists()


def test_launching_with_a_key_twice_gives_one_run():
    plan = make_plan()

    runs_ = [make_run(plan, key="k") for _ in range(2)]

    assert runs_[0] == runs_[1]
    assert Episode.objects.count() == 1


def test_a_key_is_that_of_one_person_and_no_key_is_no_key():
    plan = make_plan()

    launched = [make_run(plan, key="k"), make_run(plan, key="k", owner=make_user()),
                make_run(plan), make_run(plan)]  # fmt: skip

    assert len({run.pk for run in launched}) == 4


@pytest.mark.django_db(transaction=True)
def test_launching_with_a_key_at_the_same_time_gives_one_run():
    plan = make_plan()

    launched = at_once(*[lambda: make_run(plan, key="k")] * 3)

    assert len({run.pk for run in launched}) == 1
    assert Episode.objects.count() == 1


def test_cancelling_a_run_ends_what_has_not_ended():
    world = make_world()
    run = make_run(*[make_plan(world, index=n) for n in (1, 2, 3)])
    run_episode(run.rollouts.get(index=1).episode_id)
    episodes.claim_episode(run.rollouts.get(index=2).episode_id)

    assert runs.cancel_run(run) == 2
    assert runs.cancel_run(run) == 0

    states = run.rollouts.order_by("index").values_list("episode__status", "episode__stop_detail")
    cancelled = ("cancelled", "the run was cancelled")
    assert list(states) == [("ended", ""), cancelled, cancelled]


def test_cancelling_a_run_leaves_other_runs_alone():
    other = make_rollout()

    runs.cancel_run(make_run())

    assert Episode.objects.get(pk=other.episode_id).status == "queued"


# trying again


def test_a_masked_rollout_is_tried_again_with_the_same_question():
    rollout = end(make_rollout(), StopReason.PROVIDER_ERROR)
    old = rollout.episode

    new = runs.retry_rollout(rollout)

    rollout.refresh_from_db()
    assert (rollout.episode, new.status) == (new, "queued")
    assert (new.spec, new.agent, new.world, new.owner) == (
        old.spec,
        old.agent,
        old.world,
        old.owner,
    )
    assert ReplacedEpisode.objects.get().episode == old


def test_a_cancelled_rollout_may_be_tried_again_too():
    rollout = make_rollout()
    cancel(rollout.episode_id)

    assert runs.retry_rollout(rollout).status == "queued"


def test_the_second_attempt_is_graded_in_the_place_of_the_first():
    rollout = end(make_rollout(), StopReason.TOOL_SERVER_ERROR)
    old = rollout.episode_id
    new = runs.retry_rollout(rollout)

    run_episode(new.pk)
    graded = [verdicts.grade_episode(old), verdicts.grade_episode(new.pk)]

    assert graded == [0, 1]
    assert rollout.assessments.get().passed is True


@pytest.mark.parametrize("stop", [StopReason.DONE, StopReason.GAVE_UP, StopReason.MAX_TURNS, None])
def test_an_episode_that_the_agent_answers_for_is_not_tried_again(stop):
    rollout = make_rollout()
    if stop:
        end(rollout, stop)

    with pytest.raises(Conflict, match="only an episode that ended for a reason of ours"):
        runs.retry_rollout(rollout)

    assert Rollout.objects.get().episode_id == rollout.episode_id


def test_a_rollout_is_not_tried_again_twice():
    rollout = end(make_rollout(), StopReason.PROVIDER_ERROR)
    runs.retry_rollout(rollout)

    with pytest.raises(Conflict):
        runs.retry_rollout(rollout)

    assert Episode.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_people_who_try_again_at_once_make_one_new_episode():
    rollout = end(make_rollout(), StopReason.PROVIDER_ERROR)

    def retry():
        try:
            return runs.retry_rollout(rollout).status
        except Conflict:
            return "conflict"

    assert sorted(at_once(retry, retry)) == ["conflict", "queued"]


# who sees what, and what never changes


def test_people_see_their_own_runs_and_inspectors_see_all(runner, charlie, analyst, admin_person):
    run = make_run(owner=runner)
    people = (runner, charlie, analyst, admin_person)

    assert [Run.objects.visible_to(user).filter(pk=run.pk).count() for user in people] == [
        1,
        0,
        1,
        1,
    ]
    assert [Rollout.objects.visible_to(user).count() for user in people] == [1, 0, 1, 1]


@pytest.mark.parametrize(
    "change", [{"subject": "x@1"}, {"agent": "x"}, {"index": 9}, {"labels": {"a": 1}}]
)
def test_what_a_rollout_is_about_never_changes(change):
    rollout = make_rollout()

    with pytest.raises(IntegrityError, match=r"grading_rollout\.\w+ never changes"):
        Rollout.objects.filter(pk=rollout.pk).update(**change)


def test_an_episode_belongs_to_one_rollout():
    rollout, other = make_rollout(), make_rollout()

    with pytest.raises(IntegrityError, match="episode_id"):
        Rollout.objects.filter(pk=other.pk).update(episode=rollout.episode)


def test_an_episode_outside_a_run_is_graded_by_nobody():
    assert verdicts.grade_episode(make_ended().pk) == 0
