"""What waits of one episode is read by hand; it is what the queryset would give."""

import pytest
from django.db.models import Model
from django.utils import timezone

from grading.models import Assessment, Grading
from grading.verdicts import waiting, waiting_of
from simulation.models import Episode
from tests.factories import make_criterion, make_plan, make_rubric, make_run
from tests.grading.stored import THEN

pytestmark = pytest.mark.django_db


def columns(row: Model) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def end(run, stop="done"):
    episode = run.rollouts.get().episode
    Episode.objects.filter(pk=episode.pk).update(
        status="ended", stop_reason=stop, state_hash="0" * 64, started_at=THEN, ended_at=THEN,
        usage={"output": 12}, final_response="Done.",
    )  # fmt: skip
    return episode.pk


def test_rows_are_those_of_the_queryset_to_the_last_column(django_assert_num_queries):
    run = make_run(make_plan(rubric=make_rubric(make_criterion("told")), labels={"a": [1, 2.5]}))
    episode = end(run)
    (expected,) = waiting().filter(rollout__episode=episode)

    with django_assert_num_queries(1):
        (found,) = waiting_of([episode])
        same = [
            (found, expected),
            (found.rollout, expected.rollout),
            (found.rollout.episode, expected.rollout.episode),
            (found.grading, expected.grading),
        ]

    for one, other in same:
        assert (type(one), columns(one)) == (type(other), columns(other))
        assert not one._state.adding


def test_each_episode_gets_its_own():
    episodes = [end(make_run(make_plan())) for _ in range(3)]

    found = [[each.rollout.episode_id for each in waiting_of([pk])] for pk in episodes]

    assert found == [[pk] for pk in episodes]


@pytest.mark.parametrize("why", ["unfinished", "masked", "cancelled", "decided"])
def test_what_cannot_be_decided_does_not_wait(why):
    run = make_run(make_plan())
    episode = run.rollouts.get().episode_id
    if why != "unfinished":
        end(run, "provider_error" if why == "masked" else "done")
    if why == "cancelled":
        Grading.objects.filter(run=run).update(cancelled_at=timezone.now())
    if why == "decided":
        Assessment.objects.filter(rollout__run=run).update(
            status="graded", reward=1.0, passed=True, graded_at=THEN
        )

    assert waiting_of([episode]) == [*waiting().filter(rollout__episode=episode)] == []
