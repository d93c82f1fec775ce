"""References are played from a bundle alone, and give what the application gives."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings

from authoring.bundles.reading import bundle_files, read_bundle
from authoring.bundles.replaying import replay
from authoring.gates import agent_spec, spec_of, try_agent
from authoring.loading import LIBRARY, load_tasks
from authoring.models import PackVersion, Revision, Task
from grading.models import Run
from grading.runs import Plan, launch_run
from grading.verdicts import grade_episode
from simulation.portability.folder import write_path
from simulation.runner import run_episode
from simulation.worlds import find_world, generate_world, load_snapshot
from tests.authoring.bundles.made import bundle_of, make_version, zipped
from tests.factories import make_user


def test_a_bundle_gives_state_and_reward_of_an_episode_that_a_worker_ran(
    version: PackVersion, bundle: Mapping[str, bytes]
):
    revision = version.entries.get(task__slug="sell-lamps").revision
    content = revision.value
    plan = Plan(
        subject=str(revision), world=find_world(content.world), spec=spec_of(content),
        agent=agent_spec("reference", content), index=1, rubric=content.rubric, labels={},
    )  # fmt: skip
    run = launch_run(title="x", kind=Run.Kind.DEMO, owner=version.pack.owner, plans=[plan])
    rollout = run.rollouts.get()
    run_episode(rollout.episode_id)
    grade_episode(rollout.episode_id)
    rollout.episode.refresh_from_db()
    assessment = rollout.assessments.get()

    (replayed,) = replay(read_bundle(bundle_files(zipped(bundle))), "sell-lamps")

    assert replayed.state_hash == rollout.episode.state_hash
    assert (replayed.reward, replayed.passed) == (assessment.reward, assessment.passed) == (1, True)
    assert replayed.outcomes == {"sale-is-paid": "met", "lamps-left-the-shelf": "met"}


def test_the_command_needs_neither_database_nor_servers(
    bundle: Mapping[str, bytes], tmp_path: Path
):
    write_path(bundle, tmp_path / "lamps")
    var = tmp_path / "var"
    var.mkdir()
    environment = {
        **os.environ,
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/nothing",
        "EG_SECRET_KEY": "of a test",
        "EG_VAR": str(var),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    environment.pop("REDIS_URL", None)  # a command that needs servers would start one
    command = [sys.executable, settings.BASE_DIR / "manage.py", "replay_bundle"]

    done = subprocess.run(
        [*command, tmp_path / "lamps", "--json"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, "")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(line["task"], line["reward"]) for line in lines] == [
        ("hold-lamps", 1.0),
        ("sell-lamps", 1.0),
    ]
    assert list(var.iterdir()) == []


def test_the_shipped_tasks_end_and_are_rewarded_as_in_the_application(db: None):
    owner = make_user()
    world = generate_world(
        environment="corecraft", slug="corecraft", version=2, title="CoreCraft", owner=owner,
        seed=7, size=1,
    )  # fmt: skip
    loaded = load_tasks(LIBRARY, owner=owner)
    Task.objects.update(split="train")
    revisions = list(Revision.objects.select_related("task"))
    Revision.objects.update(state=Revision.State.APPROVED)
    bundle = read_bundle(bundle_files(zipped(bundle_of(make_version(owner, revisions)))))

    replayed = {item.task: item for item in replay(bundle)}

    assert len(replayed) == len(loaded) == 8
    for revision in revisions:
        content = revision.value
        reference = agent_spec("reference", content)
        own = try_agent(content, spec_of(content), load_snapshot(world), reference)
        there = replayed[revision.task.slug]
        assert (there.state_hash, there.reward, there.passed) == (own.state_hash, 1, True)
