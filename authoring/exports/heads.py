"""What an export says of its pack: pack.json, and the parts of a README that all formats share."""

from collections.abc import Iterator
from typing import Any

from authoring.exports.contents import PackContents
from authoring.splits import SPLITS

FORMAT_VERSION = 1


def head(contents: PackContents, form: str) -> dict[str, Any]:
    """Give the members that pack.json has in every format."""
    return {
        "format": f"enterprisegym-{form}",
        "format_version": FORMAT_VERSION,
        "slug": contents.slug,
        "version": contents.number,
        "hash": contents.hash,
        "title": contents.title,
        "description": contents.description,
        "licence": contents.licence,
        "canary": contents.canary,
        "is_for_training": contents.is_for_training,
        "notes": contents.notes,
        "splits": contents.splits,
        "left_out": contents.left_out,
        "worlds": contents.worlds,
        "changelog": contents.changelog,
    }


def given_splits(contents: PackContents) -> list[str]:
    """Name the splits whose tasks are in the export."""
    return [
        split
        for split in SPLITS
        if split not in contents.left_out and contents.splits.get(split, {}).get("tasks")
    ]


def introduction(contents: PackContents) -> str:
    """Begin a README: title, description, and what is known of the version, as Markdown."""
    parts = [
        f"# {one_line(contents.title)}",
        contents.description.strip(),
        "\n".join(_facts(contents)),
    ]
    if contents.notes.strip():
        parts.append(f"## What is new in version {contents.number}\n\n{contents.notes.strip()}")
    parts.append("## Tasks\n\n" + "\n".join(_counts(contents)))
    return "\n\n".join(filter(None, parts))


def _facts(contents: PackContents) -> Iterator[str]:
    yield f"- Pack: `{contents.name}`"
    yield f"- Hash: `{contents.hash}`"
    yield f"- Licence: {one_line(contents.licence)}"
    yield f"- For training: {'yes' if contents.is_for_training else 'no'}"
    for world in contents.worlds:
        yield f"- World: `{world['name']}`, hash `{world['hash']}`"
    yield f"- Canary: {one_line(contents.canary)}"
    yield ""
    yield "Keep the canary with every copy: it shows where these tasks have turned up."


def _counts(contents: PackContents) -> Iterator[str]:
    yield "| split | tasks | in this export |"
    yield "|---|---|---|"
    for split in SPLITS:
        if count := contents.splits.get(split, {}).get("tasks"):
            yield f"| {split} | {count} | {'no' if split in contents.left_out else 'yes'} |"


def one_line(text: str) -> str:
    """Keep a text from ending the line that it stands in."""
    return " ".join(text.split())
