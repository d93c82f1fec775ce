"""The data set as JSON lines."""

from collections.abc import Iterator

import orjson

from authoring.exports import EXPORTERS, Exporter
from authoring.exports.contents import PackContents
from authoring.exports.datasets import dataset_files
from authoring.exports.rows import Row

# line ends to some readers; inside JSON they can be written another way
_BREAKS = {
    "\u0085".encode(): rb"\u0085",
    "\u2028".encode(): rb"\u2028",
    "\u2029".encode(): rb"\u2029",
}


def lines(rows: Iterator[Row], contents: PackContents) -> Iterator[bytes]:
    for row in rows:
        line = orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
        for found, written in _BREAKS.items():
            line = line.replace(found, written)
        yield line


EXPORTERS.add("dataset")(
    Exporter(
        title="Data set (JSONL)",
        purpose="Read the tasks row by row, with the library datasets or anything that reads JSON.",
        files=lambda contents: dataset_files(contents, "dataset", "jsonl", lines),
    )
)
