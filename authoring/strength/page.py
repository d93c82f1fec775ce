"""Making the page of a task's rubric strength."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse

from authoring.models import EquivalentMutant, MutationReport, Task
from authoring.mutants.judges import is_judged
from authoring.mutants.measure import Fate, Result
from authoring.mutants.scores import Score, read_results, score_of
from authoring.strength.access import measured_for, reports_for, sees_draft
from authoring.strength.marks import marks_of
from authoring.strength.pages import (
    Figures,
    KindRow,
    MutantCard,
    Piece,
    ReportRow,
    ReportView,
    RowDifference,
    StrengthPage,
    Typed,
)
from grading.models import Judge
from grading.statistics.rates import wilson
from grading.wording import percent, rate
from simulation.errors import GymError
from simulation.pages import Choice, Fact, Mark, Notice
from simulation.wording import spoken

HISTORY = 20  # reports that are listed
STATES = {"ended": "pass", "failed": "fail"}  # the others have a look of their own
SIGNS = {"-": "gone", "+": "come", " ": "kept"}


def strength_page(
    user: User, task: Task, shown: int | None = None, typed: Typed | None = None
) -> StrengthPage:
    """shown: the report that is looked at, the newest unless told otherwise."""
    reports = list(reports_for(user, task).defer("results")[:HISTORY])
    current = next((report for report in reports if report.pk == shown), None)
    current = current or (reports[0] if reports else None)
    subject, title, blocked = _subject(user, task)
    return StrengthPage(
        title=title or task.slug,
        slug=task.slug,
        subject=subject,
        start_url=reverse("strength:start", args=[task.slug]),
        blocked=blocked,
        judges=judge_choices(user, task),
        history=tuple(_history_row(report, current) for report in reports),
        report=report_view(user, current, typed) if current else None,
        problems=((f"reason-{typed.mutant}", typed.problem),) if typed else (),
    )


def judge_choices(user: User, task: Task) -> tuple[Choice, ...]:
    """Offer the judges that may decide what no rule does; none where the rubric has no use."""
    try:
        criteria = measured_for(user, task).content.rubric.criteria
    except GymError:
        return ()
    if not is_judged(criteria):
        return ()
    names = [str(judge) for judge in Judge.objects.in_use()]
    nobody = Choice(value="", label="no judge: its criteria stay open")
    return (nobody, *(Choice(value=name, label=name) for name in names))


def report_view(user: User, report: MutationReport, typed: Typed | None = None) -> ReportView:
    place = [report.task.slug, report.pk]
    figures, notice = _found(user, report, typed)
    return ReportView(
        mark=_mark(report),
        measured=_measured(report),
        is_live=report.is_live,
        poll_url=reverse("strength:progress", args=place),
        cancel_url=reverse("strength:cancel", args=place),
        done=report.done,
        total=report.total,
        notice=notice,
        figures=figures,
    )


def _subject(user: User, task: Task) -> tuple[str, str, str]:
    """Give what would be measured, its title, and why it cannot be."""
    try:
        measured = measured_for(user, task)
    except GymError as error:
        return "", "", error.message
    return measured.name, measured.content.title, ""


def _found(
    user: User, report: MutationReport, typed: Typed | None
) -> tuple[Figures | None, Notice | None]:
    """Give what a report found, counted with the marks that hold now, and what to say of it."""
    if report.status != MutationReport.Status.ENDED:
        return None, _notice(report)
    results, marks = read_results(report.results), marks_of(report.task)
    score = score_of(results, report.counts.get("criteria", []), marks.keys())
    cards = _Cards(report, marks, typed, may_mark=sees_draft(user, report.task))
    figures = Figures(
        rate=rate(score.share),
        facts=tuple(_facts(report, score)),
        survivors=cards.of_fate(results, Fate.SURVIVED),
        undecided=cards.of_fate(results, Fate.UNDECIDED),
        equivalent=cards.marked(results),
        kinds=tuple(_kind_rows(score)),
        criteria=tuple(score.criteria),
        idle=tuple(each.criterion for each in score.criteria if not each.kills),
    )
    return figures, _remarked(report, score)


class _Cards:
    """Makes the cards of one report."""

    def __init__(
        self,
        report: MutationReport,
        marks: Mapping[str, EquivalentMutant],
        typed: Typed | None,
        *,
        may_mark: bool,
    ) -> None:
        self._report = report
        self._marks = marks
        self._typed = typed
        self._may_mark = may_mark

    def of_fate(self, results: Sequence[Result], fate: Fate) -> tuple[MutantCard, ...]:
        wanted = (r for r in results if r.fate == fate and r.hash not in self._marks)
        return tuple(map(self._card, wanted))

    def marked(self, results: Sequence[Result]) -> tuple[MutantCard, ...]:
        return tuple(self._card(result) for result in results if result.hash in self._marks)

    def _card(self, result: Result) -> MutantCard:
        difference = result.difference
        typed = self._typed if self._typed and self._typed.mutant == result.id else None
        mark = self._marks.get(result.hash)
        return MutantCard(
            id=result.id,
            kind=result.kind.replace("-", " "),
            sentence=result.sentence,
            calls=tuple(map(_pieces, difference.calls if difference else ())),
            answer=_pieces(difference.answer if difference else ()),
            rows=tuple(map(_row, difference.rows if difference else ())),
            closest=tuple(difference.closest if difference else ()),
            open=result.open,
            mark=mark,
            mark_url=self._url("mark", result) if not mark else "",
            unmark_url=self._url("unmark", result) if mark else "",
            reason=typed.reason if typed else "",
            problem=typed.problem if typed else "",
        )

    def _url(self, name: str, result: Result) -> str:
        if not self._may_mark:
            return ""
        place = [self._report.task.slug, self._report.pk, result.id]
        return reverse(f"strength:{name}", args=place)


def _pieces(signed: Sequence[Sequence[str]]) -> tuple[Piece, ...]:
    return tuple(Piece(state=SIGNS[sign], text=text) for sign, text in signed)


def _row(stored: Mapping[str, Any]) -> RowDifference:
    return RowDifference(
        entity_type=str(stored["entity_type"]),
        entity_id=str(stored["id"]),
        word=str(stored["operation"]),
        fields=tuple((spoken(name), before, after) for name, before, after in stored["fields"]),
    )


def _facts(report: MutationReport, score: Score) -> list[Fact]:
    counts = report.counts
    figures = (
        ("Failed by the rubric", score.killed, ""),
        ("Survived", score.survived, ""),
        ("Undecided", score.undecided, "a judge or a person decides"),
        ("Equivalent", score.equivalent, "marked by people"),
        ("Same as the reference", counts.get("same", 0), "no mutants"),
        ("Ending as another", counts.get("repeated", 0), "left out"),
        ("There were", counts.get("found", 0), f"{counts.get('looked_at', 0)} played"),
    )
    always = ("Failed by the rubric", "Survived", "There were")
    return [
        Fact(label=label, value=str(number), detail=detail)
        for label, number, detail in figures
        if number or label in always
    ]


def _kind_rows(score: Score) -> list[KindRow]:
    return [
        KindRow(
            kind=each.kind.replace("-", " "),
            killed=each.killed,
            n=each.n,
            rate=rate(wilson(each.killed, each.n)),
        )
        for each in score.kinds
    ]


def _mark(report: MutationReport) -> Mark:
    return Mark(state=STATES.get(report.status, report.status), word=report.status)


def _measured(report: MutationReport) -> str:
    of = f"revision {report.revision.number}" if report.revision else "the draft"
    judge = f", with judge {report.judge}" if report.judge else ""
    return f"{of}, in {report.world}{judge}"


def _notice(report: MutationReport) -> Notice | None:
    if report.status == MutationReport.Status.FAILED:
        return Notice(tone="bad", title="It could not be measured.", text=report.problem)
    if report.status == MutationReport.Status.CANCELLED:
        return Notice(tone="quiet", title="It was cancelled.", text="Nothing was kept.")
    return None


def _remarked(report: MutationReport, score: Score) -> Notice | None:
    """Tell that marks of later on have moved the score."""
    now = score.share.value if score.share else None
    if now == report.score:
        return None
    then = percent(report.score) if report.score is not None else "no score"
    return Notice(
        tone="info",
        title="The score has moved since.",
        text=f"When the report ended it was {then}; marks made after that count here.",
    )


def _history_row(report: MutationReport, shown: MutationReport | None) -> ReportRow:
    url = reverse("strength:page", args=[report.task.slug])
    return ReportRow(
        url=f"{url}?report={report.pk}",
        name=_measured(report),
        mark=_mark(report),
        score=percent(report.score) if report.score is not None else "",
        by=report.created_by.username,
        at=report.created_at,
        is_current=report == shown,
    )
