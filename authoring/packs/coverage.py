"""The picture of what a pack covers: categories down, difficulties across, splits as bars."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from authoring.content import CATEGORIES
from authoring.listing.asked import DIFFICULTIES
from authoring.packs.checking import Cell
from authoring.splits import SPLITS
from simulation.wording import listed, spoken

SPLIT_WORDS = {"train": "train", "test": "test", "heldout": "held out"}
UNSAID = "not said"


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitPart:
    """A part of a stacked bar: `start` and `share` are percents of its width."""

    split: str
    word: str
    count: int
    start: float
    share: float

    @property
    def number(self) -> str:
        return f"{self.count:,}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageCell:
    """How many tasks; `label` says them by split ("8 train, 1 test")."""

    heading: str
    count: int
    parts: tuple[SplitPart, ...]
    label: str

    @property
    def number(self) -> str:
        return f"{self.count:,}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageRow:
    name: str
    cells: tuple[CoverageCell, ...]
    total: int

    @property
    def number(self) -> str:
        return f"{self.total:,}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """legend: all tasks by split, as one bar. gaps: cells without a task."""

    headings: tuple[str, ...]
    rows: tuple[CoverageRow, ...]
    totals: tuple[int, ...]
    total: int
    legend: tuple[SplitPart, ...]
    gaps: int

    @property
    def sums(self) -> list[str]:
        """Write how many tasks there are of each difficulty, and of all."""
        return [f"{count:,}" for count in (*self.totals, self.total)]


def coverage_of(cells: Iterable[Cell]) -> Coverage | None:
    """Draw how many tasks there are; None for none."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for cell in cells:
        counts[cell.category, cell.difficulty, cell.split] += cell.tasks
    if not counts.total():
        return None
    categories = _known(CATEGORIES, {category for category, _, _ in counts})
    difficulties = _known(DIFFICULTIES, {difficulty for _, difficulty, _ in counts})
    sizes = _sums(counts, 0, 1)
    largest = max(sizes.values())
    rows = tuple(_row(counts, category, difficulties, largest) for category in categories)
    return Coverage(
        headings=tuple(spoken(name) or UNSAID for name in difficulties),
        rows=rows,
        totals=tuple(sum(row.cells[n].count for row in rows) for n in range(len(difficulties))),
        total=counts.total(),
        legend=split_parts(_sums(counts, 2), counts.total()),
        gaps=sum(not cell.count for row in rows for cell in row.cells),
    )


def split_parts(counts: Counter[str], whole: int) -> tuple[SplitPart, ...]:
    """Stack what a split has beside the one before, as parts of `whole`."""
    parts: list[SplitPart] = []
    start = 0.0
    for split in _known(SPLITS, set(counts)):
        if count := counts[split]:
            share = 100 * count / whole
            word = SPLIT_WORDS.get(split, spoken(split)) or "no split yet"
            parts.append(SplitPart(split=split, word=word, count=count, start=start, share=share))
            start += share
    return tuple(parts)


def words_of_parts(parts: Sequence[SplitPart]) -> str:
    return listed([f"{part.count:,} {part.word}" for part in parts])


def _known(names: Sequence[str], there: set[str]) -> list[str]:
    """Give the names that are always shown, then others that are there."""
    return [*names, *sorted(there - set(names))]


def _sums(counts: Counter[tuple[str, str, str]], *places: int) -> Counter[str]:
    sums: Counter[str] = Counter()
    for key, count in counts.items():
        sums["/".join(key[place] for place in places)] += count
    return sums


def _row(
    counts: Counter[tuple[str, str, str]], category: str, difficulties: Sequence[str], largest: int
) -> CoverageRow:
    cells = tuple(_cell(counts, category, difficulty, largest) for difficulty in difficulties)
    name = spoken(category) or UNSAID
    return CoverageRow(name=name, cells=cells, total=sum(cell.count for cell in cells))


def _cell(
    counts: Counter[tuple[str, str, str]], category: str, difficulty: str, largest: int
) -> CoverageCell:
    own = Counter({s: n for (c, d, s), n in counts.items() if (c, d) == (category, difficulty)})
    parts = split_parts(own, largest)
    return CoverageCell(
        heading=spoken(difficulty) or UNSAID,
        count=own.total(),
        parts=parts,
        label=words_of_parts(parts),
    )
