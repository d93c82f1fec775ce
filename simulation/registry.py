"""Parts by name, found by walking a package: adding a part means adding a module there."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from typing import Generic, TypeVar

Part = TypeVar("Part")


class Registry(Mapping[str, Part], Generic[Part]):
    """Parts by name, filled by importing every module of a package: there is no list to edit."""

    def __init__(self, noun: str, package: str) -> None:
        self._noun = noun
        self._package = package
        self._parts: dict[str, Part] = {}
        self._loaded = False

    def add(self, name: str) -> Callable[[Part], Part]:
        """Decorate a part with the name it is known by.

        Raises ValueError at import when two parts claim one name.
        """

        def register(part: Part) -> Part:
            if name in self._parts:
                raise ValueError(f"two {self._noun}s are named {name!r}")
            self._parts[name] = part
            return part

        return register

    def __getitem__(self, name: str) -> Part:
        self._load()
        try:
            return self._parts[name]
        except KeyError:
            raise KeyError(
                f"no {self._noun} is named {name!r}; there are {', '.join(sorted(self._parts))}"
            ) from None

    def __iter__(self) -> Iterator[str]:
        self._load()
        return iter(sorted(self._parts))

    def __len__(self) -> int:
        self._load()
        return len(self._parts)

    def _load(self) -> None:
        if self._loaded:
            return
        package = importlib.import_module(self._package)
        for module in pkgutil.walk_packages(package.__path__, f"{self._package}."):
            importlib.import_module(module.name)
        self._loaded = True
