"""Which transcripts go, which stay, and what is left of those that went."""

import datetime as dt

import orjson
import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grading import retention
from grading.models import Assessment, Grading, Run, Verdict
from grading.people.failures import Note, note_failure
from grading.people.reports import Complaint, report_task
from grading.people.verdicts import record_verdict
from grading.regrading.asking import Wish, ask_grading
from grading.retention import PACKS, PEOPLE, UNDECIDED, Rule, forecast, forget
from grading.runs import retry_rollout
from grading.scopes import Scope, count_chosen, rollouts_of
from grading.transcripts.reading import Wanted, wanted_rollouts
from grading.transcripts.writing import lines, transcripts_file
from grading.verdicts import REMOVED, grade_episode, read_evidence
from simulation.errors import Conflict, Gone, InvalidArgument
from simulation.forgetting import Amount, bytes_of_a_step
from simulation.models import Episode, MaintenanceUse, Step
from simulation.replay import rebuild, rerun
from tests.factories import make_plan, make_run
from tests.grading.people.makers import NULL, grade_all, said
from tests.grading.regrading import make_graded_run
from tests.grading.retained import MONTHS, OLD, age, make_old, speak, steps_of, went

pytestmark = pytest.mark.django_db
TRAINING = {"kind": Run.Kind.TRAINING}


# which


@pytest.mark.parametrize("kind", Run.Kind.values)
def test_only_named_kinds_go(kind):
    rollout = make_old(kind=kind)

    assert bool(went()) is (kind in retention.KINDS)
    assert went(Rule(older_than=MONTHS, kinds=(kind,))) == {rollout.episode_id}


def test_what_is_younger_stays():
    make_old(days=89)

    assert went() == set()


def test_what_has_not_ended_stays():
    make_run(make_plan(agent=NULL), **TRAINING)

    assert went() == set()


def decide(rollout, runner):
    speak(rollout)


def opine(rollout, runner):
    opinion = said("met", is_authoritative=False)
    record_verdict(rollout.assessments.get().pk, "lamp-sold", opinion, author=runner)


def note(rollout, runner):
    note_failure(rollout.pk, Note(level=1, kind="wrong_order"), author=runner)


def complain(rollout, runner):
    report_task(rollout.pk, Complaint(fault="task", text="x"), reporter=runner)


@pytest.mark.parametrize("say", [decide, opine, note, complain])
def test_what_people_spoke_of_stays(say, runner):
    kept, other = make_old(runner), make_old(runner)
    say(kept, runner)

    assert forecast(OLD).kept == {PEOPLE: 1}
    assert went() == {other.episode_id}


@pytest.mark.parametrize("status", ["open", "incomplete"])
def test_what_is_not_decided_stays(status):
    rollout = make_old()
    values = {"status": status, "reward": None, "passed": None, "reward_source": ""}
    values |= {"graded_at": None} if status == "open" else {}
    Assessment.objects.filter(rollout=rollout).update(**values)

    assert forecast(OLD).kept == {UNDECIDED: 1}
    assert went() == set()


def test_masked_episodes_and_those_that_were_tried_again_go(mock_world):
    run = make_run(make_plan(mock_world, agent=NULL), **TRAINING)
    rollout = run.rollouts.get()
    old = rollout.episode
    Episode.objects.filter(pk=old.pk).update(
        status="ended", stop_reason="provider_error", state_hash="0" * 64,
        ended_at=dt.datetime.now(dt.UTC),
    )  # fmt: skip
    new = retry_rollout(rollout)
    grade_all(run.rollouts.get())
    age()

    assert went() == {old.pk, new.pk}


def test_evaluations_of_packs_stay_unless_they_are_asked_for():
    rollout = make_old(kind=Run.Kind.EVALUATION, source="support@1")
    training = make_old(source="support@1")
    both = (Run.Kind.EVALUATION, Run.Kind.TRAINING)

    rule = Rule(older_than=MONTHS, kinds=both)
    assert forecast(rule).kept == {PACKS: 1}
    assert went(rule) == {training.episode_id}
    assert rollout.episode_id in went(Rule(older_than=MONTHS, kinds=both, with_packs=True))


