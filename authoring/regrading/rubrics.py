"""The rubrics that tasks offer for episodes that there are: of revisions, and of drafts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import F, Q

from authoring.content import TaskContent, bind_content, read_content
from authoring.models import Draft, Revision, Task
from grading.models import Grading
from grading.models.assessments import READERS_OF_DRAFTS
from grading.regrading.measures import Measure, Measures, setup_hash
from simulation.errors import GymError, Problems
from simulation.roles import has_role
from simulation.state import WorldState
from simulation.worlds import find_world, load_snapshot

LAUNCHED, APPROVED, DRAFT = "launched", "approved", "draft"
REVIEWED = (Revision.State.APPROVED, Revision.State.SUPERSEDED)  # these may count
Picks = Mapping[str, str]  # by subject or slug: launched, approved, draft or a revision number


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A rubric that a task offers, without its criteria; `value` is what a pick says.

    counts: it passed review once, so a grading by it may become official.
    """

    task: str
    value: str
    state: str
    world: str
    setup: str
    counts: bool


def offers(user: User, slugs: Iterable[str]) -> list[Offer]:
    """List what these tasks offer this person, newest revision first, in two queries.

    What did not pass review is there for those who may see drafts.
    """
    visible = Task.objects.visible_to(user).filter(slug__in=set(slugs))
    revisions = Revision.objects.filter(task__in=visible)
    drafts = Draft.objects.filter(task__in=visible)
    if not has_role(user, *READERS_OF_DRAFTS):
        revisions = revisions.filter(Q(task__owner=user) | Q(state__in=REVIEWED))
        drafts = drafts.filter(task__owner=user)
    of_draft = drafts.annotate(slug=F("task__slug")).order_by("slug")
    columns = ("slug", "content__world", "content__setup")
    listed = revisions.annotate(slug=F("task__slug")).order_by("slug", "-number")
    return [
        *(_offer(row, DRAFT, "draft") for row in of_draft.values(*columns)),
        *(
            _offer(row, str(row["number"]), row["state"])
            for row in listed.values(*columns, "number", "state")
        ),
    ]


def rubrics_for(user: User, subjects: Iterable[str], picks: Picks, *, purpose: str) -> Measures:
    """Give what each subject is measured by. Tasks without a pick keep the rubric of the launch.

    Raises Problems that name every task that has no such rubric, for this person and purpose.
    """
    wanted = {subject: _pick(picks, subject) for subject in set(subjects)}
    slugs = {slug_of(s) for s, pick in wanted.items() if pick != LAUNCHED}
    known, problems = _Known(user, slugs), []
    measures: dict[str, Measure | None] = {}
    for subject, pick in sorted(wanted.items()):
        try:
            measures[subject] = known.measure(slug_of(subject), pick, purpose)
        except GymError as error:
            problems += [f"{slug_of(subject)}: {line}" for line in error.message.splitlines()]
    if problems:
        raise Problems(problems)
    return measures


def slug_of(subject: str) -> str:
    return subject.partition("@")[0]


class _Known:
    """Revisions and drafts of some tasks that a person may see, read in two queries."""

    def __init__(self, user: User, slugs: Iterable[str]) -> None:
        tasks = Task.objects.visible_to(user).filter(slug__in=set(slugs))
        sees_all = has_role(user, *READERS_OF_DRAFTS)
        self._tasks = {
            task.slug: (task, sees_all or task.owner_id == user.pk)
            for task in tasks.select_related("draft").prefetch_related("revisions")
        }

    def measure(self, slug: str, pick: str, purpose: str) -> Measure | None:
        if pick == LAUNCHED:
            return None
        if slug not in self._tasks:
            raise Problems(["there is no such task that you may see; keep the launched rubric"])
        task, sees_draft = self._tasks[slug]
        if pick == DRAFT:
            return self._of_draft(task, sees_draft, purpose)
        revision = next((r for r in task.revisions.all() if _is_meant(r, pick)), None)
        if revision is None:
            raise Problems(
                [f"it has no revision {pick}" if pick != APPROVED else "none is approved"]
            )
        if revision.state not in REVIEWED:
            _check_trial(f"revision {revision.number} was never approved", sees_draft, purpose)
        return _measure(revision.value, str(revision))

    def _of_draft(self, task: Task, sees_draft: bool, purpose: str) -> Measure:
        _check_trial("a draft counts nowhere", sees_draft, purpose)
        draft: Draft | None = getattr(task, "draft", None)
        if draft is None:
            raise Problems(["it has no draft"])
        content = read_content(draft.content)
        world = find_world(content.world)
        bound = bind_content(content, WorldState(load_snapshot(world)), world.prompts)
        return _measure(bound, f"draft of {task.slug}, version {draft.version}")


def _check_trial(why: str, sees_draft: bool, purpose: str) -> None:
    if not sees_draft:
        raise Problems(["there is no such revision that you may see"])
    if purpose != Grading.Purpose.TRIAL:
        raise Problems([f"{why}: ask for a trial"])


def _is_meant(revision: Revision, pick: str) -> bool:
    if pick == APPROVED:
        return revision.state == Revision.State.APPROVED
    return str(revision.number) == pick


def _measure(content: TaskContent, name: str) -> Measure:
    setup = setup_hash(content.setup)
    return Measure(rubric=content.rubric, world=content.world, setup=setup, name=name)


def _pick(picks: Picks, subject: str) -> str:
    return picks.get(subject) or picks.get(slug_of(subject)) or LAUNCHED


def _offer(row: Mapping[str, Any], value: str, state: str) -> Offer:
    return Offer(
        task=row["slug"],
        value=value,
        state=state,
        world=row["content__world"] or "",
        setup=setup_hash(row["content__setup"] or ()),
        counts=state in REVIEWED,
    )
