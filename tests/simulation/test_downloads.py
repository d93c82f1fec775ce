"""Downloads: whole, in parts, resumed, and noticed when they break."""

import base64
import hashlib
import sys
from pathlib import Path
from subprocess import PIPE, Popen

import httpx2 as httpx
import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path

from simulation.downloads import PIECE, download
from simulation.errors import Unavailable

NAME = "a pack – 1.zip"
DATA = b"0123456789"
SHA256 = hashlib.sha256(DATA).hexdigest()
ETAG = f'"{SHA256}"'


class Shown:
    """What the addresses below give out, and under which hash."""

    file = None
    sha256 = SHA256


def view(request):
    return download(
        request, Shown.file, name=NAME, media_type="application/zip", sha256=Shown.sha256
    )


urlpatterns = [
    path("file", view),
    path("login", lambda request: HttpResponse("login"), name="login"),
]


@pytest.fixture
def file(tmp_path):
    Shown.file, Shown.sha256 = tmp_path / "export.zip", SHA256
    Shown.file.write_bytes(DATA)
    return Shown.file


@pytest.fixture
def client(file):
    """Asks for the file; what an answer keeps open is closed after the test."""
    answers = []

    def ask(method="GET", **headers):
        answers.append(Client().generic(method, "/file", headers=headers))
        return answers[-1]

    with override_settings(ROOT_URLCONF=__name__):
        yield ask
    for answer in answers:
        answer.close()


def test_a_whole_download_says_length_hash_and_name(client):
    answer = client()

    assert answer.getvalue() == DATA
    assert answer.status_code == 200
    assert answer["Content-Length"] == "10"
    assert answer["Content-Type"] == "application/zip"
    assert answer["ETag"] == ETAG
    assert answer["Accept-Ranges"] == "bytes"
    assert answer["Cache-Control"] == "private, no-cache"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''a%20pack")
    digest = base64.b64encode(hashlib.sha256(DATA).digest()).decode()
    assert answer["Repr-Digest"] == f"sha-256=:{digest}:"


@pytest.mark.parametrize(
    ("asked", "status", "body", "said"),
    [
        ("bytes=0-3", 206, b"0123", "bytes 0-3/10"),
        ("bytes=4-", 206, b"456789", "bytes 4-9/10"),
        ("bytes=9-9", 206, b"9", "bytes 9-9/10"),
        ("bytes=7-99", 206, b"789", "bytes 7-9/10"),
        ("bytes=-3", 206, b"789", "bytes 7-9/10"),
        ("bytes=-99", 206, DATA, "bytes 0-9/10"),
        ("BYTES= 2-2 ", 206, b"2", "bytes 2-2/10"),
        ("bytes=10-", 416, None, "bytes */10"),
        ("bytes=10-12", 416, None, "bytes */10"),
        ("bytes=-0", 416, None, "bytes */10"),
        ("bytes=99999999999999999999999-", 416, None, "bytes */10"),
        ("bytes=5-2", 200, DATA, ""),
        ("bytes=-", 200, DATA, ""),
        ("bytes=", 200, DATA, ""),
        ("bytes=a-b", 200, DATA, ""),
        ("bytes=+1-2", 200, DATA, ""),
        ("bytes=²-", 200, DATA, ""),
        ("bytes=-1-2", 200, DATA, ""),
        ("items=0-3", 200, DATA, ""),
        ("bytes=0-1,4-5", 200, DATA, ""),
        ("bytes=" + "9" * 5000 + "-", 200, DATA, ""),
        ("", 200, DATA, ""),
    ],
)
def test_a_range_gets_that_part_the_whole_or_a_refusal(client, asked, status, body, said):
    answer = client(Range=asked)

    assert answer.status_code == status
    assert answer.get("Content-Range", "") == said
    if body is None:
        assert "10 bytes" in answer.json()["error"]["message"]
        assert "Content-Disposition" not in answer
    else:
        assert answer.getvalue() == body
        assert answer["Content-Length"] == str(len(body))


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"If-Range": ETAG}, 206),
        ({"If-Range": '"another"'}, 200),
        ({"If-Range": f"W/{ETAG}"}, 200),
        ({"If-Range": "Thu, 26 Nov 2026 06:00:00 GMT"}, 200),
        ({"If-None-Match": ETAG}, 304),
        ({"If-None-Match": f"W/{ETAG}"}, 304),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": '"another"'}, 206),
        ({"If-Match": ETAG}, 206),
        ({"If-Match": '"another"'}, 412),
    ],
)
def test_a_part_is_given_only_of_the_file_that_is_meant(client, headers, status):
    answer = client(Range="bytes=4-", **headers)

    assert answer.status_code == status
    assert answer["ETag"] == ETAG


