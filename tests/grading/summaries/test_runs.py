"""What a run comes to, by its official grading."""

import pytest
from django.utils import timezone

from grading.models import Assessment, FailureNote, Grading, Run, Verdict, Withdrawal
from grading.summaries.attempts import read_attempts
from grading.summaries.conduct import Conduct, conduct_of, read_conduct
from grading.summaries.criteria import read_criteria
from grading.summaries.runs import comparable, run_figures
from simulation.forgetting import forget_steps
from simulation.models import Episode
from tests.factories import make_user
from tests.grading.stored import FAIL, PASS, make_calls, make_stored_run

pytestmark = pytest.mark.django_db
BROKEN = {"paid": "grader_error"}
HARM = {"paid": "met", "told": "met", "harm": "met"}
LABELS = {
    "a": {"category": "reasoning", "difficulty": "easy", "target_level": 2},
    "b": {"category": "reasoning", "difficulty": "hard", "target_level": None},
    "c": {"category": "communication", "difficulty": "hard"},
}


def only(run):
    (agent,) = run_figures(run).agents
    return agent


def test_rates_and_rewards_are_means_over_tasks_of_graded_rollouts():
    tasks = {"a": [PASS, PASS, PASS, FAIL], "b": [FAIL, "provider_error", BROKEN, FAIL], "c": []}

    found = only(make_stored_run({"one": tasks}))

    assert found.passed.value == pytest.approx((3 / 4 + 0) / 2)
    assert found.reward.value == pytest.approx(((3 + 1 / 3) / 4 + 1 / 3) / 2)
    assert (found.passed.n, found.passed.clusters) == (6, 2)


def test_what_is_left_out_is_counted():
    tasks = {"a": [PASS, "provider_error", BROKEN], "b": ["cancelled", "worker_lost"]}

    counts = only(make_stored_run({"one": tasks})).counts

    assert (counts.rollouts, counts.graded, counts.incomplete, counts.masked) == (5, 1, 1, 3)
    assert (counts.tasks, counts.graded_tasks, counts.unfinished) == (2, 1, 0)


def test_pass_at_k_and_pass_hat_k_end_where_a_task_has_too_few_graded_trials():
    tasks = {"a": [PASS, FAIL, PASS], "b": [PASS, PASS, "provider_error"]}

    over_k = only(make_stored_run({"one": tasks})).over_k

    assert [each.k for each in over_k] == [1, 2, 3]
    assert [each.any_passes.value for each in over_k] == [pytest.approx(5 / 6), 1, None]
    assert over_k[1].all_pass.value == pytest.approx((1 / 3 + 1) / 2)
    assert "b@1 (2)" in over_k[2].any_passes.why


def test_each_repeat_has_its_own_rate():
    tasks = {"a": [PASS, FAIL], "b": [PASS, PASS], "c": ["provider_error", FAIL]}

    repeats = only(make_stored_run({"one": tasks})).repeats

    assert {index: (s.value, s.n) for index, s in repeats.rates.items()} == {
        1: (1.0, 2),
        2: (pytest.approx(1 / 3), 3),
    }
    assert repeats.deviation == pytest.approx((2 / 3) / 2**0.5)


def test_groups_are_by_the_labels_that_rollouts_froze():
    run = make_stored_run({"one": {"a": [PASS], "b": [FAIL], "c": [PASS]}}, labels=LABELS)

    groups = {(g.label, g.name): (g.passed.value, g.passed.clusters) for g in only(run).groups}

    assert groups == {
        ("category", "reasoning"): (0.5, 2),
        ("category", "communication"): (1.0, 1),
        ("difficulty", "easy"): (1.0, 1),
        ("difficulty", "hard"): (0.5, 2),
        ("target_level", "2"): (1.0, 1),
    }


