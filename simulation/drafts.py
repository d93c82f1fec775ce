"""Editing the rows of a draft world, one at a time, by people.

A save says what the row looked like when its form was opened; a row that somebody else changed
since is a Conflict, and nothing is written.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction

from simulation.entities import EntityType, Row
from simulation.errors import Conflict, NotFound, Problems
from simulation.models import Entity, World
from simulation.paths import entity_type_of
from simulation.roles import ADMIN, has_role
from simulation.text import canonical
from simulation.values import pluck, read_instant, write_instant
from simulation.wording import counted, listed
from simulation.worlds import (
    check_key,
    clean_fields,
    make_instance,
    read_row,
    reserve_ids,
    touch_draft,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

MAX_PROMPT = 200_000  # characters
SHOWN_REFERRERS = 5


def may_edit(user: "User | AnonymousUser", world: World) -> bool:
    """Tell whether a person may change a world: drafts only, their own, and admins any."""
    return world.is_draft and is_editor(user, world)


def is_editor(user: "User | AnonymousUser", world: World) -> bool:
    """Tell whether a person may change a world as long as it is a draft."""
    return world.owner_id == user.pk or has_role(user, ADMIN)


def fingerprint(row: Row) -> str:
    """Name the state of a row: what a form carries to say which one it changes."""
    return hashlib.sha256(canonical(row)).hexdigest()[:16]


@transaction.atomic
def create_row(world: World, entity_type: str, key: str, fields: Row) -> Row:
    """Add a row to a draft.

    Raises Problems that name every bad field and dangling reference, Conflict for a taken id and
    for a published world.
    """
    kind = entity_type_of(world.company, entity_type)
    touch_draft(world)
    check_key(key)
    if read_row(world, kind, key) is not None:
        raise Conflict(f"{kind.label} {key!r} exists already: choose another id", field="id")
    return _write(world, kind, key, fields, pk=None)


@transaction.atomic
def update_row(world: World, entity_type: str, key: str, fields: Row, *, base: str) -> Row:
    """Replace the fields of a row that still has the fingerprint `base`.

    Raises NotFound, Problems, and Conflict when the row was changed or the world published.
    """
    kind = entity_type_of(world.company, entity_type)
    touch_draft(world)
    before = _need(world, kind, key)
    if fingerprint(before) != base:
        raise Conflict(f"{kind.label} {key!r} was changed by somebody else while you edited it")
    pk = kind.model._default_manager.values_list("pk", flat=True).get(world=world, key=key)
    return _write(world, kind, key, fields, pk=pk)


@transaction.atomic
def delete_row(world: World, entity_type: str, key: str) -> None:
    """Remove a row of a draft. Raises NotFound, and Conflict while others refer to it."""
    kind = entity_type_of(world.company, entity_type)
    touch_draft(world)
    _need(world, kind, key)
    if referrers := [*_referrers(world, kind, key)]:
        shown = listed(referrers[:SHOWN_REFERRERS])
        raise Conflict(
            f"{kind.label} {key!r} is referred to by {counted(len(referrers), 'row')}: {shown}"
        )
    rows = kind.model._default_manager.filter(world=world, key=key)
    rows._raw_delete(rows.db)  # references are guarded above, and by the database at commit


@transaction.atomic
def update_details(
    world: World,
    *,
    title: str,
    now: str,
    agent_employee_id: str,
    prompts: Mapping[str, str],
    base: str | None = None,
) -> None:
    """Change what a draft says of itself. Raises Problems that name every bad field.

    base: the fingerprint of the details that were seen; Conflict when they are others by now.
    """
    touch_draft(world)
    if base is not None and details_fingerprint(world) != base:
        raise Conflict(f"the details of {world} were changed by somebody else while you edited")
    if problems := [*_bad_details(world, title, now, agent_employee_id, prompts)]:
        raise Problems(problems)
    world.title, world.now, world.prompts = title.strip(), read_instant(now), dict(prompts)
    world.agent_employee_id = agent_employee_id
    world.save(update_fields=["title", "now", "prompts", "agent_employee_id"])


def details_of(world: World) -> dict[str, Any]:
    """Give what a world says of itself, as it is written in its document."""
    return {
        "title": world.title,
        "now": write_instant(world.now),
        "agentEmployeeId": world.agent_employee_id,
        "prompts": dict(world.prompts),
    }


def details_fingerprint(world: World) -> str:
    """Name the state of the details, as the database has them now."""
    world.refresh_from_db(fields=["title", "now", "agent_employee_id", "prompts"])
    return fingerprint(details_of(world))


@transaction.atomic
def discard_draft(world: World) -> None:
    """Delete a draft with all its rows.

    Raises Conflict for a published world, and while other versions were made from it.
    """
    touch_draft(world)
    if children := [str(child) for child in world.children.order_by("version")]:
        raise Conflict(f"{listed(children)} was made from {world}: discard that first")
    for kind in world.company.entity_types.values():
        rows = kind.model._default_manager.filter(world=world)
        rows._raw_delete(rows.db)
    world.delete()


def _write(world: World, kind: EntityType, key: str, fields: Row, *, pk: int | None) -> Row:
    checked, problems = _checked(kind, clean_fields(fields))
    ids, dangling = _ids(world, kind, key, checked)
    if problems or dangling:
        raise Problems([*problems, *dangling])
    is_new = pk is None
    ids[kind.name][key] = reserve_ids(kind, [key])[key] if pk is None else pk
    instance: Entity = make_instance(kind, world, key, checked, ids)
    instance.save(force_insert=is_new, force_update=not is_new)
    return {"id": key, **checked}


def _checked(kind: EntityType, fields: Row) -> tuple[Row, Sequence[str]]:
    """Give the fields in wire form; as they are, with what is wrong, when they cannot be taken."""
    try:
        return kind.check(fields), ()
    except Problems as error:
        return fields, error.problems


def _ids(
    world: World, kind: EntityType, key: str, row: Row
) -> tuple[dict[str, dict[str, int]], list[str]]:
    """Give the database ids of all rows that a row refers to, one query a type, and what there is
    to say of those that there are not; a row may refer to itself."""
    wanted: dict[str, list[tuple[str, str]]] = {kind.name: []}
    for path, target in kind.references:
        named = (value for value in pluck(row, path) if isinstance(value, str))
        wanted.setdefault(target, []).extend((path, value) for value in named)
    ids: dict[str, dict[str, int]] = {}
    problems: list[str] = []
    for target, pairs in wanted.items():
        manager = world.company.entity_types[target].model._default_manager
        rows = manager.filter(world=world, key__in={value for _, value in pairs})
        ids[target] = dict(rows.values_list("key", "pk")) if pairs else {}
        known = {*ids[target], *([key] if target == kind.name else [])}
        problems += [
            f"{path}: there is no {world.company.entity_types[target].label} {value!r}"
            for path, value in pairs
            if value not in known
        ]
    return ids, problems


def _need(world: World, kind: EntityType, key: str) -> Row:
    row = read_row(world, kind, key)
    if row is None:
        raise NotFound(f"there is no {kind.label} {key!r} in {world}")
    return row


def _referrers(world: World, kind: EntityType, key: str) -> Iterable[str]:
    """Name the rows that refer to a row, itself left out; one query a field that can."""
    for other in world.company.entity_types.values():
        for field in other.fields.values():
            paths = [path for path, target in field.references if target == kind.name]
            if paths:
                for name in _referring(world, other, field.attribute, paths, key):
                    if (other.name, name) != (kind.name, key):
                        yield f"{other.name} {name}"


def _referring(
    world: World, kind: EntityType, attribute: str, paths: Sequence[str], key: str
) -> list[str]:
    rows = kind.model._default_manager.filter(world=world).order_by("key")
    field = next(f for f in kind.fields.values() if f.attribute == attribute)
    if field.target:
        return list(rows.filter(**{f"{attribute}__key": key}).values_list("key", flat=True))
    stored = rows.exclude(**{attribute: None}).values_list("key", attribute)
    return [
        name
        for name, value in stored
        if any(key in pluck({field.name: value}, path) for path in paths)
    ]


def _bad_details(
    world: World, title: str, now: str, agent_employee_id: str, prompts: Mapping[str, str]
) -> Iterable[str]:
    if not 0 < len(title.strip()) <= 200:
        yield "title: write 1 to 200 characters"
    try:
        read_instant(now)
    except ValueError as error:
        yield f"now: {error}"
    kind = world.company.entity_types.get("employee")
    if agent_employee_id and kind and read_row(world, kind, agent_employee_id) is None:
        yield f"agentEmployeeId: there is no employee {agent_employee_id!r}"
    for name, text in prompts.items():
        if not 0 < len(text) <= MAX_PROMPT:
            yield f"prompt {name}: write 1 to {MAX_PROMPT:,} characters"
