"""What the database itself refuses of what people say."""

import pytest
from django.db import IntegrityError, transaction

from grading.models import FailureNote, TaskReport, TaskReportEvent, Withdrawal
from grading.people.failures import Note, note_failure
from grading.people.reports import Complaint, report_task
from grading.people.verdicts import record_verdict, withdraw
from tests.grading.people.makers import NULL, make_graded, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def rollout(runner):
    """A failed attempt with a verdict that was taken back, a note and a report."""
    assessment = make_graded(owner=runner, agent=NULL)
    opinion = said("met", is_authoritative=False)
    verdict = record_verdict(assessment.pk, "lamp-sold", opinion, author=runner)
    withdraw(verdict.pk, actor=runner)
    note_failure(assessment.rollout_id, Note(level=1, kind="wrong_order"), author=runner)
    report_task(assessment.rollout_id, Complaint(fault="task", text="x"), reporter=runner)
    return assessment.rollout


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (Withdrawal, {"reason": "other"}),
        (FailureNote, {"level": 2}),
        (TaskReportEvent, {"comment": "other"}),
        (TaskReport, {"text": "other"}),
        (TaskReport, {"fault": "judge"}),
        (TaskReport, {"criterion_key": "other"}),
    ],
)
def test_what_was_said_never_changes(model, values, rollout):
    with pytest.raises(IntegrityError, match="never change"), transaction.atomic():
        model.objects.update(**values)


@pytest.mark.parametrize("model", [Withdrawal, FailureNote, TaskReportEvent])
def test_what_was_said_never_goes(model, rollout):
    with pytest.raises(IntegrityError, match="never changed or deleted"), transaction.atomic():
        model.objects.all().delete()


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"state": "fixed"}, "task_report_fixed_in_iff_fixed"),
        ({"fixed_in": 2}, "task_report_fixed_in_iff_fixed"),
    ],
)
def test_a_report_is_fixed_in_a_revision_or_not_at_all(values, constraint, rollout):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        TaskReport.objects.update(**values)


@pytest.mark.parametrize("values", [{"level": 6, "kind": "other"}, {"level": 1}, {"kind": "other"}])
def test_a_failure_note_has_a_level_and_a_kind(values, rollout, runner):
    with (
        pytest.raises(IntegrityError, match="failure_note_says_level_and_kind"),
        transaction.atomic(),
    ):
        FailureNote.objects.create(rollout=rollout, author=runner, **values)


def test_a_verdict_is_taken_back_once(rollout, runner):
    first = Withdrawal.objects.get()

    with pytest.raises(IntegrityError, match="verdict_id"), transaction.atomic():
        Withdrawal.objects.create(verdict=first.verdict, author=runner)
