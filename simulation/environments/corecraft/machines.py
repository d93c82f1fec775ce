"""Which parts fit each other in one machine, told from their specifications.

The compatibility check and the generator ask the same rules. A part of which nothing is known
breaks no rule but that there are too many of its kind.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Protocol

ONLY_ONE = {"cpu": "processor", "motherboard": "board"}
CATEGORIES = (*ONLY_ONE, "psu", "case", "cooling", "gpu", "memory", "storage")
OTHER_WATTS = 150  # what is drawn beside the processor where no card calls for more
_DRAWING = ("cpu", "motherboard", "gpu")


class Part(Protocol):
    """Something that may be built in; specs are those of its category, empty when unknown."""

    @property
    def name(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def specs(self) -> Mapping[str, Any]: ...


class Machine:
    """Parts by category, each with how many of it there are."""

    def __init__(self, parts: Iterable[tuple[Part, int]]) -> None:
        self._parts: dict[str, list[tuple[Part, int]]] = {}
        for part, count in parts:
            self._parts.setdefault(part.category, []).append((part, count))

    def known(self, category: str) -> list[Part]:
        """Give the different parts of a category whose specifications are known."""
        return [part for part, _ in self._parts.get(category, ()) if part.specs]

    def pairs(self, first: str, second: str) -> Iterator[tuple[Part, Part]]:
        """Give every known part of one category with every one of another."""
        others = self.known(second)
        return ((one, other) for one in self.known(first) for other in others)

    def count(self, category: str) -> int:
        return sum(count for _, count in self._parts.get(category, ()))

    def total(self, category: str, read: Callable[[Mapping[str, Any]], int]) -> int:
        """Add up what a function reads from the specifications of every piece."""
        pieces = self._parts.get(category, ())
        return sum(read(part.specs) * count for part, count in pieces if part.specs)

    def listed(self, category: str) -> str:
        """Name the pieces of a category: "2 × Orbit 560, Talon T510"."""
        pieces = self._parts.get(category, ())
        return ", ".join(
            part.name if count == 1 else f"{count} × {part.name}" for part, count in pieces
        )


Rule = Callable[[Machine], Iterator[str]]


def errors(machine: Machine) -> list[str]:
    """Say what does not fit, in the order of the rules."""
    return [text for rule in ERRORS.values() for text in rule(machine)]


def warnings(machine: Machine) -> list[str]:
    """Say what fits but is not as it should be."""
    return [text for rule in WARNINGS.values() for text in rule(machine)]


def broken(machine: Machine) -> Iterator[str]:
    """Name the rules that are broken."""
    return (name for name, rule in ERRORS.items() if next(rule(machine), None))


def _too_many(machine: Machine) -> Iterator[str]:
    for category, noun in ONLY_ONE.items():
        count = machine.count(category)
        if count > 1:
            yield f"a machine has one {noun}, here are {count}: {machine.listed(category)}"


def _socket(machine: Machine) -> Iterator[str]:
    for cpu, board in machine.pairs("cpu", "motherboard"):
        needed, there = cpu.specs["socket"], board.specs["socket"]
        if _differ(needed, there):
            yield f"{cpu.name} needs socket {needed}, {board.name} has {there}"


def _form_factor(machine: Machine) -> Iterator[str]:
    for board, case in machine.pairs("motherboard", "case"):
        form, taken = board.specs["formFactor"], case.specs["supportedFormFactors"]
        if all(_differ(form, other) for other in taken):
            yield f"{board.name} is {form}, {case.name} takes {', '.join(taken)}"


def _memory_type(machine: Machine) -> Iterator[str]:
    for kit, board in machine.pairs("memory", "motherboard"):
        kind, taken = kit.specs["type"], board.specs["memoryType"]
        if _differ(kind, taken):
            yield f"{kit.name} is {kind}, {board.name} takes {taken}"


def _mixed_memory(machine: Machine) -> Iterator[str]:
    kinds = _by_value(machine.known("memory"), "type")
    if len(kinds) > 1:
        yield f"memory of different types cannot be mixed: {_together(kinds)}"


def _memory_slots(machine: Machine) -> Iterator[str]:
    modules = machine.total("memory", lambda kit: kit["modules"])
    yield from _too_few(machine, "maxMemorySlots", modules, "memory modules", "memory slots")


def _m2_slots(machine: Machine) -> Iterator[str]:
    drives = machine.total("storage", _is_m2)
    yield from _too_few(machine, "m2Slots", drives, "M.2 drives", "M.2 slots")


def _sata_ports(machine: Machine) -> Iterator[str]:
    drives = machine.total("storage", _is_sata)
    yield from _too_few(machine, "sataPorts", drives, "SATA drives", "SATA ports")


def _card_slots(machine: Machine) -> Iterator[str]:
    yield from _too_few(machine, "pcieSlots", machine.count("gpu"), "graphics cards", "PCIe slots")


def _card_length(machine: Machine) -> Iterator[str]:
    for card, case in machine.pairs("gpu", "case"):
        length, room = card.specs["lengthMm"], case.specs["gpuMaxLengthMm"]
        if length > room:
            yield f"{card.name} is {length} mm long, {case.name} has room for {room} mm"


def _cooler_height(machine: Machine) -> Iterator[str]:
    for cooler, case in machine.pairs("cooling", "case"):
        height, room = cooler.specs["heightMm"], case.specs["coolerMaxHeightMm"]
        if height > room:
            yield f"{cooler.name} is {height} mm high, {case.name} has room for {room} mm"


def _radiator(machine: Machine) -> Iterator[str]:
    """The room for cards is the one length that is known of a case: no radiator is longer."""
    for cooler, case in machine.pairs("cooling", "case"):
        size, room = cooler.specs.get("radiatorSizeMm") or 0, case.specs["gpuMaxLengthMm"]
        if size > room:
            yield (
                f"{cooler.name} has a radiator of {size} mm, {case.name} has room for {room} mm"
                " lengthwise"
            )


def _supply(machine: Machine) -> Iterator[str]:
    for card, supply in machine.pairs("gpu", "psu"):
        wanted, given = card.specs["recommendedPsuWatts"], supply.specs["wattage"]
        if given < wanted:
            yield f"{card.name} calls for {wanted} W, {supply.name} gives {given} W"
    for cpu, supply in machine.pairs("cpu", "psu"):
        drawn, given = cpu.specs["tdpWatts"], supply.specs["wattage"]
        if given < drawn + OTHER_WATTS:
            yield (
                f"{cpu.name} draws {drawn} W and the rest of a machine {OTHER_WATTS} W,"
                f" {supply.name} gives {given} W"
            )


def _connectors(machine: Machine) -> Iterator[str]:
    cards = machine.count("gpu")
    for supply in machine.known("psu"):
        there = supply.specs["gpuConnectors"]
        if there < cards:
            yield (
                f"{supply.name} has too few card connectors ({there}) for the graphics cards"
                f" ({cards})"
            )


def _downclocked(machine: Machine) -> Iterator[str]:
    for kit, board in machine.pairs("memory", "motherboard"):
        speed, most = kit.specs["speedMhz"], board.specs["maxMemoryMhz"]
        if speed > most and not _differ(kit.specs["type"], board.specs["memoryType"]):
            yield f"{kit.name} runs at {most} MHz instead of {speed} MHz on {board.name}"


def _mixed_speeds(machine: Machine) -> Iterator[str]:
    for kits in _by_value(machine.known("memory"), "type").values():
        speeds = _by_value(kits, "speedMhz")
        if len(speeds) > 1:
            slowest = min(kit.specs["speedMhz"] for kit in kits)
            yield f"all memory runs at the slowest speed, {slowest} MHz: {_together(speeds)}"


def _no_supply(machine: Machine) -> Iterator[str]:
    if not machine.count("psu") and any(map(machine.count, _DRAWING)):
        yield "there is no power supply, so its wattage and connectors were not checked"


def _too_few(machine: Machine, field: str, wanted: int, what: str, where: str) -> Iterator[str]:
    for board in machine.known("motherboard"):
        there = board.specs[field]
        if wanted > there:
            yield f"{board.name} has too few {where} ({there}) for the {what} ({wanted})"


def _is_m2(drive: Mapping[str, Any]) -> bool:
    return bool(str(drive["form"]).casefold().startswith(("m.2", "m2")))


def _is_sata(drive: Mapping[str, Any]) -> bool:
    """An M.2 drive is plugged into its slot, whatever it speaks there."""
    return "sata" in str(drive["interface"]).casefold() and not _is_m2(drive)


def _differ(one: str, other: str) -> bool:
    return one.casefold() != other.casefold()


def _by_value(parts: Iterable[Part], field: str) -> dict[str, list[Part]]:
    found: dict[str, list[Part]] = {}
    for part in parts:
        found.setdefault(str(part.specs[field]).casefold(), []).append(part)
    return found


def _together(groups: Mapping[str, list[Part]]) -> str:
    return ", ".join(part.name for parts in groups.values() for part in parts)


ERRORS: Mapping[str, Rule] = {
    "too_many": _too_many,
    "socket": _socket,
    "form_factor": _form_factor,
    "memory_type": _memory_type,
    "mixed_memory": _mixed_memory,
    "memory_slots": _memory_slots,
    "m2_slots": _m2_slots,
    "sata_ports": _sata_ports,
    "card_slots": _card_slots,
    "card_length": _card_length,
    "cooler_height": _cooler_height,
    "radiator": _radiator,
    "supply": _supply,
    "connectors": _connectors,
}
WARNINGS: Mapping[str, Rule] = {
    "downclocked": _downclocked,
    "mixed_speeds": _mixed_speeds,
    "no_supply": _no_supply,
}
