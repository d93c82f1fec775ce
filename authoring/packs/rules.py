"""The checks of a pack, one function each: tables in, what is wrong out; nothing is asked of a
database here.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from authoring.content import CATEGORIES
from authoring.listing.asked import DIFFICULTIES
from authoring.models import Revision
from authoring.packs.chosen import Chosen
from authoring.packs.facts import Facts, Row
from authoring.packs.likeness import Words, alike
from authoring.splits import HELD_OUT, SPLITS, TRAIN
from simulation.wording import counted, listed, spoken

NAMED = 5  # rows that a sentence names


class Level(StrEnum):
    ERROR = "error"  # it cannot be frozen
    WARNING = "warning"
    NOTE = "note"  # nothing is wrong with it


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a check found. least: of so many tasks it can be said; fewer may be seen by a person."""

    text: str
    tasks: tuple[str, ...] = ()
    least: int = 1


@dataclass(frozen=True, kw_only=True)
class Composition:
    """What is checked.

    plan: the split of each slug, "" where sizes cannot be met. size_problems: why. has_judge:
    whether a judge is configured. waiting: slugs of tasks that are still to be played.
    """

    chosen: Sequence[Chosen]
    facts: Mapping[str, Facts]
    plan: Mapping[str, str]
    size_problems: Sequence[str]
    is_for_training: bool
    has_judge: bool
    waiting: frozenset[str] = frozenset()

    def in_split(self, split: str) -> list[Chosen]:
        return [each for each in self.chosen if self.plan.get(each.slug) == split]

    def words(self, slug: str) -> Words:
        return self.facts[slug].words if slug in self.facts else frozenset()


@dataclass(frozen=True)
class Check:
    """A check by a stable name. about: what its findings are, said without naming tasks."""

    level: Level
    about: str
    find: Callable[[Composition], Iterator[Found]]


def _emptiness(pack: Composition) -> Iterator[Found]:
    if not pack.chosen:
        yield Found(text="The pack has no tasks yet.")


def _sizes(pack: Composition) -> Iterator[Found]:
    for problem in pack.size_problems:
        yield Found(text=f"{problem[:1].upper()}{problem[1:]}.")


def _retired(pack: Composition) -> Iterator[Found]:
    yield from _each(pack, lambda c: c.is_retired, "Retired tasks are in no new pack or run.")


def _approval(pack: Composition) -> Iterator[Found]:
    approved = (Revision.State.APPROVED, Revision.State.SUPERSEDED)
    text = "The chosen revision was never approved, or its approval was taken back."
    yield from _each(pack, lambda c: c.state not in approved, text)


def _newer(pack: Composition) -> Iterator[Found]:
    text = "A newer revision is approved."
    yield from _each(pack, lambda c: c.state == Revision.State.SUPERSEDED, text)


def _worlds(pack: Composition) -> Iterator[Found]:
    by_world: dict[str, list[str]] = defaultdict(list)
    for each in pack.chosen:
        if each.slug not in pack.facts and each.slug not in pack.waiting:
            by_world[each.world].append(each.slug)
    for world, slugs in sorted(by_world.items()):
        yield Found(text=f"There is no published world {world}.", tasks=tuple(slugs))


def _references(pack: Composition) -> Iterator[Found]:
    for slug, facts in pack.facts.items():
        if facts.problems:
            yield Found(text="\n".join(facts.problems), tasks=(slug,))


def _trivial_rewards(pack: Composition) -> Iterator[Found]:
    for slug, facts in pack.facts.items():
        if facts.warnings:
            yield Found(text="\n".join(facts.warnings), tasks=(slug,))


def _human_criteria(pack: Composition) -> Iterator[Found]:
    if pack.is_for_training:
        text = "A criterion waits for a person; in training nobody is there to decide it."
        yield from _of_kind(pack, "human", text)


def _judge_criteria(pack: Composition) -> Iterator[Found]:
    if not pack.has_judge:
        text = "A judge decides a criterion; none is configured here, so rewards stay open."
        yield from _of_kind(pack, "judge", text)


def _duplicates(pack: Composition) -> Iterator[Found]:
    for slugs in _same(pack).values():
        if len(slugs) > 1:
            text = "These ask the same, in the same world and setup: one of them is enough."
            yield Found(text=text, tasks=tuple(slugs), least=2)


def _near_duplicates(pack: Composition) -> Iterator[Found]:
    """Give groups of prompts that are alike; families are meant to be."""
    by_words = _by_words(pack)
    families = {each.slug: each.family or each.slug for each in pack.chosen}
    for group in _groups(by_words):
        slugs = sorted(slug for words in group for slug in by_words[words])
        units = {families[slug] for slug in slugs}
        if len(units) > 1 and len({pack.facts[slug].same for slug in slugs}) > 1:
            yield Found(
                text="The prompts of these tasks are nearly the same.", tasks=(*slugs,), least=2
            )


def _held_out_alike(pack: Composition) -> Iterator[Found]:
    """Say where whoever trains on a pack has seen nearly what is held out."""
    by_words = _by_words(pack)
    near = alike(by_words)
    train = {each.slug for each in pack.in_split(TRAIN)}
    for each in pack.in_split(HELD_OUT):
        words = pack.words(each.slug)
        like = {s for w in (words, *near.get(words, ())) for s in by_words.get(w, ()) if s in train}
        if like:
            tasks = (each.slug, *sorted(like))
            text = f"{each.slug} is held out, and train tasks have nearly the same prompt."
            yield Found(text=text, tasks=tasks, least=len(tasks))


