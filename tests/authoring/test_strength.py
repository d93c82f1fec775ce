"""How strong a rubric is: what mutants show, what people say of them, and the reports that stay."""

import datetime as dt
import json
import re
from collections import Counter
from io import StringIO

import pytest
from celery import current_app
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from authoring.loading import load_tasks, read_task
from authoring.models import EquivalentMutant, MutationReport
from authoring.mutants.judges import decided_by
from authoring.mutants.measure import Cancelled, Fate, Result, measure
from authoring.mutants.scores import document, read_results, results_as_json, score_of
from authoring.strength.access import of_draft
from authoring.strength.marks import equivalent_hashes, mark_equivalent, marks_of, unmark
from authoring.strength.reports import (
    RUN_TASK,
    SILENT,
    cancel_report,
    repeat_lost_reports,
    run_report,
    start_report,
)
from authoring.tasks import measure_strength
from grading.criteria import Outcome
from grading.graders import Finding
from grading.judging import Stopped
from grading.models import JudgeCall
from simulation.errors import Conflict, InvalidArgument, NotFound
from tests.authoring.folders import CRITERIA, make_task_folder
from tests.grading.judging.judges import cite, decides, make_judge, record_in, verdict
from tests.model_server import Reply

pytestmark = pytest.mark.usefixtures("store_world")
PAID, LAMPS = CRITERIA
ANSWERED = {
    "key": "says-so",
    "text": "The answer says that it is sold.",
    "check": {"kind": "response", "text": {"any_of": ["sold"]}},
}
UNTOUCHED = {
    "key": "nothing-else",
    "text": "Nothing else is changed.",
    "check": {
        "kind": "unchanged",
        "allow": [
            {"entity_type": "item", "id": "lamp", "fields": ["inStock"]},
            {"entity_type": "sale", "created": True, "count": 1},
        ],
    },
}
STRONG = [PAID, LAMPS, ANSWERED, UNTOUCHED]
KIND = {"key": "kind", "text": "The answer is kind.", "check": {"kind": "human"}}


def strength(tmp_path, *criteria, **options):
    folder = make_task_folder(tmp_path, rubric=list(criteria))
    return measure(read_task(folder), **options)


@pytest.fixture
def task(tmp_path, author):
    make_task_folder(tmp_path, rubric=[LAMPS])
    return load_tasks(tmp_path, owner=author)[0].revision.task


@pytest.fixture
def report(task, author):
    report = start_report(task, of_draft(task), by=author)
    run_report(report.pk)
    report.refresh_from_db()
    return report


def survivors(found) -> list[str]:
    return [result.sentence for result in found.results if result.fate == Fate.SURVIVED]


# measuring


def test_a_rubric_that_looks_everywhere_lets_nothing_pass(tmp_path):
    assert survivors(strength(tmp_path, *STRONG)) == []


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        (PAID, "In call 2, updateSale, the status is void instead of paid."),
        (ANSWERED, "The answer is left out."),
        (LAMPS, "In call 1, sell, the qty is 3 instead of 2."),
    ],
    ids=lambda value: value["key"] if isinstance(value, dict) else "",
)
def test_a_criterion_that_is_missing_lowers_the_score_and_names_a_survivor(gone, said, tmp_path):
    strong = strength(tmp_path / "strong", *STRONG)
    weak = strength(tmp_path / "weak", *(c for c in STRONG if c != gone))

    assert shares(weak) < shares(strong) == 1
    assert any(sentence.startswith(said) for sentence in survivors(weak))


def shares(found) -> float:
    share = score_of(found.results, found.criteria).share
    assert share
    return share.value


def test_a_survivor_tells_what_differs_and_who_looked_there(tmp_path):
    found = strength(tmp_path, LAMPS)

    (void,) = [r for r in found.results if "the status is void" in r.sentence]
    (call,) = void.difference.calls
    assert ("-", '"paid"}') in [(sign, text.strip()) for sign, text in call]
    assert ("+", '"void"}') in [(sign, text.strip()) for sign, text in call]
    (row,) = void.difference.rows
    assert (row["entity_type"], row["operation"]) == ("sale", "differs")
    assert row["fields"] == [["status", "paid", "void"]]
    assert void.difference.closest == []
    assert void.difference.answer == []


def test_what_ends_as_the_reference_does_is_no_mutant(tmp_path):
    found = strength(tmp_path, *STRONG)

    assert found.same >= 1  # to set a status twice is to set it once
    assert not [r for r in found.results if r.sentence == "Call 2, updateSale, is made twice."]
    assert len(found.results) + found.same + found.repeated + found.crashed == found.looked_at


