"""Data of older databases arrive whole."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from grading.models import Assessment, Grading, Run
from simulation.runner import run_episode
from tests.factories import make_run

BY_NUMBER = [("grading", "0002_guards")]


def migrate(target: list[tuple[str, str]]) -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(target)


@pytest.mark.django_db(transaction=True)
def test_numbers_of_gradings_become_rows_and_rows_numbers():
    run = make_run()
    run_episode(run.rollouts.get().episode_id)
    # of all apps: who builds on grading is taken back with it
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    try:
        migrate(BY_NUMBER)
        with connection.cursor() as cursor:
            cursor.execute("SELECT number, official_grading FROM grading_assessment, grading_run")
            assert cursor.fetchall() == [(1, 1)]
    finally:
        migrate(latest)

    grading = Grading.objects.get()
    assert (grading.run, grading.number, grading.asked_by) == (run, 1, run.owner)
    assert Run.objects.get().official == grading == Assessment.objects.get().grading
    assert grading.created_at == run.created_at
