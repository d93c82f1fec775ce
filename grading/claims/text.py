"""Claims about words: which texts stand in a text, and which do not."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from pydantic import Field, model_validator

from grading.claims import Claim, Judgement
from grading.expected import Bound, ExpectedText, known, misfits, says
from grading.reading.lines import Document, folded
from grading.reading.plain import LIMIT, find_whole, needle
from simulation.environments import Environment
from simulation.errors import InvalidArgument
from simulation.state import WorldState
from simulation.wording import listed

AROUND = 60  # characters around a find that a quote shows


class TextClaim(Claim):
    """Words that stand in the text as whole words; case, spaces, quotes, dashes and Markdown do
    not count.

    `any_of`: at least one of them; `all_of`: each; `none_of`: none. "Ana Li" does not stand in
    "Ana Lima"."""

    EXAMPLE = {"any_of": ["30 days", "thirty days"], "none_of": ["45 days"]}

    any_of: tuple[ExpectedText, ...] = Field((), description="one of these words at least")
    all_of: tuple[ExpectedText, ...] = Field((), description="each of these words")
    none_of: tuple[ExpectedText, ...] = Field((), description="none of these words")

    @model_validator(mode="after")
    def _says_something(self) -> "TextClaim":
        if not self._all:
            raise ValueError("write any_of, all_of or none_of")
        for text in self._all:
            if not isinstance(text, Bound):
                _needle(text)
        return self

    def judge(self, document: Document, world: WorldState) -> Judgement:
        present = _first_found(document, self.none_of)
        if present:
            return Judgement(False, f"“{present.word}” is in it: “{present.quote}”", present.quote)
        if self.none_of and document.is_cut:
            said = (
                f"it is longer than {LIMIT:,} characters, and what is not read may have the words"
            )
            return Judgement(False, said)
        found: list[Find] = []
        missing: list[str] = []
        for word in map(known, self.all_of):
            find = _find(document, word)
            found += [find] if find else []
            missing += [] if find else [word]
        if missing:
            return Judgement(False, f"{_quoted(missing)} is not in it")
        if self.any_of:
            if not (any_found := _first_found(document, self.any_of)):
                return Judgement(False, f"none of {_quoted(map(known, self.any_of))} is in it")
            found.append(any_found)
        if not found:
            return Judgement(True, f"{_quoted(map(known, self.none_of))} is not in it")
        words, quote = _quoted(each.word for each in found), found[0].quote
        return Judgement(True, f"{words} is in it: “{quote}”", quote)

    def says(self) -> str:
        parts = [
            f"says {listed(map(says, self.any_of), 'or')}" if self.any_of else "",
            f"says {listed(map(says, self.all_of))}" if self.all_of else "",
            f"does not say {listed(map(says, self.none_of), 'or')}" if self.none_of else "",
        ]
        return listed(filter(None, parts))

    def problems(self, company: Environment) -> list[str]:
        groups = {"any_of": self.any_of, "all_of": self.all_of, "none_of": self.none_of}
        return [
            line
            for name, texts in groups.items()
            for number, text in enumerate(texts)
            for line in misfits(company, f"{name}.{number}", text, kinds={"text"})
        ]

    @property
    def _all(self) -> tuple[ExpectedText, ...]:
        return (*self.any_of, *self.all_of, *self.none_of)


class Find(NamedTuple):
    """A word where it stands, with what is around it."""

    word: str
    quote: str


def _first_found(document: Document, words: Iterable[ExpectedText]) -> Find | None:
    return next((found for word in words if (found := _find(document, known(word)))), None)


def _find(document: Document, word: str) -> Find | None:
    try:
        words = _needle(word)
    except ValueError as error:
        raise InvalidArgument(str(error)) from None
    text = folded(document)
    found = find_whole(words, text)
    return Find(word, _quote(document, text, found)) if found else None


def _quote(document: Document, text: str, found: "re.Match[str]") -> str:
    """Give what stands around a find, as it is written if the words are written so."""
    if (same := find_whole(found[0], document.raw)) is not None:
        text, found = document.raw, same
    return text[max(0, found.start() - AROUND) : found.end() + AROUND].strip()


@lru_cache(maxsize=4096)
def _needle(text: str) -> str:
    words = needle(text)
    if not any(character.isalnum() for character in words):
        raise ValueError(f"{text!r} has no words to look for")
    return words


def _quoted(words: Iterable[str]) -> str:
    return listed(f"“{word}”" for word in words)
