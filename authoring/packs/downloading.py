"""What a version can be downloaded as."""

from collections.abc import Iterator

from django.contrib.auth.models import User
from django.urls import reverse

from authoring.exports import EXPORTERS
from authoring.exports.artifacts import made_size
from authoring.exports.contents import PackContents
from authoring.models import PackVersion
from authoring.packs.pages.version import DownloadLine
from authoring.splits import HELD_OUT
from simulation.roles import sees_held_out
from simulation.wording import size as size_in_words


def download_lines(
    user: User, version: PackVersion, contents: PackContents
) -> Iterator[DownloadLine]:
    """contents: of the version without its held-out tasks."""
    has_held_out = bool(version.splits.get(HELD_OUT, {}).get("tasks"))
    for name, exporter in EXPORTERS.items():
        url = reverse("packs:download", args=[version.pack.slug, version.number, name])
        is_offered = has_held_out and sees_held_out(user)
        yield DownloadLine(
            name=name,
            title=exporter.title,
            purpose=exporter.purpose,
            url=url,
            size=_size(contents, name),
            held_out_url=f"{url}?held_out=1" if is_offered else "",
        )


def _size(contents: PackContents, form: str) -> str:
    size = made_size(contents, form)
    return "" if size is None else size_in_words(size)


def curl_of(version: PackVersion, host: str) -> str:
    """Give the commands that download a version with a token; "" while there is no format."""
    names = list(EXPORTERS)
    if not names:
        return ""
    name = "bundle" if "bundle" in names else names[0]
    path = reverse("api:pack-version-export", args=[version.pack.slug, version.number])
    file = f"{version.pack.slug}-{version.number}-{name}.zip"
    return (
        f'curl -fL -C - -o {file} -H "Authorization: Bearer $EG_TOKEN" \\\n'
        f'  "{host}{path}?format={name}"'
    )
