"""What processes counted: this one alone, or all that keep their numbers in one folder."""

import os
from collections.abc import Iterator
from pathlib import Path

from prometheus_client import Metric
from prometheus_client.multiprocess import MultiProcessCollector

from config.metrics.folder import VARIABLE
from simulation.metrics import REGISTRY


def process_figures() -> Iterator[Metric]:
    """Give the sums over all processes of the folder, or those of this process."""
    folder = os.environ.get(VARIABLE)
    if folder is None:
        yield from REGISTRY.collect()
    elif Path(folder).is_dir():
        collector = MultiProcessCollector(None, path=folder)  # type: ignore[no-untyped-call]
        yield from collector.collect()  # type: ignore[no-untyped-call]
