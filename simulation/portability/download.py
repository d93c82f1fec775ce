"""A world as a download, for the API and the browser."""

import hashlib

import orjson
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

from simulation.models import World
from simulation.portability.export import archive_name, export_archive
from simulation.roles import TASK_READERS, has_role


def archive_response(request: HttpRequest, world: World) -> HttpResponseBase:
    """Answer with the zip; who has the same bytes already is told so.

    It is sent whole, with its length: an archive is small beside the document it is made from.
    """
    with_manifest = has_role(request.user, *TASK_READERS)
    etag = archive_etag(world, with_manifest=with_manifest)
    unchanged = get_conditional_response(request, etag=etag) if etag else None
    if unchanged is not None:
        return unchanged
    response = HttpResponse(
        export_archive(world, with_manifest=with_manifest), content_type="application/zip"
    )
    response["Content-Disposition"] = f'attachment; filename="{archive_name(world)}"'
    response["Cache-Control"] = "private, no-cache"
    if etag:
        response["ETag"] = etag
    return response


def archive_etag(world: World, *, with_manifest: bool) -> str:
    """Give the content hash of a published world and a hash of what else its archive holds.

    A title may change after publishing; "" for a draft.
    """
    if world.is_draft:
        return ""
    manifest = world.manifest if with_manifest else None
    beside = orjson.dumps([world.slug, world.version, world.title, manifest])
    return f'"{world.content_hash}-{hashlib.sha256(beside).hexdigest()[:16]}"'