def test_a_call_that_fails_is_what_an_agent_may_do_and_does_not_end_the_rest(tmp_path):
    found = strength(tmp_path, *STRONG)

    (alone,) = [r for r in found.results if r.sentence == "Call 1, sell, is left out."]
    assert "says-so" not in alone.failed  # the answer is given all the same


def test_a_criterion_that_no_rule_decides_leaves_mutants_undecided(tmp_path):
    found = strength(tmp_path, LAMPS, KIND)

    undecided = [r for r in found.results if r.fate == Fate.UNDECIDED]
    assert undecided
    assert {r.open for r in undecided} == {("kind",)}
    assert score_of(found.results, found.criteria).undecided == len(undecided)
    assert survivors(found) == []


def test_a_judge_that_is_passed_in_decides_only_what_no_rule_failed(tmp_path):
    asked = []

    def decide(criteria, evidence):
        asked.append(evidence.final_response)
        outcome = Outcome.MET if evidence.final_response else Outcome.NOT_MET
        return {criterion.key: Finding(outcome, "read") for criterion in criteria}

    found = strength(tmp_path, LAMPS, KIND, decide=decide)

    fates = {r.sentence: r.fate for r in found.results}
    assert fates["The answer is left out."] == Fate.KILLED
    assert Fate.SURVIVED in fates.values()
    decided_by_rule = sum(r.failed == (LAMPS["key"],) for r in found.results)
    assert len(asked) == len(found.results) - decided_by_rule + 1  # and the reference


def test_a_judge_that_cannot_say_leaves_it_open(tmp_path):
    def decide(criteria, evidence):
        return {c.key: Finding(Outcome.GRADER_ERROR, "unreadable") for c in criteria}

    found = strength(tmp_path, LAMPS, KIND, decide=decide)

    assert Counter(r.fate for r in found.results)[Fate.UNDECIDED]


def test_a_reference_that_fails_is_not_mutated(tmp_path):
    wrong = {**LAMPS, "check": {**LAMPS["check"], "id": "chair"}}

    with pytest.raises(Conflict, match="the reference itself fails lamps-left-the-shelf"):
        strength(tmp_path, wrong)


def test_measuring_ends_when_nobody_wants_to_know(tmp_path):
    with pytest.raises(Cancelled):
        strength(tmp_path, *STRONG, progress=lambda done, total: False)


# scores


def result(fate: Fate, *failed: str, name: str = "a", kind: str = "k") -> Result:
    return Result(name, kind, f"hash of {name}", "It differs.", fate, failed)


def test_the_score_is_the_share_that_does_not_pass():
    results = [
        result(Fate.KILLED, "one", "two", name="a"),
        result(Fate.KILLED, "one", name="b", kind="l"),
        result(Fate.SURVIVED, name="c"),
        result(Fate.SURVIVED, name="d"),
        result(Fate.UNDECIDED, name="e"),
    ]

    score = score_of(results, ["one", "two", "three"], {"hash of d"})

    assert score.share is not None
    assert (score.share.n, round(score.share.value, 3)) == (3, 0.667)
    assert (score.killed, score.survived, score.undecided, score.equivalent) == (2, 1, 1, 1)
    assert [(k.kind, k.killed, k.n) for k in score.kinds] == [("k", 1, 2), ("l", 1, 1)]
    assert [(c.kills, c.alone) for c in score.criteria] == [(2, 1), (1, 0), (0, 0)]
    assert document(results, {}, score, {"hash of d"})["kills_nothing"] == ["three"]


def test_nothing_decided_has_no_score():
    assert score_of([result(Fate.UNDECIDED)], []).share is None


@given(st.lists(st.sampled_from(list(Fate)), max_size=30), st.sets(st.integers(0, 29)))
def test_every_mutant_is_counted_once(fates, marked):
    results = [result(fate, name=str(n)) for n, fate in enumerate(fates)]

    score = score_of(results, [], {f"hash of {n}" for n in marked})

    counts = score.killed, score.survived, score.undecided, score.equivalent
    assert sum(counts) == len(results)
    assert score.share is None or 0 <= score.share.low <= score.share.value <= score.share.high <= 1


def test_results_are_read_back_as_they_were(tmp_path):
    found = strength(tmp_path, LAMPS)
    stored = json.loads(json.dumps(results_as_json(found.results)))

    assert results_as_json(read_results(stored)) == results_as_json(
        read_results(json.loads(json.dumps(stored)))
    )
    assert [r.id for r in read_results(stored)] == [r.id for r in found.results]


# reports


def test_a_report_ends_with_its_score_and_results(report, task):
    assert report.status == "ended"
    assert report.revision == task.revisions.get()
    assert report.done == report.total == len(report.results)
    assert report.score is not None
    assert 0 < report.score < 1
    assert report.counts["criteria"] == ["lamps-left-the-shelf"]


