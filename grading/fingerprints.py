"""What a check's verdict rests on besides the episode: criterion, and code of the grader.

The code is the grader's module and every module of ours that it imports, and those import: no list
that somebody may forget to lengthen.
"""

import ast
import hashlib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from grading import graders
from grading.criteria import Criterion

ROOT = Path(__file__).parent.parent
PACKAGES = ("grading", "simulation")


def fingerprint(criterion: Criterion) -> str:
    """Name criterion and grader: equal fingerprints on equal evidence give equal verdicts."""
    return hashlib.sha256(f"{criterion.hash}{_code_hash(criterion.kind)}".encode()).hexdigest()


def modules_behind(name: str, root: Path = ROOT) -> Mapping[str, Path]:
    """Give the files of a module and of all that it stands on, by module name."""
    found: dict[str, Path] = {}
    waiting = [name]
    while waiting:
        name = waiting.pop()
        file = _file_of(name, root)
        if name not in found and file:
            found[name] = file
            waiting += [*_imported(file, name), name.rpartition(".")[0]]
    return dict(sorted(found.items()))


@cache
def _code_hash(kind: str) -> str:
    found = modules_behind(f"{graders.__name__}.{kind}").values()
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in found)).hexdigest()


def _file_of(name: str, root: Path) -> Path | None:
    if name.partition(".")[0] not in PACKAGES:
        return None
    path = root.joinpath(*name.split("."))
    files = (path.with_suffix(".py"), path / "__init__.py")
    return next((file for file in files if file.is_file()), None)


def _imported(file: Path, name: str) -> Iterator[str]:
    """Name what a file imports; of `from a import b` both, because b may be a module."""
    package = name if file.stem == "__init__" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.rsplit(".", node.level - 1)[0] if node.level else ""
            module = ".".join(filter(None, (above, node.module)))
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)
