"""Route × method × scope of the whole API: one scope lets a token in, every other is refused by
name."""

from typing import Any

import pytest

from simulation.rest.scopes import SCOPES
from tests.web.rest import Script
from tests.web.scope_table import NEEDED, NONE, address, api_patterns, methods_of

pytestmark = pytest.mark.django_db
PATTERNS = {str(pattern.name): pattern for pattern in api_patterns()}


def test_every_route_and_method_of_the_api_is_in_the_table():
    there_are = {name: methods_of(pattern) for name, pattern in PATTERNS.items()}

    assert there_are == {name: set(methods) for name, methods in NEEDED.items()}


def test_a_token_gets_in_with_the_scope_of_the_route_alone(admin_person):
    """Everything is theirs to see and nothing is there, so that only the scope decides."""
    alone = {scope: Script(admin_person, scope, name=scope) for scope in SCOPES}
    others = {scope: Script(admin_person, *(SCOPES.keys() - {scope}), name=f"not {scope}")
              for scope in SCOPES}  # fmt: skip

    wrong = []
    for name, method, needed in asked():
        url = address(PATTERNS[name])
        for script in (*alone.values(), others[needed]):
            # a list is no body of any of them: whoever gets in is told so, and writes nothing
            answer = script.send(method, url, None if method == "GET" else [])
            if not is_right(script is alone[needed], needed, answer):
                wrong.append((name, method, needed, script.status))
            if answer.streaming:
                b"".join(answer.streaming_content)

    assert wrong == []


def test_nobody_gets_in_without_a_token_or_a_session(client):
    statuses = {
        (name, method): client.generic(method, address(PATTERNS[name])).status_code
        for name, method, _ in asked()
    }

    assert {each: status for each, status in statuses.items() if status != 401} == {}


def asked() -> list[tuple[str, str, str]]:
    """Give route, method and scope of all that asks for one."""
    return [(name, method, needed) for name, methods in NEEDED.items()
            for method, needed in methods.items() if needed != NONE]  # fmt: skip


def is_right(is_in: bool, needed: str, answer: Any) -> bool:
    if is_in:
        return answer.status_code not in (401, 403, 405) and answer.status_code < 500
    told = answer.status_code == 403 and answer.json()["error"]["message"]
    return f"the token lacks the scope '{needed}'" in (told or "")
