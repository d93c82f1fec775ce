"""A dry run is a real run of a revision cut from the draft: started once, read whole, cancelled."""

import threading

import pytest
from django.contrib.auth.models import User
from django.db import connection

from authoring.access import look_at_task
from authoring.drafts.saving import replace_draft
from authoring.dry_runs.starting import cancel_dry_run, start_dry_run
from authoring.dry_runs.strip import strip_for
from authoring.dry_runs.summaries import last_dry_runs
from authoring.models import Revision, Task
from authoring.strength.reports import run_report
from grading.models import Run
from simulation.errors import Problems
from simulation.models import Episode, World
from tests.authoring.conftest import PROMPTS
from tests.authoring.dry_runs import (
    KIND,
    PAID,
    SELLS_ONE,
    SHELF,
    make_dry_run,
    make_tried_task,
    rollout_of,
)
from tests.factories import make_world
from tests.web.conftest import finish

HOSTILE = "<script>alert(1)</script>\u202e"


@pytest.fixture
def task(author: User, store_world: World) -> Task:
    return make_tried_task(author, store_world)


def chips(task: Task, person: User | None = None) -> dict[str, tuple[str, str, str]]:
    shown = strip_for(look_at_task(person or task.owner, task.slug)).shown
    assert shown is not None
    return {chip.agent: (chip.points, chip.mark.state, chip.mark.word) for chip in shown.chips}


def test_it_is_a_run_of_the_authors_with_one_episode_an_agent(task, reviewer):
    dry_run = start_dry_run(task, by=reviewer)

    run, revision = dry_run.run, dry_run.revision
    assert (run.kind, run.owner, run.title) == ("dry_run", task.owner, "Dry run of sell-lamps@1")
    assert (revision.cause, revision.author, dry_run.started_by) == (
        "dry_run",
        task.owner,  # whose words these are: a reviewer may still approve them
        reviewer,
    )
    agents = list(run.rollouts.order_by("pk").values_list("agent", flat=True))
    assert agents == [
        "reference", "null", "echo", "claims_only", "near-miss 1: sells one lamp",
    ]  # fmt: skip


def test_the_strip_says_who_passes_and_who_must_not(task):
    make_dry_run(task)

    assert chips(task) == {
        "reference": ("2/2", "pass", "passes"),
        "do-nothing": ("0/2", "pass", "rightly fails"),
        "echo": ("0/2", "pass", "rightly fails"),
        "claims-only": ("0/2", "pass", "rightly fails"),
        "near-miss 1: sells one lamp": ("1/2", "pass", "rightly fails"),
    }
    look = look_at_task(task.owner, task.slug)
    miss = strip_for(look).shown.chips[-1]
    assert (miss.lead, [link.label for link in miss.criteria]) == ("failed by", ["2"])


def test_what_a_person_leaves_open_does_not_hide_what_a_rule_decided(author, store_world):
    task = make_tried_task(author, store_world, KIND)
    make_dry_run(task)

    found = chips(task)

    assert found["reference"] == ("", "incomplete", "1 open")
    assert found["do-nothing"] == ("", "pass", "rightly fails")
    undecided = strip_for(look_at_task(author, task.slug)).shown.undecided
    assert undecided == "1 criterion of the reference to decide"


def test_what_should_not_be_is_shown_as_such(author, store_world):
    shelf = {**SHELF, "check": {**SHELF["check"], "expect": [{"path": "inStock", "value": 10}]}}
    task = make_tried_task(author, store_world, rubric={"criteria": [PAID, shelf]})
    make_dry_run(task)

    found = chips(task)

    assert found["reference"] == ("1/2", "fail", "fails")
    assert found["do-nothing"] == ("1/2", "incomplete", "earns too much")
    strip = strip_for(look_at_task(author, task.slug))
    assert strip.shown.warnings[0] == "do-nothing gets a reward of 0.50 for nothing"
    assert [link.label for link in strip.shown.chips[1].criteria] == ["2"]
    assert last_dry_runs([task])[task.pk].mark.word == "reference fails"


def test_one_that_is_under_way_is_given_instead_of_a_second(task):
    first = start_dry_run(task, by=task.owner)
    again = start_dry_run(task, by=task.owner, with_mutants=True)

    assert again == first
    assert again.mutants.revision == first.revision
    finish(first.run)
    assert start_dry_run(task, by=task.owner) != first
    assert Revision.objects.filter(task=task).count() == 1