def test_head_says_what_get_would_and_sends_nothing(client):
    answer = client("HEAD", Range="bytes=4-")

    assert (answer.status_code, answer["Content-Length"]) == (200, "10")
    assert answer.getvalue() == b""


def test_an_empty_file_is_a_whole_one_without_parts(client, file):
    file.write_bytes(b"")

    assert client()["Content-Length"] == "0"
    assert client(Range="bytes=0-").status_code == 416
    assert client(Range="bytes=-5").status_code == 416


def test_a_file_that_was_removed_is_ours_to_repair(file):
    file.unlink()

    with pytest.raises(Unavailable, match="ask for it again"):
        view(RequestFactory().get("/file"))


@pytest.fixture(scope="module")
def server():
    """A server in a process of its own; gives (port, pid)."""
    command = [sys.executable, "-m", "tests.simulation.served_downloads"]
    with Popen(command, stdin=PIPE, stdout=PIPE, text=True) as process:
        yield int(process.stdout.readline()), process.pid
        process.stdin.close()


@pytest.fixture
def address(server, file):
    def show(data):
        """Put data into the file; gives the address with its hash."""
        file.write_bytes(data)
        sha256 = hashlib.sha256(data).hexdigest()
        return f"http://127.0.0.1:{server[0]}/?file={file}&sha256={sha256}"

    return show


def take(address, least):
    """Read at least so many bytes of an answer, then hang up; gives its ETag and the bytes."""
    with httpx.stream("GET", address) as answer:
        taken = b""
        for piece in answer.iter_raw():
            taken += piece
            if len(taken) >= least:
                break
        return answer.headers["ETag"], taken


def resume(address, etag, begun):
    return httpx.get(address, headers={"Range": f"bytes={len(begun)}-", "If-Range": etag})


def test_a_download_that_broke_off_goes_on_where_it_stopped(address):
    data = bytes(range(256)) * (16 * PIECE // 256)
    place = address(data)

    etag, begun = take(place, 3 * PIECE)
    rest = resume(place, etag, begun)

    assert 0 < len(begun) < len(data)
    assert rest.status_code == 206
    assert begun + rest.content == data


def test_a_download_whose_file_changed_meanwhile_begins_again(address):
    etag, begun = take(address(b"old" * PIECE), 1)

    rest = resume(address(b"new" * PIECE), etag, begun)

    assert rest.status_code == 200
    assert rest.content == b"new" * PIECE


def test_a_file_that_shrinks_under_the_download_ends_in_an_error_not_in_fewer_bytes(address, file):
    place = address(bytes(64 * PIECE))

    def read():
        with httpx.stream("GET", place) as answer:
            pieces = answer.iter_raw()
            next(pieces)
            with file.open("r+b") as shrunk:
                shrunk.truncate(PIECE)
            return list(pieces)

    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete"):
        read()


def test_a_large_file_is_never_in_memory(address, server, file):
    place = address(b"")
    with file.open("r+b") as large:
        large.truncate(2**30)
    before = peak(server[1])

    _, begun = take(place, PIECE)
    end = httpx.get(place, headers={"Range": "bytes=-7"})
    head = httpx.head(place)

    assert len(begun) < 2**24
    assert end.content == bytes(7)
    assert (head.headers["Content-Length"], head.content) == (str(2**30), b"")
    assert peak(server[1]) - before < 16 * 1024


def peak(pid):
    """Give the most memory that a process ever had, in KiB."""
    (line,) = [
        line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if "VmHWM" in line
    ]
    return int(line.split()[1])
