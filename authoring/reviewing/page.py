"""The page of review: one revision, what changed, and how far its reviewer is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.urls import reverse

from authoring.access import TaskLook
from authoring.content import DraftContent
from authoring.drafts.scene import scene_of
from authoring.history.differences import Comparison, compare
from authoring.models import ChecklistAnswer, Reveal, ReviewEvent, Revision
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
from authoring.reviewing.reading import (
    checks_of,
    reference_box,
    sentence_of,
    whole_task,
    without_secrets,
)
from authoring.reviewing.rounds import ALL, CHANGES, LAST, Rounds, rounds_of
from authoring.reviewing.threads import make_panel, open_by_place
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
    "import": "brought it in with a pack",
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
    open_ = open_by_place(look)
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
        is_secret_changed=hides and before is not None and _secrets(before) != _secrets(content),
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


def hides_secrets(look: TaskLook, standing: Standing | None) -> bool:
    """Tell whether this person reviews the task and has not asked for its reference yet."""
    if standing:
        return standing.reveal is None
    waiting = look.in_review
    if waiting is None or not may_judge(look.user, waiting):
        return False
    return not Reveal.objects.filter(revision=waiting, reviewer=look.user).exists()


def _secrets(content: DraftContent) -> object:
    return content.reference, content.near_misses, content.notes


def _compare(before: DraftContent | None, after: DraftContent, *, hides: bool) -> Comparison | None:
    if before is None:
        return None
    if hides:
        before, after = without_secrets(before), without_secrets(after)
    return compare(before, after)


def _since(base: Revision | None) -> str:
    if base is None:
        return ""
    done = {
        State.CHANGES_REQUESTED: "was sent back",
        State.WITHDRAWN: "was taken back",
    }.get(State(base.state), "was approved")
    return f"since revision {base.number} {done}"


def _trail(revision: Revision) -> Iterable[TrailLine]:
    for event in ReviewEvent.objects.filter(revision=revision).select_related("actor"):
        yield TrailLine(
            actor=event.actor.get_username(),
            words=WORDS.get(event.action, event.action),
            when=event.created_at,
            comment=event.comment,
        )


def _rounds(rounds: Rounds, slug: str) -> Iterable[Choice]:
    url = reverse("review:page", args=[slug])
    for revision in rounds.revisions:
        yield Choice(
            value=str(revision.number),
            label=f"Revision {revision.number}, {MARKS[State(revision.state)].word}",
            is_selected=revision.pk == rounds.revision.pk,
            url=f"{url}?revision={revision.number}",
        )


def _shows(rounds: Rounds, show: str) -> Iterable[Choice]:
    labels = {CHANGES: "Changes", LAST: "Since the last round", ALL: "Everything"}
    query = f"?revision={rounds.revision.number}&show="
    for name, label in labels.items():
        if name == ALL or rounds.base(name):
            yield Choice(value=name, label=label, is_selected=name == show, url=f"{query}{name}")


def _criteria(
    content: DraftContent,
    approved: DraftContent | None,
    standing: Standing | None,
    open_: Mapping[str, int],
) -> Iterable[CriterionRow]:
    known = {each.key: each.hash for each in approved.rubric.criteria} if approved else None
    ticks = standing.ticks if standing else {}
    for number, criterion in enumerate(content.rubric.criteria, start=1):
        now = criterion.hash
        yield CriterionRow(
            key=criterion.key,
            number=number,
            text=criterion.text,
            points=f"{criterion.points_word} {criterion.points:+d}".replace("-", "−"),
            is_harm=criterion.points < 0,
            kind=spoken(criterion.kind),
            sentence=sentence_of(criterion),
            note=criterion.note,
            news=_news(known, criterion.key, now),
            is_ticked=ticks.get(criterion.key) == now,
            has_fallen=ticks.get(criterion.key, now) != now,
            comments=open_.get(f"criterion/{criterion.key}", 0),
        )


def _news(known: Mapping[str, str] | None, key: str, now: str) -> str:
    """Say what became of a criterion since the last approval; nothing before the first one."""
    if known is None or known.get(key) == now:
        return ""
    return "changed" if key in known else "new"


def _questions(standing: Standing | None) -> Iterable[QuestionRow]:
    if standing is None:
        return
    for question in QUESTIONS:
        answer = standing.answers.get(question.key)
        yield QuestionRow(
            key=question.key,
            text=question.text,
            hint=question.hint,
            is_fine=answer.is_fine if answer else None,
            note=answer.note if answer else "",
        )


def _voices(revision: Revision) -> Iterable[Voice]:
    texts = {question.key: question.text for question in QUESTIONS}
    answers = ChecklistAnswer.objects.filter(revision=revision, is_fine=False)
    for answer in answers.select_related("reviewer").order_by("pk"):
        yield Voice(
            reviewer=answer.reviewer.get_username(),
            question=texts.get(answer.question, answer.question),
            note=answer.note,
        )


def _earlier(revision: Revision, look: TaskLook) -> int | None:
    """Give the number of an earlier revision whose reference this person has seen."""
    seen = Reveal.objects.filter(reviewer=look.user, revision__task=look.task)
    numbers = seen.filter(revision__number__lt=revision.number).order_by("-revision__number")
    return numbers.values_list("revision__number", flat=True).first()


def _why_not(look: TaskLook, revision: Revision) -> str:
    """Say why this person has no verdict to give here; "" when they have."""
    if revision.state != State.IN_REVIEW:
        return f"This round is over: revision {revision.number} is {_word(revision)}."
    if is_own(look.user, revision):
        return "This is your own task: somebody else reviews it."
    if not has_role(look.user, REVIEWER, ADMIN):
        return "Only reviewers give a verdict."
    return ""


def _word(revision: Revision) -> str:
    word = MARKS[State(revision.state)].word
    return "waiting for changes" if revision.state == State.CHANGES_REQUESTED else word


def _bar(standing: Standing | None, asked: Asked) -> VerdictBar | None:
    if standing is None:
        return None
    problems = tuple(Choice(value="text", label=words) for words in asked.problems.values())
    return VerdictBar(reasons=standing.reasons, text=asked.text, problems=problems)
