"""A sentence says the opposite: is not for is, can for cannot."""

import re
from collections.abc import Iterator

from authoring.mutants import KINDS, Mutation
from authoring.mutants.subject import Prose, Subject
from grading.reading.lines import sentences

_OPPOSITES = {
    "cannot": "can",
    "can't": "can",
    "won't": "will",
    "isn't": "is",
    "nobody": "somebody",
    "nothing": "something",
    "never": "always",
    "no": "a",
    "nor": "or",
}
_DENIED = re.compile(r"\b(is|are|was|were|will|can|could|has|have|had|does|do|did) not\b", re.I)
_WORD = re.compile(rf"\b({'|'.join(_OPPOSITES)})\b", re.I)
_ENDS = "ed|en|wn|pt|ght|nt|ne|ld|de"  # of what somebody has done
_DONE = rf"(?: (?:already|just|always|now|also))? (?:to|\w+(?:{_ENDS}))\b"
_VERB = re.compile(
    rf"\b(is|are|was|were|will|can|could|must|would|(?:has|have|had)(?={_DONE}))\b(?! not)", re.I
)  # who has the goods "has not" nothing


@KINDS.add("claim-negated")
def claim_negated(subject: Subject) -> Iterator[Mutation]:
    for prose in subject.prose:
        for start, end in _claims(prose):
            said = prose.text[start:end]
            opposite = negated(said)
            if opposite != said:
                yield subject.rewritten(prose, (start, end), opposite)


def negated(sentence: str) -> str:
    """Deny what a sentence says, or take its denial away; one place, the first one."""
    if found := _DENIED.search(sentence):
        return sentence[: found.end(1)] + sentence[found.end() :]
    if found := _WORD.search(sentence):
        return sentence[: found.start()] + _OPPOSITES[found[0].lower()] + sentence[found.end() :]
    if found := _VERB.search(sentence):
        return f"{sentence[: found.end()]} not{sentence[found.end() :]}"
    return sentence


def _claims(prose: Prose) -> Iterator[tuple[int, int]]:
    """Give where each sentence of each line begins and ends."""
    at = 0
    for line in prose.text.split("\n"):
        for start, end in sentences(line):
            yield at + start, at + start + len(line[start:end].rstrip())
        at += len(line) + 1
