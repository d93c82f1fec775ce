"""Rows as parquet: a schema written down, so that every split of every pack has the same one."""

from collections.abc import Iterator, Mapping
from itertools import islice
from tempfile import TemporaryFile

import pyarrow as pa
import pyarrow.parquet as pq

from authoring.exports.rows import COLUMNS, Row

BATCH = 200  # rows that are in memory, and in a group of the file
PIECE = 256 * 1024
_MESSAGE = pa.struct([("role", pa.string()), ("content", pa.string())])
_CRITERION = pa.struct(
    [
        ("criterion_id", pa.string()),
        ("text", pa.string()),
        ("points", pa.int64()),
        ("tags", pa.list_(pa.string())),
        ("kind", pa.string()),
        ("check", pa.string()),
    ]
)
_TYPES = {
    "version": pa.int64(),
    "prompt": pa.list_(_MESSAGE),
    "rubric": pa.list_(_CRITERION),
    "target_level": pa.int64(),
    "n_criteria": pa.int64(),
}
SCHEMA = pa.schema([(name, _TYPES.get(name, pa.string())) for name in COLUMNS])


def pieces(rows: Iterator[Row], metadata: Mapping[str, str]) -> Iterator[bytes]:
    """Give the bytes of a file with these rows; metadata: of the file, which every reader shows."""
    schema = SCHEMA.with_metadata(dict(metadata))
    with TemporaryFile() as file:
        with pq.ParquetWriter(file, schema, compression="zstd") as writer:
            while batch := list(islice(rows, BATCH)):
                writer.write_table(pa.Table.from_pylist(batch, schema))
        file.seek(0)
        yield from iter(lambda: file.read(PIECE), b"")
