"""Bodies that are too large, said or unsaid, end before anything stores them."""

import asyncio
import io
import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from config.bodies import BoundedBodies

LIMIT = 100


class Application:
    """Reads the body as Django does, and answers with its length."""

    def __init__(self):
        self.read = io.BytesIO()
        self.is_asked = False

    async def __call__(self, scope, receive, send):
        self.is_asked = True
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                await send({"type": "http.response.start", "status": 500, "headers": []})
                return
            self.read.write(message.get("body", b""))
            if not message.get("more_body"):
                break
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def ask(application, *chunks, headers=(), kind="http"):
    """Send a body in chunks; give (status, body) of the answer."""
    waiting = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    waiting.append({"type": "http.request", "body": b"", "more_body": False})
    sent = []

    async def receive():
        return waiting.pop(0)

    async def send(message):
        sent.append(message)

    bounded = BoundedBodies(application, LIMIT)
    scope = {"type": kind, "headers": list(headers), "path": "/"}
    with ThreadPoolExecutor(1) as thread:  # a browser of other tests keeps a loop in this one
        thread.submit(lambda: asyncio.run(bounded(scope, receive, send))).result()
    body = b"".join(message.get("body", b"") for message in sent)
    return [message["status"] for message in sent if "status" in message], body


@pytest.mark.parametrize("chunks", [[], [b"x" * LIMIT], [b"x" * 50, b"x" * 50]])
def test_a_body_within_the_limit_passes(chunks):
    application = Application()

    assert ask(application, *chunks) == ([200], b"")
    assert application.read.getvalue() == b"".join(chunks)


@pytest.mark.parametrize("chunks", [[b"x" * 101], [b"x" * 60] * 3])
def test_a_body_that_grows_beyond_the_limit_is_cut_off(chunks):
    application = Application()

    statuses, body = ask(application, *chunks)

    assert statuses == [413]
    assert json.loads(body)["error"]["code"] == "too_large"
    assert len(application.read.getvalue()) <= LIMIT


def test_a_body_that_says_it_is_too_large_is_not_read():
    application = Application()

    statuses, _ = ask(application, headers=[(b"content-length", b"101")])

    assert statuses == [413]
    assert not application.is_asked


@pytest.mark.parametrize("said", [b"100", b"", b"-5", b"many"])
def test_other_lengths_are_counted_instead_of_believed(said):
    assert ask(Application(), headers=[(b"content-length", said)])[0] == [200]


def test_what_is_no_request_passes_by():
    application = Application()

    ask(application, b"x" * 101, kind="lifespan")

    assert application.is_asked
