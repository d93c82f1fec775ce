"""What people say of mutants: this one is right too. The latest word counts, all stay."""

from django.contrib.auth.models import User

from authoring.models import EquivalentMutant, MutationReport, Task
from authoring.mutants.scores import read_results
from simulation.errors import Conflict, InvalidArgument, NotFound
from simulation.text import clean_text

LONGEST_REASON = 2000


def marks_of(task: Task) -> dict[str, EquivalentMutant]:
    """Give the marks that hold, by the hash of their mutant."""
    latest: dict[str, EquivalentMutant] = {}
    for mark in task.equivalent_mutants.select_related("marked_by").order_by("-pk"):
        latest.setdefault(mark.hash, mark)
    return {hash_: mark for hash_, mark in latest.items() if mark.is_equivalent}


def equivalent_hashes(task: Task) -> frozenset[str]:
    return frozenset(marks_of(task))


def mark_equivalent(
    report: MutationReport, mutant_id: str, *, reason: str, by: User
) -> EquivalentMutant:
    """Say that a mutant of a report is right too: it counts no more.

    Raises InvalidArgument without a reason, NotFound for a mutant that the report does not have,
    Conflict for one that is marked already.
    """
    text = clean_text(reason, limit=LONGEST_REASON)[0].strip()
    if not text:
        raise InvalidArgument("write why this solution is right as well", field="reason")
    hash_ = _hash_of(report, mutant_id)
    if hash_ in marks_of(report.task):
        raise Conflict(f"{mutant_id} is marked already")
    return _say(report, mutant_id, hash_, reason=text, by=by, is_equivalent=True)


def unmark(report: MutationReport, mutant_id: str, *, by: User) -> EquivalentMutant:
    """Take a mark back: the mutant counts again. Raises NotFound when there is no such mark."""
    hash_ = _hash_of(report, mutant_id)
    if hash_ not in marks_of(report.task):
        raise NotFound(f"{mutant_id} is not marked")
    return _say(report, mutant_id, hash_, reason="", by=by, is_equivalent=False)


def _hash_of(report: MutationReport, mutant_id: str) -> str:
    for result in read_results(report.results):
        if result.id == mutant_id:
            return result.hash
    raise NotFound(f"the report has no mutant {mutant_id!r}", field="mutant")


def _say(
    report: MutationReport,
    mutant_id: str,
    hash_: str,
    *,
    reason: str,
    by: User,
    is_equivalent: bool,
) -> EquivalentMutant:
    return EquivalentMutant.objects.create(
        task=report.task,
        mutant_id=mutant_id,
        hash=hash_,
        world=report.world,
        is_equivalent=is_equivalent,
        reason=reason,
        marked_by=by,
    )
