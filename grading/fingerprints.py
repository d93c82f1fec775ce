"""What a check's verdict rests on besides the episode: criterion, and code of the grader."""

import hashlib
from functools import cache
from pathlib import Path

from grading.criteria import Criterion

_GRADING = Path(__file__).parent
_SIMULATION = _GRADING.parent / "simulation"
_RULES_OF_GRADING = ("bounds.py", "expectations.py", "expected.py")
_RULES_OF_WORLDS = (
    "conditions.py",
    "operators.py",
    "paths.py",
    "query.py",
    "state.py",
    "values.py",
)


def fingerprint(criterion: Criterion) -> str:
    """Name criterion and grader: equal fingerprints on equal evidence give equal verdicts."""
    return hashlib.sha256(f"{criterion.hash}{_code_hash(criterion.kind)}".encode()).hexdigest()


@cache
def _code_hash(kind: str) -> str:
    """Hash the module of a grader and all modules that its rule stands on."""
    files = [_GRADING / "graders" / f"{kind}.py"]
    files += [_GRADING / name for name in _RULES_OF_GRADING]
    files += [_SIMULATION / name for name in _RULES_OF_WORLDS]
    for folder in ("claims", "reading"):
        files += sorted((_GRADING / folder).glob("*.py"))
    found = (file.read_bytes() for file in files if file.is_file())
    return hashlib.sha256(b"\0".join(found)).hexdigest()
