"""A judge that tests write: it reads the request as a model would, and answers by a rule."""

import itertools
import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from django.contrib.auth.models import User

from grading.criteria import Criterion
from grading.judging import CallRecord, decide
from grading.judging.configurations import make_judge as store_judge
from grading.models import Judge
from simulation import roles
from simulation.chat import ModelClient, Pace, Retries, client_for
from tests.factories import make_criterion, make_endpoint, make_user
from tests.model_server import ModelServer, Reply

_numbers = itertools.count(1)
Body = Mapping[str, Any]
PRICES = {"*": {"prompt": "2", "completion": "10"}}
HASTE = Pace(sleep=lambda seconds: None)


def make_judge(url: str = "", *, by: User | None = None, **fields: Any) -> Judge:
    """A judge at a server; `fields` are its settings but for name, model, note and endpoint."""
    own = {"name": f"judge-{next(_numbers)}", "model": "small", "note": ""}
    given = {name: fields.pop(name, value) for name, value in own.items()}
    endpoint = fields.pop("endpoint", None) or make_endpoint(url, prices=PRICES)
    admin = by or make_user("", roles.ADMIN)
    return store_judge({**given, "endpoint": endpoint.name, "settings": fields}, by=admin)


def make_judged(key: str = "polite", **fields: Any) -> Criterion:
    """A criterion of kind judge; look_at and question belong to its check."""
    check = {name: fields.pop(name) for name in ("look_at", "question") if name in fields}
    given = {"text": f"The agent is {key}.", "check": {"kind": "judge", **check}, **fields}
    return make_criterion(key, **given)


def hasty(judge: Judge, **retries: Any) -> ModelClient:
    """The judge's client, whose waits take no time."""
    return client_for(judge.endpoint, retries=Retries(**retries), pace=HASTE)


def ask(judge: Judge, criteria: Sequence[Criterion], evidence: Any, **options: Any) -> Any:
    """Decide in memory; gives the findings and the calls."""
    calls: list[CallRecord] = []
    client = options.pop("client", None) or hasty(judge)
    found = decide(judge, criteria, evidence, keep=calls.append, client=client, **options)
    return found, calls


# what a model sees of a request


def asked_for(body: Body) -> list[str]:
    """The criteria that an answer may be about, as the schema says."""
    schema = body["response_format"]["json_schema"]["schema"]
    return schema["properties"]["verdicts"]["items"]["properties"]["criterion"]["enum"]


def orders_in(body: Body) -> str:
    """Everything in a request that stands outside of the record: what a judge must obey."""
    nonce = re.search(r'<untrusted id="([0-9a-f]+)"', body["messages"][0]["content"])[1]
    outside = []
    for message in body["messages"]:
        if message["role"] != "assistant":
            outside.append(_without_record(message["content"], nonce))
    return "\n".join(outside)


def record_in(body: Body) -> list[str]:
    """The lines of the record that are not ours."""
    lines = body["messages"][1]["content"].splitlines()
    return [line.removeprefix("| ") for line in lines if line.startswith("| ")]


def _without_record(text: str, nonce: str) -> str:
    kept, is_inside = [], False
    for line in text.split("\n"):
        if re.fullmatch(rf'<untrusted id="{nonce}" part="[a-z]+">', line):
            is_inside = True
        elif line == f'</untrusted id="{nonce}">':
            is_inside = False
        elif not is_inside:
            kept.append(line)
    assert not is_inside, "a fence was not closed"
    return "\n".join(kept)


# what it answers


def verdict(criterion: str, outcome: str = "not_met", **fields: Any) -> dict[str, Any]:
    truth = {"met": True, "not_met": False, "cannot_tell": None}[outcome]
    given = {"criterion": criterion, "rationale": "Because.", "evidence": [], "is_true": truth}
    return {**given, "outcome": outcome, **fields}


def cite(step: int, quote: str) -> list[dict[str, Any]]:
    return [{"step": step, "quote": quote}]


def answer(*verdicts: Any, **reply: Any) -> Reply:
    return Reply(text=json.dumps({"verdicts": list(verdicts)}), **reply)


def decides(server: ModelServer, rule: Callable[[str, Body], Any]) -> None:
    """Let the server answer every request by a rule: (criterion, body) -> verdict."""

    def reply(body: Body) -> Reply:
        return answer(*[rule(key, body) for key in asked_for(body)])

    server.answer = reply


def says(outcome: str, **fields: Any) -> Callable[[str, Body], Any]:
    return lambda key, body: verdict(key, outcome, **fields)


quick_client = partial(client_for, pace=HASTE)
