"""The setup of a task as a table: entity, field, from, to; with what is wrong beside it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from functools import lru_cache

from django.urls import reverse

from authoring.access import TaskLook
from authoring.drafts.document import fingerprint
from authoring.setups.ground import Ground, Placed, ground_of
from authoring.setups.operations import CLEARED
from authoring.setups.pages import BrokenRule, FieldLine, OperationRow, SetupPage, Word
from simulation.browser.links import Links, RowLink
from simulation.browser.values import Shown, Values
from simulation.entities import EntityType, Row
from simulation.integrity.inspecting import broken_by, corrections
from simulation.integrity.parts import Correction
from simulation.integrity.report import Finding
from simulation.pages import shown_value, written
from simulation.snapshots import Snapshot
from simulation.state import Change, net
from simulation.text import canonical
from simulation.titles import gist, path_label, title_of
from simulation.wording import counted, listed, spoken

WORDS: dict[str, Word] = {"create": "added", "update": "changed", "delete": "removed"}
MOST_BROKEN = 5  # rows that are shown of those that break one rule


def setup_page(look: TaskLook) -> SetupPage:
    ground = ground_of(look)
    if ground is None:
        return SetupPage(
            operations=(), summary=(), seen="", broken=(), amounts=(),
            problem=look.scene.world_problem,
        )  # fmt: skip
    rows = tuple(operation_rows(ground, ground.placed, may_edit=look.may_edit))
    counts = Counter(row.word for row in rows)
    broken = surprises(ground)
    return SetupPage(
        operations=rows,
        summary=tuple((word, counts[word]) for word in WORDS.values() if counts[word]),
        seen=_seen(ground),
        broken=tuple(broken_rules(ground.links, broken)),
        amounts=tuple(_amount(each) for each in fitting(ground, broken)),
    )


def operation_rows(
    ground: Ground, placed: Sequence[Placed], *, may_edit: bool = False, links: Links | None = None
) -> Iterator[OperationRow]:
    """links: a world that has the rows in it, where they are not in the setup yet."""
    last = placed[-1].number if placed else 0
    for each in placed:
        kind = (links or ground.links).company.entity_types.get(each.entity_type)
        if kind is None or each.op not in WORDS:
            yield _unreadable(each, is_last=each.number == last)
        else:
            yield _row(ground, links or ground.links, kind, each, last, may_edit=may_edit)


def _row(
    ground: Ground, links: Links, kind: EntityType, each: Placed, last: int, *, may_edit: bool
) -> OperationRow:
    can_edit = may_edit and each.op != "delete"
    return OperationRow(
        number=each.number,
        word=WORDS[each.op],
        kind=kind.label,
        link=_link(ground, links, kind, each),
        gist=_gist(kind, each),
        lines=tuple(_lines(Values(links, kind), kind, each)),
        problems=each.applied.problems,
        base=fingerprint(dict(each.operation)),
        edit_url=reverse("setup:edit", args=[ground.slug, each.number]) if can_edit else "",
        is_first=each.number == 1,
        is_last=each.number == last,
    )


def _link(ground: Ground, links: Links, kind: EntityType, each: Placed) -> RowLink:
    """Link to the row as it is after setup; one that is removed, to the world's own."""
    if each.op == "delete" and ground.base.rows(kind.name).get(each.key):
        return Links(ground.world, ground.base).row(kind.name, each.key)
    return links.row(kind.name, each.key)


def _unreadable(each: Placed, *, is_last: bool) -> OperationRow:
    name = each.entity_type or "no type"
    return OperationRow(
        number=each.number,
        word="unreadable",
        kind=spoken(name),
        link=RowLink(url="", key=each.key, title="", kind=name),
        gist="",
        lines=(),
        problems=each.applied.problems,
        base=fingerprint(dict(each.operation)),
        raw=shown_value(dict(each.operation)),
        is_first=each.number == 1,
        is_last=is_last,
    )


def _gist(kind: EntityType, each: Placed) -> str:
    """Say what a removed row was, beside its title."""
    if each.op != "delete" or each.before is None:
        return ""
    return gist(kind, each.before).removeprefix(title_of(kind, each.before)).removeprefix(" · ")


