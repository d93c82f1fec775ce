"""How customers call their builds."""

from collections.abc import Iterable

from simulation.environments.corecraft.generator import texts
from simulation.environments.corecraft.generator.catalogue import Product
from simulation.environments.corecraft.generator.dice import Dice
from simulation.environments.corecraft.generator.facts import usable
from simulation.environments.corecraft.generator.records import Build

_PLAIN = 45  # percent of the names say nothing about what is in it
_CHEAP, _DEAR = 700, 2600  # USD
_QUIET_BRANDS = ("Hushline", "QuietWerk", "Quiet Werk")
_LOCAL = 30  # percent


class Namer:
    """Gives names, each as rarely as possible."""

    def __init__(self, dice: Dice) -> None:
        self.dice = dice
        self._pools: dict[str, list[str]] = texts.table("builds.toml")["names"]
        self._used: dict[str, int] = {}

    def name(self, build: Build) -> str:
        facts = _facts(build)
        pool = [name for name in self._pools[self._pool(build)] if usable(name, facts)]
        name = min(self.dice.shuffled(pool), key=lambda each: self._used.get(each, 0))
        self._used[name] = self._used.get(name, 0) + 1
        return name.format_map(facts)

    def _pool(self, build: Build) -> str:
        country = build.customer.home["country"] if build.customer else "US"
        if country in self._pools and self.dice.chance(_LOCAL if country != "US" else _LOCAL // 4):
            return country
        told = list(_told_by(build.parts))
        return "any" if not told or self.dice.chance(_PLAIN) else self.dice.one(told)


def _told_by(parts: list[Product]) -> Iterable[str]:
    """Name the pools whose names are true of these parts."""
    kinds = {part.category: part for part in parts}
    price = sum(part.price for part in parts)
    told = {
        "gpu": {"gpu", "case"} <= set(kinds),
        "parts": {"cpu", "motherboard"} <= set(kinds) and len(kinds) < 5,
        "without_gpu": "gpu" not in kinds and len(kinds) >= 5,
        "small": "motherboard" in kinds and kinds["motherboard"].specs["formFactor"] == "ITX",
        "old_socket": "cpu" in kinds and kinds["cpu"].specs["socket"] == "AM4",
        "dear": price > _DEAR,
        "cheap": price < _CHEAP and len(kinds) >= 5,
        "quiet": "cooling" in kinds and kinds["cooling"].brand in _QUIET_BRANDS,
    }
    return (pool for pool, true in told.items() if true)


def _facts(build: Build) -> dict[str, str]:
    hundreds = int(sum(part.price for part in build.parts)) // 100 + 1
    facts = {part.category: part.model for part in build.parts}
    facts |= {"sum": f"{hundreds * 100:,}", "year": str(build.created.year)}
    return facts | ({"first": build.customer.first} if build.customer else {})