def test_other_content_is_tried_beside_one_that_is_under_way(task):
    first = start_dry_run(task, by=task.owner)
    replace_draft(task, {**task.draft.content, "title": "Sell lamps"}, by=task.owner)

    assert start_dry_run(task, by=task.owner).revision.number == first.revision.number + 1


@pytest.mark.django_db(transaction=True)
def test_two_who_start_at_once_start_one(author):
    world = make_world(owner=author, slug="store", version=1, prompts=PROMPTS)
    task = make_tried_task(author, world)
    gate, found = threading.Barrier(2), []

    def start() -> None:
        gate.wait()
        try:
            found.append(start_dry_run(Task.objects.get(pk=task.pk), by=author).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 2
    assert len(set(found)) == 1
    assert Run.objects.count() == 1


def test_an_unfinished_draft_is_not_tried(task):
    replace_draft(task, {**task.draft.content, "prompt": "", "reference": []}, by=task.owner)

    with pytest.raises(Problems, match="prompt"):
        start_dry_run(task, by=task.owner)

    assert not Run.objects.exists()


def test_it_is_cancelled_with_its_mutants(task):
    dry_run = start_dry_run(task, by=task.owner, with_mutants=True)

    assert cancel_dry_run(dry_run)

    dry_run.mutants.refresh_from_db()
    assert dry_run.mutants.status == "cancelled"
    assert set(Episode.objects.values_list("status", flat=True)) == {"cancelled"}
    assert last_dry_runs([task])[task.pk].mark.word == "cancelled"
    assert not cancel_dry_run(dry_run)


def test_mutants_are_measured_on_demand(task, django_assert_num_queries):
    dry_run = make_dry_run(task, with_mutants=True)
    run_report(dry_run.mutants_id)
    look = look_at_task(task.owner, task.slug)

    with django_assert_num_queries(5):
        shown = strip_for(look).shown

    report = dry_run.mutants
    report.refresh_from_db()
    fates = [result["fate"] for result in report.results]
    assert shown.mutants.text == f"{fates.count('killed')} of {len(fates)}"
    assert shown.mutants.share == f"{report.score:.0%}".replace("%", " %")
    assert not shown.is_live


def test_hostile_and_equal_names_of_near_misses_are_told_apart(author, store_world):
    names = ("reference", "null", "x" * 200, HOSTILE, HOSTILE)
    misses = [{**SELLS_ONE, "name": name} for name in names]
    task = make_tried_task(author, store_world, near_misses=misses)

    dry_run = make_dry_run(task)

    assert dry_run.run.rollouts.count() == 9
    assert rollout_of(dry_run).assessments.get().passed is True
    assert len(chips(task)) == 9


def test_a_dry_run_is_stale_once_the_draft_says_something_else(task):
    make_dry_run(task)
    assert not last_dry_runs([task])[task.pk].is_stale
    content = task.draft.content

    replace_draft(task, {**content, "title": "Sell lamps"}, by=task.owner)
    shown = strip_for(look_at_task(task.owner, task.slug)).shown
    assert shown.stale == "the draft has changed since"
    assert last_dry_runs([task])[task.pk].is_stale

    replace_draft(task, {**content}, by=task.owner)
    assert not last_dry_runs([task])[task.pk].is_stale


def test_the_last_dry_runs_of_many_tasks_take_three_queries(
    author, store_world, django_assert_num_queries
):
    tasks = [make_tried_task(author, store_world, slug=f"task-{n}") for n in range(4)]
    for each in tasks[:3]:
        start_dry_run(each, by=author)
    finish(Run.objects.get(title="Dry run of task-1@1"))
    make_tried = make_tried_task(author, store_world, KIND, slug="task-9")
    make_dry_run(make_tried)

    with django_assert_num_queries(3):
        found = last_dry_runs([*tasks, make_tried])

    words = {each.slug: found[each.pk].mark.word for each in [*tasks[:3], make_tried]}
    assert tasks[3].pk not in found
    assert words == {
        "task-0": "running",
        "task-1": "reference passes",
        "task-2": "running",
        "task-9": "to be decided",
    }
