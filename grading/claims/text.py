"""Claims about words: which texts stand in a text, and which do not."""

from pydantic import model_validator

from grading.claims import Claim, Judgement
from grading.expected import Bound, ExpectedText, known, misfits, says
from grading.reading.lines import Document
from grading.reading.plain import fold, needle, whole
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

    any_of: tuple[ExpectedText, ...] = ()
    all_of: tuple[ExpectedText, ...] = ()
    none_of: tuple[ExpectedText, ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> "TextClaim":
        if not self._all:
            raise ValueError("write any_of, all_of or none_of")
        for text in self._all:
            if not isinstance(text, Bound):
                _needle(text)
        return self

    def judge(self, document: Document, world: WorldState) -> Judgement:
        text = fold(document.text)
        missing = [word for word in _known(self.all_of) if not _at(text, word)]
        present = [word for word in _known(self.none_of) if _at(text, word)]
        if present:
            quote = _around(text, present[0])
            return Judgement(False, f"{_quoted(present, 'and')} is in it: “{quote}”", quote)
        if missing:
            return Judgement(False, f"{_quoted(missing, 'and')} is not in it")
        found = next((word for word in _known(self.any_of) if _at(text, word)), None)
        if self.any_of and found is None:
            return Judgement(False, f"none of {_quoted(_known(self.any_of), 'and')} is in it")
        shown = [*_known(self.all_of), *([found] if found else [])]
        if not shown:
            return Judgement(True, f"{_quoted(_known(self.none_of), 'and')} is not in it")
        quote = _around(text, shown[0])
        return Judgement(True, f"{_quoted(shown, 'and')} is in it: “{quote}”", quote)

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


def _known(texts: tuple[ExpectedText, ...]) -> list[str]:
    return [str(known(text)) for text in texts]


def _needle(text: str) -> str:
    words = needle(text)
    if not words:
        raise ValueError(f"{text!r} has no words to look for")
    return words


def _at(text: str, word: str) -> "tuple[int, int] | None":
    words = needle(word)
    if not words:
        raise InvalidArgument(f"{word!r} has no words to look for")
    found = whole((words,)).search(text) if words in text else None
    return found.span() if found else None


def _around(text: str, word: str) -> str:
    begin, end = _at(text, word) or (0, 0)
    return text[max(0, begin - AROUND) : end + AROUND].strip()


def _quoted(words: list[str], joint: str) -> str:
    return listed([f"“{word}”" for word in words], joint)
