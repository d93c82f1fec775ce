"""What engineers download is read by the libraries that they read it with.

Each consumer has an environment of its own; they are made from the package index, so these tests
stand apart: `python -m pytest -m peers`.
"""

import json
import subprocess
import sys
import zipfile

import pytest
from django.conf import settings
from django.core.management import call_command

from authoring.launch import launch_tasks
from authoring.loading import LIBRARY, load_tasks
from authoring.packs.composing import add_tasks, create_pack
from authoring.packs.freezing import freeze_pack
from authoring.review import move
from authoring.tokens import make_token
from grading.models import Assessment, Run
from simulation import roles
from simulation.worlds import generate_world
from tests.factories import make_user
from tests.peers.environments import make_environment, run, wheel_of
from tests.web.conftest import finish

pytestmark = [pytest.mark.peers, pytest.mark.django_db(transaction=True)]

PULL = """
import hashlib, json, os, sys, httpx
api = httpx.Client(base_url=os.environ["EG_URL"] + "/api/v1/", timeout=120,
                   headers={"Authorization": "Bearer " + os.environ["EG_TOKEN"]})
(pack,) = api.get("packs/").raise_for_status().json()["results"]
for form in ("bundle", "dataset", "parquet"):
    path = f"packs/{pack['slug']}/versions/{pack['newest']}/export/"
    with api.stream("GET", path, params={"format": form}) as answer:
        answer.raise_for_status()
        digest = hashlib.sha256()
        with open(f"{sys.argv[1]}/{form}.zip", "wb") as file:
            for piece in answer.iter_bytes():
                digest.update(piece)
                file.write(piece)
    assert answer.headers["ETag"].strip('"') == digest.hexdigest()
print(json.dumps(pack))
"""
LOAD = """
import json, sys, datasets
datasets.disable_progress_bars()
found = {}
for form in ("dataset", "parquet"):
    loaded = datasets.load_dataset(f"{sys.argv[1]}/{form}", cache_dir=f"{sys.argv[1]}/cache")
    found[form] = {split: [row for row in loaded[split]] for split in sorted(loaded)}
assert found["dataset"] == found["parquet"], "JSON lines and parquet differ"
print(json.dumps(found["dataset"]))
"""
CHECK_ATIF = """
import sys, types
root = sys.argv[1] + "/harbor"
for name, path in (("harbor", root), ("harbor.models", root + "/models")):
    module = types.ModuleType(name)
    module.__path__ = [path]
    sys.modules[name] = module
from harbor.models.trajectories import Trajectory
print(sum(1 for line in open(sys.argv[2]) if Trajectory.model_validate_json(line)))
"""


@pytest.fixture
def corecraft(live_server, tmp_path, settings):
    """The shipped tasks in a frozen pack, their reference played by the application."""
    settings.VAR = tmp_path / "var"
    author, reviewer = make_user("alice", roles.AUTHOR), make_user("bob", roles.REVIEWER)
    generate_world(environment="corecraft", slug="corecraft", title="CoreCraft", owner=author,
                   seed=7, size=1.0)  # fmt: skip
    revisions = [loaded.revision for loaded in load_tasks(LIBRARY, owner=author)]
    for revision in revisions:
        move(revision, "submit", actor=author)
        move(revision, "approve", actor=reviewer)
    pack = create_pack(slug="support", title="Support desk", by=author, licence="CC-BY-4.0")
    add_tasks(pack, [revision.task.slug for revision in revisions], by=author)
    version = freeze_pack(pack, by=author)
    launched = launch_tasks(revisions, agents=["reference", "null"], repeats=1, title="A run",
                            kind=Run.Kind.EVALUATION, owner=author)  # fmt: skip
    return version, finish(launched), author


def test_a_script_with_a_token_pulls_a_pack_that_datasets_loads_and_the_bundle_replays(
    corecraft, live_server, tmp_path
):
    version, launched, author = corecraft
    token = make_token(author, name="trainer", scopes=["read", "train"])
    python = make_environment(tmp_path / "venv", "datasets==5.2.0", "httpx")

    pack = json.loads(run(python, PULL, tmp_path, EG_URL=live_server.url, EG_TOKEN=token))
    for form in ("bundle", "dataset", "parquet"):
        with zipfile.ZipFile(tmp_path / f"{form}.zip") as archive:
            archive.extractall(tmp_path / form)
    rows = json.loads(run(python, LOAD, tmp_path, HOME=str(tmp_path), HF_HUB_OFFLINE="1"))

    assert (pack["slug"], pack["newest"]) == ("support", 1)
    seen = [entry for entry in version.entries.all() if entry.split != "heldout"]
    assert {(r["task_id"], r["version"], r["split"]) for each in rows.values() for r in each} == {
        (entry.task.slug, entry.revision.number, entry.split) for entry in seen
    }
    replayed = replay(tmp_path / "bundle", tmp_path / "empty")
    assert set(replayed) == {entry.task.slug for entry in seen}
    for entry in seen:
        assessment = Assessment.objects.get(
            rollout__run=launched, rollout__agent="reference", rollout__subject=str(entry.revision)
        )
        again = replayed[entry.task.slug]
        assert again["state_hash"] == assessment.rollout.episode.state_hash
        assert (again["reward"], again["passed"]) == (assessment.reward, assessment.passed)


def test_harbor_takes_the_trajectories(corecraft, tmp_path):
    make_user("adam", roles.ADMIN)
    call_command("export_transcripts", tmp_path / "atif.jsonl", form="atif", held_out=True)
    harbor = wheel_of("harbor==0.24.0", tmp_path / "harbor", python="3.12")

    count = run(sys.executable, CHECK_ATIF, harbor, tmp_path / "atif.jsonl")

    assert int(count) == 16


def replay(bundle, var):
    """Replay a bundle in a process that has no database and no server."""
    command = [sys.executable, "manage.py", "replay_bundle", str(bundle), "--json"]
    environment = {
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
        "EG_SECRET_KEY": "for-tests-only",
        "EG_VAR": str(var),
    }
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=True
    )
    return {task["task"]: task for task in map(json.loads, done.stdout.splitlines())}
