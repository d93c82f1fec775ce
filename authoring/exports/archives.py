"""Zip files of exports, written file after file.

Files are stored as they are: what deflate makes of them depends on the zlib of a machine, and an
export has the same bytes everywhere. The target can be sought in, so sizes and checksums stand
before each file, where every reader finds them; an archive written to a mere stream has them
behind, and readers that cannot seek take no stored file of unknown length.
"""

import shutil
import zipfile
from tempfile import SpooledTemporaryFile
from typing import IO

from authoring.exports import Files
from simulation.portability.archive import timeless_entry

PIECE = 256 * 1024
IN_MEMORY = 1024 * 1024  # bytes of one file; longer ones wait on the disk until their size is known


def write_archive(files: Files, target: IO[bytes]) -> None:
    """Write files to a place that can be sought in: the same files, the same bytes."""
    with zipfile.ZipFile(target, "w") as archive:
        for path, pieces in files:
            entry = timeless_entry(path)
            with SpooledTemporaryFile(max_size=IN_MEMORY) as waiting:
                for piece in pieces:
                    waiting.write(piece)
                entry.file_size = waiting.tell()  # decides whether the entry is of zip64
                waiting.seek(0)
                with archive.open(entry, "w") as place:
                    shutil.copyfileobj(waiting, place, PIECE)
