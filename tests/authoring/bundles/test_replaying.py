"""References are played from a bundle alone, and give what the application gives."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from authoring.bundles.reading import bundle_files, read_bundle
from authoring.bundles.replaying import replay
from authoring.content import TaskContent
from authoring.exports.contents import PackContents, PackedTask
from authoring.gates import agent_spec, spec_of, try_agent
from authoring.loading import LIBRARY, read_task
from authoring.models import PackVersion, Task
from authoring.packs.hashes import hash_of_split, hash_of_version
from grading.models import Run
from grading.runs import Plan, launch_run
from grading.verdicts import grade_episode
from simulation.models import World
from simulation.portability.export import export_files
from simulation.portability.files import Files
from simulation.portability.folder import write_path
from simulation.runner import run_episode
from simulation.worlds import find_world, generate_world, load_snapshot
from tests.authoring.bundles.made import bundle_of, files_of, make_version, zipped
from tests.authoring.tasks import make_revision
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
    world = generate_world(
        environment="corecraft", slug="corecraft", version=2, title="CoreCraft",
        owner=make_user(), seed=7, size=1,
    )  # fmt: skip
    folders = sorted(file.parent for file in LIBRARY.glob("corecraft/*/task.yaml"))
    contents = {folder.name: read_task(folder) for folder in folders}
    bundle = read_bundle(Files(contents=files_of(packed(world, contents))))

    replayed = {item.task: item for item in replay(bundle)}

    assert replayed.keys() == contents.keys()
    assert len(contents) == 8
    for slug, content in contents.items():
        reference = agent_spec("reference", content)
        own = try_agent(content, spec_of(content), load_snapshot(world), reference)
        there = replayed[slug]
        assert (there.state_hash, there.reward, there.passed) == (own.state_hash, 1, True)


def packed(world: World, contents: Mapping[str, TaskContent]) -> PackContents:
    """Give what a version of these tasks would hold, all of them to train on."""
    tasks = [
        PackedTask(slug=s, revision=1, hash=c.hash, family="", split="train", content=c)
        for s, c in contents.items()
    ]
    lines = [(task.slug, 1, task.hash, world.content_hash) for task in tasks]
    said = {"title": "CoreCraft", "licence": "MIT", "canary": "cc", "is_for_training": True}
    said["splits"] = {"train": {"tasks": len(tasks), "hash": hash_of_split(lines)}}
    said["worlds"] = [{"name": str(world), "hash": world.content_hash}]
    return PackContents(
        slug="corecraft",
        number=1,
        hash=hash_of_version(slug="corecraft", number=1, **said),
        description="",
        notes="",
        left_out=(),
        changelog=(),
        tasks=lambda: iter(tasks),
        world_files=lambda _: export_files(world, with_manifest=False),
        **said,
    )


OPEN = {
    "judge": {"kind": "judge", "question": "Is it polite?", "look_at": ["answer"]},
    "human": {"kind": "human"},
}


@pytest.mark.parametrize("check", OPEN.values(), ids=OPEN)
def test_what_a_judge_or_a_person_decides_is_open_and_never_nothing(
    check, version, capsys, tmp_path
):
    task = Task.objects.get(slug="sell-lamps")
    criterion = {"key": "is-polite", "text": "The answer is polite.", "check": check}
    rubric = {"criteria": [*task.draft.content["rubric"]["criteria"], criterion]}
    revision = make_revision(task, rubric=rubric)
    files = bundle_of(make_version(version.pack.owner, [revision], "polite", canary="polite"))
    write_path(files, tmp_path / "polite")

    call_command("replay_bundle", tmp_path / "polite", json=True)

    said = json.loads(capsys.readouterr().out)
    assert (said["reward"], said["passed"]) == (None, None)
    assert said["criteria"] == {
        "sale-is-paid": "met",
        "lamps-left-the-shelf": "met",
        "is-polite": "open",
    }


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"reference": [{"message": "No."}]}, "reference: sale-is-paid is not_met"),
        ({"budgets": {"max_turns": 1}}, "reference: stopped early: 1 turn"),
    ],
)
def test_a_reference_that_does_not_pass_ends_the_command_with_an_error(
    changes, expected, version, capsys, tmp_path
):
    revision = make_revision(Task.objects.get(slug="sell-lamps"), **changes)
    files = bundle_of(make_version(version.pack.owner, [revision], "dim", canary="dim"))
    write_path(files, tmp_path / "dim")

    with pytest.raises(CommandError, match="the reference does not pass: sell-lamps"):
        call_command("replay_bundle", tmp_path / "dim")

    assert expected in capsys.readouterr().out


def test_one_task_is_replayed_alone_and_one_that_is_not_there_is_named(bundle, capsys, tmp_path):
    write_path(bundle, tmp_path / "lamps")

    call_command("replay_bundle", tmp_path / "lamps", task="sell-lamps")
    assert "hold-lamps" not in capsys.readouterr().out
    with pytest.raises(CommandError, match="lamps@1 has no task 'x'; there are hold-lamps"):
        call_command("replay_bundle", tmp_path / "lamps", task="x")