def _held_out_rows(pack: Composition) -> Iterator[Found]:
    users: dict[tuple[str, Row], set[str]] = defaultdict(set)
    for each in pack.in_split(TRAIN):
        for row in _rows(pack, each):
            users[each.world.partition("@")[0], row].add(each.slug)
    for each in pack.in_split(HELD_OUT):
        world = each.world.partition("@")[0]
        shared = {
            row: users[world, row] for row in sorted(_rows(pack, each)) if (world, row) in users
        }
        if shared:
            tasks = (each.slug, *sorted(set().union(*shared.values())))
            text = f"{each.slug} is held out, and train tasks are about {_said(shared)} too."
            yield Found(text=text, tasks=tasks, least=len(tasks))


def _coverage(pack: Composition) -> Iterator[Found]:
    there = Counter((each.category, each.difficulty) for each in pack.chosen)
    for category in CATEGORIES if pack.chosen else ():
        if empty := [d for d in DIFFICULTIES if not there[category, d]]:
            yield Found(text=f"No task of {spoken(category)} is {listed(empty, 'or')}.")


def _split_coverage(pack: Composition) -> Iterator[Found]:
    there = {(each.category, each.difficulty) for each in pack.chosen}
    for split in SPLITS if pack.chosen and not pack.size_problems else ():
        members = pack.in_split(split)
        missing = there - {(each.category, each.difficulty) for each in members}
        if not members:
            yield Found(text=f"The split {split} has no tasks.")
        elif missing:
            kinds = counted(len(missing), "kind")
            cells = listed(f"{spoken(c)} ({d})" for c, d in sorted(missing))
            yield Found(
                text=f"The split {split} lacks {kinds} of tasks that the pack has: {cells}."
            )


CHECKS: Mapping[str, Check] = {
    "empty": Check(Level.ERROR, "no tasks", _emptiness),
    "sizes": Check(Level.ERROR, "sizes that cannot be met", _sizes),
    "retired": Check(Level.ERROR, "retired", _retired),
    "approval": Check(Level.ERROR, "not approved", _approval),
    "world": Check(Level.ERROR, "without a published world", _worlds),
    "reference": Check(
        Level.ERROR, "whose reference does not pass, or whose near-miss does", _references
    ),
    "duplicates": Check(Level.ERROR, "that ask the same as another", _duplicates),
    "held_out_alike": Check(
        Level.ERROR, "whose prompt is nearly that of a train task", _held_out_alike
    ),
    "human_criteria": Check(
        Level.ERROR, "with a criterion that waits for a person", _human_criteria
    ),
    "newer": Check(Level.WARNING, "with a newer approved revision", _newer),
    "near_duplicates": Check(
        Level.WARNING, "whose prompt is nearly that of another", _near_duplicates
    ),
    "held_out_rows": Check(
        Level.WARNING, "about rows that train tasks are about too", _held_out_rows
    ),
    "trivial_reward": Check(Level.WARNING, "that reward doing nothing", _trivial_rewards),
    "coverage": Check(Level.WARNING, "missing", _coverage),
    "split_coverage": Check(Level.WARNING, "missing", _split_coverage),
    "judge_criteria": Check(Level.NOTE, "with a criterion that a judge decides", _judge_criteria),
}


def cells_of(pack: Composition) -> Iterator[tuple[tuple[str, str, str], int]]:
    """Give how many tasks each category, difficulty and split has, empty ones too."""
    there = Counter((e.category, e.difficulty, pack.plan.get(e.slug, "")) for e in pack.chosen)
    yield from ((cell, there[cell]) for cell in product(CATEGORIES, DIFFICULTIES, SPLITS))


def _each(pack: Composition, is_so: Callable[[Chosen], bool], text: str) -> Iterator[Found]:
    if slugs := tuple(each.slug for each in pack.chosen if is_so(each)):
        yield Found(text=text, tasks=slugs)


def _of_kind(pack: Composition, kind: str, text: str) -> Iterator[Found]:
    having = {slug for slug, facts in pack.facts.items() if kind in facts.kinds}
    yield from _each(pack, lambda each: each.slug in having, text)


def _same(pack: Composition) -> Mapping[bytes, list[str]]:
    same: dict[bytes, list[str]] = defaultdict(list)
    for each in pack.chosen:
        if each.slug in pack.facts and pack.facts[each.slug].same:
            same[pack.facts[each.slug].same].append(each.slug)
    return same


def _by_words(pack: Composition) -> Mapping[Words, list[str]]:
    by_words: dict[Words, list[str]] = defaultdict(list)
    for each in pack.chosen:
        if words := pack.words(each.slug):
            by_words[words].append(each.slug)
    return by_words


def _groups(by_words: Collection[Words]) -> Iterator[set[Words]]:
    """Give what hangs together by being alike, a set that is like no other as well."""
    near, seen = alike(by_words), set[Words]()
    for words in by_words:
        group, waiting = set[Words](), [words]
        while waiting:
            one = waiting.pop()
            if one not in seen:
                seen.add(one)
                group.add(one)
                waiting += near.get(one, ())
        if group:
            yield group


def _rows(pack: Composition, each: Chosen) -> Collection[Row]:
    return pack.facts[each.slug].rows if each.slug in pack.facts else ()


def _said(rows: Collection[Row]) -> str:
    said = [f"{spoken(entity_type)} {key}" for entity_type, key in rows]
    more = [f"{len(said) - NAMED} more"] if len(said) > NAMED else []
    return listed([*said[:NAMED], *more])
