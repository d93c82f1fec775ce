"""What an import would do, before it does anything."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from simulation.environments import environment
from simulation.models import World
from simulation.portability.parcel import Parcel
from simulation.versions import next_version
from simulation.worlds import world_document

PromptState = Literal["new", "changed", "same", "gone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeCount:
    """Rows of one type in the files, and how they differ from the newest published version."""

    name: str
    rows: int
    before: int
    added: int
    changed: int
    removed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """version: what the world would be; compared_with: SLUG@VERSION, "" for a slug's first."""

    parcel: Parcel
    version: int
    is_free: bool
    next_free: int
    compared_with: str
    counts: tuple[TypeCount, ...]
    prompts: Mapping[str, PromptState]


def plan_import(parcel: Parcel) -> Plan:
    """Compare a parcel with what is there; nothing is written."""
    slug = parcel.identity.slug
    next_free = next_version(slug)
    version = parcel.identity.version or next_free
    newest = World.objects.published().filter(slug=slug).order_by("-version").first()
    document = world_document(newest) if newest else {"entities": {}, "systemPrompts": {}}
    return Plan(
        parcel=parcel,
        version=version,
        is_free=not World.objects.filter(slug=slug, version=version).exists(),
        next_free=next_free,
        compared_with=str(newest or ""),
        counts=tuple(_counts(parcel, document["entities"])),
        prompts=_prompts(parcel.prompts, document["systemPrompts"]),
    )


def _counts(parcel: Parcel, before: Mapping[str, Any]) -> Iterator[TypeCount]:
    company = parcel.identity.environment
    known = environment(company).entity_types if company else ()
    for name in [*known, *sorted(before.keys() - set(known))]:
        given, old = parcel.given.get(name, frozenset()), before.get(name, {})
        if (given or old) and name not in parcel.unreadable:
            yield _count(name, given, parcel.entities.get(name, {}), old)


def _count(
    name: str, given: frozenset[str], rows: Mapping[str, Any], old: Mapping[str, Any]
) -> TypeCount:
    both = rows.keys() & old.keys()
    return TypeCount(
        name=name,
        rows=len(given),
        before=len(old),
        added=len(given - old.keys()),
        changed=sum(rows[key] != old[key] for key in both),
        removed=len(old.keys() - given),
    )


def _prompts(prompts: Mapping[str, str], old: Mapping[str, str]) -> dict[str, PromptState]:
    return {name: _state(prompts.get(name), old.get(name)) for name in sorted({**old, **prompts})}


def _state(text: str | None, old: str | None) -> PromptState:
    if old is None:
        return "new"
    if text is None:
        return "gone"
    return "same" if text == old else "changed"
