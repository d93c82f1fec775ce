"""Asking for a grading by the rubrics of revisions and drafts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.contrib.auth.models import User

from authoring.regrading.rubrics import APPROVED, DRAFT, LAUNCHED, Picks, rubrics_for
from grading.models import Grading, Judge, Rollout, Run
from grading.regrading.asking import Wish, ask_gradings
from grading.regrading.measures import Measures
from grading.scopes import Scope
from simulation.errors import InvalidArgument

EVERY = "*"  # the pick of tasks that none is given for


@dataclass(frozen=True, kw_only=True)
class Request:
    """What somebody asks for, as form and API say it.

    picks: by subject or slug; tasks without one keep the launched rubric.
    judge: NAME@VERSION; "" for that of the official grading.
    """

    reason: str
    purpose: str = Grading.Purpose.REGRADE
    picks: Picks = field(default_factory=dict)
    judge: str = ""
    scope: Scope = field(default_factory=Scope)
    key: str = ""


def ask(runs: Sequence[Run], request: Request, *, actor: User) -> list[Grading]:
    """Ask for one grading of each run. Raises GymError with every reason against it."""
    wish = Wish(
        reason=request.reason,
        purpose=request.purpose,
        rubrics=_measures(runs, request, actor),
        judge=find_judge(request.judge) if request.judge else None,
        scope=request.scope,
        key=request.key,
    )
    return ask_gradings(runs, wish, actor=actor)


def read_picks(given: str | Mapping[str, object]) -> Picks:
    """Read which rubrics are wanted: one word for all tasks, or one for each that is named."""
    named = {EVERY: given} if isinstance(given, str) else dict(given)
    picks = {task: str(pick) for task, pick in named.items()}
    for task, pick in picks.items():
        if pick not in (LAUNCHED, APPROVED, DRAFT) and not pick.isdecimal():
            raise InvalidArgument(
                f"{task}: {pick!r}: write {LAUNCHED}, {APPROVED}, {DRAFT} or a revision number",
                field="rubrics",
            )
    return {task: pick for task, pick in picks.items() if pick != LAUNCHED}


def find_judge(name: str) -> Judge:
    """Find a judge that is in use. Raises InvalidArgument that names those there are."""
    judges = {str(judge): judge for judge in Judge.objects.in_use()}
    if name not in judges:
        known = ", ".join(judges) or "none yet"
        raise InvalidArgument(f"judge {name[:100]!r}: there are {known}", field="judge")
    return judges[name]


def _measures(runs: Sequence[Run], request: Request, actor: User) -> Measures | None:
    if not request.picks:
        return None
    seen = Rollout.objects.visible_to(actor).filter(run__in=runs)
    subjects = set(seen.order_by().values_list("subject", flat=True).distinct())
    picks = dict(request.picks)
    if every := picks.pop(EVERY, ""):
        picks = dict.fromkeys(subjects, every) | picks
    return rubrics_for(actor, subjects, picks, purpose=request.purpose)
