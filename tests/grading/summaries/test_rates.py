"""Rates of runs and agents in lists, and that they are those of the statistics."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grading.models import Run
from grading.run_page import agent_rates, run_page, run_rows
from grading.runs import launch_run
from grading.statistics.means import over_tasks
from grading.summaries.alike import pass_rate, results_by_agent
from grading.summaries.attempts import passes, read_attempts, rewards
from grading.summaries.rates import read_counts, read_totals
from grading.summaries.runs import run_figures
from simulation.models import Episode
from tests.factories import make_plan, make_world
from tests.grading.stored import FAIL, PASS, RUBRIC, THEN, make_stored_run, settle

pytestmark = pytest.mark.django_db
BROKEN = {"paid": "grader_error"}
REPEATS = {"a": [PASS] * 8, "b": [FAIL] * 8, "c": [PASS] * 7 + [FAIL], "d": [FAIL] * 7 + [PASS]}
results = st.sampled_from([PASS, FAIL, {"paid": "met"}, BROKEN, "provider_error", "cancelled"])
tasks = st.dictionaries(st.sampled_from("abcde"), st.lists(results, max_size=4), max_size=5)


@settings(
    deadline=None,
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.dictionaries(st.sampled_from(["one", "two"]), tasks, min_size=1))
def test_an_agent_has_the_same_figures_everywhere(agents):
    run = make_stored_run(agents)

    counts = read_counts([run])[run.pk].agents

    expected = {agent.agent: agent for agent in run_figures(run).agents}
    assert [each.agent for each in counts] == [*expected]
    for each in counts:
        assert (each.passed, each.reward) == (
            expected[each.agent].passed,
            expected[each.agent].reward,
        )
        assert each.outcomes.total() == expected[each.agent].counts.rollouts
        assert each.masked == expected[each.agent].counts.masked
        assert each.outcomes["incomplete"] == expected[each.agent].counts.incomplete


@settings(
    deadline=None,
    max_examples=10,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.dictionaries(st.sampled_from(["two", "one"]), tasks, min_size=1))
def test_what_is_summed_up_in_the_database_is_what_counting_rollout_by_rollout_gives(agents):
    run, other = make_stored_run(agents), make_stored_run({"one": {"a": [PASS, FAIL]}})

    found, totals = results_by_agent([run, other]), read_totals([run, other])[run.pk]

    by_agent = run_figures(run).agents
    assert [*found[run.pk]] == [agent.agent for agent in by_agent]
    for agent in by_agent:
        close_to(pass_rate(found[run.pk][agent.agent]), agent.passed)
    attempts = read_attempts(run)
    close_to(totals.passed, over_tasks(passes(attempts), is_share=True))
    assert totals.mean_reward == pytest.approx(over_tasks(rewards(attempts), is_share=True).value)
    assert totals.incomplete == sum(agent.counts.incomplete for agent in by_agent)
    assert totals.done == totals.total == len(attempts)


def test_of_no_runs_there_is_nothing():
    assert read_totals([]) == results_by_agent([]) == {}


def close_to(found, expected):
    """Tasks in another order: sums of floats may differ in the last digit."""
    assert (found.n, found.clusters, found.why) == (expected.n, expected.clusters, expected.why)
    assert found.value == pytest.approx(expected.value)
    one, other = found.interval, expected.interval
    assert (one.method, one.why) == (other.method, other.why)
    assert (one.low, one.high) == (pytest.approx(other.low), pytest.approx(other.high))


def test_repeats_of_a_task_do_not_make_an_interval_narrow():
    run = make_stored_run({"one": REPEATS})

    (agent,) = run_page(run, {}).agents
    (row,) = run_rows([run])
    ((_, rate),) = agent_rates([run])[0]

    assert agent.rate == row.rate == rate
    assert (rate.text, rate.basis) == ("50 %", "32 trials of 4 tasks")
    assert rate.high - rate.low > 60  # Wilson's of 32 independent trials would be 33 wide


def test_one_task_alone_has_a_rate_without_an_interval():
    run = make_stored_run({"one": {"a": [PASS, FAIL]}})

    (agent,) = run_page(run, {}).agents

    assert (agent.rate.text, agent.rate.low, agent.rate.interval) == ("50 %", None, "")
    assert agent.rate.why


def test_the_reward_is_the_mean_over_tasks():
    run = make_stored_run({"one": {"a": [PASS, PASS, PASS], "b": [FAIL]}})

    (agent,) = run_page(run, {}).agents
    (row,) = run_rows([run])

    assert agent.mean_reward == row.mean_reward == f"{(1 + 1 / 3) / 2:.2f}"


def test_a_line_of_the_list_counts_every_rollout_once():
    tasks = {"a": [PASS, FAIL], "b": [BROKEN, "provider_error"], "c": ["cancelled"]}
    run, other = make_stored_run({"two": tasks, "one": tasks}), make_stored_run({"one": {"a": []}})

    totals = read_totals([run, other])

    found = totals[run.pk]
    assert (found.agents, found.total, found.done) == (("one", "two"), 10, 10)
    assert (found.incomplete, found.masked, found.waiting, found.parked) == (2, 4, 0, 0)
    assert found.passed == over_tasks([[1.0, 1.0, 0.0, 0.0]], is_share=True)
    assert (totals[other.pk].total, totals[other.pk].passed.value) == (0, None)


@pytest.mark.parametrize(
    ("status", "counted"), [("running", "waiting"), ("queued", "waiting"), ("parked", "parked")]
)
def test_a_line_of_the_list_knows_what_is_not_over(status, counted):
    world = make_world()
    plans = [make_plan(world, subject="a@1", index=index, rubric=RUBRIC) for index in (1, 2)]
    run = launch_run(title="Live", kind=Run.Kind.EVALUATION, owner=world.owner, plans=plans)
    first, second = run.rollouts.order_by("index")
    settle(first, PASS, "done")
    lease = {"lease": 1, "lease_expires_at": THEN} if status == "running" else {}
    Episode.objects.filter(pk=second.episode_id).update(status=status, **lease)

    found = read_totals([run])[run.pk]

    assert (getattr(found, counted), found.done, found.masked) == (1, 1, 0)


def test_only_the_official_grading_is_in_the_lists():
    run = make_stored_run({"one": {"a": [PASS]}})
    other = run.gradings.create(number=2, purpose="regrade", asked_by=run.owner)
    run.rollouts.get().assessments.create(
        rubric=run.rollouts.get().assessments.get().rubric, grading=other
    )

    Run.objects.filter(pk=run.pk).update(official=other)
    switched = Run.objects.get(pk=run.pk)

    assert run_rows([run])[0].rate.text == "100 %"
    assert run_rows([switched])[0].rate is None
    assert run_page(switched, {}).agents[0].rate is None
    assert agent_rates([switched]) == [[("one", None)]]


def test_the_queries_of_lists_do_not_grow(django_assert_num_queries):
    runs = [make_stored_run({"one": REPEATS, "two": {"a": [PASS]}}) for _ in range(3)]

    for some in (runs[:1], runs):
        with django_assert_num_queries(3):
            read_totals(some)
        with django_assert_num_queries(1):
            read_counts(some)
