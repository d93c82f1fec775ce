"""A run pins the approved revisions: what each agent is asked, how often, measured by what."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User

from authoring.launch import launch_tasks
from authoring.loading import load_tasks
from authoring.models import Revision
from grading.models import Run
from grading.verdicts import grade_episode
from simulation.runner import run_episode
from tests.authoring.folders import make_task_folder

pytestmark = pytest.mark.usefixtures("store_world")
AGENTS = ("reference", "null", "echo", "claims_only")


@pytest.fixture
def revision(tmp_path: Path, author: User) -> Revision:
    make_task_folder(tmp_path)
    return load_tasks(tmp_path, owner=author)[0].revision


def launch(revision: Revision, owner: User, **options) -> Run:
    given = {"agents": AGENTS, "repeats": 2, "title": "Demo", "kind": Run.Kind.DEMO}
    return launch_tasks([revision], owner=owner, **{**given, **options})


def test_every_agent_tries_every_task_so_many_times(revision, runner):
    run = launch(revision, runner)

    rows = run.rollouts.values_list("subject", "agent", "index")
    assert set(rows) == {("sell-lamps@1", agent, n) for agent in AGENTS for n in (1, 2)}
    assert run.rollouts.first().labels["category"] == "multi_step_workflow"


def test_the_reference_passes_and_agents_that_do_nothing_do_not(revision, runner):
    run = launch(revision, runner)

    for rollout in run.rollouts.all():
        run_episode(rollout.episode_id)
        grade_episode(rollout.episode_id)

    passed = run.rollouts.filter(assessments__passed=True)
    assert set(passed.values_list("agent", flat=True)) == {"reference"}
    assert passed.count() == 2
    assert not run.rollouts.exclude(assessments__status="graded").exists()


def test_launching_the_same_again_gives_the_run_that_there_is(revision, runner):
    first = launch(revision, runner, is_repeatable=False)
    stored = Revision.objects.get(pk=revision.pk)

    again = launch(stored, runner, is_repeatable=False)

    assert again == first
    assert Run.objects.count() == 1


def test_another_number_of_repeats_is_another_run(revision, runner):
    first = launch(revision, runner, is_repeatable=False)

    assert launch(revision, runner, is_repeatable=False, repeats=3) != first


def test_a_run_keeps_its_question_when_the_task_moves_on(revision, runner, tmp_path, author):
    run = launch(revision, runner, agents=["null"], repeats=1)
    asked = run.rollouts.get().episode.spec["prompt"]
    make_task_folder(tmp_path / "new", prompt="Sell nothing to nobody.")
    load_tasks(tmp_path / "new", owner=author)

    assert run.rollouts.get().episode.spec["prompt"] == asked
