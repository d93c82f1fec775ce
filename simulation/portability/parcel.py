"""From files to a world that could be imported, with everything that stands against it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from simulation.entities import shorten
from simulation.environments import environment, slugs
from simulation.models import World
from simulation.portability.files import ENTITIES, Files
from simulation.portability.identity import Identity, read_identity
from simulation.portability.noise import read_noise
from simulation.portability.problems import OPTIONS, WORLD_FILE, Problem
from simulation.portability.prompts import MEMBER as PROMPTS_MEMBER
from simulation.portability.prompts import read_prompts
from simulation.portability.rows import Rows
from simulation.portability.shelf import Shelf
from simulation.values import read_instant
from simulation.worlds import render_prompts

AGENT = "agentEmployeeId"
MEMBERS = ("slug", "version", "title", "environment", "now", AGENT, PROMPTS_MEMBER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What files say a world is. With problems it lacks parts, and is not imported.

    given: the ids by type, those of bad rows too; unreadable: the types whose file is broken.
    """

    identity: Identity
    entities: Mapping[str, Mapping[str, Mapping[str, Any]]]
    given: Mapping[str, frozenset[str]]
    unreadable: frozenset[str]
    prompts: Mapping[str, str]
    has_own_prompts: bool
    manifest: list[dict[str, str]]
    problems: tuple[Problem, ...]
    problem_count: int
    notes: tuple[Problem, ...]
    ignored: tuple[str, ...]


def read_parcel(files: Files, options: Mapping[str, str] | None = None) -> Parcel:
    """Read files into a parcel.

    options: members of world.json as text, which they override; empty ones do not count.
    """
    shelf = Shelf(files)
    written = shelf.members(WORLD_FILE, MEMBERS)
    by_type = _entity_files(shelf)
    identity = read_identity(
        written,
        options or {},
        shelf.findings,
        guess=_fitting_company(by_type),
        is_bare=WORLD_FILE not in shelf,
    )
    rows = _read_rows(shelf, by_type, identity.environment)
    prompts = read_prompts(shelf, (written or {}).get(PROMPTS_MEMBER))
    manifest = read_noise(shelf)
    shelf.name_unknown()
    if WORLD_FILE not in shelf and not identity.agent_employee_id:
        identity = replace(identity, agent_employee_id=_usual_agent(identity, rows))
    _check_agent(identity, rows, is_option=bool((options or {}).get(AGENT)))
    return Parcel(
        identity=identity,
        entities=rows.checked,
        given=rows.given,
        unreadable=frozenset(rows.unreadable),
        prompts=_company_prompts(identity, rows) if prompts is None else prompts,
        has_own_prompts=prompts is not None,
        manifest=manifest,
        problems=tuple(shelf.findings.problems),
        problem_count=shelf.findings.count,
        notes=tuple(shelf.findings.notes),
        ignored=files.ignored,
    )


def _entity_files(shelf: Shelf) -> dict[str, str]:
    """Give the paths of entity files by type: below entities/, or in a bare folder."""
    folder = f"{ENTITIES}/"
    is_bare = WORLD_FILE not in shelf and not shelf.paths(folder, ".json")
    start = "" if is_bare else folder
    return {path.removeprefix(start)[:-5]: path for path in shelf.paths(start, ".json")}


def _fitting_company(by_type: Mapping[str, str]) -> str:
    """Give the one company that knows the most of these types, "" when several do."""
    known = {slug: len(by_type.keys() & environment(slug).entity_types) for slug in slugs()}
    best = max(known.values(), default=0)
    fitting = [slug for slug, count in known.items() if count == best]
    return fitting[0] if best and len(fitting) == 1 else ""


def _read_rows(shelf: Shelf, by_type: Mapping[str, str], company: str) -> Rows:
    rows = Rows(shelf.findings)
    types = environment(company).entity_types if company else {}
    for name, path in sorted(by_type.items()):
        data = shelf.take(path)
        if name in types:
            rows.read(types[name], path, data)
        elif company:
            text = f"{company} has no entity type {shorten(name)}; it has {', '.join(types)}"
            shelf.findings.add(path, text)
    rows.check_references(types.values())
    return rows


def _usual_agent(identity: Identity, rows: Rows) -> str:
    """Give the agent of the company's own worlds when a bare folder has that employee."""
    if not identity.environment:
        return ""
    agent = str(environment(identity.environment).generator.AGENT_EMPLOYEE_ID)
    return agent if agent in rows.given.get("employee", ()) else ""


def _check_agent(identity: Identity, rows: Rows, *, is_option: bool) -> None:
    agent = identity.agent_employee_id
    has_employees = identity.environment and "employee" in _types(identity)
    if not agent or not has_employees or "employee" in rows.unreadable:
        return
    if agent not in rows.given.get("employee", ()):
        file = OPTIONS if is_option else WORLD_FILE
        rows.findings.add(file, f"there is no employee {shorten(agent)}", field=AGENT)


def _types(identity: Identity) -> Mapping[str, Any]:
    return environment(identity.environment).entity_types


def _company_prompts(identity: Identity, rows: Rows) -> dict[str, str]:
    if not identity.environment or not identity.now:
        return {}
    world = World(environment=identity.environment, now=read_instant(identity.now))
    agent = rows.checked.get("employee", {}).get(identity.agent_employee_id, {})
    return render_prompts(world, agent.get("name", ""))