def test_a_report_that_is_over_never_changes(report):
    assert not cancel_report(report.pk)
    for write in (
        lambda: MutationReport.objects.update(score=1),
        lambda: MutationReport.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            write()


def test_starting_twice_gives_the_one_that_is_under_way(task, author):
    first = start_report(task, of_draft(task), by=author)

    assert start_report(task, of_draft(task), by=author) == first


def test_a_second_delivery_does_nothing(report):
    run_report(report.pk)

    assert MutationReport.objects.get().ended_at == report.ended_at


def test_a_report_whose_worker_fell_silent_is_taken_over(task, author):
    report = start_report(task, of_draft(task), by=author)
    past = timezone.now() - SILENT - dt.timedelta(seconds=1)
    MutationReport.objects.update(status="running", touched_at=timezone.now())
    run_report(report.pk)
    assert MutationReport.objects.get().status == "running"

    MutationReport.objects.update(touched_at=past)
    run_report(report.pk)

    assert MutationReport.objects.get().status == "ended"


def test_reports_that_nobody_works_on_are_told_of_again(task, author, queue):
    start_report(task, of_draft(task), by=author)
    assert repeat_lost_reports() == 0

    MutationReport.objects.update(touched_at=timezone.now() - SILENT - dt.timedelta(seconds=1))

    assert repeat_lost_reports() == 1


def test_a_lost_report_gives_way_to_a_new_one(task, author):
    lost = start_report(task, of_draft(task), by=author)
    MutationReport.objects.update(touched_at=timezone.now() - SILENT - dt.timedelta(seconds=1))

    new = start_report(task, of_draft(task), by=author)

    lost.refresh_from_db()
    assert (lost.status, lost.problem, new.status) == ("failed", "its worker was lost", "queued")


def test_a_cancelled_report_is_not_run(task, author):
    report = start_report(task, of_draft(task), by=author)

    assert cancel_report(report.pk)
    run_report(report.pk)

    report.refresh_from_db()
    assert (report.status, report.results) == ("cancelled", [])


def test_a_draft_that_moved_on_fails_its_report(task, author):
    draft = task.draft
    draft.content = {**draft.content, "title": "Another title"}
    draft.save()
    report = start_report(task, of_draft(task), by=author)
    assert report.revision is None
    draft.content = {**draft.content, "title": "A third title"}
    draft.save()

    run_report(report.pk)

    report.refresh_from_db()
    assert (report.status, report.problem) == (
        "failed",
        "the draft was changed meanwhile: start again",
    )


def test_a_reference_that_fails_is_told_in_the_report(task, author):
    draft = task.draft
    reference = [{"message": "Nothing."}]
    draft.content = {**draft.content, "reference": reference}
    draft.save()
    report = start_report(task, of_draft(task), by=author)

    run_report(report.pk)

    report.refresh_from_db()
    assert report.status == "failed"
    assert "the reference itself fails" in report.problem


def test_the_message_that_is_sent_names_a_task_that_workers_know():
    assert measure_strength.name == RUN_TASK
    assert measure_strength.name in current_app.tasks


# what people say


def survivor_of(report) -> Result:
    return next(r for r in read_results(report.results) if r.fate == Fate.SURVIVED)


def test_a_marked_mutant_counts_no_more_until_the_mark_is_taken_back(report, task, reviewer):
    mutant = survivor_of(report)
    mark_equivalent(report, mutant.id, reason=" A sale to Dee is one to her. ", by=reviewer)

    (mark,) = marks_of(task).values()
    assert (mark.mutant_id, mark.marked_by) == (mutant.id, reviewer)
    assert mark.reason == "A sale to Dee is one to her."
    assert equivalent_hashes(task) == {mutant.hash}

    unmark(report, mutant.id, by=reviewer)

    assert equivalent_hashes(task) == frozenset()
    assert EquivalentMutant.objects.count() == 2


def test_a_new_report_counts_the_marks_there_are(report, task, author, reviewer):
    for result in read_results(report.results):
        if result.fate == Fate.SURVIVED:
            mark_equivalent(report, result.id, reason="fine", by=reviewer)

    again = start_report(task, of_draft(task), by=author)
    run_report(again.pk)

    again.refresh_from_db()
    assert again.score == 1


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_mark_needs_a_reason(reason, report, reviewer):
    with pytest.raises(InvalidArgument, match="why"):
        mark_equivalent(report, survivor_of(report).id, reason=reason, by=reviewer)


def test_marks_that_make_no_sense_are_refused(report, reviewer):
    mutant = survivor_of(report)

    with pytest.raises(NotFound):
        mark_equivalent(report, "no-such-mutant", reason="fine", by=reviewer)
    with pytest.raises(NotFound):
        unmark(report, mutant.id, by=reviewer)
    mark_equivalent(report, mutant.id, reason="fine", by=reviewer)
    with pytest.raises(Conflict):
        mark_equivalent(report, mutant.id, reason="fine", by=reviewer)


def test_words_about_mutants_are_append_only(report, reviewer):
    mark_equivalent(report, survivor_of(report).id, reason="fine", by=reviewer)

    with pytest.raises(IntegrityError), transaction.atomic():
        EquivalentMutant.objects.update(reason="I never said that")


# the command


def mutate(*arguments: str) -> str:
    out = StringIO()
    call_command("mutate", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_tells_a_score_and_names_survivors(task):
    said = mutate("sell-lamps")

    assert said.startswith("sell-lamps  ")
    assert "survived: The answer is left out." in said


def test_the_command_answers_in_json(task, report, reviewer):
    mark_equivalent(report, survivor_of(report).id, reason="fine", by=reviewer)

    found = json.loads(mutate("sell-lamps", "--json"))

    assert found["task"] == "sell-lamps"
    assert found["n"] == found["killed"] + found["survived"]
    assert found["score"] == round(found["killed"] / found["n"], 4)
    assert found["interval"][0] <= found["score"] <= found["interval"][1]
    assert found["equivalent"] == 1
    assert len(found["survivors"]) == found["survived"]
    assert {"kind", "killed", "n"} == set(found["kinds"][0])
    assert {"criterion", "kills", "alone"} == set(found["criteria"][0])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [([], "name one task"), (["a", "--all"], "name one task"), (["nothing"], "there is no task")],
)
def test_the_command_says_what_it_needs(arguments, said):
    with pytest.raises(CommandError, match=said):
        mutate(*arguments)


# judges

JUDGED = {
    "key": "friendly",
    "text": "The answer is friendly.",
    "check": {"kind": "judge", "look_at": ["answer"]},
}


def friendly_when_sold(key, body):
    """Judge as a model would: met, and cited, where the answer says that it is sold."""
    (said,) = [line for line in record_in(body) if "old" in line] or [""]
    if not said:
        return verdict(key, "not_met")
    step = re.findall(r"\[step (\d+)\]", body["messages"][1]["content"])[-1]
    return verdict(key, "met", evidence=cite(int(step), said))


@pytest.fixture
def judged(task, author, tmp_path, model_server):
    """The task with a criterion for a judge, and a judge that answers by a rule."""
    load_tasks(make_task_folder(tmp_path / "judged", rubric=[LAMPS, JUDGED]).parent, owner=author)
    decides(model_server, friendly_when_sold)
    return make_judge(model_server.url)


def test_a_judge_decides_the_mutants_that_no_rule_fails_and_is_paid(judged, task, author):
    report = start_report(task, of_draft(task), by=author, judge=judged)

    run_report(report.pk)

    report.refresh_from_db()
    fates = {r.sentence: r.fate for r in read_results(report.results)}
    assert report.judge == judged
    assert fates["The answer is left out."] == Fate.KILLED
    assert Fate.UNDECIDED not in fates.values()
    assert JudgeCall.objects.filter(judge=judged, cost__gt=0).count() > 1


def test_a_judge_that_is_down_leaves_mutants_undecided(judged, task, author, model_server):
    model_server.answer = lambda body: Reply(status=400)

    report = start_report(task, of_draft(task), by=author, judge=judged)
    run_report(report.pk)

    report.refresh_from_db()
    fates = Counter(r.fate for r in read_results(report.results))
    assert report.status == "ended"
    assert fates[Fate.UNDECIDED]
    assert not fates[Fate.SURVIVED]


def test_a_judge_is_asked_no_more_once_nobody_wants_to_know(tmp_path, model_server):
    judge = make_judge(model_server.url)

    with pytest.raises(Stopped):
        strength(tmp_path, LAMPS, JUDGED, decide=decided_by(judge, goes_on=lambda: False))

    assert model_server.requests == []


def test_a_rubric_of_rules_takes_no_judge(task, author, model_server):
    judge = make_judge(model_server.url)

    assert start_report(task, of_draft(task), by=author, judge=judge).judge is None


def test_the_command_takes_a_judge_by_its_name(judged, task):
    out = StringIO()

    call_command("mutate", task.slug, "--judge", str(judged), "--json", stdout=out)

    assert json.loads(out.getvalue())["undecided"] == 0
    with pytest.raises(CommandError, match="nobody"):
        call_command("mutate", task.slug, "--judge", "nobody@1")
