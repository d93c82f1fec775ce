"""A real small model as a judge: verdicts are valid, stored and priced, not that it is wise."""

import pytest

from grading import verdicts
from grading.criteria import Outcome
from grading.judging.costs import spent
from grading.models import JudgeCall, Verdict
from simulation.runner import run_episode
from tests.factories import make_plan, make_rubric, make_run, make_world, scripted
from tests.grading.judging.judges import make_judge, make_judged
from tests.local_model import MODEL, local_model, what_is_missing

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.local_model,
    pytest.mark.skipif(bool(what_is_missing()), reason=what_is_missing()),
]


@pytest.fixture(scope="module")
def address():
    with local_model() as url:
        yield url


def test_a_real_model_gives_a_valid_verdict_or_none_at_all(address):
    judge = make_judge(address, model=MODEL, max_output_tokens=200, seed=1)
    judge.endpoint.timeout_s = 300
    judge.endpoint.save()
    criterion = make_judged("greets", text="The agent greets Dee.", look_at=["answer"])
    agent = scripted({"text": "Good morning Dee, the lamps are yours."})
    plan = make_plan(make_world(), agent=agent, rubric=make_rubric(criterion))
    run = make_run(plan, judge=judge)
    rollout = run.rollouts.get()
    run_episode(rollout.episode_id)

    assert verdicts.grade_episode(rollout.episode_id) == 1

    verdict, calls = Verdict.objects.get(), JudgeCall.objects.all()
    assert verdict.outcome in set(Outcome)
    assert verdict.rationale
    assert len(verdict.votes) == 1
    paid = spent(calls)
    assert (paid.calls, paid.unanswered) == (1 + calls.filter(repair=1).count(), 0)
    assert paid.prompt > 100
    assert paid.completion > 5
    assert paid.cost * 1_000_000 == 2 * paid.prompt + 10 * paid.completion
    assert_never_invented(verdict, rollout.assessments.get(), calls)


def assert_never_invented(verdict, assessment, calls):
    if verdict.outcome == Outcome.GRADER_ERROR:
        assert (assessment.status, assessment.reward) == ("incomplete", None)
        assert calls.get(repair=1).problems or calls.get(repair=1).failure
    else:
        assert (assessment.status, assessment.reward_source) == ("graded", "judge")
        assert f'"outcome": "{verdict.outcome}"' in calls.order_by("repair").last().response
