"""Claims about lists: every expected item is listed, and nothing else of the kind."""

from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from itertools import chain
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from grading.claims import Claim, Judgement
from grading.claims.beside import Faults, Pairs
from grading.claims.items import Items, items_of_rows, read_items, spellings_of
from grading.expected import Bound, known, misfits, says
from grading.reading.arrays import in_json
from grading.reading.kin import kin_of
from grading.reading.lines import Document
from grading.reading.listings import Listed, Listing, listings
from grading.reading.mentions import Spellings, vocabulary
from simulation.environments import Environment
from simulation.errors import InvalidArgument
from simulation.paths import Path, read_path
from simulation.query import Measure
from simulation.state import WorldState
from simulation.wording import listed, spoken, spoken_path

NAMED = 5  # items that a reason names
QUOTE = 160
_BESIDE = ("text", "number", "instant", "day")


def _read_items(value: Any) -> Any:
    if isinstance(value, dict):
        return Bound.model_validate(value)
    return value if isinstance(value, Bound) else read_items(value)


class ListClaim(Claim):
    """A list with all the expected items and nothing else: bullets, numbered lines, a table, JSON
    or a sentence.

    An item is a text or a list of accepted spellings, such as a customer's name and id; a query
    that lists several paths gives such spellings. Values that must stand with an item are
    `beside` it: texts, numbers, amounts or dates, in the same line or what is below it, the same
    table row, object or part of a sentence; a text not with another item as well. A heading may say
    it for all below.

    A line may say more about its item. With `allow_extra` other items do no harm, with `ordered`
    the items stand in this order, and with duplicates `forbidden` one list names each of them
    once."""

    EXAMPLE = {
        "items": [
            {"item": ["Ana Lima", "ana-lima-10001"], "beside": ["ana@mail.example", 2]},
            {"item": "Bo Chen", "beside": ["bo@mail.example", 1]},
        ],
        "ordered": True,
    }

    items: Annotated[Any, BeforeValidator(_read_items), WithJsonSchema({"x-typed": "items"})] = (
        Field(
            description="one a line: accepted spellings with | between them, then = and the values"
            " that stand with it, with | between them"
        )
    )
    beside: tuple[str, ...] = Field(
        (), description="paths that the query lists which are values beside the item"
    )
    allow_extra: bool = Field(False, description="other items do no harm")
    ordered: bool = Field(False, description="the items stand in this order")
    duplicates: Literal["allowed", "forbidden"] = Field(
        "allowed", description="whether an item may stand there more than once"
    )

    @model_validator(mode="after")
    def _lists_both(self) -> "ListClaim":
        if not self.beside:
            return self
        is_bound = isinstance(self.items, Bound)
        if not is_bound:
            raise ValueError("beside: names paths of a query; write typed values with their items")
        paths = self.items.query.measure.paths
        if unknown := [path for path in self.beside if path not in paths]:
            raise ValueError(f"beside: the query does not list {listed(unknown)}")
        if set(paths) <= set(self.beside):
            raise ValueError("beside: one path of the query at least must be the item itself")
        return self

    def judge(self, document: Document, world: WorldState) -> Judgement:
        items = self._known_items
        words = vocabulary(self._spellings, kin_of(world.snapshot, self._flat))
        best = Listing()
        whole: list[Listing] = []
        for reading in chain(in_json(document.raw, words), listings(document, words)):
            if len(reading.found) > len(best.found):
                best = reading
            if len(reading.found) == len(items):
                whole.append(reading)
            if whole and not self._has_values:
                break
        return self._judgement(best, self._faults(best, whole, int(world.now[:4])))

    def _faults(self, best: Listing, whole: Sequence[Listing], year: int) -> Faults:
        """Give what stands wrong where the items are listed; what is only missing there may stand
        in another list of all of them."""
        if not self._has_values:
            return Faults(())
        faults = self._pairs.faults(best, year)
        if faults and not faults.strays and any(not self._pairs.faults(e, year) for e in whole):
            return Faults(())
        return faults

    def says(self) -> str:
        details = [
            "" if self.allow_extra else " and nothing else",
            ", in this order" if self.ordered else "",
            ", each once" if self.duplicates == "forbidden" else "",
        ]
        return f"lists {self._written()}{''.join(details)}"

    def problems(self, company: Environment) -> list[str]:
        found = misfits(company, "items", self.items, kinds={"text"}, many=True)
        if found or not isinstance(self.items, Bound):
            return found
        query = self.items.query
        paths = [read_path(company, query.entity_type, path) for path in query.measure.paths]
        return list(filter(None, map(self._misfit, paths)))

    def _misfit(self, path: Path) -> str:
        shape = path.shape
        if path.text not in self.beside:
            said = f"items.query: {path.text} is {shape.in_words}, and items are texts"
            return "" if shape.kind == "text" else said
        if shape.kind not in _BESIDE or shape.many:
            return f"beside: {path.text} is {shape.in_words}, and a text, number or date is needed"
        return ""

    def _written(self) -> str:
        items = self.items
        if not isinstance(items, Bound):
            return listed(item.says() for item in items)
        if not self.beside:
            return says(items) if items.value is None else items.query.sentence()
        query, owner = items.query, spoken(items.query.entity_type)
        own = tuple(path for path in query.measure.paths if path not in self.beside)
        named = query.model_copy(update={"measure": Measure(list=own)}).sentence()
        values = [
            spoken_path(path) if "." in path else f"the {owner}'s {spoken_path(path)}"
            for path in self.beside
        ]
        return f"{named}, each together with {listed(values)}"

    @cached_property
    def _spellings(self) -> Spellings:
        return spellings_of(self._known_items)

    @cached_property
    def _flat(self) -> frozenset[str]:
        return frozenset(spelling for item in self._spellings for spelling in item)

    @cached_property
    def _pairs(self) -> Pairs:
        return Pairs(self._known_items)

    @cached_property
    def _has_values(self) -> bool:
        return any(item.beside for item in self._known_items)

    @cached_property
    def _known_items(self) -> Items:
        if not isinstance(self.items, Bound):
            return tuple(self.items)
        paths = self.items.query.measure.paths
        try:
            return items_of_rows(known(self.items), paths, self.beside)
        except ValueError as error:
            raise InvalidArgument(f"items: {error}") from None

    def _judgement(self, listing: Listing, faults: Faults) -> Judgement:
        items = self._spellings
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
            "; ".join(_first(faults.lines())),
        ]
        count = f"{len(items) - len(missing)} of {len(items)} items are listed"
        reason = "; ".join(filter(None, [count, *problems]))
        wrong = [*doubled, misplaced[0]] if misplaced else doubled
        lines = [listing.found[number] for number in faults.items_at if number in listing.found]
        shown = [*extras, *(each.line for each in wrong), *lines, *listing.found.values(), ""]
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


def _first(lines: Sequence[str]) -> list[str]:
    more = len(lines) - NAMED
    return [*lines[:NAMED], f"and {more} more"] if more > 0 else [*lines]
