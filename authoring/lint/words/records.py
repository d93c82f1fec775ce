"""What records are called in sentences: the types of the world, by their last word."""

from functools import lru_cache

from authoring.drafts.scene import Scene
from authoring.lint.words.wordlists import words
from simulation.environments import Environment
from simulation.wording import plural, spoken

_PLAIN = words("customer order payment product refund ticket")


def nouns_of(scene: Scene) -> frozenset[str]:
    """Give "order", "ticket", … of the scene's world; a few common ones where there is none."""
    return _nouns(scene.snapshot.company) if scene.snapshot else _PLAIN


@lru_cache(maxsize=32)
def plurals(nouns: frozenset[str]) -> frozenset[str]:
    return frozenset(map(plural, nouns))


@lru_cache(maxsize=32)
def _nouns(company: Environment) -> frozenset[str]:
    return frozenset(spoken(kind).split()[-1] for kind in company.entity_types)
