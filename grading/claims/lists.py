"""Claims about lists: every expected item is listed, and nothing else of the kind."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import chain
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from grading.claims import Claim, Judgement
from grading.expected import Bound, known, misfits, says
from grading.reading.embedded import embedded_in
from grading.reading.kin import kin_of
from grading.reading.lines import Document
from grading.reading.listings import Listed, Listing, listings
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
    `allow_extra` other items do no harm, with `ordered` the items stand in this order, and with
    duplicates `forbidden` one list names each of them once."""

    EXAMPLE = {"items": [["Ana Lima", "ana-lima-10001"], "Bo Chen"], "ordered": True}

    items: Annotated[Any, BeforeValidator(_read_items)] = Field(
        description="the items, each a text or a list of accepted spellings"
    )
    allow_extra: bool = Field(False, description="other items do no harm")
    ordered: bool = Field(False, description="the items stand in this order")
    duplicates: Literal["allowed", "forbidden"] = Field(
        "allowed", description="whether an item may stand there more than once"
    )

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
        details = [
            "" if self.allow_extra else " and nothing else",
            ", in this order" if self.ordered else "",
            ", each once" if self.duplicates == "forbidden" else "",
        ]
        return f"lists {written}{''.join(details)}"

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
        is_plain = not self.ordered and self.duplicates == "allowed"
        sequence = [] if is_plain else listing.sequence(len(items))
        doubled = _doubled(sequence) if self.duplicates == "forbidden" else []
        misplaced = _misplaced(sequence) if self.ordered else None
        problems = [
            f"missing: {_named(missing)}" if missing else "",
            f"not expected: {_named(extras)}" if extras else "",
            f"listed twice: {_named([items[each.item][0] for each in doubled])}" if doubled else "",
            _says_misplaced(items, *misplaced) if misplaced else "",
        ]
        count = f"{len(items) - len(missing)} of {len(items)} items are listed"
        reason = "; ".join(filter(None, [count, *problems]))
        wrong = [*doubled, misplaced[0]] if misplaced else doubled
        shown = [*extras, *(each.line for each in wrong), *listing.found.values(), ""]
        return Judgement(not any(problems), reason, shown[0][:QUOTE])


def _doubled(sequence: Sequence[Listed]) -> list[Listed]:
    counts = Counter(each.item for each in sequence)
    last = {each.item: each for each in sequence if counts[each.item] > 1}
    return list(last.values())


def _misplaced(sequence: Sequence[Listed]) -> tuple[Listed, int] | None:
    """Give the first item that stands in the place of another, and which that is."""
    first: dict[int, Listed] = {}
    for each in sequence:
        first.setdefault(each.item, each)
    pairs = zip(first.values(), sorted(first), strict=True)
    return next(((each, number) for each, number in pairs if each.item != number), None)


def _says_misplaced(items: Spellings, found: Listed, wanted: int) -> str:
    return f"misplaced: {items[found.item][0]} stands where {items[wanted][0]} is expected"


def _named(items: Sequence[str]) -> str:
    more = len(items) - NAMED
    return ", ".join(items[:NAMED]) + (f" and {more} more" if more > 0 else "")


def _in_json(raw: str, words: Vocabulary) -> Iterator[Listing]:
    """Read a JSON text, or fenced JSON inside a text, as the lists that it holds."""
    for each in embedded_in(raw):
        yield _of_arrays(each.value, words)


def _of_arrays(data: Any, words: Vocabulary) -> Listing:
    listing = Listing()
    for array in _arrays(data):
        named = [words.named(text) for text in map(_member_text, array, [words] * len(array))]
        if any(each.is_head for each in named):
            listing.begin()
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
