"""What the scripted model was asked, held against what was stored of its answers."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class ModelLog:
    """Requests by number. Two of one hash asked the same of the same conversation."""

    hashes: dict[int, str] = field(default_factory=dict)
    answered: set[int] = field(default_factory=set)

    def asked_again(self, stored: Iterable[int]) -> list[int]:
        """Give the requests that came although the answer to their conversation was stored.

        Of one conversation the answer stored must be that to the last request: those before it
        were lost on their way.
        """
        numbers = defaultdict(list)
        for number, digest in self.hashes.items():
            numbers[digest].append(number)
        return [later for kept in stored for later in numbers[self.hashes[kept]] if later > kept]

    def lost(self, stored: Iterable[int]) -> int:
        """Count the answers that were sent and never stored."""
        return len(self.answered.difference(stored))


def read_log(path: Path) -> ModelLog:
    log = ModelLog()
    for line in path.read_text().splitlines():
        entry = json.loads(line)
        if entry["event"] == "answered":
            log.answered.add(entry["number"])
        else:
            log.hashes[entry["number"]] = entry["hash"]
    return log
