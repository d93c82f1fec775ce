"""What an import may weigh at most. Every limit is in one place and is named where it is met."""

from dataclasses import dataclass

from simulation.text import MAX_DEPTH, MAX_TEXT

MAX_ARCHIVE = 20_000_000  # bytes of a zip file, or of all files of one upload
MAX_FILE = 16_000_000  # bytes of one file, unpacked
MAX_TOTAL = 64_000_000  # bytes of all files, unpacked
MAX_RATIO = 200  # times that a file may grow when it is unpacked; ours grow by 2 to 12
RATIO_FROM = 1_000_000  # bytes unpacked from which the ratio counts
MAX_FILES = 200  # files and folders
MAX_LEVELS = 4  # folders within each other, in a folder on disk
MAX_ROWS = 50_000  # rows of all types
MAX_VALUES = 1_000_000  # values in one JSON file
MAX_ROW_VALUES = 10_000  # values in one row
MAX_BESIDE_VALUES = 200_000  # values in world.json and in manifest.json
MAX_PROMPTS = 50
PROBLEMS_KEPT = 1_000  # problems that are told one by one; more are counted
PROBLEMS_COUNTED = 10_000  # problems after which reading ends: the next ones change nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much of a zip or a folder is read: bytes of the zip, of one file and of all of them
    unpacked, files and folders, folders within each other."""

    archive: int = MAX_ARCHIVE
    file: int = MAX_FILE
    total: int = MAX_TOTAL
    files: int = MAX_FILES
    levels: int = MAX_LEVELS


WORLD = Bounds()
LIMITS = (
    ("archive", f"{MAX_ARCHIVE // 1_000_000} MB"),
    ("one file, unpacked", f"{MAX_FILE // 1_000_000} MB"),
    ("all files, unpacked", f"{MAX_TOTAL // 1_000_000} MB"),
    ("files", f"{MAX_FILES:,}"),
    ("rows", f"{MAX_ROWS:,}"),
    ("values in one file", f"{MAX_VALUES:,}"),
    ("values in one row", f"{MAX_ROW_VALUES:,}"),
    ("levels of nesting", f"{MAX_DEPTH:,}"),
    ("characters of one prompt", f"{MAX_TEXT:,}"),
)
