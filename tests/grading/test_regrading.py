"""Grading stored episodes again: what is asked, what stands, what is carried, what counts."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from grading import tasks, verdicts
from grading.models import Assessment, Grading, OfficialSwitch, Verdict, Withdrawal
from grading.regrading.asking import GRADE, ask_gradings, cancel_grading
from grading.regrading.official import switch_official
from grading.runs import retry_rollout
from grading.scopes import Scope, read_scope
from simulation import episodes
from simulation.errors import Conflict, Forbidden, InvalidArgument, Problems
from simulation.models import Episode
from simulation.roles import RUNNER
from simulation.runner import run_episode
from simulation.stops import StopReason
from tests.beside import at_once
from tests.factories import (
    cancel,
    make_criterion,
    make_outcome,
    make_plan,
    make_run,
    make_user,
    make_world,
)
from tests.grading.regrading import (
    HUMAN,
    NULL,
    SUBJECT,
    ask,
    decide,
    finish,
    make_graded_run,
    make_measure,
    never,
    regrade,
    results,
    say,
    wish_for,
)

pytestmark = pytest.mark.django_db
LAUNCHED = [
    ("null", "graded", 0.0, False),
    ("null", "graded", 0.0, False),
    ("reference", "graded", 1.0, True),
    ("reference", "graded", 1.0, True),
]
Purpose = Grading.Purpose


def mask(rollout):
    """Let an episode end for a reason of ours."""
    lease = episodes.claim_episode(rollout.episode_id)
    outcome = make_outcome(StopReason.PROVIDER_ERROR)
    episodes.finish_episode(rollout.episode_id, outcome, lease=lease)


def make_mixed_run():
    """One rollout each: graded, masked, running."""
    world = make_world()
    run = make_run(*[make_plan(world, index=n) for n in (1, 2, 3)])
    first, second, third = run.rollouts.order_by("index")
    run_episode(first.episode_id)
    verdicts.grade_episode(first.episode_id)
    mask(second)
    episodes.claim_episode(third.episode_id)
    return run


# both stand


def test_a_second_grading_stands_beside_the_first_which_stays_as_it_was():
    run = make_graded_run()
    before = list(Assessment.objects.order_by("pk").values())

    second = regrade(run, never(), make_criterion("other", points=3))

    run.refresh_from_db()
    assert results(run.official) == LAUNCHED
    assert list(Assessment.objects.filter(grading=run.official).order_by("pk").values()) == before
    assert (second.number, second.purpose, second.rubrics) == (2, "regrade", "sell-lamps@2")
    assert results(second)[2] == ("reference", "graded", 0.75, False)
    assert run.official.number == 1


def test_episodes_are_not_run_again():
    run = make_graded_run()
    before = list(Episode.objects.order_by("pk").values())

    regrade(run, never())

    assert list(Episode.objects.order_by("pk").values()) == before


def test_without_rubrics_it_measures_as_launched_and_a_repetition_as_the_official_one():
    run = make_graded_run()
    second = regrade(run, never())
    switch_official(run, second, before=run.official, reason="better", actor=run.owner)

    again, repeated = regrade(run), regrade(run, purpose=Purpose.REPEAT)

    assert (again.rubrics, results(again)) == ("as launched", LAUNCHED)
    assert (repeated.rubrics, results(repeated)) == ("as in grading 2", results(second))


def test_only_what_can_be_graded_is_and_the_others_are_counted():
    run = make_mixed_run()

    grading = ask(run)

    assert list(grading.assessments.values_list("rollout__index", flat=True)) == [1]
    assert (grading.scope["masked"], grading.scope["unfinished"]) == (1, 1)


def test_a_run_of_which_nothing_can_be_graded_says_why():
    world = make_world()
    run = make_run(make_plan(world, index=1), make_plan(world, index=2))
    mask(run.rollouts.get(index=1))

    with pytest.raises(Conflict, match=r"1 masked left out, 1 that have not ended left out"):
        ask(run)

    assert Grading.objects.count() == 1


@pytest.mark.parametrize(
    ("scope", "found"),
    [
        ({}, 4),
        ({"agent": "null"}, 2),
        ({"task": SUBJECT}, 4),
        ({"task": "sell-lamps"}, 4),
        ({"task": "sell"}, 0),
        ({"outcome": "pass"}, 2),
        ({"outcome": "fail", "agent": "reference"}, 0),
        ({"category": "lookup"}, 4),
        ({"category": "reasoning"}, 0),
        ({"difficulty": "hard"}, 0),
    ],
)
def test_a_filter_chooses_by_the_names_of_the_runs_page(scope, found):
    run = make_graded_run(labels={"category": "lookup"})

    if not found:
        with pytest.raises(Conflict, match="the filter finds none"):
            ask(run, scope=read_scope(scope))
    else:
        grading = ask(run, scope=read_scope(scope))
        assert grading.assessments.count() == found
        assert grading.scope["filter"] == scope


@pytest.mark.parametrize(
    ("scope", "message"),
    [
        ({"colour": "red"}, "agent, task, outcome, category or difficulty"),
        ({"outcome": "won"}, "write pass, fail"),
    ],
)
def test_a_filter_that_means_nothing_says_what_would(scope, message):
    with pytest.raises(InvalidArgument, match=message):
        read_scope(scope)


def test_several_runs_are_asked_together_or_not_at_all():
    runs = [make_graded_run(), make_graded_run()]
    running = make_run()

    first, second = ask_gradings(runs, wish_for(runs[0]), actor=make_user("adam", "admin"))

    assert [first.run, second.run] == runs
    with pytest.raises(Conflict):
        ask_gradings([runs[0], running], wish_for(runs[0]), actor=User.objects.get(username="adam"))
    assert Grading.objects.filter(number=3).count() == 0


# what fits


def test_a_rubric_of_another_world_or_setup_is_refused_by_name():
    run = make_graded_run()
    other = make_world()
    world = run.rollouts.first().episode.world
    measure = make_measure(world, never())
    bad = [make_measure(other, never()), measure.__class__(**{**vars(measure), "setup": "x" * 64})]

    for each, words in zip(bad, [f"is written for {other}", "another setup"], strict=True):
        with pytest.raises(Problems, match=words):
            ask(run, rubrics={SUBJECT: each})

    assert Grading.objects.count() == 1


def test_every_task_without_a_rubric_is_named():
    world = make_world()
    plans = [make_plan(world, subject=f"task-{n}@1") for n in (1, 2, 3)]
    run = finish(make_run(*plans))

    with pytest.raises(Problems) as refused:
        ask(run, rubrics={"task-2": make_measure(world, never())})

    assert refused.value.problems == (
        "task-1@1: no rubric is given for it",
        "task-3@1: no rubric is given for it",
    )


def test_tasks_may_keep_the_rubric_of_the_launch():
    world = make_world()
    run = finish(make_run(*[make_plan(world, subject=f"task-{n}@1") for n in (1, 2)]))

    second = regrade(run, rubrics={"task-1": None, "task-2@1": make_measure(world, never())})

    rewards = second.assessments.order_by("rollout__subject").values_list("reward", flat=True)
    assert list(rewards) == [1.0, 0.0]
    assert second.rubrics == "sell-lamps@2, others as launched"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"purpose": "first"}, "write one of regrade, trial, repeat"),
        ({"reason": "  "}, "say why"),
        ({"purpose": "repeat", "rubrics": {}}, "by the same rubrics"),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused(fields, message):
    with pytest.raises(InvalidArgument, match=message):
        ask(make_graded_run(), **fields)


# once


def test_asking_twice_with_a_key_gives_one_grading():
    run = make_graded_run()

    asked = [ask(run, never(), key="k") for _ in range(2)]

    assert asked[0] == asked[1]
    assert Grading.objects.filter(run=run).count() == 2


@pytest.mark.django_db(transaction=True)
def test_asking_at_the_same_time_gives_one_a_key_and_numbers_without_gaps():
    run = make_graded_run()
    wishes = [wish_for(run, never(), key=key) for key in ("k", "k", "l")]

    at_once(*[lambda w=w: ask_gradings([run], w, actor=run.owner) for w in wishes])

    assert list(run.gradings.values_list("number", flat=True)) == [1, 2, 3]


@pytest.mark.django_db(transaction=True)
def test_workers_are_told_by_ids_in_chunks_after_commit(queue, monkeypatch):
    monkeypatch.setattr("grading.regrading.asking.CHUNK", 3)
    run = make_graded_run()
    queue.purge()

    grading = ask(run, never())

    taken = [ids for task, ids in queue.take() if task == GRADE]
    ids = sorted(grading.assessments.values_list("pk", flat=True))
    assert taken == [ids[:3], ids[3:]]


def test_deciding_twice_decides_once():
    grading = ask(make_graded_run(), never())

    decide(decide(grading))

    assert Verdict.objects.filter(assessment__grading=grading).count() == 4


def test_one_that_breaks_keeps_no_other_waiting(monkeypatch):
    grading = ask(make_graded_run(), never())
    first = grading.assessments.order_by("pk").first()
    real = verdicts.read_evidence

    def break_on_the_first(episode, recorded=None):
        if episode.pk == first.rollout.episode_id:
            raise RuntimeError("a bug of ours")
        return real(episode, recorded)

    monkeypatch.setattr(verdicts, "read_evidence", break_on_the_first)
    decide(grading)

    assert grading.assessments.filter(status="open").get() == first


def test_the_sweep_finds_what_no_message_reached():
    grading = ask(make_graded_run(), never())

    tasks.sweep()

    assert {status for _, status, _, _ in results(grading)} == {"graded"}


# cancelled


def test_cancelling_leaves_what_is_decided():
    grading = ask(make_graded_run(), never())
    decided = grading.assessments.first()
    verdicts.grade_assessment(verdicts.waiting().get(pk=decided.pk))

    assert cancel_grading(grading, actor=grading.asked_by) == 3

    grading.refresh_from_db()
    assert grading.cancelled_at
    decide(grading)
    statuses = grading.assessments.order_by("pk").values_list("status", flat=True)
    assert sorted(statuses) == ["cancelled"] * 3 + ["graded"]
    with pytest.raises(Conflict, match="nothing left to cancel"):
        cancel_grading(grading, actor=grading.asked_by)


def test_what_a_run_rests_on_is_not_cancelled():
    run = make_run()

    with pytest.raises(Conflict, match="cancel the run instead"):
        cancel_grading(run.official, actor=run.owner)


@pytest.mark.django_db(transaction=True)
def test_cancelling_and_deciding_at_the_same_time_give_one_or_the_other_each():
    run = make_graded_run()
    grading = ask(run, never())

    def cancel():
        try:
            return cancel_grading(grading, actor=run.owner)
        except Conflict:
            return 0

    _, cancelled = at_once(lambda: decide(grading), cancel)

    statuses = list(grading.assessments.values_list("status", flat=True))
    assert statuses.count("cancelled") == cancelled
    assert statuses.count("graded") == 4 - cancelled
    grading.refresh_from_db()
    assert bool(grading.cancelled_at) == bool(cancelled)


# what counts


def switch(run, after, *, before=None, reason="a better rubric", actor=None):
    run.refresh_from_db()
    return switch_official(
        run, after, before=before or run.official, reason=reason, actor=actor or run.owner
    )


def test_a_switch_is_recorded_with_its_reason():
    run = make_graded_run()
    first, second = run.official, regrade(run, never())

    switch(run, second)

    run.refresh_from_db()
    assert run.official == second
    recorded = OfficialSwitch.objects.get()
    assert (recorded.before, recorded.after, recorded.actor) == (first, second, run.owner)
    assert recorded.reason == "a better rubric"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda run: regrade(run, purpose=Purpose.TRIAL), "a trial of a draft counts in no number"),
        (lambda run: regrade(run, purpose=Purpose.REPEAT), "repeated grading counts in no number"),
        (lambda run: ask(run, never()), "4 rollouts have not been decided yet"),
        (lambda run: regrade(run, scope=Scope(agent="null")), "leaves out 2 of 4 rollouts"),
        (lambda run: run.official, "is official already"),
        (lambda run: regrade(make_graded_run()), "is none of"),
    ],
)
def test_what_cannot_count_never_becomes_official(make, message):
    run = make_graded_run()

    with pytest.raises(Conflict, match=message):
        switch(run, make(run))

    assert not OfficialSwitch.objects.exists()


def test_a_cancelled_grading_never_becomes_official():
    run = make_graded_run()
    grading = ask(run, never())
    verdicts.grade_assessment(verdicts.waiting().filter(grading=grading).first())
    cancel_grading(grading, actor=run.owner)

    with pytest.raises(Conflict, match="it was cancelled"):
        switch(run, grading)


def test_a_run_that_goes_on_keeps_its_official_grading():
    run = make_mixed_run()
    grading = regrade(run)

    with pytest.raises(Conflict, match="1 rollout of the run has not ended yet"):
        switch(run, grading)


def test_masked_rollouts_stand_in_no_way_in_both_directions():
    run = make_mixed_run()
    cancel(run.rollouts.get(index=3).episode_id)
    first, second = run.official, regrade(run)

    switch(run, second)
    switch(run, first)

    assert run.gradings.count() == 2


def test_a_switch_needs_a_reason_and_somebody_who_may():
    run = make_graded_run()
    second = regrade(run, never())

    with pytest.raises(InvalidArgument, match="say why"):
        switch(run, second, reason=" ")
    for person in (make_user("charlie"), make_user("ruth", RUNNER), make_user("bob", "reviewer")):
        with pytest.raises(Forbidden):
            switch(run, second, actor=person)
        with pytest.raises(Forbidden):
            ask(run, actor=person)
        with pytest.raises(Forbidden):
            cancel_grading(second, actor=person)
    switch(run, second, actor=make_user("anna", "analyst"))


def test_who_saw_another_official_grading_switches_nothing():
    run = make_graded_run()
    first, second, third = run.official, regrade(run, never()), regrade(run)
    switch(run, second, before=first)

    with pytest.raises(Conflict, match="grading 2 is official by now, not 1"):
        switch(run, third, before=first)


@pytest.mark.django_db(transaction=True)
def test_of_two_switches_at_the_same_time_one_wins():
    run = make_graded_run()
    first = run.official
    second, third = regrade(run, never()), regrade(run)

    def take(after):
        try:
            switch_official(run, after, before=first, reason="mine", actor=run.owner)
        except Conflict:
            return 0
        return after.number

    won = at_once(lambda: take(second), lambda: take(third))

    assert sorted(won)[0] == 0
    run.refresh_from_db()
    assert run.official.number == max(won)
    assert OfficialSwitch.objects.count() == 1


def test_an_attempt_after_the_switch_is_graded_by_the_official_rubric():
    world = make_world()
    run = make_run(*[make_plan(world, index=n) for n in (1, 2)])
    mask(run.rollouts.get(index=2))
    run_episode(run.rollouts.get(index=1).episode_id)
    verdicts.grade_episode(run.rollouts.get(index=1).episode_id)
    second = regrade(run, never())
    switch(run, second)

    new = retry_rollout(run.rollouts.get(index=2))
    run_episode(new.pk)
    verdicts.grade_episode(new.pk)

    assert {a[1:] for a in results(second)} == {("graded", 0.0, False)}
    assert second.assessments.count() == 2


# what people said


def test_human_verdicts_are_carried_where_the_criterion_is_the_same(analyst, charlie):
    other = make_criterion("other")
    run = make_graded_run(make_criterion(), other, agents=[NULL], repeats=1)
    assessment = run.official.assessments.get()
    final = say(assessment, analyst)
    opinion = say(assessment, charlie, "not_met", final=False)
    left = say(assessment, analyst, key="other")

    second = regrade(run, make_criterion(), make_criterion("other", text="Other words."))

    copies = Verdict.objects.filter(assessment__grading=second, source="human")
    assert list(copies.values_list("copy_of", "author", "outcome", "is_authoritative")) == [
        (final.pk, analyst.pk, "met", True),
        (opinion.pk, charlie.pk, "not_met", False),
    ]
    assert left.copies.count() == 0
    assert (second.scope["carried"], second.scope["not_carried"]) == (2, 1)
    assert results(second) == [("null", "graded", 0.5, False)]
    assert second.assessments.get().reward_source == "human"


def test_a_carried_verdict_decides_what_a_person_alone_decides(analyst):
    person = make_criterion("tone", check=HUMAN)
    run = make_graded_run(person, agents=[NULL], repeats=1)
    say(run.official.assessments.get(), analyst, key="tone")

    second = regrade(run, person, never("more"))

    assert results(second) == [("null", "graded", 0.5, False)]


def test_an_open_human_criterion_stays_open_when_it_changed(analyst):
    run = make_graded_run(make_criterion("tone", check=HUMAN), agents=[NULL], repeats=1)
    say(run.official.assessments.get(), analyst, key="tone")

    second = regrade(run, make_criterion("tone", text="Kind?", check=HUMAN))

    assert results(second) == [("null", "incomplete", None, None)]
    assert second.scope["not_carried"] == 1


def test_what_was_taken_back_is_not_carried(analyst):
    run = make_graded_run(agents=[NULL], repeats=1)
    verdict = say(run.official.assessments.get(), analyst)
    Withdrawal.objects.create(verdict=verdict, author=analyst)

    second = regrade(run, make_criterion(), never("more"))

    assert (second.scope["carried"], second.scope["not_carried"]) == (0, 0)
    assert results(second) == [("null", "graded", 0.0, False)]


def test_a_copy_of_a_copy_names_the_first_and_outlives_it(analyst):
    run = make_graded_run(agents=[NULL], repeats=1)
    verdict = say(run.official.assessments.get(), analyst)
    second = regrade(run, make_criterion(), never("more"))
    switch(run, second)

    third = regrade(run, make_criterion(), never("most"))
    copy = Verdict.objects.get(assessment__grading=third, source="human")
    Withdrawal.objects.create(verdict=verdict, author=analyst)

    assert copy.copy_of == verdict
    assert settled(copy) == 0.5


def settled(verdict):
    return verdicts.settle(verdict.assessment_id).reward


def test_undoing_a_carried_verdict_brings_the_rules_verdict_back(analyst):
    run = make_graded_run(agents=[NULL], repeats=1)
    say(run.official.assessments.get(), analyst)
    second = regrade(run)
    copy = Verdict.objects.get(assessment__grading=second, source="human")
    assert settled(copy) == 1.0

    Withdrawal.objects.create(verdict=copy, author=analyst)

    assert settled(copy) == 0.0
    assert results(run.official) == [("null", "graded", 1.0, True)]


def test_a_repetition_asks_machines_anew_and_people_not(analyst):
    person = make_criterion("tone", check=HUMAN)
    run = make_graded_run(make_criterion(), person, agents=[NULL], repeats=1)
    assessment = run.official.assessments.get()
    say(assessment, analyst)
    say(assessment, analyst, key="tone")

    repeated = regrade(run, purpose=Purpose.REPEAT)

    copied = Verdict.objects.filter(assessment__grading=repeated, source="human")
    assert [verdict.criterion_key for verdict in copied] == ["tone"]
    assert results(repeated) == [("null", "graded", 0.5, False)]


def test_a_verdict_given_while_a_grading_waits_counts_when_it_is_decided(analyst):
    run = make_graded_run(agents=[NULL], repeats=1)
    grading = ask(run)
    say(grading.assessments.get(), analyst)

    decide(grading)

    assert results(grading) == [("null", "graded", 1.0, True)]


KEYS = ("a", "b", "c", "d")
TEXTS = ("It is paid.", "It is sold.")
rubric_edits = st.dictionaries(
    st.sampled_from(KEYS), st.tuples(st.sampled_from(TEXTS), st.sampled_from([1, 2])), min_size=1
)
said = st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(["met", "not_met"])), max_size=6)


def criteria_of(edit):
    return [make_criterion(key, text=text, points=p) for key, (text, p) in edit.items()]


class CarriedVerdicts(TestCase):
    """Whatever is edited: what is the same keeps its people's word, everything else loses it."""

    @given(before=rubric_edits, after=rubric_edits, words=said)
    def test_carried_are_exactly_those_whose_key_and_criterion_are_the_same(
        self, before, after, words
    ):
        person = User.objects.create_user("anna")
        run = make_graded_run(*criteria_of(before), agents=[NULL], repeats=1)
        assessment = run.official.assessments.get()
        given_ = [say(assessment, person, o, key=key) for key, o in words if key in before]
        assessment.refresh_from_db()
        kept = [v for v in given_ if after.get(v.criterion_key) == before[v.criterion_key]]

        second = regrade(run, *criteria_of(after))

        copies = Verdict.objects.filter(assessment__grading=second, source="human").order_by("pk")
        assert [copy.copy_of_id for copy in copies] == [v.pk for v in kept]
        last_word = {v.criterion_key: v.outcome for v in kept}
        met = sum(p for key, (_, p) in after.items() if last_word.get(key) == "met")
        total = sum(p for _, p in after.values())
        assert second.assessments.get().reward == met / total
        first = run.official.assessments.values().get()
        assert first == Assessment.objects.values().get(pk=assessment.pk)
        assert second.scope["not_carried"] == len(given_) - len(kept)


