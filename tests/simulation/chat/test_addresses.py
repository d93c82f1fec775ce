"""Which addresses an endpoint may have, as written and as looked up."""

import socket

import pytest

from simulation.chat import ModelFailed
from simulation.chat.addresses import check_address
from simulation.errors import InvalidArgument
from tests.simulation.chat.conftest import question


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://api.example.com/v1", "https://api.example.com/v1"),
        ("https://api.example.com/v1/", "https://api.example.com/v1"),
        ("http://127.0.0.1:8000/v1", "http://127.0.0.1:8000/v1"),
        ("http://localhost:11434/v1", "http://localhost:11434/v1"),
        ("http://0.0.0.0:8000/v1", "http://0.0.0.0:8000/v1"),
        ("http://[::1]:8000/v1", "http://[::1]:8000/v1"),
        ("http://10.0.0.7/v1", "http://10.0.0.7/v1"),
        ("http://192.168.1.7/v1", "http://192.168.1.7/v1"),
        ("http://vllm.models.svc.cluster.local:8000", "http://vllm.models.svc.cluster.local:8000"),
    ],
)
def test_servers_of_providers_and_of_ones_own_are_allowed(address, kept):
    assert check_address(address) == kept


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("ftp://example.com/v1", "neither http:// nor https://"),
        ("file:///etc/passwd", "neither http:// nor https://"),
        ("api.example.com/v1", "neither http:// nor https://"),
        ("javascript:alert(1)", "neither http:// nor https://"),
        ("http://", "names no host"),
        ("http:///v1", "names no host"),
        ("http://example.com:0/v1", "names no host"),
        ("http://example.com:99999/v1", "cannot be read"),
        ("http://[::1/v1", "cannot be read"),
        ("https://user:secret@example.com/v1", "a user or a password"),
        ("https://secret@example.com/v1", "a user or a password"),
        ("https://@example.com/v1", "a user or a password"),
        ("https://example.com/v1?key=1", "a query or a fragment"),
        ("https://example.com/v1?", "a query or a fragment"),
        ("https://example.com/v1#x", "a query or a fragment"),
        ("https://example.com/v 1", "spaces or odd characters"),
        ("https://example.com/v1\n", "spaces or odd characters"),
        ("https://exämple.com/v1", "spaces or odd characters"),
        ("https://example.com\\@evil.example/v1", "spaces or odd characters"),
        ("", "spaces or odd characters"),
        (f"https://example.com/{'v' * 500}", "spaces or odd characters"),
        ("http://169.254.169.254/latest", "metadata"),
        ("http://169.254.170.2/v2", "metadata"),
        ("http://[fe80::1]/v1", "metadata"),
        ("http://[fd00:ec2::254]/v1", "metadata"),
        ("http://[::ffff:169.254.169.254]/v1", "metadata"),
        ("http://[::ffff:a9fe:a9fe]/v1", "metadata"),
        ("http://[64:ff9b::a9fe:a9fe]/v1", "metadata"),
        ("http://[2002:a9fe:a9fe::1]/v1", "metadata"),
        ("http://100.100.100.200/v1", "metadata"),
        ("http://168.63.129.16/v1", "metadata"),
        ("http://metadata.google.internal/v1", "metadata"),
        ("http://METADATA.google.internal./v1", "metadata"),
        ("http://224.0.0.1/v1", "metadata"),
    ],
)
def test_others_are_refused_with_the_reason_and_without_what_was_written(address, why):
    with pytest.raises(InvalidArgument, match=why) as raised:
        check_address(address)

    assert raised.value.field == "base_url"
    assert "secret" not in raised.value.message


@pytest.mark.parametrize("found", ["169.254.169.254", "::ffff:169.254.169.254"])
def test_a_name_that_leads_to_metadata_is_left_before_anything_is_sent(
    found, model_server, client, monkeypatch
):
    """Names are looked up when they are used: what they lead to then is what counts."""
    port = int(model_server.url.rpartition(":")[2].removesuffix("/v1"))
    here = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: here)
    monkeypatch.setattr(
        "httpcore2._backends.sync.SyncStream.get_extra_info",
        lambda self, info: (found, 80) if info == "server_addr" else None,
    )

    with pytest.raises(ModelFailed, match=f"the name leads to {found}") as raised:
        client(base_url=f"http://innocent.example:{port}/v1").ask(question())

    assert len(raised.value.attempts) == 1
    assert model_server.requests == []