def test_criteria_count_by_category_and_a_harm_not_found_is_fulfilled():
    run = make_stored_run({"one": {"a": [PASS, FAIL, HARM], "b": [BROKEN]}})

    found = {(c.task, c.key): c for c in read_criteria(run)}

    assert found["a@1", "told"].fulfilled.value == pytest.approx(2 / 3)
    assert found["a@1", "harm"].fulfilled.value == pytest.approx(2 / 3)
    assert (found["b@1", "paid"].fulfilled, found["b@1", "paid"].grader_errors) == (None, 1)
    categories = only(run).criteria
    assert categories["completeness"].value == pytest.approx((2 / 3 + 0) / 2)
    assert categories["correctness"].clusters == 1


def verdict(run, outcome, **fields):
    assessment = Assessment.objects.get(rollout__run=run)
    return Verdict.objects.create(
        assessment=assessment, criterion_key="told", outcome=outcome, **fields
    )


def told(run):
    return next(c.fulfilled.value for c in read_criteria(run) if c.key == "told")


def test_a_criterion_counts_by_the_verdict_that_is_effective():
    run, person = make_stored_run({"one": {"a": [FAIL]}}), make_user()

    verdict(run, "met", source="human", author=person)
    assert told(run) == 0  # an opinion, not the last word
    last = verdict(run, "met", source="human", author=person, is_authoritative=True)
    assert told(run) == 1
    verdict(run, "not_met", source="judge", round=2)
    assert told(run) == 1
    Withdrawal.objects.create(verdict=last, author=person)
    assert told(run) == 0


def test_the_steps_of_what_has_ended_are_read_once(django_assert_num_queries):
    run = make_stored_run({"one": {"a": [PASS], "b": [PASS]}})
    first, second = run.rollouts.order_by("subject")
    make_calls(first, ("get", {"x": 1}, False), ("get", {"x": 1}, True))
    attempts = read_attempts(run)
    counted = conduct_of(run, attempts)

    with django_assert_num_queries(0):
        again = conduct_of(run, attempts)
    forget_steps(Episode.objects.filter(pk=first.episode_id), reason="they are old")
    left = conduct_of(run, read_attempts(run))

    assert counted == {first.episode_id: Conduct(turns=2, calls=2, errors=1, repeats=1)}
    assert again == {**counted, second.episode_id: Conduct()}
    assert left == {second.episode_id: Conduct()}


def test_only_the_official_grading_counts():
    run = make_stored_run({"one": {"a": [FAIL], "b": [PASS]}})
    before = run_figures(run)
    other = Grading.objects.create(run=run, number=2, purpose="regrade", asked_by=run.owner)
    for assessment in Assessment.objects.filter(rollout__run=run):
        copy = Assessment.objects.create(
            rollout=assessment.rollout, rubric=assessment.rubric, grading=other, status="graded",
            reward=1.0, passed=True, graded_at=timezone.now(),
        )  # fmt: skip
        Verdict.objects.create(assessment=copy, criterion_key="told", outcome="met", source="check")

    assert run_figures(run) == before
    Run.objects.filter(pk=run.pk).update(official=other)
    after = only(Run.objects.get(pk=run.pk))
    assert (after.passed.value, after.criteria["completeness"].value) == (1.0, 1.0)


def test_conduct_is_counted_an_episode():
    run = make_stored_run({"one": {"a": [PASS], "b": [PASS]}}, stops={"b": "max_turns"})
    first = run.rollouts.get(subject="a@1")
    make_calls(
        first, ("get", {"x": 1, "y": 2}, False), ("get", {"y": 2, "x": 1}, False),
        ("get", {"x": 2}, True), ("put", {"x": 2}, False), ("put", "{broken", True),
        ("put", "{broken", True),
    )  # fmt: skip

    found = only(run).conduct

    assert read_conduct(run) == {first.episode_id: Conduct(turns=6, calls=6, errors=3, repeats=2)}
    means = [found.turns, found.calls, found.errors, found.repeats, found.truncated]
    assert [mean.value for mean in means] == [3, 3, 1.5, 1, 0.5]


