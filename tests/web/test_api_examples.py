"""The examples of docs/api.md run as they stand, one after another, against a server."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from authoring.tokens import make_token
from grading.runs import launch_run
from simulation import roles
from tests.authoring.tasks import make_revision, make_task
from tests.factories import make_plan, make_user, make_world, reference, scripted
from tests.web.conftest import finish

DOCS = settings.BASE_DIR / "docs" / "api.md"
EXAMPLES = re.findall(
    r"^### (\d+)\. (.+?)$.*?^```python$\n(.*?)^```$", DOCS.read_text(), re.M | re.S
)


@pytest.fixture
def served(live_server, monkeypatch, tmp_path, settings):
    """A small store with approved tasks and a run, and a token of an author who owns them."""
    settings.VAR = tmp_path / "var"
    author = make_user("alice", roles.AUTHOR, roles.RUNNER)
    world = make_world(owner=author, slug="store", version=1, prompts={"clerk": "You are a clerk."})
    for slug in ("sell-lamps", "sell-lamps-again"):
        words = "" if slug == "sell-lamps" else " Be brief, and thank the customer in one line."
        task = make_task(author, world, slug)
        make_revision(task, "approved", prompt=task.draft.content["prompt"] + words)
    plans = [make_plan(world, agent=agent) for agent in (reference(), scripted({"text": "No."}))]
    finish(launch_run(title="A run", kind="evaluation", owner=author, plans=plans))
    token = make_token(author, name="docs", scopes=["read", "author", "train", "run"])
    monkeypatch.setenv("EG_URL", live_server.url)
    monkeypatch.setenv("EG_TOKEN", token)
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")


def test_there_are_eleven_examples_in_order():
    assert [int(number) for number, _, _ in EXAMPLES] == list(range(1, 12))


@pytest.mark.django_db(transaction=True)
def test_every_example_runs_as_it_stands(served, capsys):
    names: dict[str, Any] = {}
    try:
        for number, _, code in EXAMPLES:
            exec(compile(code, f"docs/api.md, example {number}", "exec"), names)  # noqa: S102
    finally:
        names["api"].close()
    said = capsys.readouterr().out

    for word in (
        "alice",
        "sell-lamps",
        "lamps@1",
        "messages",
        "there is no parameter 'stat'",
        "launched: 1 task: reference, null",
    ):
        assert word in said
    assert Path("bundle.zip").stat().st_size > 1000
