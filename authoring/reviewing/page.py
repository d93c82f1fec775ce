"""The page of review: one revision, what changed, and how far its reviewer is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.urls import reverse

from authoring.access import TaskLook
from authoring.content import DraftContent
from authoring.drafts.scene import scene_of
from authoring.history.differences import compare
from authoring.models import ChecklistAnswer, Comment, Reveal, ReviewEvent, Revision
from authoring.reviewing.checklist import KEYS, QUESTIONS
from authoring.reviewing.judging import Standing
from authoring.reviewing.pages import (
    CriterionRow,
    QuestionRow,
    ReviewPage,
    TrailLine,
    VerdictBar,
    Voice,
)
from authoring.reviewing.people import is_own, may_judge
from authoring.reviewing.reading import checks_of, reference_box, whole_task, without_secrets
from authoring.reviewing.rounds import ALL, CHANGES, LAST, Rounds, rounds_of
from authoring.reviewing.threads import make_panel, open_by_place
from grading.regrading.criteria_page import sentence
from simulation.pages import Choice, Mark
from simulation.roles import ADMIN, REVIEWER, has_role
from simulation.wording import spoken

State = Revision.State
MARKS = {
    State.IN_REVIEW: Mark(state="running", word="in review"),
    State.CHANGES_REQUESTED: Mark(state="incomplete", word="changes requested"),
    State.APPROVED: Mark(state="pass", word="approved"),
    State.SUPERSEDED: Mark(state="ended", word="superseded"),
    State.WITHDRAWN: Mark(state="cancelled", word="withdrawn"),
}
WORDS = {
    "submit": "handed it in",
    "withdraw": "took it back",
    "request_changes": "asked for changes",
    "approve": "approved it",
    "supersede": "put a newer revision in its place",
}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the address asks for, and what was typed into the bar and could not be taken."""

    number: int | None = None
    show: str = ""
    place: str = ""
    text: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)


def review_page(look: TaskLook, asked: Asked) -> ReviewPage | None:
    """Give None for a task that was never handed in. Raises Http404 for a revision that was not."""
    rounds = rounds_of(look.task, asked.number)
    if rounds is None:
        return None
    revision = rounds.revision
    is_judge = may_judge(look.user, revision)
    standing = Standing(revision, look.user) if is_judge else None
    hides = hides_secrets(look, standing)
    content = revision.draft_value
    scene = scene_of(content)
    show = rounds.show(asked.show)
    base = rounds.base(show)
    secret, open_ = without_secrets, open_by_place(look)
    before = base.draft_value if base else None
    approved = rounds.approved.draft_value if rounds.approved else None
    return ReviewPage(
        slug=look.task.slug,
        title=content.title,
        mark=MARKS[State(revision.state)],
        number=revision.number,
        author=revision.author.get_username(),
        url=reverse("review:page", args=[look.task.slug]),
        editor_url=reverse("editor:prompt", args=[look.task.slug]),
        trail=tuple(_trail(revision)),
        rounds=tuple(_rounds(rounds, look.task.slug)),
        shows=tuple(_shows(rounds, show)),
        since=_since(base),
        comparison=_compare(before, content, hides=hides),
        is_secret_changed=hides and before is not None and _secret_of(before) != _secret_of(content),
        whole=whole_task(scene),
        criteria=tuple(_criteria(content, approved, standing, open_)),
        ticked=f"{standing.ticked} of {standing.criteria} ticked" if standing else "",
        checklist=tuple(_questions(standing)),
        answered=f"{len(standing.answers)} of {len(KEYS)} answered" if standing else "",
        voices=tuple(_voices(revision)) if is_own(look.user, revision) else (),
        panel=make_panel(look, content, place=asked.place, back="review", is_secret_hidden=hides),
        checks=checks_of(look, revision, scene, hides=hides),
        reference=reference_box(
            look, scene, standing, hides=hides, earlier=_earlier(revision, look) if hides else None
        ),
        why=_why_not(look, revision),
        bar=_bar(standing, asked),
    )
