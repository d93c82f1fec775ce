"""The answer is left out: the agent says nothing at the end."""

from collections.abc import Iterator

from authoring.content import MessageStep
from authoring.mutants import KINDS, Mutation
from authoring.mutants.subject import Subject


@KINDS.add("answer-left-out")
def answer_left_out(subject: Subject) -> Iterator[Mutation]:
    kept = [step for step in subject.steps if not isinstance(step, MessageStep)]
    yield Mutation("The answer is left out.", kept)
