"""The figures of the mutants of a dry run, without reading all that a report holds."""

from collections import Counter

from django.db.models import Func, JSONField, Value
from django.urls import reverse

from authoring.dry_runs.pages import MutantsChip
from authoring.models import DryRun, MutationReport
from authoring.mutants.measure import Fate
from authoring.strength.marks import equivalent_hashes
from grading.wording import percent
from simulation.pages import Mark

Status = MutationReport.Status
OVER = {
    Status.FAILED: Mark(state="masked", word="not measured"),
    Status.CANCELLED: Mark(state="cancelled", word="cancelled"),
}


def mutants_chip(dry_run: DryRun) -> MutantsChip | None:
    """Show how far the mutants are; once they are measured, in two queries, what share fails."""
    report = dry_run.mutants
    if report is None:
        return None
    url = f"{reverse('strength:page', args=[dry_run.task.slug])}?report={report.pk}"
    if report.is_live:
        text = f"{report.done} of {report.total}" if report.total else ""
        mark = Mark(state="running", word="being measured")
        return MutantsChip(mark=mark, share="", text=text, url=url)
    if report.status in OVER:
        return MutantsChip(mark=OVER[Status(report.status)], share="", text="", url=url)
    killed, n = _killed(report, equivalent_hashes(dry_run.task))
    return MutantsChip(
        mark=_mark(killed, n),
        share=percent(killed / n) if n else "",
        text=f"{killed} of {n}" if n else "",
        url=f"{url}#survivors-title",
    )


def _mark(killed: int, n: int) -> Mark:
    if not n:
        return Mark(state="incomplete", word="nothing to measure")
    if killed == n:
        return Mark(state="pass", word="none survives")
    return Mark(state="incomplete", word=f"{n - killed} survive")


def _killed(report: MutationReport, equivalent: frozenset[str]) -> tuple[int, int]:
    """Give how many mutants the rubric fails, of how many that count."""
    found = MutationReport.objects.filter(pk=report.pk).values_list(_each("hash"), _each("fate"))
    hashes, fates = found.get()
    counted = [f for h, f in zip(hashes, fates, strict=True) if h not in equivalent]
    counts = Counter(counted)
    return counts[Fate.KILLED], counts[Fate.KILLED] + counts[Fate.SURVIVED]


def _each(name: str) -> Func:
    """Give one field of all results, without the rest of them: that is long."""
    return Func(
        "results",
        Value(f"$[*].{name}"),
        template="jsonb_path_query_array(%(expressions)s::jsonpath)",
        output_field=JSONField(),
    )
