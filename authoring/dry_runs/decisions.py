"""What no rule decides of a task: a judge or a reviewer decides it on its reference, in a dry run.

What the author says of their own task decides nothing here, whatever role they have.
"""

from collections import defaultdict
from collections.abc import Collection

from django.contrib.auth.models import User
from django.db.models import F, Q

from authoring.content import TaskContent
from authoring.models import DryRun, Revision, Task
from grading.criteria import Criterion, Outcome
from grading.graders import is_deterministic
from grading.models import Assessment, Verdict
from grading.people.verdicts import Said, record_verdict
from grading.verdicts import effective, standing
from simulation.errors import Forbidden
from simulation.roles import ADMIN, REVIEWER, has_role

REFERENCE = "reference"
DECIDERS = (REVIEWER, ADMIN)


def decision_problems(revision: Revision, content: TaskContent) -> list[str]:
    """Name what nobody has decided yet in a dry run of the same content, and what went against
    it."""
    criteria = list(enumerate(content.rubric.criteria, start=1))
    undecidable = [(n, c) for n, c in criteria if not is_deterministic(c)]
    if not undecidable:
        return []
    known = decided_on_reference(revision)
    said = (_problem(number, each, known.get(each.key)) for number, each in undecidable)
    return [problem for problem in said if problem]


def decided_on_reference(revision: Revision) -> dict[str, Verdict]:
    """Give the verdicts on the reference that count for approval, by criterion.

    They are from dry runs of the same content: a reviewer's counts before a judge's, then that of
    the newest dry run.
    """
    same = DryRun.objects.filter(task=revision.task_id, revision__hash=revision.hash)
    spoken = standing().filter(
        assessment__rollout__run__in=same.values("run"),
        assessment__rollout__agent=REFERENCE,
        assessment__grading=F("assessment__rollout__run__official"),
    )
    by_assessment: defaultdict[int, list[Verdict]] = defaultdict(list)
    for verdict in spoken.filter(_counts_for(revision)).select_related("author"):
        by_assessment[verdict.assessment_id].append(verdict)
    found = [v for said in by_assessment.values() for v in effective(said).values()]
    found.sort(key=lambda v: (v.author_id is not None, v.assessment_id))
    return {verdict.criterion_key: verdict for verdict in found}


def may_decide(user: User, task: Task, revision: Revision) -> bool:
    """Tell whether this person's verdicts on the reference count for approval."""
    return has_role(user, *DECIDERS) and user.pk not in _own(task, revision)


def decide(assessment: Assessment, key: str, said: Said, *, dry_run: DryRun, by: User) -> Verdict:
    """Record what a reviewer decides of the reference, so that it counts.

    Raises Forbidden for the author, and whatever record_verdict does.
    """
    if not may_decide(by, dry_run.task, dry_run.revision):
        raise Forbidden("a reviewer who did not write the task decides this")
    return record_verdict(assessment.pk, key, said, author=by)


def _counts_for(revision: Revision) -> Q:
    """Choose the verdicts of machines and of those who may approve the revision."""
    is_decider = Q(groups__name__in=DECIDERS) | Q(is_superuser=True)
    deciders = User.objects.filter(is_decider).exclude(pk__in=_own(revision.task, revision))
    return Q(author__isnull=True) | Q(author__in=deciders.values("pk"))


def _own(task: Task, revision: Revision) -> Collection[int]:
    return (task.owner_id, revision.author_id)


def _problem(number: int, criterion: Criterion, verdict: Verdict | None) -> str:
    name = f"criterion {number} ({criterion.key})"
    if verdict is None or verdict.outcome == Outcome.GRADER_ERROR:
        by = "a judge or a reviewer" if criterion.kind == "judge" else "a reviewer"
        return f"{name}: {by} decides it on the reference, in a dry run of this content"
    is_met = verdict.outcome == Outcome.MET
    if is_met == (criterion.points > 0):
        return ""
    who = _who(verdict)
    if criterion.points < 0:
        return f"reference: does the harm of {name}, says {who} in the dry run"
    return f"reference: {name} is {verdict.outcome}, says {who} in the dry run"


def _who(verdict: Verdict) -> str:
    return str(verdict.author) if verdict.author else f"the {verdict.source}"