@pytest.mark.parametrize(
    ("fields", "place"),
    [({"older_than": dt.timedelta(hours=1)}, "older_than"), ({"kinds": ("fun",)}, "kinds")],
)
def test_bad_rules_are_refused(fields, place):
    with pytest.raises(InvalidArgument) as refused:
        Rule(**{"older_than": MONTHS, **fields})
    assert refused.value.field == place


# how


def test_it_goes_in_batches_and_each_leaves_a_trace(monkeypatch, admin_person):
    rollouts = [make_old() for _ in range(5)]
    monkeypatch.setattr(retention, "BATCH_STEPS", 2 * steps_of(rollouts[0]))
    expected = forecast(OLD)

    batches = list(forget(OLD, actor=admin_person))

    assert [batch.episodes for batch in batches] == [2, 2, 1]
    assert sum(batches, Amount()) == expected.total == expected.by_kind["training"]
    uses = list(MaintenanceUse.objects.order_by("pk"))
    assert [use.actor for use in uses] == [admin_person] * 3
    first = f"episodes {rollouts[0].episode_id} to {rollouts[1].episode_id}"
    assert uses[0].reason == f"retention: training, mutants, dry_run, older than 90 days; {first}"
    assert not Step.objects.exists()
    assert list(forget(OLD)) == []


def test_one_long_episode_is_a_batch_of_its_own(monkeypatch):
    make_old()
    make_old()
    monkeypatch.setattr(retention, "BATCH_STEPS", 1)

    assert [batch.episodes for batch in forget(OLD)] == [1, 1]


def test_the_number_of_queries_is_that_of_batches():
    counts = []
    for number in (1, 6):
        for _ in range(number):
            make_old()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            list(forget(OLD))
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_nobody_else_forgets_an_episode_or_removes_a_step():
    rollout = make_old()

    with pytest.raises(IntegrityError, match="is final"), transaction.atomic():
        Episode.objects.filter(pk=rollout.episode_id).update(forgotten_at=dt.datetime.now(dt.UTC))
    with pytest.raises(IntegrityError, match="never changed or deleted"), transaction.atomic():
        Step.objects.filter(episode=rollout.episode_id).delete()


def test_what_has_not_ended_cannot_be_marked():
    run = make_run(make_plan(agent=NULL), **TRAINING)

    with pytest.raises(IntegrityError, match="episode_forgotten_only_when_over"):
        Episode.objects.filter(rollout__run=run).update(forgotten_at=dt.datetime.now(dt.UTC))


# what is left


@pytest.fixture
def forgotten(runner):
    """A rollout of an agent that does nothing, so that no changes are needed for its hash."""
    rollout = make_old(runner)
    assert went() == {rollout.episode_id}
    rollout.refresh_from_db()
    return rollout


def test_reward_and_verdicts_stay(forgotten):
    assessment = forgotten.assessments.get()

    assert (assessment.status, assessment.reward, assessment.passed) == ("graded", 0, False)
    assert assessment.verdicts.count() == 1
    assert forgotten.episode.state_hash
    assert forgotten.episode.step_count == 2


def test_nothing_is_rebuilt_from_steps_that_are_not_there(forgotten):
    """Its world is as it began, so its hash would fit: all the more it must not be graded."""
    assert read_evidence(forgotten.episode) is None
    for look in (rebuild, rerun):
        with pytest.raises(Gone, match="was removed"):
            look(forgotten.episode)


def test_grading_it_again_is_refused(forgotten, runner):
    chosen = count_chosen(rollouts_of(forgotten.run, Scope(), runner))

    assert (chosen.gradable, chosen.forgotten) == (0, 1)
    with pytest.raises(Conflict, match="1 whose transcript was removed left out"):
        ask_grading(forgotten.run, Wish(reason="again"), actor=runner)


