"""Writes with an Idempotency-Key: sent again they do nothing and get the first answer."""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db import OperationalError, connection, transaction
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from simulation.errors import GymError, InvalidArgument
from simulation.models import RememberedAnswer
from simulation.rest.renderers import Json
from simulation.roles import sees_held_out

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
KEPT = dt.timedelta(hours=24)
PATTERN = r"[\x21-\x7e]{1,200}"
_PATIENCE = "20s"  # for another request with the same key
_KEPT_HEADERS = ("ETag", "Location")
_CHUNK = 1_000_000

Handler = Callable[..., HttpResponseBase]


class KeyReused(GymError):
    """Another request had this key."""

    code = "idempotency_key_reused"
    status = 422


class KeyInUse(GymError):
    """The first request with this key is not answered yet."""

    code = "idempotency_key_in_use"
    status = 409


def key_of(request: Request) -> str:
    """Give the key that a write came with, "" without one. Raises InvalidArgument."""
    key = request.headers.get(HEADER)
    if key is None:
        return ""
    if not re.fullmatch(PATTERN, key):
        raise InvalidArgument("write 1 to 200 visible ASCII characters, as a UUID", field=HEADER)
    return key


def answer_once(
    handler: Handler, request: Request, *args: Any, key: str, secrets: Iterable[str], **kwargs: Any
) -> HttpResponseBase:
    """Answer a write, or give the answer again that it was given before.

    The answer is remembered in the transaction of the write: there is both or neither. Two at
    once wait for each other. Only successful answers are remembered, and no stream.
    secrets: members of an answer that nobody is shown twice.
    """
    user, asked = request.user, _hash(request)
    assert isinstance(user, User)  # noqa: S101  permissions have turned everybody else away
    with transaction.atomic():
        _lock(f"{user.pk}:{key}")
        known = _known(user, key)
        if known is not None:
            return _replayed(known, asked)
        response = handler(request, *args, **kwargs)
        if isinstance(response, Response) and 200 <= response.status_code < 300:
            _remember(response, secrets, user=user, key=key, request_hash=asked)
        return response


def forget_answers(now: dt.datetime | None = None) -> int:
    """Delete answers that were remembered long enough; gives how many."""
    old = RememberedAnswer.objects.filter(created_at__lt=(now or timezone.now()) - KEPT)
    return old.delete()[0]


def _known(user: User, key: str) -> RememberedAnswer | None:
    answers = RememberedAnswer.objects.filter(user=user, key=key)
    answers.filter(created_at__lt=timezone.now() - KEPT).delete()
    return answers.first()


def _lock(name: str) -> None:
    number = int.from_bytes(
        hashlib.sha256(f"idempotency:{name}".encode()).digest()[:8], signed=True
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [_PATIENCE])
        try:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
        except OperationalError:
            raise KeyInUse("the first request with this key is still at work; wait") from None
        cursor.execute("SET LOCAL lock_timeout TO DEFAULT")


def _replayed(known: RememberedAnswer, asked: str) -> HttpResponse:
    if known.request_hash != asked:
        raise KeyReused(
            "another request had this key: take a new key for a new request", field=HEADER
        )
    answer = json.loads(known.body)
    headers = {**answer["headers"], REPLAYED: "true"}
    if not answer["content"]:
        return HttpResponse(status=known.status, headers=headers)
    content_type = "application/json"
    return HttpResponse(
        answer["content"], status=known.status, headers=headers, content_type=content_type
    )


def _remember(response: Response, secrets: Iterable[str], **fields: Any) -> None:
    data = response.data
    if isinstance(data, Mapping):
        data = {name: value for name, value in data.items() if name not in {*secrets}}
    content = "" if data is None else Json().render(data).decode()
    headers = {name: response[name] for name in _KEPT_HEADERS if name in response}
    body = json.dumps({"headers": headers, "content": content})
    RememberedAnswer.objects.create(status=response.status_code, body=body, **fields)


def _hash(request: Request) -> str:
    """Hash what is asked: method, address, what was sent, and what its sender may be shown.

    Forms are hashed as read, because each sending has boundaries of its own between its parts.
    """
    head = [request.method, request.get_full_path(), sees_held_out(request.user)]
    digest = hashlib.sha256(json.dumps(head).encode())
    data: Any = request.data
    if isinstance(data, bytes):
        digest.update(data)
    elif isinstance(data, QueryDict):
        fields = sorted((name, v) for name, v in data.lists() if name not in request.FILES)
        digest.update(json.dumps(fields).encode())
    else:
        digest.update(json.dumps(data, sort_keys=True).encode())
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            digest.update(json.dumps([name, file.name, file.size]).encode())
            for chunk in file.chunks(_CHUNK):
                digest.update(chunk)
            file.seek(0)
    return digest.hexdigest()
