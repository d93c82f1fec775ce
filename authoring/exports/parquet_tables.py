"""Rows as parquet: a schema written down, so that every split of every pack has the same one."""

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from itertools import islice
from tempfile import TemporaryFile

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import json

from authoring.exports.rows import COLUMNS, Row

pa.set_memory_pool(pa.system_memory_pool())  # the usual one keeps 20 MB more for later

GROUP = 100  # rows in a group of the file, and in memory as columns
BATCH = 20  # rows in memory as Python has them, and as JSON: that takes several times as much
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


_FORM = json.ParseOptions(explicit_schema=SCHEMA, unexpected_field_behavior="error")


def pieces(rows: Iterator[Row], metadata: Mapping[str, str]) -> Iterator[bytes]:
    """Give the bytes of a file with these rows; metadata: of the file, which every reader shows."""
    schema = SCHEMA.with_metadata(dict(metadata))
    with TemporaryFile() as file:
        with pq.ParquetWriter(file, schema, compression="zstd") as writer:
            while group := [_table(batch) for batch in _batches(islice(rows, GROUP))]:
                writer.write_table(pa.concat_tables(group).replace_schema_metadata(schema.metadata))
        file.seek(0)
        yield from iter(lambda: file.read(PIECE), b"")


def _batches(rows: Iterator[Row]) -> Iterator[Sequence[Row]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _table(rows: Sequence[Row]) -> pa.Table:
    """Read rows by way of JSON: from lists, the library would import pandas where there is one."""
    lines = b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows)
    reading = json.ReadOptions(use_threads=False, block_size=len(lines))
    return json.read_json(BytesIO(lines), reading, _FORM)
