"""A worker's own port, and the folder in which its processes keep what they count."""

import os
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from config.metrics import folder
from config.metrics.port import listen

TOKEN = "0123456789abcdef-metrics"
COUNT = "from simulation.metrics import database_retries; database_retries.inc(2)"
TELL = """
from config.metrics.processes import process_figures
samples = [sample for figure in process_figures() for sample in figure.samples]
print([s.value for s in samples if s.name == "eg_database_retries_total"])
"""


@pytest.fixture
def ask():
    server = listen(0)

    def ask(path="/metrics", **headers):
        address = f"http://127.0.0.1:{server.server_address[1]}{path}"
        try:
            with urllib.request.urlopen(urllib.request.Request(address, headers=headers)) as got:
                return got.status, got.read().decode()
        except urllib.error.HTTPError as error:
            error.close()
            return error.code, ""

    yield ask
    server.shutdown()
    server.server_close()


def test_without_a_token_this_machine_alone_is_told(ask):
    status, text = ask()

    assert (status, "# TYPE eg_database_retries_total counter" in text) == (200, True)
    assert ask("/other")[0] == 404


def test_with_a_token_only_who_has_it_is_told(settings, ask):
    settings.METRICS_TOKEN = TOKEN

    assert ask()[0] == 404
    assert ask(Authorization=f"Bearer {TOKEN}")[0] == 200


def test_what_processes_count_is_told_together_and_the_dead_are_forgotten(tmp_path, monkeypatch):
    monkeypatch.setenv(folder.VARIABLE, str(tmp_path))

    def run(code):
        told = subprocess.run(
            [sys.executable, "-c", code], check=True, capture_output=True, text=True
        )
        return told.stdout.strip()

    run(COUNT)
    run(COUNT)
    assert run(TELL) == "[4.0]"
    alive = tmp_path / f"counter_{os.getpid()}.db"
    alive.touch()
    folder.forget_the_dead()
    assert list(tmp_path.iterdir()) == [alive]
