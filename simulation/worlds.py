"""Making, publishing and loading worlds."""

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from simulation import environments, snapshots
from simulation.entities import KEY_LENGTH, EntityType, own_fields, to_wire
from simulation.errors import Conflict, GymError, InvalidArgument, NotFound, Problems
from simulation.integrity.inspecting import inspect, refuse_errors
from simulation.integrity.report import Report
from simulation.models import Entity, World
from simulation.models import Snapshot as StoredSnapshot
from simulation.text import clean_json
from simulation.values import pluck, read_instant, write_instant

Entities = Mapping[str, Mapping[str, Mapping[str, Any]]]
CACHED_WORLDS = 8
BATCH = 1000
_content_hashes: dict[int, str] = {}  # of published worlds: they never change
_cache: OrderedDict[tuple[str, bool], snapshots.Snapshot] = OrderedDict()
_reports: OrderedDict[tuple[int, int, str], Report] = OrderedDict()


def generate_world(
    *,
    environment: str,
    slug: str,
    title: str,
    owner: User,
    seed: int,
    size: float,
    version: int | None = None,
) -> World:
    """Make and publish a world from its company's generator, once: later calls give that one.

    version: that of the generator, when left out, so that a world's number tells which data it has.
    """
    generator = environments.environment(environment).generator
    version = version or int(generator.VERSION)
    known = World.objects.filter(slug=slug, version=version).first()
    if known:
        return known
    world = World(environment=environment, slug=slug, version=version, title=title, owner=owner)
    generated = generator.generate(seed=seed, size=size)
    world.now = read_instant(generator.NOW)
    world.agent_employee_id = generator.AGENT_EMPLOYEE_ID
    world.generator_version = f"{generator.VERSION} seed={seed} size={size:g}"
    world.manifest = generated.manifest
    agent = generated.entities.get("employee", {}).get(world.agent_employee_id, {})
    world.prompts = render_prompts(world, agent.get("name", ""))
    with transaction.atomic():
        world.save(force_insert=True)
        import_entities(world, generated.entities)
        return publish_world(world)


def render_prompts(world: World, agent_name: str) -> dict[str, str]:
    """Give the company's system prompts with clock and agent filled in; the world owns them."""
    filled = {"{{now}}": f"{world.now:%Y-%m-%d %H:%M} UTC", "{{agent}}": agent_name}
    prompts = {}
    for name, text in world.company.prompts.items():
        for placeholder, value in filled.items():
            text = text.replace(placeholder, value)
        prompts[name] = text
    return prompts


@transaction.atomic
def import_entities(world: World, entities: Entities) -> None:
    """Write all rows of a draft world, given in wire form.

    Raises Conflict for a published world and one that has rows, and Problems that name type, id and
    field of everything that cannot be taken; nothing is written then.
    """
    _refuse_second_import(world)
    checked = _check_entities(world, entities)
    ids = {
        name: reserve_ids(world.company.entity_types[name], rows) for name, rows in checked.items()
    }
    for name, rows in checked.items():
        kind = world.company.entity_types[name]
        instances = [make_instance(kind, world, key, row, ids) for key, row in rows.items()]
        kind.model._default_manager.bulk_create(instances, batch_size=BATCH)
    touch_draft(world)


@transaction.atomic
def publish_world(world: World, *, seen: int | None = None) -> World:
    """Freeze a draft world: dump it, check it, hash it, store the snapshot.

    seen: the number of edits that somebody looked at before. Raises Conflict for a published world
    and one that was edited since, Problems that name every error of check_world; warnings may
    stand.
    """
    locked = World.objects.select_for_update().get(pk=world.pk)
    if locked.status != World.Status.DRAFT:
        raise Conflict(f"{locked} is published already")
    if seen is not None and locked.edits != seen:
        raise Conflict(f"{locked} was changed by somebody else meanwhile: look at it again")
    document = dump_world(locked)
    refuse_errors(snapshots.from_document(document))
    content_hash, data, size = snapshots.pack(document)
    counts = {name: len(rows) for name, rows in document["entities"].items()}
    stored, _ = StoredSnapshot.objects.get_or_create(
        content_hash=content_hash, defaults={"data": data, "size": size, "counts": counts}
    )
    locked.snapshot, locked.status = stored, World.Status.PUBLISHED
    locked.published_at = timezone.now()
    locked.save(update_fields=["snapshot", "status", "published_at"])
    return locked


def dump_world(world: World) -> dict[str, Any]:
    """Give the canonical document of a world from its rows in the database."""
    kinds = world.company.entity_types.values()
    keys = {kind.name: _keys(kind, world) for kind in kinds}
    entities = {kind.name: dict(_dump_rows(kind, world, keys)) for kind in kinds if keys[kind.name]}
    return {**world_head(world), "entities": entities}


