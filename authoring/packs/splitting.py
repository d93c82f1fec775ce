"""Which split a task gets: by the hash of its family or its slug, once and for life."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from authoring.packs.filling import fill, nearest
from authoring.splits import HELD_OUT, SHARES, SPLITS, TEST, TRAIN
from simulation.errors import Problems
from simulation.wording import counted, listed

BYTES = 8  # of the hash, read as a fraction
FILLED = (HELD_OUT, TEST, TRAIN)  # with exact sizes, in this order


@dataclass(frozen=True, kw_only=True)
class Member:
    """A task that needs a split. split: the one that it has, "" for none yet."""

    slug: str
    family: str
    split: str


@dataclass(frozen=True, kw_only=True)
class Unit:
    """Tasks that stay together: a family, or one task without one. split: "" for none yet."""

    name: str
    is_family: bool
    split: str
    members: tuple[Member, ...]

    @property
    def place(self) -> tuple[float, bool, str]:
        """Where it comes in the order of hashes."""
        return place_of(self.name), self.is_family, self.name


def plan_splits(members: Sequence[Member], sizes: Mapping[str, int]) -> dict[str, str]:
    """Give the split of each slug: what it has already, else by share, or by exact sizes.

    Members of one family get one split. Raises Problems that say which sizes would be possible.
    """
    units = _units(members)
    free = [unit for unit in units if not unit.split]
    kept = {m.slug: m.split or u.split for u in units if u.split for m in u.members}
    chosen = _by_sizes(free, kept, sizes) if sizes else [by_share(unit.name) for unit in free]
    pairs = zip(free, chosen, strict=True)
    return kept | {m.slug: split for unit, split in pairs for m in unit.members}


def place_of(name: str) -> float:
    """Give the place of a family or task between 0 and 1: the same for ever."""
    digest = hashlib.sha256(f"split:{name}".encode()).digest()
    return int.from_bytes(digest[:BYTES]) / float(2 ** (8 * BYTES))


def by_share(name: str) -> str:
    """Give the split that a family or task falls into, whatever else there is."""
    place = place_of(name)
    ends = zip(SPLITS, accumulate(SHARES[split] for split in SPLITS), strict=True)
    return next((split for split, end in ends if place < end), SPLITS[-1])


def _units(members: Sequence[Member]) -> list[Unit]:
    """Give what stays together in the order of hashes. Raises Problems for torn families."""
    groups: dict[tuple[bool, str], list[Member]] = defaultdict(list)
    for member in members:
        groups[bool(member.family), member.family or member.slug].append(member)
    if problems := [line for (_, name), group in groups.items() for line in _torn(name, group)]:
        raise Problems(sorted(problems))
    units = [
        Unit(name=name, is_family=is_family, split=_split(group), members=tuple(group))
        for (is_family, name), group in groups.items()
    ]
    return sorted(units, key=lambda unit: unit.place)


def _split(group: Sequence[Member]) -> str:
    return next((member.split for member in group if member.split), "")


def _torn(name: str, group: Sequence[Member]) -> Iterator[str]:
    """Say that a new task has no place in a family whose tasks are apart already."""
    there = {member.split for member in group}
    splits = [split for split in SPLITS if split in there]
    if len(splits) > 1 and "" in there:
        new = listed(sorted(member.slug for member in group if not member.split))
        yield (
            f"family {name} is in {listed(splits)} already, so {new} can be in none of them:"
            " give it another family"
        )


def _by_sizes(free: Sequence[Unit], kept: Mapping[str, str], sizes: Mapping[str, int]) -> list[str]:
    """Give the split of each unit so that the sizes are met. Raises Problems."""
    there = Counter(kept.values())
    counts = [len(unit.members) for unit in free]
    rooms = _rooms(sum(counts), there, sizes)
    chosen = fill(counts, rooms)
    if chosen is None:
        raise Problems([_possible(nearest(counts, rooms), there)])
    return [FILLED[room] for room in chosen]


def _rooms(new: int, there: Mapping[str, int], sizes: Mapping[str, int]) -> tuple[int, int, int]:
    """Give how many new tasks each split takes; the first that is not named takes what is left."""
    rooms = {split: sizes[split] - there[split] for split in FILLED if split in sizes}
    if full := [split for split, room in rooms.items() if room < 0]:
        raise Problems([_stands_against(split, there[split], sizes[split]) for split in full])
    left = new - sum(rooms.values())
    rest = next((split for split in SPLITS if split not in sizes), None)
    if left < 0 or (left and rest is None):
        total = new + sum(there[s] for s in SPLITS if s in sizes)
        asked = sum(sizes.values())
        raise Problems([f"the sizes add up to {asked}, and there are {counted(total, 'task')}"])
    first, second, third = (rooms.get(s, left if s == rest else 0) for s in FILLED)
    return first, second, third


def _stands_against(split: str, there: int, asked: int) -> str:
    return (
        f"{split}: {counted(there, 'task')} of the pack have or get it by what was given before,"
        f" and {asked} are asked for: splits are for life, so ask for {there} or more"
    )


def _possible(rooms: Sequence[int], there: Mapping[str, int]) -> str:
    possible = {split: room + there[split] for split, room in zip(FILLED, rooms, strict=True)}
    sizes = listed(f"{split} {possible[split]}" for split in SPLITS)
    return f"families stay together, so these sizes cannot be met: the nearest are {sizes}"
