"""Claims about rows of the world: the text names one, and no other in its place."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from pydantic import Field, field_validator

from grading.claims import Claim, Judgement
from grading.claims.values import asked_as, in_quotes
from grading.expected import Bound, ExpectedText, known, misfits, says
from grading.reading.denials import is_denied, is_denied_outright
from grading.reading.lines import Document, Line
from grading.reading.names import Call, Names, names_of
from grading.reading.places import Place, carried, places_of
from grading.reading.plain import near_words, needle
from simulation.environments import Environment
from simulation.errors import InvalidArgument
from simulation.paths import entity_type_of
from simulation.state import WorldState
from simulation.wording import counted, listed, spoken


class Named(NamedTuple):
    """A place that calls a row."""

    place: Place
    call: Call

    @property
    def written(self) -> str:
        return self.place.text[self.call.start : self.call.end]


class EntityClaim(Claim):
    """One row of the world, by its id, or by its name, title, SKU, code or e-mail where no other
    row of the type is called so. "Ana Li" is not in "Ana Lima".

    A name that several rows share counts only where the text also gives the id. With `near`, the
    row stands by one of these words, and no other row of the type does."""

    EXAMPLE = {"entity_type": "customer", "id": "ana-lima-10001", "near": ["refund"]}

    entity_type: str = Field(min_length=1, max_length=100, description="such as customer")
    id: ExpectedText = Field(description="the id of the row that is meant")
    near: tuple[str, ...] = Field(
        (), description="words by which the row is named, and no other row of the type"
    )

    @field_validator("near")
    @classmethod
    def _words(cls, near: tuple[str, ...]) -> tuple[str, ...]:
        if not all(needle(word) for word in near):
            raise ValueError("write words, not empty texts")
        return near

    def judge(self, document: Document, world: WorldState) -> Judgement:
        key = str(known(self.id))
        if world.get(self.entity_type, key) is None:
            raise InvalidArgument(f"there is no {spoken(self.entity_type)} {key!r}")
        names = names_of(world, self.entity_type)
        reading = _Reading(key, names, places_of(document, int(world.now[:4])))
        if self.near:
            return self._judge_near(reading, near_words(self.near))
        hit = next(reading.hits(reading.places), None) or reading.across_lines(document)
        return self._found(hit) if hit else Judgement(False, self._missing(reading))

    def says(self) -> str:
        near = f" near {listed(map(in_quotes, self.near), 'or')}" if self.near else ""
        named = asked_as(f"the {spoken(self.entity_type)}", self.id, says(self.id))
        return f"names {named}{near}"

    def problems(self, company: Environment) -> list[str]:
        try:
            entity_type_of(company, self.entity_type)
        except InvalidArgument as error:
            return [error.message]
        return misfits(company, "id", self.id, kinds={"text"})

    def unresolved(self, world: WorldState) -> list[str]:
        if isinstance(self.id, Bound) or world.get(self.entity_type, self.id) is not None:
            return []
        return [f"id: there is no {spoken(self.entity_type)} {self.id!r}"]

    def _judge_near(self, reading: "_Reading", words: "re.Pattern[str]") -> Judgement:
        about = [place for place in reading.places if place.is_about(words)]
        hits = reading.hits(about, is_denied)
        near = next((h for h in hits if h.place.is_near(h.call, words)), None)
        if other := next(reading.others(about, words), None):
            also = f", although “{near.place.quote}” names it" if near else ""
            quote = other.place.quote
            reason = f"“{quote}” names {reading.shown(other)}, expected {reading.key}{also}"
            return Judgement(False, reason, quote)
        if near:
            return self._found(near)
        hit = next(reading.hits(reading.places), None)
        where = f"near {listed(map(in_quotes, self.near), 'or')}"
        if hit:
            reason = f"{reading.key} is not named {where}, only in “{hit.place.quote}”"
            return Judgement(False, reason, hit.place.quote)
        return Judgement(False, f"{self._missing(reading)} {where}")

    def _found(self, hit: Named) -> Judgement:
        return Judgement(True, f"“{hit.written}” is named in “{hit.place.quote}”", hit.place.quote)

    def _missing(self, reading: "_Reading") -> str:
        shared = next(reading.shared(), None)
        if shared is None:
            return f"{spoken(self.entity_type)} {reading.key} is not named"
        called = counted(len(shared.call.ids), self.entity_type)
        return f"“{shared.written}” is the name of {called}, and {reading.key} is not named"


_AROUND = 60  # characters around a find that a quote shows
_NOT_THIS = re.compile(
    r"\b(?:not|no|never|nor|neither|except|without|instead|unlike)\b|n't\b", re.I
)
_LISTED_WITH = re.compile(
    r"\s*(?:(?:,|;(?!\s*the\b)|/|&)\s*(?:and\s|or\s)?|\band\b|\bor\b|[(\[])\s*(?:the\s+)?", re.I
)


class _Reading:
    """A text read for the calls of one row and of the others of its type."""

    def __init__(self, key: str, names: Names, places: Sequence[Place]) -> None:
        self.key = key
        self.places = places
        self._names = names
        self._found: dict[int, list[Call]] = {}
        self._is_clear: bool | None = None

    def hits(
        self, places: Iterable[Place], denies: Callable[[str, Call], bool] = is_denied_outright
    ) -> Iterator[Named]:
        """Find where the row is named, and the text does not deny it."""
        for place in places:
            for call in self._calls(place):
                if self._is_meant(call) and not denies(place.text, call):
                    yield Named(place, call)

    def across_lines(self, document: Document) -> Named | None:
        """Find where a name of several words is broken into two lines."""
        text = document.text
        for call in self._names.find(text):
            if "\n" in text[call.start : call.end] and self._is_meant(call):
                begin = max(0, call.start - _AROUND)
                place = Place(text[begin : call.end + _AROUND], Line("text", "", 0), 0)
                return Named(place, call._replace(start=call.start - begin, end=call.end - begin))
        return None

    def shared(self) -> Iterator[Named]:
        for place in self.places:
            for call in self._calls(place):
                if self.key in call.ids and len(call.ids) > 1:
                    yield Named(place, call)

    def others(self, places: Iterable[Place], words: "re.Pattern[str]") -> Iterator[Named]:
        """Find other rows in the place of the one that is meant."""
        for place in places:
            calls = self._calls(place) if words.search(place.text) else []
            if any(map(self._is_meant, calls)):
                bound = carried(place, words, calls, self._is_meant)
                bound += _listed_with(place.text, calls, self)
                yield from (Named(place, call) for call in bound if not self._is_meant(call))
            elif not _NOT_THIS.search(place.text):
                yield from (Named(place, call) for call in calls)

    def shown(self, other: Named) -> str:
        ids = sorted(other.call.ids)
        if len(ids) > 1 and self.key in ids:
            return f"{other.written}, of whom there are {len(ids)}"
        return other.written if other.written.lower() in ids else f"{other.written} ({ids[0]})"

    def is_meant(self, call: Call) -> bool:
        return self._is_meant(call)

    def _is_meant(self, call: Call) -> bool:
        if self.key not in call.ids:
            return False
        return len(call.ids) == 1 or self._makes_clear(call.ids)

    def _makes_clear(self, ids: frozenset[str]) -> bool:
        """Tell whether the text says elsewhere which of the rows of one name it means."""
        if self._is_clear is None:
            sure = {
                next(iter(c.ids)) for p in self.places for c in self._calls(p) if len(c.ids) == 1
            }
            self._is_clear = sure & ids == {self.key}
        return self._is_clear

    def _calls(self, place: Place) -> list[Call]:
        found = self._found.get(id(place))
        if found is None:
            found = self._found[id(place)] = self._names.find(place.text)
        return found


def _listed_with(text: str, calls: Sequence[Call], reading: _Reading) -> list[Call]:
    """Give what stands as "A or B", "A and B" or "A (B)" beside the row that is meant."""
    found: list[Call] = []
    for one, other in pairwise(calls):
        is_one, is_other = reading.is_meant(one), reading.is_meant(other)
        if is_one != is_other and _LISTED_WITH.fullmatch(text[one.end : other.start]):
            found.append(other if is_one else one)
    return found
