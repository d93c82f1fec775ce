"""A real worker plays and grades a dry run: messages go through the queue, the strip ends."""

import time

import pytest

from authoring.access import look_at_task
from authoring.dry_runs.starting import start_dry_run
from authoring.dry_runs.strip import strip_for
from tests.authoring.conftest import PROMPTS
from tests.authoring.dry_runs import make_tried_task
from tests.factories import make_user, make_world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]
PATIENCE = 60


def test_a_worker_plays_what_was_started(start_worker):
    person = make_user()
    world = make_world(owner=person, slug="store", version=1, prompts=PROMPTS)
    task = make_tried_task(person, world)

    start_dry_run(task, by=person, with_mutants=True)
    start_worker()

    deadline = time.monotonic() + PATIENCE
    while (shown := strip_for(look_at_task(person, task.slug)).shown).is_live:
        assert time.monotonic() < deadline, "the worker did not finish the dry run"
        time.sleep(0.1)
    words = [chip.mark.word for chip in shown.chips]
    assert words == ["passes", *4 * ["rightly fails"]]
    assert shown.mutants.share.endswith("%")