def _lines(values: Values, kind: EntityType, each: Placed) -> Iterator[FieldLine]:
    """Show the fields that an operation writes, as the type has them in order."""
    if each.op == "delete":
        return
    before: Row = each.before or {} if each.op == "update" else {}
    names = [name for name in kind.fields if name in each.fields]
    names += [name for name in each.fields if name not in kind.fields]
    for name in names:
        old, new = before.get(name), each.fields[name]
        yield FieldLine(
            name=name,
            label=path_label(name),
            before=_shown(values, kind, name, old),
            after=_shown(values, kind, name, new),
            is_same=each.op == "update" and old == new,
        )


def _shown(values: Values, kind: EntityType, name: str, value: object) -> Shown | None:
    if value is None or value == CLEARED:
        return None
    if name not in kind.fields:
        return Shown(form="text", text=shown_value(value))
    return values.shown(name, value)


def _seen(ground: Ground) -> str:
    """Say what agents find that is not so in the world: "1 order more; 2 items changed"."""
    words = (("more", _is_more), ("changed", _is_changed), ("less", _is_less))
    changes = net(ground.changes)
    parts = [
        f"{_counted(ground, [c for c in changes if fits(c)])} {word}"
        for word, fits in words
        if any(map(fits, changes))
    ]
    return "; ".join(parts)


def _is_more(change: Change) -> bool:
    return change.before is None


def _is_less(change: Change) -> bool:
    return change.after is None


def _is_changed(change: Change) -> bool:
    return change.before is not None and change.after is not None


def _counted(ground: Ground, changes: Sequence[Change]) -> str:
    counts = Counter(change.entity_type for change in changes)
    kinds = ground.links.company.entity_types
    return listed(
        counted(number, kinds[name].label, kinds[name].label_plural)
        for name, number in counts.items()
    )


@dataclass(frozen=True)
class _Asked:
    """What the company's rules are asked of: equal setups on one world are asked once."""

    base: Snapshot
    changed: bytes
    ground: Ground = field(compare=False)


def surprises(ground: Ground) -> list[Finding]:
    """Give what breaks rules of the company after setup, and breaks none in the world itself."""
    if not ground.changes:
        return []
    changed = canonical([[each.entity_type, each.id, each.after] for each in ground.changes])
    return [*_broken_after(_Asked(ground.base, changed, ground))]


@lru_cache(maxsize=32)
def _broken_after(asked: _Asked) -> tuple[Finding, ...]:
    ground = asked.ground
    kinds = ground.base.company.entity_types
    rows = {(name, key) for name in kinds for key in ground.links.whole.rows(name)}
    known = _broken_before(ground.base)
    found = broken_by(ground.base, ground.changes, rows)
    return tuple(each for each in found if each not in known)


@lru_cache(maxsize=4)
def _broken_before(base: Snapshot) -> frozenset[Finding]:
    rows = {(name, key) for name in base.company.entity_types for key in base.rows(name)}
    return frozenset(broken_by(base, (), rows))


def broken_rules(links: Links, findings: Iterable[Finding]) -> Iterator[BrokenRule]:
    """Show by rule what breaks it, the first few each."""
    rules = {rule.name: rule.text for rule in links.company.checks.rules}
    together: dict[str, list[Finding]] = {}
    for each in findings:
        together.setdefault(each.rule, []).append(each)
    for name, found in together.items():
        rows = tuple(
            (links.row(each.entity_type, each.id), each.sentence) for each in found[:MOST_BROKEN]
        )
        more = len(found) - len(rows)
        yield BrokenRule(rule=rules[name], rows=rows, more=f"and {more:,} more" if more else "")


def fitting(ground: Ground, broken: Sequence[Finding]) -> list[Correction]:
    """Compute what follows from the setup's rows, in them and in those that it contradicts."""
    own = {(change.entity_type, change.id) for change in ground.changes if change.after}
    found = {(finding.entity_type, finding.id) for finding in broken}
    near = {place for place in found if _names(ground, place, own)}
    return corrections(ground.base, ground.changes, own | near)


def _names(ground: Ground, place: tuple[str, str], rows: Set[tuple[str, str]]) -> bool:
    """Tell whether a row refers to one of some others by itself."""
    row = ground.links.whole.rows(place[0]).get(place[1], {})
    fields = ground.links.kind(place[0]).fields.values()
    return any(f.target and (f.target, row.get(f.name)) in rows for f in fields)


def _amount(each: Correction) -> str:
    name = f"{spoken(each.entity_type)} {each.id}: {path_label(each.field)}"
    return f"{name} {written(each.value)}" if each.value is not None else f"{name} left out"
