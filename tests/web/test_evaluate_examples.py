"""Commands and scripts of docs/evaluate.md run as they stand, but for address and number."""

import json
import re
import shlex
import time
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command

from authoring.tokens import make_token
from grading.models import Run
from grading.verdicts import grade_episode
from simulation import roles
from simulation.models import Episode
from simulation.runner import run_episode
from tests.authoring.launching.scenes import approve, frozen
from tests.factories import make_user, make_world
from tests.model_server import Reply

pytestmark = pytest.mark.django_db(transaction=True)
DOCS = (settings.BASE_DIR / "docs" / "evaluate.md").read_text()
COMMANDS = re.findall(r"^```console\n(.*?)^```$", DOCS, re.M | re.S)
SCRIPTS = re.findall(r"^```python\n(.*?)^```$", DOCS, re.M | re.S)
ADDRESS = "http://127.0.0.1:8272/v1"
SELL = ("sell", '{"buyer": "dee", "item_id": "lamp", "qty": 2}')


@pytest.fixture
def docs(model_server, monkeypatch, settings, tmp_path):
    """A pack of one task, a model that solves it, and waiting in which everything is played."""
    settings.VAR = tmp_path / "var"
    ada = make_user("ada", roles.ADMIN)
    world = make_world(owner=ada, slug="store", version=1, prompts={"clerk": "Sell."})
    frozen(ada, approve(ada, world, "sell-lamps"), "lamps")
    model_server.answer = _solves
    monkeypatch.setattr(time, "sleep", _play)
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return lambda text: text.replace(ADDRESS, model_server.url)


def _solves(body):
    results = [json.loads(m["content"]) for m in body["messages"] if m["role"] == "tool"]
    if "tools" not in body or len(results) == 2:
        return Reply(text="Sold and paid.")
    pay = json.dumps({"sale_id": results[0]["id"], "status": "paid"}) if results else ""
    return Reply(text=None, tool_calls=[("updateSale", pay) if results else SELL])


def _play(_seconds):
    for episode in Episode.objects.filter(status="queued").values_list("pk", flat=True):
        run_episode(episode)
        grade_episode(episode)


def test_the_commands_lead_from_nothing_to_figures_and_transcripts(docs, capsys):
    (block,) = COMMANDS
    for line in docs(block).splitlines():
        if line.endswith("--run 1"):
            line = f"{line[:-1]}{Run.objects.get().pk}"
        command, _, target = line.removeprefix("python manage.py ").partition(" > ")
        said = StringIO()
        call_command(*shlex.split(command), stdout=said)
        if target:
            Path(target).write_text(said.getvalue())

    figures = json.loads(Path("figures.json").read_text())
    assert (figures["graded"], figures["ungraded"]) == (4, 0)
    assert [(a["agent"], a["passed"]) for a in figures["agents"]] == [("mine@1", 4)]
    rows = [json.loads(line) for line in Path("rollouts.jsonl").read_text().splitlines()]
    assert [row["reward"] for row in rows] == [1.0] * 4


def test_the_scripts_do_the_same_with_nothing_but_requests(docs, live_server, monkeypatch, capsys):
    scopes = ["read", "run", "train", "admin"]
    token = make_token(User.objects.get(), name="docs", scopes=scopes)
    monkeypatch.setenv("EG_URL", live_server.url)
    monkeypatch.setenv("EG_TOKEN", token)
    names: dict[str, Any] = {}
    try:
        for number, script in enumerate(SCRIPTS, 1):
            exec(compile(docs(script), f"docs/evaluate.md, {number}", "exec"), names)  # noqa: S102
        assert names["fetch"]().keys() == {"sell-lamps@1 local-small@1"}
    finally:
        names["api"].close()

    said = capsys.readouterr().out
    for words in ("4 episodes of ['local-small@1']", "local-small@1 1.0", "4 conversations"):
        assert words in said
    assert "sell-lamps@1 local-small@1 [1.0, 1.0, 1.0, 1.0] 7" in said
