"""`python -m config.bench.exporting PACK@VERSION FORMAT`: make an artifact, and say as JSON what it
took: milliseconds, megabytes."""

import json
import os
import sys
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from authoring.exports.artifacts import artifact_of  # noqa: E402  needs the set-up above
from authoring.exports.versions import find_version  # noqa: E402

KIB = 1024


def main(name: str, form: str) -> dict[str, float]:
    version = find_version(name)
    before, start = peak(), time.perf_counter()
    artifact = artifact_of(version, form, with_held_out=True)
    taken = time.perf_counter() - start
    after = peak()
    return {
        "ms": taken * 1000,
        "added": (after - before) / 1e6,
        "peak": after / 1e6,
        "bytes": artifact.size,
    }


def peak() -> int:
    """Give the most memory that this process had, in bytes; not that of the one it came from."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) * KIB


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[1:])))