def world_head(world: World) -> dict[str, Any]:
    """Give the document of a world without its rows: as published, since that never changes."""
    return {
        "agentEmployeeId": world.agent_employee_id,
        "environment": world.environment,
        "now": write_instant(world.now),
        "systemPrompts": world.prompts,
    }


def world_document(world: World) -> dict[str, Any]:
    """Give the document of any world: as published, or from the rows of a draft."""
    if world.is_draft:
        return dump_world(world)
    data = StoredSnapshot.objects.values_list("data", flat=True).get(pk=world.snapshot_id)
    return snapshots.read_document(bytes(data))


def load_snapshot(world: World) -> snapshots.Snapshot:
    """Give the snapshot of a published world; the last few stay in memory.

    Raises Conflict for a draft.
    """
    if not world.snapshot_id:
        raise Conflict(f"{world} is a draft: publish it first")
    return _cached(world.snapshot_id, lambda frozen: _load(str(world.snapshot_id), frozen))


def snapshot_of(world_id: int) -> snapshots.Snapshot:
    """Give the snapshot of a published world by its database id; no query once it is known."""
    content_hash = _content_hashes.get(world_id)
    if content_hash is None:
        world = World.objects.only("slug", "version", "snapshot_id").get(pk=world_id)
        load_snapshot(world)
        content_hash = _content_hashes[world_id] = world.content_hash
    return _cached(content_hash, lambda frozen: _load(content_hash, frozen))


def open_world(world: World) -> snapshots.Snapshot:
    """Give the rows of any world to read: published ones, or those of a draft as it stands.

    Each edit of a draft makes it read again, so this is for people, not for episodes.
    """
    if not world.is_draft:
        return load_snapshot(world)
    name = f"draft {world.pk} {world.edits}"
    return _cached(name, lambda frozen: snapshots.from_document(dump_world(world), frozen=frozen))


def check_world(world: World) -> Report:
    """Ask all rules of a world, published or draft, and count what tasks need of it.

    It takes a second for a large world; the last few reports stay in memory.
    """
    place = world.pk, world.edits, world.status
    if place not in _reports:
        _reports[place] = inspect(open_world(world), world.manifest)
    _reports.move_to_end(place)
    while len(_reports) > CACHED_WORLDS:
        _reports.popitem(last=False)
    return _reports[place]


def touch_draft(world: World) -> None:
    """Count an edit of a draft's rows. Call it in the transaction of the edit.

    Raises Conflict for a published world.
    """
    drafts = World.objects.filter(pk=world.pk, status=World.Status.DRAFT)
    if not drafts.update(edits=F("edits") + 1):
        raise Conflict(f"{world} is published: make a new version and change that")
    world.refresh_from_db(fields=["edits"])


def find_world(name: str, *, drafts: bool = False) -> World:
    """Find a published world by SLUG or SLUG@VERSION; without a version, the newest.

    drafts: a draft will do as well.
    """
    slug, _, version = name.partition("@")
    among = World.objects.all() if drafts else World.objects.published()
    worlds = among.filter(slug=slug).order_by("-version")
    if version:
        if not version.isdecimal():
            raise InvalidArgument(
                f"world {name!r}: write SLUG or SLUG@VERSION, such as corecraft@1"
            )
        worlds = worlds.filter(version=int(version))
    world = worlds.first()
    if world is None:
        raise NotFound(f"there is no {'' if drafts else 'published '}world {name!r}")
    return world


def _load(content_hash: str, frozen: bool) -> snapshots.Snapshot:
    data = StoredSnapshot.objects.values_list("data", flat=True).get(pk=content_hash)
    return snapshots.unpack(bytes(data), content_hash, frozen=frozen)


def _cached(name: str, load: Callable[[bool], snapshots.Snapshot]) -> snapshots.Snapshot:
    """Keep the last few worlds of the process in memory."""
    place = name, bool(settings.FREEZE_ROWS)
    if place in _cache:
        _cache.move_to_end(place)
        return _cache[place]
    _cache[place] = loaded = load(place[1])
    while len(_cache) > CACHED_WORLDS:
        _cache.popitem(last=False)
    return loaded


def _check_entities(world: World, entities: Entities) -> dict[str, dict[str, dict[str, Any]]]:
    types = world.company.entity_types
    problems = [
        f"{name}: {world.environment} has no such entity type; it has {', '.join(types)}"
        for name in entities
        if name not in types
    ]
    checked: dict[str, dict[str, dict[str, Any]]] = {}
    for name, kind in types.items():
        checked[name], bad = _check_rows(kind, entities.get(name, {}))
        problems += bad
    problems += _dangling(types.values(), checked, entities)
    if problems:
        raise Problems(problems)
    return checked


