"""What a run has cost, in the list of runs."""

from decimal import Decimal

import pytest

from grading.models import JudgeCall
from grading.monitor import costs
from grading.monitor.costs import RunCost
from grading.run_page import run_rows
from grading.runs import retry_rollout
from grading.summaries.rates import read_totals
from simulation.models import Episode
from tests.factories import make_plan, make_run, make_world
from tests.grading.judging.judges import make_judge
from tests.grading.stored import PASS, RUBRIC, make_stored_run, settle

pytestmark = pytest.mark.django_db
SPENT = {
    "usage": {"prompt": 1000, "completion": 200, "cached": 900}, "cost": Decimal("0.5"),
    "customer_usage": {"prompt": 30, "completion": 4}, "customer_cost": Decimal("0.25"),
}  # fmt: skip


def costing(*results, held_out=()):
    """A run of one agent on one task; held_out: indexes of episodes that few may see."""
    world = make_world()
    indexes = range(1, len(results) + 1)
    run = make_run(*[make_plan(world, index=n, rubric=RUBRIC) for n in indexes])
    for rollout, result in zip(run.rollouts.order_by("index"), results, strict=True):
        is_held_out = rollout.index in held_out
        Episode.objects.filter(rollout=rollout).update(**SPENT, is_held_out=is_held_out)
        settle(rollout, result, "done")
    return run


def judge_it(run):
    JudgeCall.objects.create(
        judge=make_judge(), assessment=run.official.assessments.first(),
        prompt_tokens=70, completion_tokens=5, cost=Decimal("0.001"),
    )  # fmt: skip


def cost_of(run):
    return costs.read_costs([run], read_totals([run]))[run.pk]


def test_a_run_costs_what_agents_customers_judges_and_lost_attempts_cost():
    run = costing(PASS, "provider_error")
    retry_rollout(run.rollouts.get(index=2))
    judge_it(run)

    assert cost_of(run) == RunCost(cost=Decimal("1.501"), tokens=2 * 1234 + 75)
    (row,) = run_rows([run])
    assert (row.cost, row.tokens) == ("$1.50", "2,543 tokens")


def test_where_nothing_was_spent_nothing_is_said():
    (row,) = run_rows([make_stored_run({"one": {"a": [PASS]}})])

    assert (row.cost, row.tokens) == ("", "")


def test_many_runs_are_summed_in_as_many_queries_as_one(django_assert_num_queries):
    runs = [costing(PASS, PASS) for _ in range(3)]

    for some in (runs[:1], runs):
        totals = read_totals(some)
        with django_assert_num_queries(3):
            costs.read_costs(some, totals)


def test_a_large_run_is_summed_up_once_for_a_while_and_anew_when_it_moves(
    monkeypatch, django_assert_num_queries
):
    run = costing(PASS, "provider_error")
    monkeypatch.setattr(costs, "LARGE", 1)
    before = cost_of(run)

    totals = read_totals([run])
    with django_assert_num_queries(0):
        assert costs.read_costs([run], totals)[run.pk] == before
    retry_rollout(run.rollouts.get(index=2))
    judge_it(run)

    assert cost_of(run).cost == before.cost + Decimal("0.001")


def test_without_a_cache_a_large_run_is_summed_up_all_the_same(monkeypatch, settings):
    run = costing(PASS, PASS)
    monkeypatch.setattr(costs, "LARGE", 1)
    backend = settings.CACHES["default"]
    settings.CACHES = {"default": {**backend, "LOCATION": "redis://127.0.0.1:1/0"}}

    assert cost_of(run).cost == Decimal("1.5")


def test_what_is_held_out_costs_nothing_that_others_see(monkeypatch):
    run = costing(PASS, PASS, held_out=[2])
    monkeypatch.setattr(costs, "LARGE", 0)
    seen = type(run).objects.get(pk=run.pk)
    seen.hides_held_out = False

    assert cost_of(seen).cost == Decimal("1.5")
    assert cost_of(run).cost == Decimal("0.75")
