"""The companies: one Django app each. This folder is walked: adding one means adding a folder.

A company has models/ (entity types), tools/ (one module an area), policy.md, prompts/*.md and
generator/; checks/ (its business rules, and what tasks need of it) if it likes.
"""

import importlib
import importlib.util
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from django.apps import apps

from simulation.entities import EntityType, read_entity_type
from simulation.integrity.parts import Amounts, Density, Rule
from simulation.tools import Tool, definitions_hash

Part = TypeVar("Part", Rule, Density, Amounts)
_ENGINE = (
    "values.py",
    "entities.py",
    "fields.py",
    "state.py",
    "snapshots.py",
    "tools.py",
    "calls.py",
    "text.py",
    "errors.py",
)


@dataclass(frozen=True)
class Checks:
    """What a company says of its own rows: rules that they keep, what tasks need many of, and
    which amounts follow from which rows."""

    rules: Sequence[Rule] = ()
    densities: Sequence[Density] = ()
    amounts: Sequence[Amounts] = ()


@dataclass(frozen=True)
class Environment:
    """A company: its entity types, tools and texts."""

    slug: str

    @property
    def title(self) -> str:
        return str(apps.get_app_config(self.slug).verbose_name)

    @cached_property
    def entity_types(self) -> Mapping[str, EntityType]:
        """Give the entity types by name, in the order in which the company defines them."""
        kinds = map(read_entity_type, self._models())
        return {kind.name: kind for kind in kinds}

    @cached_property
    def tools(self) -> Mapping[str, Tool]:
        """Give all tools by wire name."""
        found: dict[str, Tool] = {}
        for module in _modules(f"{self._package}.tools"):
            for part in vars(module).values():
                if isinstance(part, Tool) and found.setdefault(part.name, part) is not part:
                    raise ValueError(f"{self.slug}: two tools are named {part.name}")
        return dict(sorted(found.items()))

    @cached_property
    def toolsets(self) -> Mapping[str, Mapping[str, Tool]]:
        """Give the named toolsets; `all` holds every tool."""
        sets: dict[str, dict[str, Tool]] = {"all": dict(self.tools)}
        for name, part in self.tools.items():
            for toolset in part.toolsets:
                sets.setdefault(toolset, {})[name] = part
        return sets

    @cached_property
    def checks(self) -> Checks:
        """Give the company's own rules and densities, in the order of their modules."""
        package = f"{self._package}.checks"
        if importlib.util.find_spec(package) is None:
            return Checks()
        parts = list(_parts(package))
        return Checks(
            rules=_named(self.slug, [part for part in parts if isinstance(part, Rule)]),
            densities=_named(self.slug, [part for part in parts if isinstance(part, Density)]),
            amounts=_named(self.slug, [part for part in parts if isinstance(part, Amounts)]),
        )

    @cached_property
    def prompts(self) -> Mapping[str, str]:
        """Give the system prompts by name, with the policy where they ask for it."""
        folder = resources.files(self._package).joinpath("prompts")
        texts = {entry.name: entry.read_text("utf-8") for entry in folder.iterdir()}
        return {
            name.removesuffix(".md"): text.replace("{{policy}}", self.policy)
            for name, text in sorted(texts.items())
            if name.endswith(".md")
        }

    @cached_property
    def policy(self) -> str:
        return resources.files(self._package).joinpath("policy.md").read_text("utf-8").strip()

    @property
    def generator(self) -> ModuleType:
        """The module that makes data: NOW, AGENT_EMPLOYEE_ID, generate(seed=, size=).

        Its VERSION is a whole number as text, and the version of the worlds that it makes.
        """
        return importlib.import_module(f"{self._package}.generator")

    @cache  # noqa: B019  environments live as long as the process
    def tools_hash(self, toolset: str) -> str:
        """Hash everything that decides what a call in this toolset gives."""
        return definitions_hash(self.toolsets[toolset], self._sources)

    @cached_property
    def _sources(self) -> bytes:
        engine = Path(__file__).parent.parent
        files = [engine / name for name in _ENGINE]
        company = engine / "environments" / self.slug
        files += sorted(company.glob("*.py"))
        for folder in ("models", "tools"):
            files += sorted((company / folder).rglob("*.py"))
        return b"\0".join(file.read_bytes() for file in files)

    @property
    def _package(self) -> str:
        return f"{__name__}.{self.slug}"

    def _models(self) -> list[Any]:
        return list(apps.get_app_config(self.slug).get_models())


@cache
def slugs() -> tuple[str, ...]:
    """Name the companies there are. Works before Django is set up: settings asks for them."""
    packages = pkgutil.iter_modules([str(Path(__file__).parent)])
    return tuple(sorted(package.name for package in packages if package.ispkg))


@cache
def environment(slug: str) -> Environment:
    """Raises KeyError that lists the companies there are."""
    if slug not in slugs():
        raise KeyError(f"no environment is named {slug!r}; there are {', '.join(slugs())}")
    return Environment(slug)


def _parts(package: str) -> Iterator[Any]:
    """Give what the modules of a package hold, each thing once, as they define it."""
    seen: set[int] = set()
    for module in _modules(package):
        for part in vars(module).values():
            if id(part) not in seen:
                seen.add(id(part))
                yield part


def _named(company: str, parts: Sequence[Part]) -> Sequence[Part]:
    """Raises ValueError when two parts claim one name."""
    names = [part.name for part in parts]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"{company}: two checks are named {', '.join(sorted(twice))}")
    return parts


def _modules(package: str) -> list[ModuleType]:
    parent = importlib.import_module(package)
    names = pkgutil.walk_packages(parent.__path__, f"{package}.")
    return [importlib.import_module(module.name) for module in names]