# who sees a trial


def test_a_trial_is_seen_by_who_asked_and_by_readers_of_drafts(
    runner, analyst, reviewer, admin_person, charlie
):
    run = make_graded_run(owner=runner)
    asked = {"runner": ask(run, purpose=Purpose.TRIAL, actor=runner),
             "analyst": ask(run, purpose=Purpose.TRIAL, actor=analyst)}  # fmt: skip

    def seen(person):
        trials = Grading.objects.visible_to(person).filter(purpose=Purpose.TRIAL)
        return {name for name, grading in asked.items() if grading in trials}

    everything = {"runner", "analyst"}
    assert seen(runner) == {"runner"}
    assert seen(analyst) == {"analyst"}
    assert seen(reviewer) == seen(admin_person) == everything
    assert seen(charlie) == set()
    assert Grading.objects.visible_to(charlie).count() == 0


def test_progress_counts_what_waits_and_not_what_is_masked():
    run = make_mixed_run()

    (first,) = Grading.objects.with_progress()

    assert (first.total, first.waiting) == (3, 1)
    ask(run)
    assert Grading.objects.with_progress().get(number=2).waiting == 1


# what it costs


def test_asking_costs_the_same_number_of_queries_however_many_rollouts_there_are(analyst):
    counts = []
    for repeats in (1, 6):
        run = make_graded_run(repeats=repeats)
        for assessment in run.official.assessments.all():
            say(assessment, analyst)
        with CaptureQueriesContext(connection) as captured:
            ask(run, make_criterion(), never("more"))
        counts.append(len(captured))

    assert counts[0] == counts[1] <= 20


