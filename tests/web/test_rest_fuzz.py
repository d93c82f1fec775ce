"""The OpenAPI document against the application: schemathesis sends what fits it and what does not.

No answer is a fault of ours, every one is as the document says, and nonsense is refused.
"""

import os

import pytest
import schemathesis
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core import NotSet
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.web.document import api_document
from tests.web.fuzzed import make_known

pytestmark = pytest.mark.django_db
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
FEW = 5  # examples, of which each should lead to something
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "150"))  # of each operation in the long form


@schemathesis.serializer("application/jsonl")
def write_lines(context, value):
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


OPERATIONS = [
    each.ok() for each in schemathesis.openapi.from_dict(api_document()[0]).get_all_operations()
]


def area_of(operation):
    return operation.path.split("/")[3]


def reads_all_of(application):
    """Read what it streams to the end, as a server does, and close it."""

    def answer(environ, start_response):
        pieces = application(environ, start_response)
        try:
            return [b"".join(pieces)]
        finally:
            pieces.close()

    return answer


@pytest.fixture
def application():
    """The real one, without the end of connections that a request brings outside of tests."""
    ends = [signals.request_started, signals.request_finished]
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield reads_all_of(get_wsgi_application())
    for signal in ends:
        signal.connect(close_old_connections)


@pytest.fixture
def known(run, author, reviewer, admin_person, settings):
    settings.API_RATES = {"api": None, "download": None}
    return make_known(run, author, reviewer, admin_person)


def negated(case):
    """Name the parts of a request that do not fit the document; headers are ours to send."""
    parts = {
        location.value for location, part in case.meta.components.items() if part.mode.is_negative
    }
    return parts - {"header", "cookie"}


def lead(case, known, turn):
    """Let what fits the document be about what there is, too."""
    wrong, path = negated(case), case.operation.path
    if case.path_parameters and "path" not in wrong:
        values = known.values(path)
        kept = {name: values.get(name, said) for name, said in case.path_parameters.items()}
        case.path_parameters = kept
    if case.query and "query" not in wrong:
        case.query = known.said_at(path, case.query, turn)
    if "body" not in wrong and not isinstance(case.body, NotSet):
        case.body = known.said_at(path, case.body, turn)
    if "If-Match" in (case.headers or {}):
        case.headers["If-Match"] = "*"


def send(operation, mode, examples, *, known, application, is_random=False):
    """Send requests, each to what there was before all of them."""
    headers = {"Authorization": f"Bearer {known.token}"}

    @settings(
        max_examples=examples,
        phases=[Phase.generate],
        derandomize=not is_random,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), leads=st.integers(0, 5))
    def sends(case, leads):
        if leads or examples < FEW:
            lead(case, known, leads)
        with transaction.atomic():
            response = case.call(app=application, headers=headers)
            transaction.set_rollback(True)
        checks = [*CHECKS, *([negative_data_rejection] if negated(case) else [])]
        case.validate_response(response, checks=checks)

    sends()


def modes_of(operation):
    has_input = operation.query or operation.body or operation.path_parameters
    return list(GenerationMode) if has_input else [GenerationMode.POSITIVE]


def faults(operations, examples, **options):
    """Send requests to each operation; gives what was wrong, by operation."""
    found = {}
    for operation in operations:
        for mode in modes_of(operation):
            try:
                send(operation, mode, examples, **options)
            except FailureGroup as group:
                found[f"{operation.method.upper()} {operation.path} {mode.value}"] = str(group)
    return found


def test_every_operation_answers_as_the_document_says(known, application):
    found = faults(OPERATIONS, 2, known=known, application=application)

    assert found == {}


@pytest.mark.long
@pytest.mark.parametrize("area", sorted({area_of(operation) for operation in OPERATIONS}))
def test_operations_answer_as_the_document_says_whatever_is_sent(area, known, application):
    operations = [operation for operation in OPERATIONS if area_of(operation) == area]

    found = faults(operations, EXAMPLES, known=known, application=application, is_random=True)

    assert found == {}
