"""Connections: kept for a process and an address, shared by its threads, not by its children."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings

from tests.model_server import Reply
from tests.simulation.chat.conftest import question


def connections(server):
    return [request.connection for request in server.requests]


def test_a_connection_is_used_again_by_every_client_of_an_address(model_server, client):
    client().ask(question())
    client(name="another").ask(question())
    client().ask(question())

    assert connections(model_server) == [1, 1, 1]


def test_threads_share_a_client_and_each_gets_its_own_answer(model_server, client):
    model_server.answer = lambda body: Reply(text=body["messages"][0]["content"])
    shared = client()
    questions = [str(number) for number in range(80)]

    with ThreadPoolExecutor(8) as pool:
        answers = [*pool.map(lambda text: shared.ask(question(text)).text, questions)]

    assert answers == questions
    assert len(set(connections(model_server))) <= 8


def test_a_forked_worker_makes_connections_of_its_own(model_server, client):
    shared = client()
    shared.ask(question("parent"))

    child = os.fork()
    if not child:
        status = 1
        try:
            status = 0 if shared.ask(question("child")).text == "ok" else 2
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    shared.ask(question("parent"))

    assert status == 0
    assert connections(model_server) == [1, 2, 1]


def test_a_connection_that_the_server_ended_meanwhile_is_made_again(model_server, client):
    model_server.replies.append(Reply(cut=10_000_000))  # whole, and then it hangs up
    client().ask(question())

    assert client().ask(question()).text == "ok"


def test_importing_the_interface_and_every_address_loads_no_sdk():
    code = (
        "import django, sys; django.setup(); import simulation.chat, config.urls;"
        "sys.exit('openai' in sys.modules or 'httpx2' in sys.modules)"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, env=environment, check=False
    )

    assert done.returncode == 0
