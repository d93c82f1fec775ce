"""The files of a parcel while they are read: what was read, and what was wrong with it."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from simulation.entities import shorten
from simulation.errors import InvalidArgument
from simulation.portability.files import Files
from simulation.portability.limits import MAX_BESIDE_VALUES, PROBLEMS_KEPT
from simulation.portability.problems import Findings
from simulation.portability.strict_json import BOM, faults, has_more_values, read_json
from simulation.text import clean_json

MARK_NOTE = "starts with a byte order mark, which is left out"
UNKNOWN = "is no file of a world: it has world.json, entities/TYPE.json and system-prompts/NAME.md"


class Shelf:
    """Hands out files by path and remembers which ones nobody asked for."""

    def __init__(self, files: Files) -> None:
        self.findings = Findings(files.problems)
        self._contents = files.contents
        self._left = set(files.contents)

    def __contains__(self, path: str) -> bool:
        return path in self._contents

    def paths(self, start: str, end: str) -> list[str]:
        """Give the paths of files in one folder; start is "" or ends in /."""
        found = (path for path in self._contents if path.startswith(start) and path.endswith(end))
        return [path for path in found if "/" not in path.removeprefix(start)]

    def take(self, path: str) -> bytes:
        self._left.discard(path)
        data = self._contents[path]
        if data.startswith(BOM):
            self.findings.note(path, MARK_NOTE)
        return data

    def json(self, path: str) -> Any:
        """Read a small JSON file; None where it is absent or not to be read."""
        if path not in self:
            return None
        try:
            value = read_json(self.take(path))
        except InvalidArgument as error:
            self.findings.add(path, error.message)
            return None
        if has_more_values(value, MAX_BESIDE_VALUES):
            self.findings.add(path, f"holds more than {MAX_BESIDE_VALUES:,} values")
            return None
        bad = list(islice(faults(value), PROBLEMS_KEPT))
        for where, text in bad:
            self.findings.add(path, text, field=where)
        return None if bad else clean_json(value)

    def members(self, path: str, names: Iterable[str]) -> dict[str, Any] | None:
        """Read an object of known members; None where it is absent or not to be read."""
        value = self.json(path)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.findings.add(path, f"write one object, not {shorten(value)}")
            return None
        text = f"there is no such field; it has {', '.join(names)}"
        for name in islice(sorted(value.keys() - set(names)), PROBLEMS_KEPT):
            self.findings.add(path, text, field=name)
        return value

    def name_unknown(self, text: str = UNKNOWN) -> None:
        """Report the files that nobody took."""
        for path in sorted(self._left):
            self.findings.add(path, text)
