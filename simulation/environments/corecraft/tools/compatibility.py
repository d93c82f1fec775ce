"""Check whether products fit each other in one machine."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from simulation.entities import Row
from simulation.environments.corecraft import machines
from simulation.environments.corecraft.models import Product
from simulation.state import WorldState
from simulation.tools import tool
from simulation.values import Id

_ASSEMBLED = (Product.Category.PREBUILT, Product.Category.WORKSTATION)
_DEEPEST = 4  # a bundle of machines of parts is 2; what holds itself ends here
_Pieces = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Part:
    """A product as the rules see it."""

    name: str
    category: str
    specs: Mapping[str, Any]


@tool(writes=False)
def validate_build_compatibility(
    world: WorldState, *, product_ids: Annotated[list[Id], Field(min_length=1)]
) -> dict[str, Any]:
    """Check by their specifications whether products fit each other in one machine.

    Bundles, prebuilts and workstations count as the parts that are in them. Answers with
    is_compatible, errors (what does not fit) and warnings (what fits but is worth knowing, and
    what could not be checked).

    product_ids: the parts of one machine; two of one are written twice
    """
    for product_id in product_ids:
        world.need("product", product_id, field="product_ids")
    pieces = _taken_apart(world, Counter(product_ids))
    parts = [(_part(world, product_id), count) for product_id, count in pieces.items()]
    machine = machines.Machine(parts)
    errors = machines.errors(machine)
    unchecked = _unchecked([part for part, _ in parts])
    return {
        "is_compatible": not errors,
        "errors": errors,
        "warnings": [*machines.warnings(machine), *unchecked],
    }


def _taken_apart(world: WorldState, pieces: _Pieces) -> _Pieces:
    """Give how many there are of each part; what cannot be taken apart stays as it is."""
    parts: Counter[str] = Counter()
    for _ in range(_DEEPEST):
        inside: Counter[str] = Counter()
        for product_id, count in pieces.items():
            contents = _contents(world, world.get("product", product_id))
            if contents is None:
                parts[product_id] += count
            for component_id, each in (contents or {}).items():
                inside[component_id] += each * count
        pieces = inside
    return parts + Counter(pieces)


def _contents(world: WorldState, product: Row | None) -> _Pieces | None:
    """Give what is inside a bundle or a machine; None of a part, and where it is not known."""
    if product is None:
        return None
    bundle = product["specs"].get("bundle")
    if product["category"] == Product.Category.BUNDLE and bundle:
        found: Counter[str] = Counter()
        for component in bundle["components"]:
            found[component["componentId"]] += component["qty"]
        return found
    build_id = product["specs"].get("prebuilt", {}).get("baseBuildId")
    build = world.get("build", build_id) if build_id else None
    is_assembled = product["category"] in _ASSEMBLED
    return Counter(build["componentIds"]) if is_assembled and build else None


def _part(world: WorldState, product_id: str) -> _Part:
    """Read a product; one that there is no longer has no category."""
    row = world.get("product", product_id)
    if row is None:
        return _Part(product_id, "", {})
    category = row["category"]
    return _Part(f"{row['name']} ({product_id})", category, row["specs"].get(category, {}))


def _unchecked(parts: Sequence[_Part]) -> Iterator[str]:
    whole = (Product.Category.BUNDLE, *_ASSEMBLED)
    for part in parts:
        if part.category in whole:
            yield f"{part.name} was not checked: what is inside is not known"
        elif part.category in machines.CATEGORIES and not part.specs:
            yield f"{part.name} was not checked: its specifications are not known"
        elif not part.category:
            yield f"{part.name} was not checked: it is not in the catalogue"
