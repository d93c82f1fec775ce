"""Every format: the same bytes, a true manifest, the canary, nothing of what is held out."""

import hashlib
import json

import pytest

from authoring.exports import EXPORTERS
from authoring.exports.contents import contents_of
from authoring.exports.manifests import exported_files
from tests.authoring.exports.packs import make_small_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(author, store_world):
    return make_small_version(author, store_world)


def exported(version, form, *, with_held_out=False):
    contents = contents_of(version, with_held_out=with_held_out)
    return {path: b"".join(pieces) for path, pieces in exported_files(form, contents)}


@pytest.mark.parametrize("form", EXPORTERS)
def test_an_export_has_the_same_bytes_twice(version, form):
    assert exported(version, form) == exported(version, form)


@pytest.mark.parametrize("form", EXPORTERS)
def test_the_manifest_names_size_and_hash_of_every_other_file(version, form):
    files = exported(version, form)

    *_, last = files
    manifest = json.loads(files.pop("manifest.json"))

    assert last == "manifest.json"
    assert manifest["pack"] == str(version)
    assert manifest["files"] == {
        path: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
        for path, data in files.items()
    }
