"""Uploaded bundles: received within bounds, kept for a day at most, read anew each time."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest

from authoring.bundles.bundle import Bundle
from authoring.bundles.importing import Imported, import_bundle
from authoring.bundles.reading import bundle_files, read_bundle
from simulation.errors import InvalidArgument, NotFound
from simulation.models import Upload
from simulation.portability.problems import printable
from simulation.portability.uploads import TOO_LARGE, keep_upload

FIELD = "archive"
CHOOSE = "choose the zip file of a bundle"


def received_bundle(
    request: HttpRequest, files: "Sequence[UploadedFile[Any]]"
) -> tuple[str, bytes]:
    """Give (name, zip) of the one file that was uploaded. Raises InvalidArgument otherwise.

    files: as they were parsed; only then does the request know what was too large.
    """
    if getattr(request, "is_too_large", False):
        raise InvalidArgument(TOO_LARGE, field=FIELD)
    if len(files) != 1:
        raise InvalidArgument(CHOOSE, field=FIELD)
    return printable(files[0].name or ""), bytes(files[0].read())


def keep_bundle(owner: User, name: str, data: bytes) -> Upload:
    """Keep a zip until it is imported. Raises InvalidArgument for what is none."""
    return keep_upload(owner, name, data, read=bundle_files)


def uploaded_bundle(upload: Upload) -> Bundle:
    """Read an upload. Raises BundleProblems."""
    return read_bundle(bundle_files(bytes(upload.data)))


@transaction.atomic
def import_uploaded(upload: Upload, *, owner: User, approve: bool, slug: str) -> Imported:
    """Bring an upload in, which is then used up.

    Raises NotFound for one that is used up already, and what import_bundle raises.
    """
    held = Upload.objects.select_for_update().filter(pk=upload.pk).first()
    if held is None:
        raise NotFound("this upload was imported or discarded: choose the file again")
    done = import_bundle(uploaded_bundle(held), owner=owner, approve=approve, slug=slug)
    held.delete()
    return done
