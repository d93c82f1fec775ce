"""Where one requirement ends and the next begins: the "and" between two things that are asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from authoring.lint.words.lexicon import DETERMINERS, EXCEPTIONS, PREPOSITIONS, RELATIVES, VALUES
from authoring.lint.words.masking import NUMBER
from authoring.lint.words.reading import Reading
from authoring.lint.words.verbs import BASES, BE, MODALS, PASTS
from authoring.lint.words.wordlists import words

Kind = Literal["verb", "base", "participle", "that", "clause", "object", "subject"]
_LEADS = PREPOSITIONS | words("if when whenever unless once should where while besides")
_MARKS = frozenset(".,;:!?()")
_JOINERS = words("and plus ; well etc then")
_STOPS = frozenset(",;.")
_ENDS = frozenset({",", ";", ".", "and", "plus"})
_FILLERS = words("also then finally additionally")
_HEARERS = words("customer agent her him them colleague")
_NOBODY = words("nobody nothing none neither nor")
_ALL_OF = words("all any each every either one both")


@dataclass(frozen=True, slots=True)
class Joint:
    """start, end: where the joint stands in the text. next: the token that the next part begins
    with."""

    kind: Kind
    start: int
    end: int
    next: int


@lru_cache(maxsize=2048)
def joints_of(reading: Reading) -> list[Joint]:
    """Give the places at which a criterion could be cut, in their order."""
    if reading.verb < 0 or not _could_join(reading):
        return []
    walk = _Walk(reading)
    found = [joint for joint in map(walk.at, walk.conjunctions()) if joint]
    lists = {joint.kind for joint in found} | ({"object"} if "etc" in reading.words else set())
    commas = [joint for joint in map(walk.comma, walk.commas(found)) if joint]
    found += [joint for joint in commas if joint.kind in lists]
    by_part = {joint.next: joint for joint in reversed(found)}
    return sorted(by_part.values(), key=lambda joint: joint.start)


def _could_join(reading: Reading) -> bool:
    return bool(_JOINERS & reading.vocabulary) or "." in reading.words[:-1]


@lru_cache(maxsize=2048)
def aside_of(reading: Reading) -> frozenset[int]:
    """Give the tokens that ask for nothing: "If …," and ", which …," with the commas."""
    words = reading.words
    aside: set[int] = set()
    if words[:1] and words[0] in _LEADS and "," in words:
        aside |= {*range(words.index(",") + 1)}
    for place, word in enumerate(words[:-1]):
        if word == "," and words[place + 1] in RELATIVES:
            ends = (n for n in range(place + 1, len(words)) if words[n] in _STOPS)
            aside |= {*range(place, next(ends, place) + 1)}
    return frozenset(aside)


class _Walk:
    """One reading, looked at joint by joint."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.words = reading.words
        self.aside = aside_of(reading)
        self.finite = [place for place in reading.verbs(0) if place not in self.aside]

    def conjunctions(self) -> Iterator[tuple[int, int]]:
        """Give (first, last) token of everything that could join two requirements."""
        words, last = self.words, len(self.words) - 1
        for place, word in enumerate(words[:last]):
            if word in ("and", "plus", ";") or (word == "." and place < last):
                yield place, place
            elif word == "as" and words[place + 1 : place + 3] == ["well", "as"]:
                yield place, min(place + 2, last)
            elif word == "," and words[place + 1] == "then":
                yield place, place + 1

    def commas(self, found: list[Joint]) -> list[int]:
        taken = {joint.next for joint in found}
        return [
            place
            for place, word in enumerate(self.words[:-1])
            if word == ","
            and place not in self.aside
            and place + 1 not in taken
            and self.words[place + 1] not in _ENDS
        ]

    def at(self, conjunction: tuple[int, int]) -> Joint | None:
        first, last = conjunction
        start = self._skipped(last + 1)
        if start >= len(self.words) or first == 0 or not self.finite or first in self.aside:
            return None
        kind = self._kind(first, last, start)
        return self._joint(kind, first, start) if kind else None

    def comma(self, place: int) -> Joint | None:
        start = self._skipped(place + 1)
        if start >= len(self.words) or self._is_set_off(place, start) or not self.finite:
            return None
        kind = self._listed(place, start)
        return self._joint(kind, place, start) if kind else None

    def _kind(self, first: int, last: int, start: int) -> Kind | None:
        if self.words[first] in (";", "."):
            return "clause" if self._new_sentence(start) else None
        if self._is_set_off(first, start):
            return None
        if self.words[first] == "plus" and not self._is_thing(start):
            return None
        joined = self._joined(first, start)
        return joined or ("object" if last > first and self._is_after_verb(first) else None)

    def _joined(self, first: int, start: int) -> Kind | None:
        word = self.words[start]
        if self.reading.is_verb(start):
            return "verb" if self._is_after_verb(first) else None
        if self._is_infinitive(start):
            return "base"
        if word == "that":
            return "that" if self._reports(first) else None
        if word in PASTS or word.endswith("ed"):
            return "participle" if self._is_done_to(first) else None
        if not self._is_after_verb(first):
            return self._subject(first, start)
        if self._has_verb(start) and word not in PREPOSITIONS:
            return "clause"
        return "object" if self._is_object(first, start) else None

    def _listed(self, place: int, start: int) -> Kind | None:
        is_name = self._is_literal(start) and self._is_literal(place - 1)
        if not self._is_after_verb(place):
            return "subject" if is_name and not PREPOSITIONS & {*self.words[:place]} else None
        if self.reading.is_verb(start):
            return "verb"
        if self._is_infinitive(start):
            return "base"
        word = self.words[start]
        if word == "that":
            return "that" if self._reports(place) else None
        if word in PASTS and self._is_done_to(place):
            return "participle"
        if word in DETERMINERS and self._has_verb(start):
            return "clause"
        return "object" if self._is_item(place, start, is_name=is_name) else None

    def _is_infinitive(self, start: int) -> bool:
        """Tell whether "should" or "does not" reaches over to a verb behind the joint."""
        verb, word = self.finite[0], self.words[start]
        after = self.words[start + 1 : start + 2]
        is_adverb = word.endswith("ly") and bool(after) and after[0] in BASES
        return self.words[verb] in MODALS and verb < start and (word in BASES or is_adverb)

    def _is_item(self, place: int, start: int, *, is_name: bool) -> bool:
        word, since = self.words[start], self._verb_before(place)
        if self._reports(place):
            return False
        if word in DETERMINERS:
            return self._has_value(start, start + 4)
        if is_name or word in VALUES:
            return self._follows_verb(place)
        after = self.words[start + 1 : start + 2]
        return self._is_pair_of_numbers(since, start) and bool(after) and after[0] not in _MARKS

    def _is_set_off(self, first: int, start: int) -> bool:
        """Tell whether the joint is inside of something that is one: a set, a description."""
        since = self._verb_before(first)
        said = self.words[since + 1 : first] if since >= 0 else self.words[:first]
        return (
            bool(EXCEPTIONS & {*said})
            or ("other" in said and "than" in said)
            or self._closes(start)
            or self._is_range(said)
            or self._is_described(first)
        )

    def _closes(self, start: int) -> bool:
        """Tell whether it only says that the list before is whole: "and nobody else"."""
        word, after = self.words[start], self.words[start + 1 : start + 2]
        return (word in _NOBODY and after in ([], ["else"], ["more"], ["other"], ["."])) or (
            word in ("no", "not") and after in (["other"], ["others"], ["more"], ["one"])
        )

    def _is_range(self, said: list[str]) -> bool:
        return "between" in said and "and" not in said[said.index("between") :]

    def _is_described(self, first: int) -> bool:
        """Tell whether a relative clause is open: what describes a thing asks for nothing."""
        if self.words[first - 1] == "," or self.words[first] == ",":
            return False
        before = (place for place in range(first - 1, 0, -1) if place not in self.aside)
        return any(self._is_relative(place) for place in before)

    def _is_relative(self, place: int) -> bool:
        if self.words[place] != "that":
            return self.words[place] in RELATIVES and not self.reading.is_verb(place - 1)
        before = self.words[place - 1]
        reports = self.reading.is_verb(place - 1) or self._is_literal(place - 1)
        return not (reports or before in _HEARERS or before in PASTS or before in _ENDS)

    def _reports(self, first: int) -> bool:
        return any(
            self.words[place] == "that" and not self._is_relative(place) for place in range(first)
        )

    def _is_done_to(self, first: int) -> bool:
        """Tell whether "is" or "are" reaches over to a participle behind the joint."""
        since = self._verb_before(first)
        if since < 0 or self.words[since] not in BE | {"has", "have"}:
            return False
        that = next((n for n in range(since, 0, -1) if self.words[n] == "that"), 0)
        is_counted = that and self.words[that + 1].startswith(NUMBER)
        return not is_counted

    def _subject(self, first: int, start: int) -> Kind | None:
        """Two things before the verb: "Orders A and B have …"."""
        both = self._is_literal(first - 1) and self._is_literal(start)
        if both and self.words[0] not in _ALL_OF | {"between"}:
            before = {*self.words[:first]} & PREPOSITIONS
            return None if before else "subject"
        nouns = self.words[0] == "the" and self.words[start] == "the"
        return "subject" if nouns and not {*self.words[:first]} & PREPOSITIONS else None

    def _is_object(self, first: int, start: int) -> bool:
        since = self._verb_before(first)
        tail = self.words[since + 1 : first]
        if self._reports(first):
            return False
        if {*tail[:2]} & _ALL_OF and "of" in tail[:3]:
            return False
        if tail[:1] == ["both"]:
            return True
        placed = bool(PREPOSITIONS & {*tail})
        word = self.words[start]
        if self._is_literal(start):
            return not placed or self._is_pair_of_numbers(since, start)
        if word in DETERMINERS:
            return not placed or self._has_value(start, start + 4)
        return word in VALUES and not placed and bool(VALUES & {*tail})

    def _is_pair_of_numbers(self, since: int, start: int) -> bool:
        first = self.words[since + 1 : since + 2]
        return bool(first) and first[0].startswith(NUMBER) and self.words[start].startswith(NUMBER)

    def _new_sentence(self, start: int) -> bool:
        rest = self.words[start:]
        if rest[:1] == ["if"] or ("counts" in rest and "as" in rest):
            return False
        return any(True for _ in self.reading.verbs(start))

    def _has_verb(self, start: int) -> bool:
        """Tell whether a finite verb of its own follows, before the next joint."""
        for place in range(start, len(self.words)):
            word = self.words[place]
            if word in _ENDS or word in RELATIVES or word == "that":
                return False
            if self.reading.is_verb(place):
                return True
        return False

    def _has_value(self, start: int, end: int) -> bool:
        return bool(VALUES & {*self.words[start:end]})

    def _is_thing(self, start: int) -> bool:
        word = self.words[start]
        return self._is_literal(start) or word in DETERMINERS or self._has_verb(start)

    def _is_literal(self, place: int) -> bool:
        return self.reading.tokens[place].is_literal

    def _is_after_verb(self, place: int) -> bool:
        return self.finite[0] < place

    def _follows_verb(self, place: int) -> bool:
        since = self._verb_before(place)
        return not PREPOSITIONS & {*self.words[since + 1 : place]}

    def _verb_before(self, place: int) -> int:
        return max((verb for verb in self.finite if verb < place), default=-1)

    def _skipped(self, start: int) -> int:
        while start < len(self.words) and (
            self.words[start] in _FILLERS or self.words[start] in _MARKS
        ):
            start += 1
        return start

    def _joint(self, kind: Kind, first: int, start: int) -> Joint:
        tokens = self.reading.tokens
        begin = tokens[first - 1].end if self.words[first - 1] != "," else tokens[first - 2].end
        return Joint(kind, begin, tokens[start].start, start)
