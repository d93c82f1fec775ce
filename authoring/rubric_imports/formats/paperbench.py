"""PaperBench: trees of requirements with weights. Leaves become criteria.

What a leaf weighs is the product of its shares among its siblings, all the way up.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from authoring.content import DraftContent
from authoring.rubric_imports import FORMATS, Format, Incoming, Part, Reading
from authoring.rubric_imports.fields import Fields, hints_on, note_of, tidy
from authoring.rubric_imports.places import Place, spoken
from authoring.rubric_imports.points import MOST, fraction_of, points_of_shares
from authoring.rubric_imports.writing import as_json, criteria_of
from authoring.rubrics.changes import MOST as MOST_CRITERIA
from simulation.entities import shorten
from simulation.errors import Conflict

LEVELS = 2  # of branches that can be chosen, below the root
MOST_PARTS = 200
SMALLEST, LARGEST = Fraction(1, 10_000), Fraction(1_000_000)
CATEGORIES = {"code development": "completeness"}
_OWN_ID = re.compile(r"(?![0-9a-f-]{32,36}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Leaf:
    """share: of the whole part that is read. above: what the nodes above it require."""

    place: Place
    node: Mapping[str, Any]
    share: Fraction
    weight: Fraction
    above: tuple[str, ...]


@dataclass
class Walk:
    """One walk over a tree, with the ids that were met."""

    fields: Fields = field(default_factory=Fields)
    ids: Counter[str] = field(default_factory=Counter)

    def leaves(
        self, node: Mapping[str, Any], place: Place, share: Fraction, weight: Fraction,
        above: tuple[str, ...],
    ) -> Iterator[Leaf]:  # fmt: skip
        self._identify(node, place)
        children = node.get("sub_tasks")
        if children is None or children == []:
            yield Leaf(place, node, share, weight, above)
            return
        listed = self.fields.objects(children, (*place, "sub_tasks"), "nodes with requirements")
        weights = [self._weight(child, inner) for inner, child in listed]
        total = sum(weights)
        said = (*above, tidy(str(node.get("requirements") or "")))
        for (inner, child), each in zip(listed, weights, strict=True):
            part = share * each / total if total else Fraction(0)
            yield from self.leaves(child, inner, part, each, said)

    def _identify(self, node: Mapping[str, Any], place: Place) -> None:
        name = node.get("id")
        if name is None:
            return
        if not isinstance(name, str):
            self.fields.wrong((*place, "id"), "write text, or leave it out")
            return
        self.ids[name] += 1
        if self.ids[name] == 2:
            self.fields.wrong((*place, "id"), f"{shorten(name)} is there already: ids are unique")

    def _weight(self, node: Mapping[str, Any], place: Place) -> Fraction:
        weight = fraction_of(node.get("weight"))
        if weight is None or (weight and not SMALLEST <= weight <= LARGEST):
            said = "is missing" if node.get("weight") is None else f"is {shorten(node['weight'])}"
            right = "write 0, or a number from 0.0001 to 1,000,000"
            self.fields.wrong((*place, "weight"), f"the weight {said}: {right}")
            return Fraction(1)
        return weight


def fits(document: Any) -> bool:
    return isinstance(document, dict) and ("sub_tasks" in document or "requirements" in document)


def parts(document: Any) -> tuple[Part, ...]:
    """Give the upper branches of a tree, numbered as a table of contents is."""
    return tuple(_branches(document, "", LEVELS))[:MOST_PARTS]


def read(document: Any, part: str) -> Reading:
    found = _branch(document, part)
    if found is None:
        return Reading(problems=("write one node: requirements, weight and sub_tasks",))
    (place, node), walk = found, Walk()
    leaves = list(walk.leaves(node, place, Fraction(1), Fraction(1), ()))
    if len(leaves) > MOST_CRITERIA:
        walk.fields.problems.insert(0, _too_many(len(leaves), part))
        return Reading(problems=tuple(walk.fields.problems))
    if not any(leaf.share for leaf in leaves):
        walk.fields.wrong(place, "no leaf weighs anything: give sub_tasks a weight above 0")
        return Reading(problems=tuple(walk.fields.problems))
    counted = [leaf for leaf in leaves if leaf.share]
    points, rule = _points(node, counted)
    made = [_incoming(walk.fields, *each) for each in zip(counted, points, strict=True)]
    left_out = len(leaves) - len(counted)
    rules = [rule, *([f"leaves of weight 0 are left out: {left_out}"] if left_out else [])]
    return Reading(criteria=tuple(made), problems=tuple(walk.fields.problems), notices=tuple(rules))


def write(slug: str, content: DraftContent) -> bytes:
    criteria = criteria_of(content)
    if taking := [each.key for each in criteria if each.points < 0]:
        raise Conflict(
            f"{', '.join(taking)}: PaperBench has no weights below 0; export as HealthBench or RaR"
        )
    leaves = [_node(each.key, each.text, each.points, "Result Analysis") for each in criteria]
    return as_json({**_node(slug, content.title or slug, 1, None), "sub_tasks": leaves})


def _node(name: str, requirements: str, weight: int, category: str | None) -> dict[str, Any]:
    return {
        "id": name,
        "requirements": requirements,
        "weight": weight,
        "sub_tasks": [],
        "task_category": category,
        "finegrained_task_category": None,
    }


def _points(node: Mapping[str, Any], leaves: Sequence[Leaf]) -> tuple[list[int], str]:
    """Give the points of leaves, and the rule that was followed."""
    weights = [leaf.weight for leaf in leaves]
    is_flat = all(len(leaf.above) == 1 for leaf in leaves)
    if is_flat and all(each.denominator == 1 and each <= MOST for each in weights):
        return [int(each) for each in weights], "the tree is flat: weights are kept as points"
    points, moved = points_of_shares([leaf.share for leaf in leaves])
    total = sum(points)
    if not moved:
        return points, "shares of the whole became points; rounding moves none of them"
    far = max(
        zip(points, leaves, strict=True), key=lambda e: abs(Fraction(e[0], total) - e[1].share)
    )
    moved_from, moved_to = float(far[1].share), far[0] / total
    return points, (
        "shares of the whole became points from 1 to 100; rounding moves no share by more than"
        f" {float(moved):.2%}: {spoken(far[1].place)} had {moved_from:.2%} and gets {moved_to:.2%}"
    )


def _incoming(fields: Fields, leaf: Leaf, points: int) -> Incoming:
    text = fields.text(leaf.node, "requirements", leaf.place)
    name = str(leaf.node.get("id") or "")
    kinds = [
        fields.optional(leaf.node, kind, leaf.place)
        for kind in ("task_category", "finegrained_task_category")
    ]
    above = " / ".join(" ".join(each.split())[:200] for each in leaf.above if each)
    note, hints = note_of(
        [
            f"PaperBench id: {name}" if name else "",
            f"Below: {above}" if above else "",
            f"Category: {', '.join(filter(None, kinds))}" if any(kinds) else "",
            f"Weight: {float(leaf.weight):g}, {float(leaf.share):.2%} of the whole",
        ]
    )
    return Incoming(
        place=spoken(leaf.place) or "the root",
        text=text,
        points=points,
        before=f"{float(leaf.share):.2%} of the whole",
        category=CATEGORIES.get(kinds[0].lower(), "correctness"),
        key=name if _OWN_ID.fullmatch(name) else "",
        note=note,
        hints=(*hints_on(text), *hints),
    )


def _branch(document: Any, part: str) -> tuple[Place, Mapping[str, Any]] | None:
    """Find a branch by its number, such as 2.1; "" is the root."""
    node: Any = document
    place: Place = ()
    for digits in part.split(".") if part else ():
        children = node.get("sub_tasks") if isinstance(node, dict) else None
        is_place = digits.isdecimal() and digits.isascii() and len(digits) < 7
        if not is_place or not isinstance(children, list) or not 1 <= int(digits) <= len(children):
            return None
        node, place = children[int(digits) - 1], (*place, "sub_tasks", int(digits) - 1)
    return (place, node) if isinstance(node, dict) else None


def _branches(node: Any, number: str, levels: int) -> Iterator[Part]:
    children = node.get("sub_tasks") if isinstance(node, dict) else None
    for n, child in enumerate(children if isinstance(children, list) and levels else [], start=1):
        if isinstance(child, dict) and child.get("sub_tasks"):
            own = f"{number}.{n}".lstrip(".")
            said = " ".join(str(child.get("requirements") or "").split())[:90]
            yield Part(own, f"{own} {said} ({_count(child)} leaves)")
            yield from _branches(child, own, levels - 1)


def _count(node: Any) -> int:
    children = node.get("sub_tasks") if isinstance(node, dict) else None
    return sum(map(_count, children)) if isinstance(children, list) and children else 1


def _too_many(count: int, part: str) -> str:
    where = "this branch" if part else "the tree"
    return (
        f"{where} has {count:,} leaves and a rubric at most {MOST_CRITERIA} criteria: choose a"
        " branch that has fewer"
    )


FORMATS.add("paperbench")(
    Format(
        title="PaperBench",
        shape='{"id", "requirements", "weight", "sub_tasks": […], "task_category"}, a tree',
        suffix="json",
        media_type="application/json",
        fits=fits,
        parts=parts,
        must_choose=False,
        read=read,
        write=write,
    )
)
