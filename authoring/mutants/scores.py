"""From what became of the mutants to figures: the score, by kind, and what each criterion did."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from authoring.mutants.differences import Difference
from authoring.mutants.measure import Fate, Result, Strength
from grading.statistics.rates import Share, wilson

COUNTED = ("found", "looked_at", "same", "repeated", "crashed")


@dataclass(frozen=True)
class KindScore:
    """How many mutants of a kind did not pass, of those that were decided."""

    kind: str
    killed: int
    n: int


@dataclass(frozen=True)
class Kills:
    """How many mutants a criterion failed, and how many nobody else did."""

    criterion: str
    kills: int
    alone: int


@dataclass(frozen=True)
class Score:
    """Share of mutants that do not pass. Equivalent and undecided ones are in no share."""

    share: Share | None
    killed: int
    survived: int
    undecided: int
    equivalent: int
    kinds: Sequence[KindScore]
    criteria: Sequence[Kills]


def score_of(
    results: Sequence[Result], criteria: Sequence[str], equivalent: Collection[str] = ()
) -> Score:
    """Count results. equivalent: hashes of mutants that a person found right too."""
    counted = [result for result in results if result.hash not in equivalent]
    fates = Counter(result.fate for result in counted)
    n = fates[Fate.KILLED] + fates[Fate.SURVIVED]
    return Score(
        share=wilson(fates[Fate.KILLED], n),
        killed=fates[Fate.KILLED],
        survived=fates[Fate.SURVIVED],
        undecided=fates[Fate.UNDECIDED],
        equivalent=len(results) - len(counted),
        kinds=_by_kind(counted),
        criteria=[_kills(key, counted) for key in criteria],
    )


def _by_kind(results: Sequence[Result]) -> list[KindScore]:
    decided = [result for result in results if result.fate != Fate.UNDECIDED]
    totals = Counter(result.kind for result in decided)
    killed = Counter(result.kind for result in decided if result.fate == Fate.KILLED)
    return [KindScore(kind, killed[kind], totals[kind]) for kind in sorted(totals)]


def _kills(key: str, results: Sequence[Result]) -> Kills:
    killed = [result for result in results if key in result.failed]
    return Kills(key, len(killed), sum(result.failed == (key,) for result in killed))


def results_as_json(results: Sequence[Result]) -> list[dict[str, Any]]:
    return [asdict(result) for result in results]


def read_results(stored: Sequence[Mapping[str, Any]]) -> list[Result]:
    """Read results as they were stored."""
    return [_read(result) for result in stored]


def _read(stored: Mapping[str, Any]) -> Result:
    difference = stored["difference"]
    return Result(
        id=stored["id"],
        kind=stored["kind"],
        hash=stored["hash"],
        sentence=stored["sentence"],
        fate=Fate(stored["fate"]),
        failed=tuple(stored["failed"]),
        open=tuple(stored["open"]),
        difference=Difference(**difference) if difference else None,
    )


def counts_of(strength: Strength) -> dict[str, int]:
    return {name: getattr(strength, name) for name in COUNTED}


def document(
    results: Sequence[Result],
    counts: Mapping[str, int],
    score: Score,
    equivalent: Collection[str] = (),
) -> dict[str, Any]:
    """Give a report as JSON: what commands and the API answer with."""
    share = score.share
    return {
        "score": share and round(share.value, 4),
        "interval": share and [round(share.low, 4), round(share.high, 4)],
        "n": share.n if share else 0,
        "killed": score.killed,
        "survived": score.survived,
        "undecided": score.undecided,
        "equivalent": score.equivalent,
        **counts,
        "kinds": [asdict(kind) for kind in score.kinds],
        "criteria": [asdict(criterion) for criterion in score.criteria],
        "kills_nothing": [c.criterion for c in score.criteria if not c.kills],
        "survivors": _of_fate(results, Fate.SURVIVED, equivalent),
        "undecided_mutants": _of_fate(results, Fate.UNDECIDED, equivalent),
    }


def _of_fate(
    results: Sequence[Result], fate: Fate, equivalent: Collection[str]
) -> list[dict[str, Any]]:
    return [asdict(r) for r in results if r.fate == fate and r.hash not in equivalent]
