"""Questions to start from, made of the schema and the rows of whatever world it is."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from simulation.asking.kept import once_a_snapshot
from simulation.asking.offers import OWN, Offer, offers
from simulation.errors import InvalidArgument
from simulation.query import WorldQuery
from simulation.state import WorldState

SAMPLE = 200  # rows that are looked at


@once_a_snapshot
def examples(world: WorldState, entity_type: str) -> list[WorldQuery]:
    """Give queries about a type that have an answer, one of each kind, simplest first."""
    company = world.snapshot.company
    there_are = offers(company, entity_type)
    made = (query for make in _MAKERS for query in make(world, entity_type, there_are))
    return [query for query in made if _answers(query, world)]


Maker = Callable[[WorldState, str, tuple[Offer, ...]], Iterator[WorldQuery]]


def _by_choice(world: WorldState, kind: str, there: tuple[Offer, ...]) -> Iterator[WorldQuery]:
    own = (o for o in there if o.path.is_own and o.shape.choices)
    if (offer := next(own, None)) and (value := _commonest(world, offer)) is not None:
        yield _query(kind, {"path": offer.text, "value": value}, measure="count")


def _sum(world: WorldState, kind: str, there: tuple[Offer, ...]) -> Iterator[WorldQuery]:
    if number := _own_number(there):
        created = world.snapshot.entity_type(kind).created_field
        since = {"path": created, "op": "gte", "value": f"{world.now[:7]}-01"}
        where = [since] if created else []
        yield _query(kind, *where, measure={"sum": number.text})


def _highest(world: WorldState, kind: str, there: tuple[Offer, ...]) -> Iterator[WorldQuery]:
    if number := _own_number(there):
        yield _query(kind, measure={"max": number.text})


def _behind(world: WorldState, kind: str, there: tuple[Offer, ...]) -> Iterator[WorldQuery]:
    far = (o for o in there if o.group != OWN and o.shape.choices and not o.shape.many)
    if (offer := next(far, None)) and (value := _commonest(world, offer)) is not None:
        yield _query(kind, {"path": offer.text, "value": value}, measure="count")


def _list(world: WorldState, kind: str, there: tuple[Offer, ...]) -> Iterator[WorldQuery]:
    own = [o for o in there if o.path.is_own and o.shape.choices]
    if own:
        yield _query(kind, measure={"list": own[-1].text})


_MAKERS: tuple[Maker, ...] = (_by_choice, _sum, _highest, _behind, _list)


def _own_number(there: tuple[Offer, ...]) -> Offer | None:
    numbers = (o for o in there if o.path.is_own and o.shape.kind == "number")
    return next(numbers, None)


def _query(entity_type: str, *where: dict[str, Any], measure: Any) -> WorldQuery:
    data = {"entity_type": entity_type, "where": list(where), "measure": measure}
    return WorldQuery.model_validate(data)


def _commonest(world: WorldState, offer: Offer) -> Any:
    """Give the value that most of the first rows have there, None when none has any."""
    seen: Counter[Any] = Counter()
    for number, row in enumerate(world.rows(offer.entity_type)):
        if number == SAMPLE:
            break
        seen.update(offer.path.values(world, row))
    return min(seen, key=lambda value: (-seen[value], str(value))) if seen else None


def _answers(query: WorldQuery, world: WorldState) -> bool:
    try:
        return query.result(world) not in (0, [])
    except InvalidArgument:
        return False