def test_failures_count_rollouts_by_the_current_note_of_each_person():
    run = make_stored_run({"one": {"a": [FAIL, FAIL]}, "two": {"a": [FAIL]}})
    ana, bo = make_user(), make_user()
    first, second = run.rollouts.filter(agent="one")
    note = FailureNote.objects.create
    note(rollout=first, author=ana, level=1, kind="other")
    note(rollout=first, author=ana, level=2, kind="poor_search")
    note(rollout=first, author=bo, level=2, kind="invented_fact")
    note(rollout=second, author=ana, level=5, kind="poor_search")
    note(rollout=second, author=bo, level=1, kind="other")
    note(rollout=second, author=bo, is_withdrawn=True)

    one, two = (agent.failures for agent in run_figures(run).agents)

    assert (one.noted, one.levels) == (2, {2: 1, 5: 1})
    assert one.kinds == {"poor_search": 2, "invented_fact": 1}
    assert two is None


def test_agents_are_compared_with_the_one_that_passes_most_or_a_chosen_one():
    agents = {
        "weak": {"a": [FAIL], "b": [FAIL], "c": [PASS]},
        "best": {"a": [PASS], "b": [PASS], "d": [PASS]},
    }
    run = make_stored_run(agents)

    best, chosen = run_figures(run), run_figures(run, baseline="weak")

    (pair,) = best.pairs
    assert (best.baseline, pair.first, pair.second) == ("best", "best", "weak")
    assert pair.passed.difference.value == -1
    assert (pair.passed.only_first, pair.passed.only_second) == (("d@1",), ("c@1",))
    assert (pair.passed.mcnemar, pair.adjusted_p) == (0.5, 0.5)
    assert [p.second for p in chosen.pairs] == ["best"]
    assert chosen.pairs[0].passed.difference.value == 1


def test_an_unknown_baseline_is_the_one_that_passes_most():
    run = make_stored_run({"weak": {"a": [FAIL]}, "best": {"a": [PASS]}})

    assert run_figures(run, baseline="nobody").baseline == "best"


def test_ps_are_adjusted_over_the_pairs_shown_together():
    tasks = [f"t{i}" for i in range(6)]
    agents = {
        name: {task: [PASS if passes else FAIL] for task in tasks}
        for name, passes in (("best", True), ("x", False), ("y", False))
    }

    pairs = run_figures(make_stored_run(agents)).pairs

    assert [pair.passed.p for pair in pairs] == [1 / 32, 1 / 32]
    assert [pair.adjusted_p for pair in pairs] == [1 / 16, 1 / 16]


def test_two_runs_are_compared_agent_by_agent_of_one_name():
    then = make_stored_run({"one": {"a": [FAIL], "b": [PASS]}, "gone": {"a": [PASS]}})
    now = make_stored_run({"one": {"a": [PASS], "b": [PASS]}, "new": {"a": [PASS]}})

    (pair,) = run_figures(now, against=then).pairs

    assert (pair.first, pair.second, pair.passed.difference.value) == ("one", "one", 0.5)
    assert [change.task for change in pair.passed.changes] == ["a@1"]


@pytest.mark.parametrize("kind", Run.Kind.values)
def test_only_evaluations_and_demos_stand_beside_other_runs(kind):
    here, other = (make_stored_run({"one": {"a": [PASS]}}, kind=k) for k in ("evaluation", kind))

    assert (other in comparable(Run.objects.all(), here)) == (kind in {"evaluation", "demo"})
    assert here not in comparable(Run.objects.all(), here)


def test_a_run_without_a_result_has_reasons_and_no_numbers():
    run = make_stored_run({"one": {"a": ["provider_error"]}})

    figures = run_figures(run)

    (agent,) = figures.agents
    assert agent.passed.value is agent.reward.value is agent.conduct.turns.value is None
    assert agent.passed.why
    assert (agent.over_k, agent.groups, figures.pairs, figures.baseline) == ((), (), (), "")


def test_the_queries_do_not_grow_with_the_run(django_assert_num_queries):
    small = make_stored_run({"one": {"a": [PASS]}})
    many = {f"t{i}": [PASS, FAIL, "provider_error"] for i in range(8)}
    large = make_stored_run({"one": many, "two": many, "three": many})

    for run in (small, large):
        with django_assert_num_queries(6):
            run_figures(run)
