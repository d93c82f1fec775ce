"""What is found twice is told once."""

from collections.abc import Callable, Iterator
from functools import wraps

from authoring.drafts.scene import Scene
from authoring.lint import Finding


def told_once(rule: Callable[[Scene], Iterator[Finding]]) -> Callable[[Scene], Iterator[Finding]]:
    """Leave out findings that say the same of the same place."""

    @wraps(rule)
    def distinct(scene: Scene) -> Iterator[Finding]:
        seen: set[tuple[str, str, str]] = set()
        for finding in rule(scene):
            said = (finding.place, finding.words, finding.why)
            if said not in seen:
                seen.add(said)
                yield finding

    return distinct