def _check_rows(kind: EntityType, rows: Any) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """Give the rows that can be taken, by id, and the problems of the others."""
    if not isinstance(rows, Mapping):
        return {}, [f"{kind.name}: write an object of ids and rows"]
    checked: dict[str, dict[str, Any]] = {}
    problems: list[str] = []
    for key, row in sorted(rows.items(), key=lambda pair: str(pair[0])):
        try:
            checked[key] = kind.check(_read_row(key, row))
        except GymError as error:
            problems += [f"{kind.name} {key!r}: {line}" for line in error.message.splitlines()]
    return checked, problems


def check_key(key: Any) -> None:
    """Raises InvalidArgument for what cannot be the id of a row."""
    if not isinstance(key, str) or not 0 < len(key) <= KEY_LENGTH or clean_json(key) != key:
        raise InvalidArgument(f"an id is text of 1 to {KEY_LENGTH} characters that can be stored")


def clean_fields(row: Any) -> dict[str, Any]:
    """Pass fields of a row through the boundary. Raises InvalidArgument that names the field."""
    if not isinstance(row, Mapping):
        raise InvalidArgument("write an object of field names and values")
    return {name: _clean_field(name, value) for name, value in row.items()}


def read_row(world: World, kind: EntityType, key: str) -> dict[str, Any] | None:
    """Give one row of a world from the database in wire form, None when there is none."""
    fields = list(kind.fields.values())
    columns = [f"{f.attribute}__key" if f.target else f.attribute for f in fields]
    found = kind.model._default_manager.filter(world=world, key=key).values_list(*columns).first()
    if found is None:
        return None
    wire = {f.name: to_wire(f, value) for f, value in zip(fields, found, strict=True)}
    return {"id": key, **{name: value for name, value in wire.items() if value is not None}}


def _read_row(key: Any, row: Any) -> dict[str, Any]:
    check_key(key)
    return clean_fields(row)


def _clean_field(name: str, value: Any) -> Any:
    try:
        return clean_json(value)
    except InvalidArgument as error:
        raise InvalidArgument(f"{name}: {error.message}") from None


def _refuse_second_import(world: World) -> None:
    if world.status != World.Status.DRAFT:
        raise Conflict(f"{world} is published: make a new version and import into that")
    for kind in world.company.entity_types.values():
        if kind.model._default_manager.filter(world=world).exists():
            raise Conflict(f"{world} has rows: an import brings all rows of a world at once")


def _dangling(kinds: Iterable[EntityType], rows: Entities, given: Entities) -> list[str]:
    """Name the references to rows that were not even given."""
    return [
        f"{kind.name} {key!r}: {path}: there is no {target} {value!r}"
        for kind in kinds
        for path, target in kind.references
        for key, row in rows[kind.name].items()
        for value in pluck(row, path)
        if value not in given.get(target, {})
    ]


def reserve_ids(kind: EntityType, rows: Collection[str]) -> dict[str, int]:
    """Take database ids in advance, so that rows can refer to each other in any order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [kind.model._meta.db_table, len(rows)],
        )
        return {key: number for key, (number,) in zip(rows, cursor.fetchall(), strict=True)}


def make_instance(
    kind: EntityType,
    world: World,
    key: str,
    row: Mapping[str, Any],
    ids: Mapping[str, Mapping[str, int]],
) -> Entity:
    """Make the database row of a checked row; ids: database ids by entity type and key."""
    values: dict[str, Any] = {"id": ids[kind.name][key], "world_id": world.pk, "key": key}
    for name, value in row.items():
        field = kind.fields[name]
        if field.target:
            values[f"{field.attribute}_id"] = ids[field.target][value]
        else:
            values[field.attribute] = value
    return kind.model(**values)


def _keys(kind: EntityType, world: World) -> dict[int, str]:
    return dict(kind.model._default_manager.filter(world=world).values_list("pk", "key"))


def _dump_rows(
    kind: EntityType, world: World, keys: Mapping[str, Mapping[int, str]]
) -> Iterable[tuple[str, dict[str, Any]]]:
    columns = [field.attname for field in own_fields(kind.model)]
    fields = list(kind.fields.values())
    rows = kind.model._default_manager.filter(world=world).order_by("key")
    for key, *stored in rows.values_list("key", *columns).iterator(chunk_size=BATCH):
        row = {}
        for field, value in zip(fields, stored, strict=True):
            wire = keys[field.target].get(value) if field.target else to_wire(field, value)
            if wire is not None:
                row[field.name] = wire
        yield key, row
