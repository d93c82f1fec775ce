"""The questions that no machine can answer, and what a reviewer says of each for one revision."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction

from authoring.models import ChecklistAnswer, Revision
from authoring.reviewing.people import may_judge
from simulation.errors import Conflict, Problems
from simulation.text import clean_text

LONGEST = 2000  # characters of a note


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """key: stable, answers are stored under it. hint: what to look at."""

    key: str
    text: str
    hint: str


QUESTIONS = (
    Question(
        key="realistic",
        text="Would somebody at this company really be asked this?",
        hint="The occasion, the data and the amount of work are those of a working day.",
    ),
    Question(
        key="voice",
        text="Does the prompt sound like a person at work?",
        hint="No step by step instructions, no names of tools, no hint at how it is graded.",
    ),
    Question(
        key="one-answer",
        text="Is there one right result?",
        hint="Where several are right, the rubric takes each of them.",
    ),
    Question(
        key="experts",
        text="Would two experts who do not know each other grade alike?",
        hint="Each criterion can be decided from what the agent leaves behind, without taste.",
    ),
    Question(
        key="fair",
        text="Can it be solved with what the agent is given?",
        hint="Nothing rests on knowledge that is in neither the prompt, the data nor the policy.",
    ),
    Question(
        key="covers",
        text="Do the criteria ask for what matters, and only for that?",
        hint="A good solution never fails; one that a customer would complain of never passes.",
    ),
    Question(
        key="weights",
        text="Do the weights say what is worse?",
        hint="Essential is what the task is for; harm is what nobody may do on the way.",
    ),
    Question(
        key="difficulty",
        text="Is it as difficult as it says?",
        hint="Think of how many places must be looked up and how many traps are on the way.",
    ),
    Question(
        key="people",
        text="Is it free of real people and of anything unfit to publish?",
        hint="Names, addresses and texts are made up; nobody would be hurt by reading it.",
    ),
)
KEYS = tuple(question.key for question in QUESTIONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a reviewer says of one question."""

    is_fine: bool
    note: str = ""


def answers_of(revision: Revision, reviewer: User) -> dict[str, ChecklistAnswer]:
    """Give what a reviewer answered so far, by question."""
    given = ChecklistAnswer.objects.filter(revision=revision, reviewer=reviewer)
    return {answer.question: answer for answer in given if answer.question in KEYS}


@transaction.atomic
def answer_checklist(revision: Revision, answers: Mapping[str, Answer], *, by: User) -> None:
    """Keep a reviewer's answers; others that they gave stay.

    Raises Conflict when the revision does not wait for them, Problems for a note that is too long.
    """
    if not may_judge(by, revision):
        raise Conflict(f"{revision} does not wait for your review any more.")
    if problems := [
        f"note.{key}: write at most {LONGEST:,} characters"
        for key, answer in answers.items()
        if len(answer.note) > LONGEST
    ]:
        raise Problems(problems)
    for key in filter(answers.__contains__, KEYS):
        answer = answers[key]
        note = clean_text(answer.note.strip())[0]
        ChecklistAnswer.objects.update_or_create(
            revision=revision,
            reviewer=by,
            question=key,
            defaults={"is_fine": answer.is_fine, "note": note},
        )
