"""The fingerprint of all code that decides the bytes of an export, besides the pack itself."""

import hashlib
import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from simulation.environments import environment, slugs

_ROOT = Path(__file__).parents[2]
_BESIDE = (
    "authoring/content.py",
    "grading/criteria.py",
    "simulation/portability/archive.py",
    "simulation/portability/export.py",
    "simulation/portability/prompts.py",
    "simulation/tools.py",
)
_LIBRARIES = ("orjson", "pyarrow", "pydantic", "pyyaml")


@cache
def fingerprint() -> str:
    """Give another value once code, libraries, or the tools of a company are others."""
    sources = [*sorted(Path(__file__).parent.rglob("*.py")), *(_ROOT / path for path in _BESIDE)]
    digest = hashlib.sha256(b"\0".join(source.read_bytes() for source in sources))
    versions = [platform.python_version(), *map(_version, _LIBRARIES)]
    tools = [environment(slug).tools_hash("all") for slug in slugs()]
    digest.update("\n".join([*versions, *tools]).encode())
    return digest.hexdigest()


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""
