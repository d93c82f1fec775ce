"""The draft rubric on past episodes: flips first, by the verdicts that count, nothing stored."""

import pytest
from django.contrib.auth.models import User

from authoring.drafts.cutting import complete_content
from authoring.drafts.saving import replace_draft
from authoring.dry_runs.past import OTHER_SETUP, PastTrial, try_on_past
from authoring.models import Task
from grading.models import Assessment, Grading, Verdict
from simulation.models import World
from tests.authoring.dry_runs import KIND, PAID, SHELF, make_dry_run, make_tried_task, reference_of

NINE = {**SHELF, "check": {**SHELF["check"], "expect": [{"path": "inStock", "value": 9}]}}


@pytest.fixture
def task(author: User, store_world: World) -> Task:
    return make_tried_task(author, store_world)


def change(task: Task, **fields: object) -> None:
    replace_draft(task, {**task.draft.content, **fields}, by=task.owner)
    task.draft.refresh_from_db()


def tried(task: Task, person: User | None = None, **options: int) -> PastTrial:
    content = complete_content(task.draft.value)
    return try_on_past(task, content, person or task.owner, **options)


def test_the_same_rubric_changes_nothing(task):
    make_dry_run(task)

    trial = tried(task)

    assert (trial.flips, trial.left_out, len(trial.episodes)) == ([], {}, 5)
    assert [e.reward for e in trial.episodes] == [e.assessment.reward for e in trial.episodes]


def test_flips_come_first_and_nothing_is_stored(task):
    make_dry_run(task)
    change(task, rubric={"criteria": [PAID, NINE]})  # the near-miss sells one lamp
    before = [model.objects.count() for model in (Verdict, Grading, Assessment)]

    trial = tried(task)

    first, second = trial.episodes[:2]
    flipped = {
        each.assessment.rollout.agent: (
            [(f.criterion.key, f.before.outcome, str(f.after.outcome)) for f in each.flips],
            each.assessment.passed,
            each.passed,
        )
        for each in (first, second)
    }
    key = "lamps-left-the-shelf"
    assert flipped == {
        "reference": ([(key, "met", "not_met")], True, False),
        "near-miss 1: sells one lamp": ([(key, "not_met", "met")], False, True),
    }
    assert not any(each.flips for each in trial.episodes[2:])
    assert [model.objects.count() for model in (Verdict, Grading, Assessment)] == before


def test_episodes_that_began_otherwise_are_counted_and_left_out(task):
    make_dry_run(task)
    operation = {"op": "update", "entity_type": "item", "id": "lamp", "fields": {"inStock": 4}}
    change(task, setup=[operation])

    trial = tried(task)

    assert (trial.episodes, trial.left_out) == ([], {OTHER_SETUP: 5})


def test_what_a_person_decided_stays_while_the_criterion_says_the_same(author, store_world):
    task = make_tried_task(author, store_world, KIND)
    assessment = reference_of(make_dry_run(task))
    Verdict.objects.create(
        assessment=assessment, criterion_key=KIND["key"], outcome="met", source="human",
        author=author, is_authoritative=True, rationale="It is.",
    )  # fmt: skip
    rewards = {e.assessment.rollout.agent: e.reward for e in tried(task).episodes}
    assert (rewards["reference"], rewards["null"]) == (1.0, None)

    change(task, rubric={"criteria": [PAID, SHELF, {**KIND, "text": "The answer is very kind."}]})

    assert {each.reward for each in tried(task).episodes} == {None}


def test_one_sees_the_episodes_that_one_may_see_and_the_newest(task, author, reviewer, charlie):
    make_dry_run(task)
    make_dry_run(task)

    assert len(tried(task, reviewer).episodes) == 10
    assert len(tried(task, author, number=3).episodes) == 3
    assert tried(task, charlie).episodes == []


@pytest.mark.parametrize("runs", [1, 3])
def test_it_takes_five_queries_however_many_episodes(runs, task, django_assert_num_queries):
    for _ in range(runs):
        make_dry_run(task)
    content = complete_content(task.draft.value)
    try_on_past(task, content, task.owner)  # worlds and rubrics are read once a process

    with django_assert_num_queries(5):
        assert len(try_on_past(task, content, task.owner).episodes) == 5 * runs
