"""The engine's own rules: what every world of every company must be, whoever wrote its rows."""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from simulation.entities import KEY_LENGTH, EntityType, Row
from simulation.errors import GymError
from simulation.integrity.inspection import Inspection
from simulation.integrity.parts import Breach, Rule, Severity, sentence_of
from simulation.values import instant_key, pluck

Find = Callable[[Inspection], Iterator[Breach]]
RULES: list[Rule] = []
EMPLOYEE = "employee"  # the type that the agent is one of, in companies that have it


def _engine(severity: Severity) -> Callable[[Find], Find]:
    def add(function: Find) -> Find:
        RULES.append(Rule(function.__name__, sentence_of(function), function, severity))
        return function

    return add


@_engine(Severity.ERROR)
def known_entity_types(inspection: Inspection) -> Iterator[Breach]:
    """Every row is of a type that the company has."""
    known = inspection.world.entity_types
    for name in inspection.snapshot.stored_types:
        if name not in known:
            sentence = f"there is no such entity type; there are {', '.join(known)}"
            yield Breach(name, "", "", sentence)


@_engine(Severity.ERROR)
def acceptable_rows(inspection: Inspection) -> Iterator[Breach]:
    """Every row is one that an import would take."""
    for kind, key, row in _stored(inspection):
        if not 0 < len(key) <= KEY_LENGTH:
            yield Breach(kind.name, key, "id", f"an id is text of 1 to {KEY_LENGTH} characters")
        try:
            kind.check({name: value for name, value in row.items() if name != "id"})
        except GymError as error:
            for line in error.message.splitlines():
                path, _, sentence = line.partition(": ")
                yield Breach(kind.name, key, path, sentence)


@_engine(Severity.ERROR)
def references_lead_to_rows(inspection: Inspection) -> Iterator[Breach]:
    """Every reference leads to a row of the world, those inside values too."""
    for kind, key, path, target, value in _references(inspection):
        if not isinstance(value, str) or inspection.snapshot.stored(target, value) is None:
            yield Breach(kind.name, key, path, f"there is no {target} {value!r}")


@_engine(Severity.ERROR)
def the_agent_is_somebody(inspection: Inspection) -> Iterator[Breach]:
    """The employee whom agents act as is a row of the world."""
    agent = inspection.snapshot.agent_employee_id
    has_employees = EMPLOYEE in inspection.world.entity_types
    if agent and has_employees and inspection.snapshot.stored(EMPLOYEE, agent) is None:
        sentence = f"the world's agentEmployeeId names {agent!r}, and there is no such row"
        yield Breach(EMPLOYEE, agent, "", sentence)


@_engine(Severity.WARNING)
def references_lead_to_what_agents_see(inspection: Inspection) -> Iterator[Breach]:
    """A row that agents see refers to none that they cannot see."""
    for kind, key, path, target, value in _references(inspection):
        seen = inspection.get(kind.name, key) and not inspection.get(target, value)
        if seen and isinstance(value, str) and inspection.snapshot.stored(target, value):
            sentence = f"{target} {value!r} was created after the clock, so agents cannot see it"
            yield Breach(kind.name, key, path, sentence)


@_engine(Severity.WARNING)
def one_spelling_of_an_id(inspection: Inspection) -> Iterator[Breach]:
    """The ids of a type differ in more than capitals, spaces and width."""
    for kind in inspection.world.entity_types.values():
        spellings: dict[str, list[str]] = {}
        for key in _keys(inspection, kind):
            spellings.setdefault(_spelling(key), []).append(key)
        for keys in spellings.values():
            first, *others = sorted(keys)
            for key in others:
                yield Breach(kind.name, key, "id", f"differs from {first!r} in its spelling only")


@_engine(Severity.WARNING)
def changed_after_it_was_made(inspection: Inspection) -> Iterator[Breach]:
    """The last change of a row lies between its creation and the clock."""
    for kind, key, row in _stored(inspection):
        created, updated = (_moment(row, name) for name in (kind.created_field, kind.updated_field))
        path = kind.updated_field or ""
        if created and updated and instant_key(updated) < instant_key(created):
            yield Breach(kind.name, key, path, f"{updated} is before its creation at {created}")
        elif updated and inspection.get(kind.name, key) and _is_after(updated, inspection.now):
            yield Breach(kind.name, key, path, f"{updated} is after the clock, {inspection.now}")


@_engine(Severity.WARNING)
def the_manifest_lists_rows(inspection: Inspection) -> Iterator[Breach]:
    """Everything that the manifest lists is a row."""
    if inspection.unreadable:
        sentence = f"{inspection.unreadable} entries are not text for each of type, id and noise"
        yield Breach("manifest", "", "", sentence)
    for entry in inspection.manifest:
        kind, key, noise = entry["type"], entry["id"], entry["noise"]
        known = kind in inspection.world.entity_types
        if not known or inspection.snapshot.stored(kind, key) is None:
            yield Breach(kind, key, "", f"is listed as {noise}, and there is no such row")


@_engine(Severity.INFORMATION)
def rows_up_to_the_clock(inspection: Inspection) -> Iterator[Breach]:
    """Rows that were created after the clock exist, but not for agents."""
    for kind in inspection.world.entity_types.values():
        for key, row in inspection.snapshot.hidden(kind.name).items():
            moment = _moment(row, kind.created_field)
            sentence = f"{moment} is after the clock, {inspection.now}: agents cannot see the row"
            yield Breach(kind.name, key, kind.created_field or "", sentence)


def _stored(inspection: Inspection) -> Iterator[tuple[EntityType, str, Row]]:
    """Give every row there is, hidden ones too."""
    for kind in inspection.world.entity_types.values():
        for rows in (inspection.snapshot.rows(kind.name), inspection.snapshot.hidden(kind.name)):
            yield from ((kind, key, row) for key, row in rows.items())


def _references(inspection: Inspection) -> Iterator[tuple[EntityType, str, str, str, Any]]:
    """Give (type, id, path, type that is referred to, value) of every reference there is."""
    for kind, key, row in _stored(inspection):
        for path, target in kind.references:
            yield from ((kind, key, path, target, value) for value in pluck(row, path))


def _keys(inspection: Inspection, kind: EntityType) -> Sequence[str]:
    return [*inspection.snapshot.rows(kind.name), *inspection.snapshot.hidden(kind.name)]


def _spelling(key: str) -> str:
    return "".join(unicodedata.normalize("NFKC", key).casefold().split())


def _moment(row: Row, name: str | None) -> str:
    value = row.get(name) if name else None
    return value if isinstance(value, str) else ""


def _is_after(moment: str, now: str) -> bool:
    return instant_key(moment) > instant_key(now)
