"""Whether parts fit each other, told from their specifications."""

from collections.abc import Callable, Iterable, Sequence

from simulation.environments.corecraft.generator.catalogue import Catalogue, Product

Parts = dict[str, list[Product]]
ONLY_ONE = ("cpu", "motherboard", "psu", "case", "cooling")


def conflicts(products: Iterable[Product]) -> list[str]:
    """Name every rule that these parts break when they are built into one machine."""
    parts: Parts = {}
    for product in products:
        parts.setdefault(product.category, []).append(product)
    return [name for name, broken in _RULES.items() if broken(parts)]


def fits(products: Iterable[Product]) -> bool:
    return not conflicts(products)


def repairs(parts: Sequence[Product], catalogue: Catalogue) -> list[tuple[int, Product]]:
    """Find every swap of one part for another in stock, of its category, after which all fit."""
    found = []
    for index, part in enumerate(parts):
        for other in catalogue.of(part.category):
            swapped = [*parts[:index], other, *parts[index + 1 :]]
            if other.stock and other is not part and fits(swapped):
                found.append((index, other))
    return found


def _pairs(
    first: str, second: str, differ: Callable[[Product, Product], bool]
) -> Callable[[Parts], bool]:
    def broken(parts: Parts) -> bool:
        return any(differ(a, b) for a in parts.get(first, ()) for b in parts.get(second, ()))

    return broken


def _too_many(parts: Parts) -> bool:
    return any(len(parts.get(category, ())) > 1 for category in ONLY_ONE)


def _supply(parts: Parts) -> bool:
    """A card's recommendation covers a usual processor; without one 150 W are added to it."""
    wanted = max(
        [card.specs["recommendedPsuWatts"] for card in parts.get("gpu", ())]
        + [cpu.specs["tdpWatts"] + 150 for cpu in parts.get("cpu", ())],
        default=0,
    )
    return any(supply.specs["wattage"] < wanted for supply in parts.get("psu", ()))


def _slots(parts: Parts) -> bool:
    modules = sum(kit.specs["modules"] for kit in parts.get("memory", ()))
    forms = [drive.specs for drive in parts.get("storage", ())]
    cards = sum(form["form"].startswith("M.2") for form in forms)
    cables = sum(form["interface"].startswith("SATA") for form in forms)
    return any(
        modules > board.specs["maxMemorySlots"]
        or cards > board.specs["m2Slots"]
        or cables > board.specs["sataPorts"]
        or len(parts.get("gpu", ())) > board.specs["pcieSlots"]
        for board in parts.get("motherboard", ())
    )


def _connectors(parts: Parts) -> bool:
    cards = len(parts.get("gpu", ()))
    return any(supply.specs["gpuConnectors"] < cards for supply in parts.get("psu", ()))


_RULES: dict[str, Callable[[Parts], bool]] = {
    "too_many": _too_many,
    "socket": _pairs("cpu", "motherboard", lambda a, b: a.specs["socket"] != b.specs["socket"]),
    "memory_type": _pairs(
        "memory", "motherboard", lambda a, b: a.specs["type"] != b.specs["memoryType"]
    ),
    "mixed_memory": _pairs("memory", "memory", lambda a, b: a.specs["type"] != b.specs["type"]),
    "form_factor": _pairs(
        "motherboard",
        "case",
        lambda a, b: a.specs["formFactor"] not in b.specs["supportedFormFactors"],
    ),
    "card_length": _pairs(
        "gpu", "case", lambda a, b: a.specs["lengthMm"] > b.specs["gpuMaxLengthMm"]
    ),
    "cooler_height": _pairs(
        "cooling", "case", lambda a, b: a.specs["heightMm"] > b.specs["coolerMaxHeightMm"]
    ),
    "slots": _slots,
    "supply": _supply,
    "connectors": _connectors,
}
