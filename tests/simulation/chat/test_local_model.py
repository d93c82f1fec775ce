"""The client and a real model: that they understand each other, not that the model is clever."""

import json
from decimal import Decimal

import pytest

from simulation.chat import client_for
from simulation.models import ModelEndpoint
from tests.local_model import MODEL, local_model, what_is_missing
from tests.simulation.chat.conftest import question

pytestmark = [
    pytest.mark.local_model,
    pytest.mark.skipif(bool(what_is_missing()), reason=what_is_missing()),
]
SCHEMA = {
    "type": "object",
    "properties": {
        "met": {"type": "boolean"},
        "reason": {"type": "string", "maxLength": 200},
    },
    "required": ["met", "reason"],
    "additionalProperties": False,
}
ASKED = """Answer as JSON with "met" (true or false) and "reason" (one short sentence).
Criterion: the answer names a price. Answer of the agent: "The lamp costs 12.50 euros." """


@pytest.fixture(scope="module")
def endpoint():
    with local_model() as address:
        yield ModelEndpoint(
            name="small",
            base_url=address,
            timeout_s=300,
            prices={MODEL: {"prompt": "1", "completion": "2"}},
        )


def test_a_real_model_answers_in_the_form_that_was_asked_for(endpoint):
    request = question(ASKED, model=MODEL, response_schema=SCHEMA, max_tokens=200, seed=1)

    answer = client_for(endpoint).ask(request)

    verdict = json.loads(answer.text)
    assert set(verdict) == {"met", "reason"}
    assert isinstance(verdict["met"], bool)
    assert answer.finish_reason == "stop"
    assert answer.usage.prompt > 20
    assert answer.usage.completion > 5
    tokens = answer.usage.prompt + 2 * answer.usage.completion
    assert answer.cost == Decimal(tokens) / 1_000_000
    assert [attempt.status for attempt in answer.attempts] == [200]
