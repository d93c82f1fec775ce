"""Splits: the same whatever a task is packed with, families together, exact sizes or none."""

from collections import Counter
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from authoring.packs.filling import fill, nearest
from authoring.packs.splitting import Member, by_share, place_of, plan_splits
from authoring.splits import SPLITS
from simulation.errors import Problems

NAMES = [f"task-{n}" for n in range(14)]
FAMILIES = ("", "", "lamps", "chairs", "desks")


@st.composite
def packs(draw):
    """Draw members with families, of which some have their split already."""
    slugs = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=len(NAMES)))
    of_family = {family: draw(st.sampled_from(("", *SPLITS))) for family in FAMILIES}
    members = []
    for slug in slugs:
        family = draw(st.sampled_from(FAMILIES))
        own = of_family[family] if family else draw(st.sampled_from(("", "", *SPLITS)))
        split = own if draw(st.booleans()) else ""
        members.append(Member(slug=slug, family=family, split=split))
    return members


FEW = settings(max_examples=40)
SIZES = st.dictionaries(st.sampled_from(SPLITS), st.integers(0, 8))


def outcome(members, sizes):
    try:
        return plan_splits(members, sizes)
    except Problems as error:
        return error.problems


@pytest.mark.parametrize(
    ("name", "split"),
    [("sell-lamps", "train"), ("task-9", "test"), ("task-18", "heldout"), ("lamps", "train")],
)
def test_the_hash_of_a_name_decides_for_ever(name, split):
    assert by_share(name) == split


def test_shares_are_kept_over_many_tasks():
    count = Counter(by_share(f"many-{n}") for n in range(4000))

    assert 0.78 < count["train"] / 4000 < 0.82
    assert 0.085 < count["test"] / 4000 < 0.115
    assert 0.085 < count["heldout"] / 4000 < 0.115


@FEW
@given(packs(), SIZES, st.randoms(use_true_random=False))
def test_the_order_of_members_does_not_matter(members, sizes, random):
    shuffled = random.sample(members, len(members))

    assert outcome(shuffled, sizes) == outcome(members, sizes)


@FEW
@given(packs(), SIZES)
def test_what_was_given_once_never_changes_and_families_stay_together(members, sizes):
    plan = outcome(members, sizes)

    if isinstance(plan, dict):
        assert set(plan) == {member.slug for member in members}
        assert all(plan[m.slug] == m.split for m in members if m.split)
        in_family = {(m.family, plan[m.slug]) for m in members if m.family}
        assert len(in_family) == len({family for family, _ in in_family})


@FEW
@given(packs(), st.data())
def test_by_share_nobody_depends_on_who_else_is_there(members, data):
    alone = data.draw(st.sampled_from(members)) if members else None
    fresh = [Member(slug=m.slug, family=m.family, split="") for m in members]

    if alone:
        one = Member(slug=alone.slug, family=alone.family, split="")
        assert plan_splits([one], {})[alone.slug] == plan_splits(fresh, {})[alone.slug]


@FEW
@given(packs(), SIZES)
def test_a_second_pack_with_all_of_it_gives_the_same_again(members, sizes):
    plan = outcome(members, sizes)

    if isinstance(plan, dict):
        again = [Member(slug=m.slug, family=m.family, split=plan[m.slug]) for m in members]
        assert plan_splits(again, {}) == plan


@FEW
@given(packs(), SIZES)
def test_exact_sizes_are_exact_or_refused(members, sizes):
    plan = outcome(members, sizes)

    if isinstance(plan, dict) and sizes:
        count = Counter(plan.values())
        assert {split: count[split] for split in sizes} == sizes


@FEW
@given(st.lists(st.integers(1, 4), max_size=6), st.integers(0, 9), st.integers(0, 9))
def test_rooms_are_filled_wherever_any_choice_fills_them(counts, first, second):
    rooms = (first, second, sum(counts) - first - second)
    there_are = {sizes_of(choice, counts) for choice in product(range(3), repeat=len(counts))}

    chosen = fill(counts, rooms)

    assert (chosen is not None) == (rooms in there_are)
    assert chosen is None or sizes_of(chosen, counts) == rooms
    if min(rooms) >= 0:
        best = min(apart(sizes, rooms) for sizes in there_are)
        assert nearest(counts, rooms) in there_are
        assert apart(nearest(counts, rooms), rooms) == best


def sizes_of(choice, counts):
    taken = Counter()
    for room, count in zip(choice, counts, strict=True):
        taken[room] += count
    return taken[0], taken[1], taken[2]


def apart(one, other):
    return sum(abs(a - b) for a, b in zip(one, other, strict=True))


def test_held_out_takes_the_first_in_the_order_of_hashes_then_test():
    members = [Member(slug=name, family="", split="") for name in NAMES]
    by_hash = sorted(NAMES, key=place_of)

    plan = plan_splits(members, {"heldout": 3, "test": 2})

    assert [plan[name] for name in by_hash] == ["heldout"] * 3 + ["test"] * 2 + ["train"] * 9


def test_a_thousand_tasks_in_families_meet_their_sizes_quickly():
    members = [Member(slug=f"t-{n}", family=f"f-{n // 4}", split="") for n in range(1000)]

    count = Counter(plan_splits(members, {"heldout": 100, "test": 100}).values())

    assert count == {"train": 800, "test": 100, "heldout": 100}
    with pytest.raises(Problems, match=r"nearest are train 80., test 100 and heldout 100"):
        plan_splits(members, {"heldout": 101, "test": 100, "train": 799})


def new(slug, family=""):
    return Member(slug=slug, family=family, split="")


@pytest.mark.parametrize(
    ("members", "sizes", "says"),
    [
        ([new("a")], {"train": 1, "test": 1, "heldout": 0}, "add up to 2, and there are 1 task"),
        ([new("a")], {"heldout": 2}, "add up to 2, and there are 1 task"),
        (
            [Member(slug="a", family="", split="heldout"), new("b")],
            {"heldout": 0},
            "heldout: 1 task of the pack .* 0 are asked for: splits are for life, so ask for 1",
        ),
        (
            [new("a", "f"), new("b", "f"), new("c", "f")],
            {"heldout": 2},
            "families stay together, .* the nearest are train 0, test 0 and heldout 3",
        ),
        (
            [
                Member(slug="a", family="f", split="train"),
                Member(slug="b", family="f", split="test"),
                new("c", "f"),
            ],
            {},
            "family f is in train and test already, so c can be in none of them",
        ),
    ],
)
def test_what_cannot_be_says_what_would_be_possible(members, sizes, says):
    with pytest.raises(Problems, match=says):
        plan_splits(members, sizes)