def test_of_a_run_the_others_are_graded_again_and_that_is_said(runner):
    run = finish_training(runner)
    first = run.rollouts.order_by("pk").first()
    age(pk=first.episode_id)
    assert went() == {first.episode_id}

    grading = ask_grading(run, Wish(reason="again"), actor=runner)

    assert grading.scope["forgotten"] == 1
    assert set(grading.assessments.values_list("rollout", flat=True)) == set(
        run.rollouts.exclude(pk=first.pk).values_list("pk", flat=True)
    )


def finish_training(owner):
    run = make_graded_run(owner=owner)
    Run.objects.filter(pk=run.pk).update(kind=Run.Kind.TRAINING)
    return Run.objects.get(pk=run.pk)


def test_an_assessment_that_was_open_meanwhile_gets_no_reward(forgotten, runner):
    grading = Grading.objects.create(
        run=forgotten.run, number=2, rubrics="as launched", asked_by=runner
    )
    late = Assessment.objects.create(
        rollout=forgotten, rubric=forgotten.assessments.get().rubric, grading=grading
    )

    assert grade_episode(forgotten.episode_id) == 1

    late.refresh_from_db()
    assert (late.status, late.reward, late.passed) == ("incomplete", None, None)
    assert Verdict.objects.get(assessment=late).rationale == REMOVED


@pytest.fixture
def as_runner(client, runner):
    client.force_login(runner)
    return client


def test_its_page_says_that_the_transcript_was_removed(as_runner, forgotten):
    page = reverse("grading:episode", args=[forgotten.run_id, forgotten.pk])

    for address in (page, f"{page}?at=1"):
        answer = as_runner.get(address)
        body = answer.content.decode()
        assert answer.status_code == 200
        assert "The transcript was removed." in body
        assert "No steps." not in body
        assert "Raw JSON" not in body


def test_the_table_of_its_run_says_so_too(as_runner, forgotten):
    body = as_runner.get(reverse("grading:run", args=[forgotten.run_id])).content.decode()

    assert "transcript removed" in body


def test_the_api_says_so_and_answers_gone_for_steps(as_runner, forgotten):
    base = "/api/v1"
    episode = as_runner.get(f"{base}/episodes/{forgotten.episode_id}/").json()
    steps = as_runner.get(f"{base}/episodes/{forgotten.episode_id}/steps/")
    (rollout,) = as_runner.get(f"{base}/runs/{forgotten.run_id}/rollouts/").json()["results"]

    assert episode["forgotten_at"]
    assert (steps.status_code, steps.json()["error"]["code"]) == (410, "gone")
    assert rollout["is_forgotten"] is True
    assert rollout["reward"] == 0


@pytest.mark.parametrize("form", ["openai", "atif"])
def test_transcripts_say_so_and_mask_it(forgotten, runner, form):
    (line,) = lines(wanted_rollouts(runner, Wanted(run=forgotten.run_id)), form)

    said_ = orjson.loads(line)
    facts = said_.get("extra", said_)
    assert (facts["is_forgotten"], facts["mask"], facts["reward"]) == (True, True, 0)
    if form == "atif":
        assert [step["message"] for step in said_["steps"]] == ["The transcript was removed."]
    else:
        assert said_["messages"] == []


def test_a_file_that_was_made_before_is_not_given_again(runner):
    rollout = make_old(runner)
    wanted = Wanted(run=rollout.run_id)
    before = transcripts_file(runner, wanted, "openai")

    went()

    after = transcripts_file(runner, wanted, "openai")
    assert after.sha256 != before.sha256
    assert after.size < before.size


def test_a_step_takes_some_room():
    assert bytes_of_a_step() == 0
    make_old()
    assert bytes_of_a_step() > 100
