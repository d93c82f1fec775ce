"""What differs between two states of a task: texts word by word, everything else field by field.

Criteria are matched by key, operations of the setup by their row, steps in their order.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from authoring.content import DraftContent
from authoring.history.words import Piece, compare_texts
from grading.criteria import POINT_WORDS
from grading.graders import read_check
from simulation.errors import GymError
from simulation.text import canonical
from simulation.wording import counted, listed, spoken

Operation = Literal["added", "removed", "changed", "moved"]
PARTS = {
    "prompt": "Prompt",
    "setting": "Who, where, with what",
    "about": "About the task",
    "customer": "Customer",
    "setup": "Setup",
    "reference": "Reference",
    "near_misses": "Near misses",
    "rubric": "Rubric",
}
_TEXTS = {"prompt": ("prompt",), "about": ("title", "notes")}
_PLAIN = {
    "setting": (
        "world",
        "mode",
        "system_prompt",
        "toolset",
        "asker",
        "max_results",
        "budgets",
        "faults",
    ),
    "about": ("category", "difficulty", "target_level", "tags"),
    "customer": ("customer",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TextDifference:
    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldDifference:
    """One value before and after; "" is absent."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDifference:
    """One item of a list; `place` is its place as comments and findings name it."""

    title: str
    place: str
    operation: Operation
    note: str = ""
    texts: tuple[TextDifference, ...] = ()
    fields: tuple[FieldDifference, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PartDifference:
    name: str
    title: str
    texts: tuple[TextDifference, ...] = ()
    fields: tuple[FieldDifference, ...] = ()
    items: tuple[ItemDifference, ...] = ()

    @property
    def summary(self) -> str:
        """Say in a few words what of the part changed: "2 changed, 1 added"."""
        words = ("changed", "added", "removed", "moved")
        numbers = {word: sum(item.operation == word for item in self.items) for word in words}
        said = [f"{number} {word}" for word, number in numbers.items() if number]
        return ", ".join(said) or "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Only parts that differ."""

    parts: tuple[PartDifference, ...]

    @property
    def summary(self) -> str:
        names = [f"{part.title.lower()} ({part.summary})" for part in self.parts]
        return listed(names) if names else "nothing changed"


def compare(before: DraftContent, after: DraftContent) -> Comparison:
    old, new = before.model_dump(mode="json"), after.model_dump(mode="json")
    parts = (_part(name, title, old, new) for name, title in PARTS.items())
    return Comparison(parts=tuple(p for p in parts if p.texts or p.fields or p.items))


def compare_values(path: str, before: Any, after: Any) -> ItemDifference:
    """Compare two states of one part of a document, named by its path."""
    name = path.partition("/")[0]
    title = spoken(path.replace("/", " "))
    if isinstance(before, str) and isinstance(after, str):
        texts = (TextDifference(label=title, pieces=compare_texts(before, after)),)
        return ItemDifference(title=title, place=path, operation="changed", texts=texts)
    if name == "rubric" and "/" in path:
        return _criterion(before, after, title, path)
    if name == "reference" and "/" in path:
        return _step(before, after, title, path)
    fields = tuple(_fields(before, after))
    operation = _operation(before, after)
    return ItemDifference(title=title, place=path, operation=operation, fields=fields)


def _part(name: str, title: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> PartDifference:
    texts = tuple(
        TextDifference(label=spoken(each), pieces=compare_texts(old[each], new[each]))
        for each in _TEXTS.get(name, ())
        if old[each] != new[each]
    )
    fields = tuple(
        difference
        for each in _PLAIN.get(name, ())
        for difference in _fields({each: old[each]}, {each: new[each]})
    )
    items = tuple(_ITEMS[name](old, new)) if name in _ITEMS else ()
    return PartDifference(name=name, title=title, texts=texts, fields=fields, items=items)


def _criteria(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[ItemDifference]:
    before = {each["key"]: each for each in old["rubric"]["criteria"]}
    after = {each["key"]: each for each in new["rubric"]["criteria"]}
    moved = _moved([*before], [*after])
    numbers = {key: number for number, key in enumerate(after, start=1)}
    for key, criterion in after.items():
        title, place = f"Criterion {numbers[key]} · {key}", f"criterion/{key}"
        if before.get(key) != criterion:
            yield _criterion(before.get(key), criterion, title, place)
        elif key in moved:
            was = [*before].index(key) + 1
            yield ItemDifference(title=title, place=place, operation="moved", note=f"it was {was}")
    for key in before.keys() - after.keys():
        yield _criterion(before[key], None, f"Criterion · {key}", f"criterion/{key}")


def _moved(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """Name those of both lists that do not keep their order: as few as explain it."""
    common = set(before) & set(after)
    old, new = [k for k in before if k in common], [k for k in after if k in common]
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    kept = {old[block.a + n] for block in blocks for n in range(block.size)}
    return common - kept


def _criterion(before: Any, after: Any, title: str, place: str) -> ItemDifference:
    old, new = before or {}, after or {}
    texts = [
        TextDifference(label=label, pieces=compare_texts(one, other))
        for label, one, other in (
            ("text", old.get("text", ""), new.get("text", "")),
            ("check", _sentence(old), _sentence(new)),
            ("note", old.get("note", ""), new.get("note", "")),
        )
        if one != other
    ]
    plain = [{"weight": _weight(c), "category": c.get("category", "")} for c in (old, new)]
    checks = ({"check": c.get("check") or {}} if before and after else {} for c in (old, new))
    fields = [*_fields(*plain), *_fields(*checks)]
    return ItemDifference(
        title=title,
        place=place,
        operation=_operation(before, after),
        texts=tuple(texts),
        fields=tuple(fields),
    )


def _weight(criterion: Mapping[str, Any]) -> str:
    points = criterion.get("points")
    if points is None:
        return ""
    return f"{POINT_WORDS[points]} ({points:+d})" if points in POINT_WORDS else f"{points:+d}"


def _sentence(criterion: Mapping[str, Any]) -> str:
    check = criterion.get("check") or {}
    try:
        return read_check(check).sentence() if check else ""
    except GymError:
        return f"unfinished {spoken(str(check.get('kind', 'check')))}"


def _setup(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[ItemDifference]:
    before, after = _by_row(old["setup"]), _by_row(new["setup"])
    for key in dict.fromkeys([*after, *before]):
        one, other = before.get(key), after.get(key)
        if one != other:
            number = [*after].index(key) + 1 if key in after else 0
            yield ItemDifference(
                title=_row_title(other or one),
                place=f"setup/{number}" if number else "setup",
                operation=_operation(one, other),
                fields=tuple(_fields(one, other)),
            )


def _by_row(patch: Sequence[Mapping[str, Any]]) -> dict[tuple[Any, ...], Mapping[str, Any]]:
    """Name each operation by its row; the second one on a row by its number as well."""
    named: dict[tuple[Any, ...], Mapping[str, Any]] = {}
    for operation in patch:
        key: tuple[Any, ...] = (operation.get("entity_type"), operation.get("id"))
        while key in named:
            key = (*key, 1)
        named[key] = operation
    return named


def _row_title(operation: Any) -> str:
    verb = {"create": "New", "update": "Changed", "delete": "Removed"}
    said = verb.get(operation.get("op"), "?")
    return f"{said} {spoken(str(operation.get('entity_type', 'row')))} {operation.get('id', '')}"


def _steps(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[ItemDifference]:
    yield from _solutions(old["reference"], new["reference"], "reference")


def _near_misses(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[ItemDifference]:
    before = {each["name"]: each["solution"] for each in old["near_misses"]}
    after = {each["name"]: each["solution"] for each in new["near_misses"]}
    for name in dict.fromkeys([*after, *before]):
        one, other = before.get(name), after.get(name)
        if one != other:
            steps = [*_solutions(one or [], other or [], "reference")]
            yield ItemDifference(
                title=name,
                place="reference",
                operation=_operation(one, other),
                note=counted(len(steps), "step differs", "steps differ"),
            )


def _solutions(
    old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]], part: str
) -> Iterator[ItemDifference]:
    """Pair steps in their order; a step that became another one of the same tool is changed."""
    before, after = ([canonical(step) for step in steps] for steps in (old, new))
    for op, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if op == "equal":
            continue
        for one, other, number in _paired(old[a:b], new[c:d], c):
            title = f"Step {number} · {_step_name(other or one)}"
            yield _step(one, other, title, f"{part}/{number}")


def _paired(
    old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]], start: int
) -> Iterator[tuple[Any, Any, int]]:
    before, after = ([_step_name(step) for step in steps] for steps in (old, new))
    for op, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if op == "equal":
            yield from ((old[a + n], new[c + n], start + c + n + 1) for n in range(b - a))
            continue
        yield from ((step, None, start + c + 1) for step in old[a:b])
        yield from ((None, step, start + c + n + 1) for n, step in enumerate(new[c:d]))


def _step(before: Any, after: Any, title: str, place: str) -> ItemDifference:
    old, new = before or {}, after or {}
    texts: tuple[TextDifference, ...] = ()
    if "message" in old or "message" in new:
        pieces = compare_texts(old.get("message", ""), new.get("message", ""))
        texts = (TextDifference(label="message", pieces=pieces),)
    fields = _fields(
        {k: v for k, v in old.items() if k != "message"},
        {k: v for k, v in new.items() if k != "message"},
    )
    operation = _operation(before, after)
    return ItemDifference(
        title=title, place=place, operation=operation, texts=texts, fields=tuple(fields)
    )


def _step_name(step: Mapping[str, Any]) -> str:
    return str(step.get("call", "message"))


_ITEMS = {
    "rubric": _criteria,
    "setup": _setup,
    "reference": _steps,
    "near_misses": _near_misses,
}


def _operation(before: Any, after: Any) -> Operation:
    if before is None:
        return "added"
    return "removed" if after is None else "changed"


def _fields(before: Any, after: Any) -> Iterator[FieldDifference]:
    """Compare two JSON values leaf by leaf."""
    old, new = dict(_leaves(before, ())), dict(_leaves(after, ()))
    for path in dict.fromkeys([*old, *new]):
        one, other = old.get(path, ""), new.get(path, "")
        if one != other:
            yield FieldDifference(label=_label(path), before=one, after=other)


def _label(path: tuple[str, ...]) -> str:
    return ", ".join(f"no. {int(p) + 1}" if p.isdecimal() else spoken(p) for p in path) or "value"


def _leaves(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _leaves(item, (*path, key))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _leaves(item, (*path, str(place)))
    elif value is not None:
        yield path, _said(value)


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
