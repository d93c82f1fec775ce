"""Old transcripts by command and by night; what tasks in use rest on stays."""

from io import StringIO

import orjson
import pytest
from django.core.management import CommandError, call_command

from authoring import retention
from authoring.models import DryRun
from grading.models import Run
from grading.retention import IN_USE, PEOPLE, forecast
from simulation.models import MaintenanceUse
from tests.authoring.tasks import make_revision, make_task
from tests.grading.retained import MONTHS, make_old, speak, steps_of, went


def test_dry_runs_of_tasks_in_use_stay(author, store_world):
    task, rollouts = make_task(author, store_world), {}
    for name, state in [("old", "saved"), ("approved", "approved"), ("newest", "saved")]:
        revision = make_revision(task, state, notes=name)
        rollouts[name] = make_old(author, kind=Run.Kind.DRY_RUN)
        DryRun.objects.create(
            task=task, revision=revision, run=rollouts[name].run, started_by=author
        )

    rule = retention.rule_of(older_than=MONTHS)
    assert forecast(rule).kept == {IN_USE: 2}
    assert went(rule) == {rollouts["old"].episode_id}


def told(*arguments, **options):
    out = StringIO()
    call_command("retention", *arguments, stdout=out, **options)
    return out.getvalue()


def test_the_command_shows_and_does_nothing_until_it_is_told_to(runner, admin_person):
    going, kept = make_old(runner), make_old(runner)
    speak(kept)

    shown = told()

    assert "  training: 1 episode, 2 steps, about " in shown
    assert "  in all: 1 episode, 2 steps, about " in shown
    assert f"  kept, {PEOPLE}: 1 episode" in shown
    assert "say --yes" in shown
    assert steps_of(going) == 2

    assert "removed 1 episodes, 2 steps" in told("--yes")
    assert (steps_of(going), steps_of(kept)) == (0, 2)
    assert MaintenanceUse.objects.get().actor == admin_person


def test_the_command_answers_in_json(runner, admin_person):
    make_old(runner)

    before, after = (orjson.loads(told("--json", *more)) for more in ([], ["--yes"]))
    assert before["removed"]["episodes"] == 0
    assert before["in_all"] == after["removed"]
    assert before["in_all"]["about_bytes"] > 0


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--older-than", "soon"], "write days, such as 90d"),
        (["--older-than", "0d"], "write days, such as 90d"),
        (["--kinds", "training,fun"], "kind 'fun'"),
    ],
)
def test_the_command_says_what_it_cannot_read(arguments, why):
    with pytest.raises(CommandError, match=why):
        told(*arguments)


@pytest.mark.parametrize(("days", "count"), [(0, 0), (120, 0), (90, 1)])
def test_by_night_it_goes_as_the_setting_says(db, settings, days, count):
    make_old()
    settings.RETENTION_DAYS = days

    assert retention.forget_old().episodes == count
