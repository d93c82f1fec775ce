"""The OpenAPI document against the application: schemathesis sends what fits it and what does not.

No answer is a fault of ours, every one is as the document says, and nonsense is refused.
"""

from types import SimpleNamespace

import pytest
import schemathesis
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from authoring.tokens import make_token
from grading.people.reports import Complaint, report_task
from simulation.rest.scopes import SCOPES
from tests.factories import make_endpoint
from tests.grading.judging.judges import make_judge
from tests.web.document import api_document
from tests.web.strength import make_report

pytestmark = pytest.mark.django_db
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
FEW = 5  # examples, of which each should lead to something


@schemathesis.serializer("application/jsonl")
def write_lines(context, value):
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


OPERATIONS = {
    f"{operation.method.upper()} {operation.path}": operation
    for operation in (
        each.ok() for each in schemathesis.openapi.from_dict(api_document()[0]).get_all_operations()
    )
}


@pytest.fixture
def application():
    """The real one, without the end of connections that a request brings outside of tests."""
    ends = [signals.request_started, signals.request_finished]
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield get_wsgi_application()
    for signal in ends:
        signal.connect(close_old_connections)


@pytest.fixture
def known(run, admin_person, author):
    """What there is, by names of path parameters, for each first part of an address."""
    world = run.rollouts.first().episode.world
    rollout = run.rollouts.filter(agent="scripted").first()
    complaint = Complaint(fault="task", text="Nobody can know this.")
    endpoint = make_endpoint(created_by=admin_person)
    report = make_report(author, world)
    ids = {
        "runs": run.pk,
        "rollouts": rollout.pk,
        "episodes": rollout.episode_id,
        "verdicts": rollout.assessments.get().verdicts.first().pk,
        "task-reports": report_task(rollout.pk, complaint, reporter=run.owner).pk,
        "judges": make_judge(endpoint=endpoint).pk,
        "tasks": report.pk,
    }
    named = {
        "run": run.pk,
        "number": 1,
        "slug": report.task.slug,
        "entity_type": "item",
        "key": "lamp",
    }
    names = {"worlds": str(world), "endpoints": endpoint.name}
    return SimpleNamespace(ids=ids, named=named, names=names)


def values_of(known, path, parameters):
    """Give values of path parameters that lead somewhere."""
    area = path.split("/")[3]
    there_are = {**known.named, "id": known.ids.get(area), "name": known.names.get(area)}
    return {name: str(there_are[name]) for name in parameters if there_are.get(name) is not None}


def negated(case):
    """Name the parts of a request that do not fit the document; headers are ours to send."""
    parts = {
        location.value for location, part in case.meta.components.items() if part.mode.is_negative
    }
    return parts - {"header", "cookie"}


def send(operation, mode, examples, *, known, application, token, is_random=False):
    headers = {"Authorization": f"Bearer {token}"}

    @settings(
        max_examples=examples,
        phases=[Phase.generate],
        derandomize=not is_random,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), leads=st.booleans())
    def sends(case, leads):
        wrong = negated(case)
        if case.path_parameters and "path" not in wrong and (leads or examples < FEW):
            values = values_of(known, operation.path, case.path_parameters)
            case.path_parameters = {**case.path_parameters, **values}
        response = case.call(app=application, headers=headers)
        case.validate_response(
            response, checks=[*CHECKS, *([negative_data_rejection] if wrong else [])]
        )

    sends()


@pytest.fixture
def token(admin_person):
    return make_token(admin_person, name="all", scopes=list(SCOPES))


def modes_of(operation):
    has_input = operation.query or operation.body or operation.path_parameters
    return list(GenerationMode) if has_input else [GenerationMode.POSITIVE]


def test_every_operation_answers_as_the_document_says(known, application, token):
    for operation in OPERATIONS.values():
        for mode in modes_of(operation):
            send(operation, mode, 2, known=known, application=application, token=token)


@pytest.mark.long
@pytest.mark.parametrize("name", OPERATIONS)
def test_operations_answer_as_the_document_says_whatever_is_sent(name, known, application, token):
    operation = OPERATIONS[name]
    for mode in modes_of(operation):
        send(
            operation, mode, 150, known=known, application=application, token=token, is_random=True
        )
