"""R01, R02 and R03: criteria that say the same, more of the same, or the opposite."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations

from authoring.content import DraftCriterion
from authoring.drafts.scene import Scene
from authoring.lint import RULES, Finding, Rewrite, Severity
from authoring.lint.places import found
from authoring.lint.words.facts import Place, Said, checked_facts, chooses_one, said_in
from authoring.lint.words.reading import readings

ALIKE = 0.75
Pair = tuple[DraftCriterion, DraftCriterion]
Spoken = tuple[DraftCriterion, Said]


@RULES.add("R01")
def not_twice(scene: Scene) -> Iterator[Finding]:
    """What is asked twice counts twice, without anybody having decided so."""
    spoken = _spoken(scene)
    pairs = {_keys(pair): pair for pair in _same_facts(spoken, agree=True)}
    for first, second in pairs.values():
        why = f"This asks for the same field of the same record as “{first.key}”."
        yield _about(second, "R01", Severity.ERROR, why)
    for one, other in _by_speaker(spoken):
        pair = one[0], other[0]
        if _alike(one[1], other[1]) and _keys(pair) not in pairs:
            why = f"This says the same as “{one[0].key}” in other words."
            yield _about(other[0], "R01", Severity.WARNING, why)


@RULES.add("R02")
def not_inside(scene: Scene) -> Iterator[Finding]:
    """Whoever meets the longer of two has met the shorter as well, and is paid for both."""
    for one, other in _by_speaker(_spoken(scene)):
        for (small, less), (large, more) in ((one, other), (other, one)):
            if _is_within(less, more):
                why = f"Whoever meets “{large.key}” has met this as well."
                yield _about(small, "R02", Severity.WARNING, why)


@RULES.add("R03")
def no_contradiction(scene: Scene) -> Iterator[Finding]:
    """Nobody can meet two criteria of which one denies the other."""
    spoken = [each for each in _spoken(scene) if each[0].points > 0]
    pairs = {_keys(pair): pair for pair in _same_facts(spoken, agree=False)}
    for one, other in _by_speaker(spoken):
        if one[1].denied != other[1].denied and one[1].stems == other[1].stems:
            pairs.setdefault(_keys((one[0], other[0])), (one[0], other[0]))
    for first, second in pairs.values():
        why = f"This and “{first.key}” cannot both be met."
        yield _about(second, "R03", Severity.ERROR, why)


def _spoken(scene: Scene) -> list[Spoken]:
    return [(criterion, said_in(reading)) for criterion, reading in readings(scene)]


def _by_speaker(spoken: list[Spoken]) -> Iterator[tuple[Spoken, Spoken]]:
    """Give the pairs that could be one thing: the same is done by the same, good or bad alike."""
    groups: dict[tuple[str, str, bool], list[Spoken]] = defaultdict(list)
    for each in spoken:
        if each[1].stems:
            groups[each[1].by, each[1].act, each[0].points > 0].append(each)
    for group in groups.values():
        yield from combinations(group, 2)


def _same_facts(spoken: list[Spoken], *, agree: bool) -> Iterator[Pair]:
    """Give pairs about one field of one record, by words or by checks."""
    by_place: dict[tuple[bool, Place], list[tuple[DraftCriterion, str]]] = defaultdict(list)
    for criterion, said in spoken:
        for place, value in _facts(criterion, said, agree=agree).items():
            by_place[criterion.points > 0, place].append((criterion, value))
    for facts in by_place.values():
        for (first, one), (second, other) in combinations(facts, 2):
            if (one == other) == agree:
                yield first, second


def _facts(criterion: DraftCriterion, said: Said, *, agree: bool) -> Mapping[Place, str]:
    """Give value by place; where values are to differ, only those that stand for one row."""
    checked = checked_facts(criterion) if agree or chooses_one(criterion) else {}
    spoken = dict([said.fact]) if said.fact else {}
    return {**checked, **spoken}


def _alike(one: Said, other: Said) -> bool:
    if one.literals != other.literals or one.denied != other.denied:
        return False
    left, right = one.stems - other.stems, other.stems - one.stems
    if (left and right) or len(left) + len(right) > 1:
        return False
    both = len(one.stems & other.stems)
    return both >= ALIKE * (both + len(left) + len(right))


def _is_within(less: Said, more: Said) -> bool:
    return (
        bool(less.literals)
        and less.literals < more.literals
        and less.stems < more.stems
        and less.is_asked
        and more.is_asked
        and less.denied == more.denied
    )


def _keys(pair: Pair) -> tuple[str, str]:
    return pair[0].key, pair[1].key


def _about(criterion: DraftCriterion, rule: str, severity: Severity, why: str) -> Finding:
    url = f"#criterion-{criterion.key}"
    remove = Rewrite(label="Remove this criterion", path=f"rubric/{criterion.key}", url=url)
    return found(rule, severity, criterion, why, criterion.text.strip(), remove)
