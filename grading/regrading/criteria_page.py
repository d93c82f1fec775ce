"""How a criterion stands in two gradings: what was rewritten, and what became of its outcomes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlencode

from grading.criteria import Criterion, Outcome
from grading.graders import read_check
from grading.marks import verdict_mark
from grading.regrading.comparing import Pair, Tally
from grading.regrading.pages import CriterionPair, MatrixRow, TextChange
from grading.regrading.words import Piece, words_changed
from simulation.errors import GymError
from simulation.text import canonical

OUTCOMES = tuple(Outcome)
WHOLE = ("Points", "Category")  # too short to be read word by word
WORDS = {"met": "met", "not_met": "not met", "cannot_tell": "can’t tell", "grader_error": "error"}
By = Mapping[tuple[str, str], Sequence[Tally]]


def by_criterion(found: Iterable[Tally]) -> dict[tuple[str, str], list[Tally]]:
    grouped: defaultdict[tuple[str, str], list[Tally]] = defaultdict(list)
    for tally in found:
        grouped[tally.subject, tally.key].append(tally)
    return grouped


def sorted_pairs(pairs: Iterable[Pair], grouped: By) -> list[Pair]:
    """Put the criteria first whose outcomes moved most, then those that were rewritten."""
    return sorted(pairs, key=lambda p: (-_moved(grouped.get((p.subject, p.key), ())), p.is_same))


def criterion_pair(pair: Pair, found: Sequence[Tally], filters: Mapping[str, str]) -> CriterionPair:
    shown = pair.after or pair.before
    both = [tally for tally in found if tally.before and tally.after]
    moved = [tally for tally in both if tally.before != tally.after]
    kept = {key: value for key, value in filters.items() if value and key != "change"}
    query = urlencode({**kept, "task": pair.subject, "criterion": pair.key})
    return CriterionPair(
        subject=pair.subject,
        key=pair.key,
        url=f"?{query}",
        text=shown.text if shown else "",
        word="the same" if pair.is_same else pair.state,
        n=sum(tally.count for tally in both),
        moved=_moved(found),
        moves=tuple(
            f"{_said(pair, t.before)} → {_said(pair, t.after)}: {t.count:,}" for t in moved
        ),
        alone=_alone(pair, found),
        changes=tuple(text_changes(pair)),
        matrix=tuple(_matrix(both)) if moved else (),
    )


def text_changes(pair: Pair) -> Iterable[TextChange]:
    """Show what differs between two criteria, in words."""
    if not (pair.before and pair.after) or pair.is_same:
        return
    before, after = pair.before, pair.after
    texts = {
        "Text": (before.text, after.text),
        "Check": (sentence(before), sentence(after)),
        "Points": (_points(before), _points(after)),
        "Category": (before.category.replace("_", " "), after.category.replace("_", " ")),
        "Note for graders": (before.note, after.note),
    }
    if texts["Check"][0] == texts["Check"][1]:
        texts["Check as data"] = _data(before), _data(after)
    for label, (old, new) in texts.items():
        if old != new:
            pieces = (Piece("-", old), Piece("+", new)) if label in WHOLE else None
            yield TextChange(label=label, pieces=pieces or words_changed(old, new))


def sentence(criterion: Criterion) -> str:
    """Say what a criterion's check does; one that cannot be read is shown as data."""
    try:
        return read_check(criterion.check).sentence()
    except GymError:
        return _data(criterion)


def _data(criterion: Criterion) -> str:
    return canonical(criterion.check).decode()


def _points(criterion: Criterion) -> str:
    return f"{criterion.points_word} {criterion.points:+d}".replace("-", "−")


def _moved(found: Iterable[Tally]) -> int:
    return sum(t.count for t in found if t.before and t.after and t.before != t.after)


def _said(pair: Pair, outcome: str) -> str:
    criterion = pair.after or pair.before
    return verdict_mark(criterion, outcome).word if criterion else outcome


def _alone(pair: Pair, found: Iterable[Tally]) -> str:
    """Say how a criterion that only one rubric has was decided."""
    if pair.before and pair.after:
        return ""
    counts = [f"{_said(pair, t.after or t.before)}: {t.count:,}" for t in found]
    return ", ".join(counts)


def _matrix(found: Iterable[Tally]) -> Iterable[MatrixRow]:
    counts = {(tally.before, tally.after): tally.count for tally in found}
    for before in OUTCOMES:
        cells = tuple((counts.get((before, after), 0), before == after) for after in OUTCOMES)
        yield MatrixRow(word=WORDS[before], cells=cells)
