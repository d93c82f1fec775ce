"""Failure notes: what people think went wrong in an attempt that did not pass."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction

from grading.models import Assessment, FailureKind, FailureLevel, FailureNote, Rollout
from grading.people.access import check_speaks
from grading.verdicts import REASON_LIMIT
from simulation.errors import Conflict, Problems
from simulation.text import clean_text

HELP = {
    FailureLevel.TOOL_USE: "It called the wrong tool, sent wrong arguments, or misread an answer.",
    FailureLevel.PLANNING: "Its calls were sound, but the steps or their order lead elsewhere.",
    FailureLevel.ADAPTABILITY: "The plan was sound until something unexpected; it did not adjust.",
    FailureLevel.GROUNDEDNESS: "It said or did what nothing in this world or its task supports.",
    FailureLevel.COMMON_SENSE: "All facts were in hand; a sensible person concludes otherwise.",
}


@dataclass(frozen=True, kw_only=True)
class Note:
    """What went wrong. first_step: the index of the step where it began, None for no single one."""

    level: int | None
    kind: str
    first_step: int | None = None
    text: str = ""

    def problems(self, rollout: Rollout) -> Iterator[str]:
        if self.level not in FailureLevel.values:
            yield "level: choose what the agent lacked, 1 to 5"
        if self.kind not in FailureKind.values:
            yield "kind: choose what went wrong"
        if len(self.text) > REASON_LIMIT:
            yield f"text: write at most {REASON_LIMIT:,} characters"
        if self.kind == FailureKind.OTHER and not self.text.strip():
            yield "text: say what went wrong, for the kind “other” does not"
        if self.first_step is not None and not has_step(rollout, self.first_step):
            yield f"first_step: this episode has no step {self.first_step}"


def has_step(rollout: Rollout, index: int) -> bool:
    return rollout.episode.steps.filter(index=index).exists()


@transaction.atomic
def note_failure(rollout_id: int, note: Note, *, author: User) -> FailureNote:
    """Store a person's note; it replaces an earlier one of theirs. The same again changes nothing.

    Raises Conflict for an attempt that did not fail, Forbidden, Problems that begin with the field.
    """
    rollout = _locked(rollout_id)
    check_speaks(author, rollout)
    check_failed(rollout)
    if problems := list(note.problems(rollout)):
        raise Problems(problems)
    before = current_note(rollout, author)
    values = {
        "level": note.level,
        "kind": note.kind,
        "first_step": note.first_step,
        "text": clean_text(note.text.strip())[0],
    }
    if before and all(getattr(before, name) == value for name, value in values.items()):
        return before
    return FailureNote.objects.create(rollout=rollout, author=author, **values)


@transaction.atomic
def take_back_note(rollout_id: int, *, author: User) -> FailureNote | None:
    """Take a person's own note back; gives the fact that says so, None when there was no note."""
    rollout = _locked(rollout_id)
    if current_note(rollout, author) is None:
        return None
    return FailureNote.objects.create(rollout=rollout, author=author, is_withdrawn=True)


def current_note(rollout: Rollout, author: User) -> FailureNote | None:
    return FailureNote.objects.current().filter(rollout=rollout, author=author).first()


def check_failed(rollout: Rollout) -> None:
    """Raises Conflict, in words, for everything that is not graded and not passed."""
    official = rollout.assessments.filter(grading=rollout.run.official_id).first()
    if official is None or official.status != Assessment.Status.GRADED:
        raise Conflict("only a graded attempt has failed; this one has no reward")
    if official.passed:
        raise Conflict("this attempt passed: there is no failure to explain")


def _locked(rollout_id: int) -> Rollout:
    """Lock a rollout with its assessments: its outcome cannot change meanwhile."""
    rollout = (
        Rollout.objects.select_for_update(of=("self",))
        .select_related("run", "episode")
        .get(pk=rollout_id)
    )
    list(rollout.assessments.select_for_update().order_by("pk"))
    return rollout
