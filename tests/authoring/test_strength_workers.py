"""A real worker measures: the message goes through the queue, the report comes back whole."""

import time

import pytest

from authoring.models import MutationReport
from authoring.strength.access import of_draft
from authoring.strength.reports import start_report
from tests.factories import make_user, make_world
from tests.web.strength import make_task

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]
PATIENCE = 60


def test_a_worker_measures_what_was_started(start_worker):
    person = make_user()
    world = make_world(owner=person, prompts={"clerk": "You sell lamps."})
    task = make_task(person, world)

    report = start_report(task, of_draft(task), by=person)
    start_worker()

    deadline = time.monotonic() + PATIENCE
    while MutationReport.objects.get(pk=report.pk).is_live:
        assert time.monotonic() < deadline, "the worker did not measure"
        time.sleep(0.1)
    report.refresh_from_db()
    assert (report.status, report.problem) == ("ended", "")
    assert report.score is not None
