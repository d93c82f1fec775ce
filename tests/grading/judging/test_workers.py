"""Real workers: episodes played, handed on, judged; killed in the middle of a call."""

import time

import pytest
from django.utils import timezone

from grading.models import Assessment, JudgeCall, Verdict
from grading.tasks import sweep
from tests.factories import make_criterion, make_plan, make_rubric, make_run, make_world, reference
from tests.grading.judging.judges import (
    answer,
    cite,
    decides,
    make_judge,
    make_judged,
    says,
    verdict,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]
PATIENCE = 60
RUBRIC = make_rubric(make_criterion(), make_judged("polite"))


def make_batch(judge, count):
    """A run of rollouts that have different evidence, so that each is judged."""
    world = make_world()
    agents = [reference({"message": f"Dear Dee, {n}"}) for n in range(1, count + 1)]
    numbered = enumerate(agents, 1)
    return make_run(
        *[make_plan(world, agent=a, index=n, rubric=RUBRIC) for n, a in numbered], judge=judge
    )


def until(condition, *, meanwhile=lambda: None):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, list(Assessment.objects.values("status", "round"))
        meanwhile()
        time.sleep(0.1)


def all_graded():
    return not Assessment.objects.exclude(status="graded").exists()


def test_a_plain_worker_plays_grades_and_judges(model_server, start_worker):
    decides(model_server, says("met", evidence=cite(1, "Dear Dee")))
    start_worker()

    make_batch(make_judge(model_server.url), 6)

    until(all_graded)
    assert len(model_server.requests) == JudgeCall.objects.count() == 6
    assert Verdict.objects.filter(source="judge", outcome="met").count() == 6


def test_a_worker_killed_while_its_judge_thinks_loses_nothing(model_server, start_worker):
    model_server.answer = lambda body: answer(verdict("polite"), delay=600)
    worker = start_worker()
    make_batch(make_judge(model_server.url), 1)
    until(lambda: model_server.requests)

    worker.kill()
    assessment = Assessment.objects.get()
    assert (assessment.status, assessment.claimed_until > timezone.now()) == ("open", True)
    decides(model_server, says("not_met"))
    Assessment.objects.update(claimed_until=timezone.now())  # a minute goes by
    start_worker()
    until(all_graded, meanwhile=sweep)

    assert Verdict.objects.count() == 2
    assert Assessment.objects.get().round == 1