def copies(table, number, **others):
    """Copy the first row of a table many times; others: columns as SQL, `n` counts from 1."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = %s AND column_name <> 'id'",
            [table],
        )
        columns = [name for (name,) in cursor.fetchall()]
        values = [others.get(name, f'one."{name}"') for name in columns]
        names = ", ".join(f'"{name}"' for name in columns)
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {', '.join(values)}"
            f" FROM (SELECT * FROM {table} ORDER BY id LIMIT 1) one, generate_series(1, {number}) n"
        )


def test_the_sweep_reads_only_what_is_open_among_very_many():
    run = make_graded_run(agents=[NULL], repeats=1)
    ask(run)
    first = run.rollouts.get()
    copies("simulation_episode", 5000)
    of = "(SELECT max(id) FROM simulation_episode) - n + 1"
    copies("grading_rollout", 5000, index="n + 10", episode_id=of)
    copies("grading_assessment", 5000, rollout_id="(SELECT max(id) FROM grading_rollout) - n + 1")

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        sql, params = verdicts.waiting().query.sql_with_params()
        cursor.execute(f"EXPLAIN {sql}", params)
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert "Index Scan using assessment_open" in plan
    assert "Seq Scan on grading_rollout" not in plan
    assert "Seq Scan on simulation_episode" not in plan
    assert verdicts.ungraded_episodes() == [first.episode_id]


def test_stamps_of_the_first_grading_stay(runner):
    run = make_graded_run(owner=runner)
    Grading.objects.filter(pk=run.official_id).update(created_at=timezone.now() - timedelta(days=1))

    assert regrade(run).created_at > run.gradings.get(number=1).created_at
