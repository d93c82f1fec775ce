"""What the JSON files of a bundle say about themselves, as frozen values."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field, ValidationError

from simulation.entities import shorten
from simulation.portability.problems import Findings
from simulation.values import Frozen

FORMAT, FORMAT_VERSION = "enterprisegym-bundle", 1
PACK_FILE, MANIFEST_FILE, README_FILE = "pack.json", "manifest.json", "README.md"
HIGHEST = 2**31 - 1

Slug = Annotated[str, Field(pattern=r"^[-a-zA-Z0-9_]{1,80}$")]
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Number = Annotated[int, Field(strict=True, ge=1, le=HIGHEST)]
Split = Literal["train", "test", "heldout"]
WorldName = Annotated[str, Field(pattern=r"^[-a-zA-Z0-9_]{1,80}@[1-9][0-9]{0,8}$")]
Read = TypeVar("Read", bound=Frozen)


class SplitLine(Frozen):
    """A split: how many tasks it has, and their hash; also where they did not come along."""

    tasks: int = Field(strict=True, ge=0, le=HIGHEST)
    hash: Hash


class WorldLine(Frozen):
    """A world and where its files are; "" for the bundle's own folder."""

    name: WorldName
    hash: Hash
    path: str = Field(max_length=120)


class ChangeLine(Frozen):
    """What became of one task since the version before."""

    task: Slug
    kind: Literal["added", "removed", "changed"]
    before: Number | None = None
    after: Number | None = None
    parts: tuple[Annotated[str, Field(max_length=40)], ...] = Field((), max_length=20)
    comparable: bool = Field(True, strict=True)
    why: str = Field("", max_length=2000)


class PackFile(Frozen):
    """pack.json"""

    format: Literal["enterprisegym-bundle"]
    format_version: Literal[1]
    slug: Slug
    version: Number
    hash: Hash
    title: str = Field(min_length=1, max_length=200)
    description: str = Field("", max_length=50_000)
    licence: str = Field(min_length=1, max_length=100)
    canary: str = Field(min_length=1, max_length=200)
    is_for_training: bool = Field(strict=True)
    notes: str = Field("", max_length=50_000)
    splits: dict[Split, SplitLine]
    left_out: tuple[Split, ...] = Field((), max_length=3)
    worlds: tuple[WorldLine, ...] = Field(max_length=100)
    changelog: tuple[ChangeLine, ...] = Field((), max_length=20_000)


class TaskHead(Frozen):
    """What tasks/<slug>.json says beside the content."""

    id: Slug
    revision: Number
    hash: Hash
    split: Split
    family: Annotated[str, Field(pattern=r"^[-a-zA-Z0-9_]{0,80}$")] = ""
    canary: str


class FileLine(Frozen):
    """A file in manifest.json."""

    sha256: Hash
    size: int = Field(strict=True, ge=0)


class Manifest(Frozen):
    """manifest.json"""

    format: str
    pack: str
    hash: Hash
    canary: str
    files: dict[str, FileLine]


def read_members(
    kind: type[Read], value: Mapping[str, Any] | None, file: str, findings: Findings
) -> Read | None:
    """Read the members of a file that it may have; what is wrong becomes findings, and then there
    is none."""
    if value is None:
        return None
    try:
        return kind.model_validate({n: v for n, v in value.items() if n in kind.model_fields})
    except ValidationError as error:
        for found in error.errors(include_url=False):
            place = ".".join(map(str, found["loc"]))
            findings.add(file, _said(found), field=place)
    return None


def _said(found: Any) -> str:
    if found["type"] == "missing":
        return "is missing"
    if found["type"] == "extra_forbidden":
        return "there is no such field"
    return f"{found['msg'].removeprefix('Value error, ')}, not {shorten(found['input'])}"
