"""Uploads: received within bounds, kept for a day at most, read anew when they are used."""

import datetime as dt
import hashlib
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from simulation.entities import shorten
from simulation.errors import InvalidArgument, NotFound
from simulation.models import Upload, World
from simulation.portability.archive import read_archive, write_archive
from simulation.portability.files import ENTITIES, PROMPTS, Files
from simulation.portability.imports import import_parcel
from simulation.portability.limits import MAX_ARCHIVE
from simulation.portability.parcel import read_parcel
from simulation.portability.problems import NOISE_FILE, WORLD_FILE, printable

KEPT_FOR = dt.timedelta(days=1)
KEPT_EACH = 3  # uploads of one person
TOO_LARGE = f"the upload is larger than {MAX_ARCHIVE // 1_000_000} MB"
CHOOSE = "choose a zip file of a world, or the .json files of a bare folder"
_FOLDERS = {".json": f"{ENTITIES}/", ".md": f"{PROMPTS}/"}


class BoundedUploadHandler(FileUploadHandler):
    """Keeps what is uploaded in memory; what is too large is passed over, and the request says so.

    It is the only handler of the application: no upload lies on the disk.
    """

    received = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._target = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.received > MAX_ARCHIVE:
            self.request.is_too_large = True  # type: ignore[union-attr]
            raise SkipFile
        self._target.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self._target.seek(0)
        return InMemoryUploadedFile(
            file=self._target,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type or "",
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )


def received_archive(
    request: HttpRequest, files: "Sequence[UploadedFile[Any]]"
) -> tuple[str, bytes]:
    """Give (name, zip) of what was uploaded: one zip, or loose files packed into one.

    Raises InvalidArgument that says what to upload.
    """
    if getattr(request, "is_too_large", False):
        raise InvalidArgument(TOO_LARGE, field="archive")
    if not files:
        raise InvalidArgument(CHOOSE, field="archive")
    names = [printable(file.name or "") for file in files]
    if len(files) == 1 and not names[0].endswith(tuple(_FOLDERS)):
        return names[0], _bytes(files[0])
    return _packed(names, [_bytes(file) for file in files])


def keep_upload(
    owner: User, name: str, data: bytes, *, read: Callable[[bytes], object] = read_archive
) -> Upload:
    """Keep a zip until it is imported; a person's oldest uploads make room.

    read: takes it apart. Raises InvalidArgument for what is no zip, or too much to look at.
    """
    read(data)
    with transaction.atomic():
        kept = owner.uploads.order_by("-pk").values_list("pk", flat=True)[: KEPT_EACH - 1]
        owner.uploads.exclude(pk__in=list(kept)).delete()
        return Upload.objects.create(
            owner=owner,
            name=name,
            data=data,
            sha256=hashlib.sha256(data).hexdigest(),
            expires_at=timezone.now() + KEPT_FOR,
        )


@transaction.atomic
def import_upload(
    upload: Upload, options: Mapping[str, str], *, owner: User, publish: bool
) -> World:
    """Make the world of an upload, which is then used up.

    Raises NotFound for one that is used up already, and what `import_parcel` raises.
    """
    held = Upload.objects.select_for_update().filter(pk=upload.pk).first()
    if held is None:
        raise NotFound("this upload was imported or discarded: choose the files again")
    parcel = read_parcel(upload_files(held), options)
    world = import_parcel(parcel, owner=owner, publish=publish)
    held.delete()
    return world


def upload_files(upload: Upload) -> Files:
    """Read an upload again, from its bytes and nothing else."""
    return read_archive(bytes(upload.data))


def forget_uploads() -> int:
    """Delete the uploads whose day is over; gives how many."""
    return Upload.objects.expired().delete()[0]


def _bytes(file: "UploadedFile[Any]") -> bytes:
    return bytes(file.read())


def _packed(names: Sequence[str], contents: Sequence[bytes]) -> tuple[str, bytes]:
    """Pack loose files as the folder that they come from: browsers send names without folders."""
    packed: dict[str, bytes] = {}
    for name, data in zip(names, contents, strict=True):
        path = _path(name, is_bare=WORLD_FILE not in names)
        if path in packed:
            raise InvalidArgument(f"{shorten(name)} was chosen more than once", field="archive")
        packed[path] = data
    return f"{len(packed)} files", write_archive(packed)


def _path(name: str, *, is_bare: bool) -> str:
    suffix = name[name.rfind(".") :]
    if suffix not in _FOLDERS:
        raise InvalidArgument(f"{shorten(name)}: {CHOOSE}", field="archive")
    if name in (WORLD_FILE, NOISE_FILE) or (is_bare and suffix == ".json"):
        return name
    return f"{_FOLDERS[suffix]}{name}"
