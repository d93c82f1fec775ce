"""The API as a script uses it: JSON in, JSON out, with a token of somebody."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.test import Client

from authoring.tokens import make_token

BASE = "/api/v1/"


class Script:
    """Somebody's script; `status` and `headers` are those of the last answer."""

    def __init__(self, person: User, *scopes: str, name: str = "script") -> None:
        self.token = make_token(person, name=name, scopes=scopes or ("read", "author"))
        self.client = Client(raise_request_exception=True)
        self.status = 0
        self.headers: Any = {}

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        answer = self.send(method, path, body, **headers)
        return answer.json() if answer.content else None

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Give the answer as it is, which may be a stream."""
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.client.generic(
            method,
            path if path.startswith("/") else f"{BASE}{path}",
            b"" if body is None else _encoded(body),
            content_type="application/json",
            headers={"authorization": f"Bearer {self.token}", **names},
        )
        self.status, self.headers = answer.status_code, answer.headers
        return answer

    def get(self, path: str) -> Any:
        return self.ask("GET", path)

    def post(self, path: str, body: Any = None) -> Any:
        return self.ask("POST", path, {} if body is None else body)


def _encoded(body: Any) -> bytes:
    return Client()._encode_json(body, "application/json").encode()


def rows(page: Any, name: str) -> Sequence[Any]:
    """Give one field of each row of a page."""
    return [row[name] for row in page["results"]]
