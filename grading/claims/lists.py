"""Claims about lists: every expected item is listed, and nothing else of the kind."""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import chain
from typing import Annotated, Any

import orjson
from pydantic import BeforeValidator, Field

from grading.claims import Claim, Judgement
from grading.expected import Bound, known, misfits, says
from grading.reading.kin import kin_of
from grading.reading.lines import Document
from grading.reading.listings import Listing, listings
from grading.reading.mentions import Spellings, Vocabulary, vocabulary
from grading.reading.plain import needle
from simulation.environments import Environment
from simulation.errors import InvalidArgument
from simulation.paths import read_path
from simulation.state import WorldState
from simulation.wording import listed

NAMED = 5  # items that a reason names
QUOTE = 160


def _read_items(value: Any) -> Any:
    if isinstance(value, dict):
        return Bound.model_validate(value)
    return value if isinstance(value, Bound) else _spellings(value)


def _spellings(value: Any) -> Spellings:
    """Take a list whose items are texts or lists of accepted spellings. Raises ValueError."""
    if not isinstance(value, list | tuple) or not value:
        raise ValueError("write a list of items, or bind it to a query that gives a list")
    items = tuple(tuple(i) if isinstance(i, list | tuple) else (i,) for i in value)
    for spelling in (spelling for item in items for spelling in item or ("",)):
        if not isinstance(spelling, str) or not needle(spelling):
            raise ValueError("an item is a text, or a list of accepted spellings of it")
    return items


class ListClaim(Claim):
    """A list with all the expected items and nothing else: bullets, numbered lines, a table, JSON
    or a sentence.

    An item is a text or a list of accepted spellings, such as a customer's name and id; a query
    that lists several paths gives such spellings. A line may say more about its item. With
    `allow_extra` other items do no harm."""

    items: Annotated[Any, BeforeValidator(_read_items)]
    allow_extra: bool = Field(False, description="other items do no harm")

    def judge(self, document: Document, world: WorldState) -> Judgement:
        items = self._known_items
        words = vocabulary(items, kin_of(world.snapshot, self._flat))
        best = Listing()
        for reading in chain(_in_json(document.raw, words), listings(document, words)):
            if len(reading.found) > len(best.found):
                best = reading
            if len(best.found) == len(items):
                break
        return self._judgement(items, best)

    def says(self) -> str:
        items = self.items
        if isinstance(items, Bound):
            written = says(items) if items.value is None else f"{items.query.sentence()}"
        else:
            written = listed(item[0] for item in items)
        return f"lists {written}{'' if self.allow_extra else ' and nothing else'}"

    def problems(self, company: Environment) -> list[str]:
        found = misfits(company, "items", self.items, kinds={"text"}, many=True)
        if found or not isinstance(self.items, Bound):
            return found
        query = self.items.query
        paths = [read_path(company, query.entity_type, path) for path in query.measure.paths]
        return [
            f"items.query: {path.text} is {path.shape.in_words}, and items are texts"
            for path in paths
            if path.shape.kind != "text"
        ]

    @cached_property
    def _flat(self) -> frozenset[str]:
        return frozenset(spelling for item in self._known_items for spelling in item)

    @cached_property
    def _known_items(self) -> Spellings:
        if not isinstance(self.items, Bound):
            return tuple(self.items)
        try:
            return _spellings(known(self.items))
        except ValueError as error:
            raise InvalidArgument(f"items: {error}") from None

    def _judgement(self, items: Spellings, listing: Listing) -> Judgement:
        missing = [item[0] for number, item in enumerate(items) if number not in listing.found]
        extras = [] if self.allow_extra else list(dict.fromkeys(listing.extras))
        problems = [
            f"missing: {_named(missing)}" if missing else "",
            f"not expected: {_named(extras)}" if extras else "",
        ]
        count = f"{len(items) - len(missing)} of {len(items)} items are listed"
        reason = "; ".join(filter(None, [count, *problems]))
        quote = extras[0] if extras else next(iter(listing.found.values()), "")
        return Judgement(not missing and not extras, reason, quote[:QUOTE])


def _named(items: Sequence[str]) -> str:
    more = len(items) - NAMED
    return ", ".join(items[:NAMED]) + (f" and {more} more" if more > 0 else "")


_FENCED = re.compile(r"```(?:json)?[ \t]*\n(.*?)```", re.DOTALL)


def _in_json(raw: str, words: Vocabulary) -> Iterator[Listing]:
    """Read a JSON text, or fenced JSON inside a text, as the lists that it holds."""
    for text in (raw, *_FENCED.findall(raw)):
        if text.lstrip()[:1] not in ("[", "{"):
            continue
        try:
            data = orjson.loads(text)
        except orjson.JSONDecodeError:
            continue
        yield _of_arrays(data, words)


def _of_arrays(data: Any, words: Vocabulary) -> Listing:
    listing = Listing()
    for array in _arrays(data):
        named = [words.named(text) for text in map(_member_text, array, [words] * len(array))]
        if any(each.is_head for each in named):
            for member, each in zip(array, named, strict=True):
                if each.is_head:
                    listing.add(each, _member_text(member, words))
                else:
                    listing.extras.append(_member_text(member, words)[:QUOTE])
    return listing


def _arrays(data: Any) -> Iterator[list[Any]]:
    """Give the arrays of a JSON value that are not inside a member of another one."""
    if isinstance(data, list) and data:
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from _arrays(value)


def _member_text(member: Any, words: Vocabulary) -> str:
    """Give what a member of an array is called: itself, or the first text inside that is an
    expected item."""
    if not isinstance(member, dict):
        return str(member)
    texts = [value for value in member.values() if isinstance(value, str)]
    return next((text for text in texts if words.named(text).is_head), texts[0] if texts else "")
