"""The data set as parquet, where the optional library for it is installed."""

from collections.abc import Iterable, Iterator
from importlib import import_module, util

from authoring.exports import EXPORTERS, Exporter, Files
from authoring.exports.contents import PackContents
from authoring.exports.datasets import dataset_files
from authoring.exports.rows import Row
from simulation.errors import Unavailable

LIBRARY = "pyarrow"


def files(contents: PackContents) -> Files:
    if util.find_spec(LIBRARY) is None:
        raise Unavailable(
            f"parquet needs the library {LIBRARY}, which is not installed here:"
            ' pip install "enterprisegym[parquet]"'
        )
    return dataset_files(contents, "parquet", "parquet", _tables)


def _tables(rows: Iterator[Row], contents: PackContents) -> Iterable[bytes]:
    """Write with a module of its own: every process lists the formats, few write this one, and the
    library takes 60 MB and half a second."""
    pieces: Iterable[bytes] = import_module("authoring.exports.parquet_tables").pieces(
        rows, {"canary": contents.canary, "pack": contents.name}
    )
    return pieces


EXPORTERS.add("parquet")(
    Exporter(
        title="Data set (parquet)",
        purpose="Load the same rows with their types, compressed, into data frames and datasets.",
        files=files,
    )
)
