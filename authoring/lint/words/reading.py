"""A text as rules read it: with names, ids, quotations and numbers set aside."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from typing import NamedTuple

from authoring.content import DraftCriterion
from authoring.drafts.scene import Scene
from authoring.lint.words.lexicon import DROPPED
from authoring.lint.words.masking import (
    LITERALS,
    lowered,
    without_ids,
    without_numbers,
    without_quotes,
)
from authoring.lint.words.names import Names, names_of
from authoring.lint.words.verbs import ALSO_NOUNS, AUXILIARIES, BASE_OF, BASES, PASTS
from authoring.lint.words.wordlists import words

_TOKEN = re.compile(rf"{LITERALS}+|[^\W\d_]+(?:['’-][^\W\d_]+)*|[.,;:!?()]")
_THAT = re.compile(r"\b(?:that|whether|how|what|why|when|which|who)\b")
_STEM = re.compile(r"(?:ing|ed|es|s|d)$")
_LITERALS = re.compile(f"{LITERALS}+")
_LITERAL = re.compile(LITERALS)
_PROPER = re.compile(r"(?<=[\w,;:)] )[A-Z][\w’'-]+")
_CONTENT = re.compile(r"[^\W\d_][\w-]+|\d[\d.,]*\d|\d")


class Token(NamedTuple):
    word: str
    start: int
    end: int

    @property
    def is_literal(self) -> bool:
        return "\ue000" <= self.word[0] <= "\ue003"


@dataclass(frozen=True)
class Reading:
    """text: as it stands. marked: names, ids and quotations set aside, in its own capitals.

    rows: (entity type, id) of what it names.
    """

    text: str
    marked: str
    rows: frozenset[tuple[str, str]] = frozenset()

    @cached_property
    def plain(self) -> str:
        """The text in lower case, numbers set aside as well."""
        return lowered(without_numbers(self.marked))

    @cached_property
    def low(self) -> str:
        """The text in lower case, with its numbers."""
        return lowered(self.marked)

    @cached_property
    def tokens(self) -> list[Token]:
        return [
            Token(found[0], found.start(), found.end()) for found in _TOKEN.finditer(self.plain)
        ]

    @cached_property
    def words(self) -> list[str]:
        return _TOKEN.findall(self.plain)

    @cached_property
    def verb_span(self) -> tuple[int, int]:
        """Where the first finite verb stands in the text."""
        if self.verb < 0:
            return 0, 0
        return next(islice(_TOKEN.finditer(self.plain), self.verb, None)).span()

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        return frozenset(self.words)

    @cached_property
    def verb(self) -> int:
        """The place of the first finite verb among the tokens; -1 without one."""
        return next(self.verbs(0), -1)

    @cached_property
    def claim(self) -> int:
        """Where a reported clause begins in the text; its end without one.

        What stands behind "says that" is what somebody says, not what is asked for.
        """
        if self.verb < 0:
            return len(self.text)
        found = _THAT.search(self.plain, self.verb_span[1])
        return found.start() if found else len(self.text)

    @cached_property
    def topics(self) -> frozenset[str]:
        """Its stems without those of names and values, which nobody asks for by name."""
        return stems_of(_PROPER.sub("", self.marked))

    @cached_property
    def act(self) -> str:
        """The base of the full verb behind "does not" or "is": what is done; "" without one."""
        for word in self.words[self.verb : self.verb + 4] if self.verb >= 0 else ():
            base = BASE_OF.get(word) or PASTS.get(word) or (word if word in BASES else "")
            if base:
                return base
        return ""

    @cached_property
    def asked(self) -> str:
        """What is asked for: the words before a reported clause, in lower case."""
        return self.plain[: self.claim]

    @cached_property
    def subject(self) -> str:
        """The words before the first finite verb, in lower case."""
        return self.plain[: self.verb_span[0]].strip() if self.verb > 0 else ""

    @cached_property
    def has_literal(self) -> bool:
        """Tell whether a value stands in it: a number, a name, an id or a quotation."""
        return bool(_LITERAL.search(self.plain) or _PROPER.search(self.marked))

    @cached_property
    def literals(self) -> frozenset[str]:
        set_aside = {
            self.text[found.start() : found.end()].lower()
            for found in _LITERALS.finditer(self.plain)
        }
        return frozenset(set_aside | {name.lower() for name in _PROPER.findall(self.marked)})

    @cached_property
    def stems(self) -> frozenset[str]:
        """The words that carry its meaning, without their endings."""
        return stems_of(self.text)

    def verbs(self, start: int) -> Iterator[int]:
        """Give the places of finite verbs from a token on."""
        return (place for place in self._finite if place >= start)

    def is_verb(self, place: int) -> bool:
        return place in self._finite

    @cached_property
    def _finite(self) -> dict[int, None]:
        """The places of finite verbs, in their order."""
        found = {place: None for place in range(1, len(self.words)) if self._is_finite(place)}
        return {0: None, **found} if self.words and self._leads(found) else found

    def _leads(self, others: Mapping[int, None]) -> bool:
        """Tell whether the first word is a verb: "States that …", "Refunds $5.00 to …"."""
        word, after = self.words[0], self.words[1] if len(self.words) > 1 else ""
        if word in ALSO_NOUNS:
            return after == "that" or (after not in _AFTER_NOUNS and not others)
        return word in AUXILIARIES or word in BASE_OF

    def _is_finite(self, place: int) -> bool:
        word = self.words[place]
        if word in AUXILIARIES or word in BASE_OF:
            return word not in ALSO_NOUNS or self._acts(place)
        if word in _PLAIN_FORMS:
            return self.words[place - 1].endswith("s")
        if self.words[place - 1] in _DOERS and word.endswith("s") and len(word) > 3:
            return not word.endswith(("ss", "'s", "’s"))
        return word.endswith(("n't", "n’t"))

    def _acts(self, place: int) -> bool:
        """Tell whether a word that is a noun as well stands as a verb."""
        before = self.words[place - 1]
        after = self.words[place + 1] if place + 1 < len(self.words) else ""
        if before in _BEFORE_NOUNS:
            return False
        if after in _AFTER_VERBS or (after and "\ue000" <= after[0] <= "\ue003"):
            return True
        return before in _BEFORE_VERBS and after not in _AFTER_NOUNS

    def shown(self, start: int, end: int) -> str:
        return self.text[start:end].strip(" ,;:")


_BEFORE_NOUNS = words(
    """
    the a an its their his her all each every any no of in on for by with these those open new
    """
)
_DOERS = words("agent assistant answer message reply response")  # what follows them is a verb
_PLAIN_FORMS = words("include contain mention say show")
_BEFORE_VERBS = words(
    "agent answer message reply response table line resolution , and then it who also only"
)
_AFTER_NOUNS = words("of with in for is are has have was were . , ; to from on by and or")
_AFTER_VERBS = words(
    """
    the a an its their his her this that these those each every all any both no to for only
    how which what who whether when at exactly as about several multiple open one two three
    customers orders tickets and refunded
    """
)


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """Take the ending off a word, so that "offers" and "offered" are one."""
    word = lowered(word)
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    bare = _STEM.sub("", word, count=1) if len(word) > 4 else word.removesuffix("s")
    return bare.removesuffix("e") if len(bare) > 3 else bare


def stems_of(text: str) -> frozenset[str]:
    """Give the stems of all words of a text that carry a meaning."""
    return frozenset([stem(word) for word in {*_CONTENT.findall(lowered(text))} - DROPPED])


def read(text: str, names: Names) -> Reading:
    marked, rows = names.masked(without_quotes(text))
    return Reading(text, without_ids(marked), rows)


read_again = lru_cache(maxsize=2048)(read)


def readings(scene: Scene) -> list[tuple[DraftCriterion, Reading]]:
    """Give every criterion of a scene with its text as it is read."""
    names = names_of(scene)
    return [(each, read_again(each.text, names)) for each in scene.content.rubric.criteria]
