"""Worlds over REST: what is given, what is taken, and by whom."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from authoring.tokens import make_token
from simulation import worlds
from simulation.models import World
from simulation.portability.archive import read_archive, write_archive
from simulation.portability.export import export_archive, export_files
from simulation.portability.limits import MAX_ARCHIVE
from simulation.rest.scopes import AUTHOR, READ, RUN
from simulation.versions import copy_world
from tests.factories import NOW, STORE, make_draft, make_world, signed_in
from tests.simulation.portability.parcels import as_bytes, make_contents

pytestmark = pytest.mark.django_db
IMPORT = "/api/v1/worlds/import/"
BOMB = {"entities/item.json": b"\0" * 3_000_000}


@pytest.fixture
def client(author):
    return signed_in(author)


def send(client, data=None, query="", **options):
    """Send a zip as the whole body."""
    body = write_archive(make_contents()) if data is None else data
    return client.post(f"{IMPORT}{query}", body, content_type="application/zip", **options)


def archive(name="world.zip", data=None):
    return SimpleUploadedFile(name, write_archive(make_contents()) if data is None else data)


# reading


def test_a_world_is_described_without_its_rows(page, runner):
    world = make_world(owner=runner, prompts={"clerk": "Hello"}, title="Store")

    body = page(f"/api/v1/worlds/{world}/").json()

    assert body["name"] == str(world)
    assert (body["content_hash"], body["counts"]) == (world.content_hash, {"item": 2, "sale": 4})
    assert (body["prompts"], body["owner"], body["copied_from"]) == (["clerk"], "ruth", None)
    assert body["now"] == NOW


@pytest.mark.parametrize(("person", "count"), [("charlie", 1), ("author", 2), ("reviewer", 2)])
def test_drafts_are_listed_for_those_who_may_see_them(person, count, page, author, request):
    make_world()
    draft = make_draft(author)
    user = request.getfixturevalue(person)

    rows = page("/api/v1/worlds/", user).json()["results"]

    assert len(rows) == count
    seen = 200 if count == 2 else 404
    for path in (f"/api/v1/worlds/{draft}/", f"/api/v1/worlds/{draft}/export/"):
        assert page(path, user).status_code == seen
    assert page(reverse("simulation:export", args=[draft.slug, 1]), user).status_code == seen


def test_the_list_asks_a_constant_number_of_questions(client, author, django_assert_num_queries):
    for _ in range(5):
        copy_world(make_world(), author)

    with django_assert_num_queries(3):  # session, person with roles, worlds
        assert len(client.get("/api/v1/worlds/").json()["results"]) == 10


@pytest.mark.parametrize("name", ["ghost@1", "ghost", "store@x", "store@99999999999"])
def test_a_world_that_is_not_there_is_not_found(name, page):
    response = page(f"/api/v1/worlds/{name}/")

    assert response.status_code == 404
    assert response.json()["error"]["code"] == "not_found"


@pytest.mark.parametrize("accept", ["application/zip", "*/*", "application/json"])
def test_an_export_is_the_archive_of_the_world(accept, page):
    world = make_world(prompts={"clerk": "Hello"})

    response = page(f"/api/v1/worlds/{world}/export/", headers={"accept": accept})

    assert response.content == export_archive(world)
    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"] == f'attachment; filename="{world.slug}-1.zip"'
    assert response["Content-Length"] == str(len(response.content))


@pytest.mark.parametrize(
    ("person", "is_there"),
    [("author", True), ("reviewer", True), ("analyst", True), ("admin_person", True),
     ("runner", False), ("charlie", False)],
)  # fmt: skip
@pytest.mark.parametrize("is_api", [True, False])
def test_what_is_untidy_on_purpose_is_exported_to_those_who_may_read_tasks(
    is_api, person, is_there, page, request
):
    world = make_world(manifest=[{"type": "item", "id": "lamp", "noise": "odd"}])
    url = f"/api/v1/worlds/{world}/export/" if is_api else f"/world/{world}/export/"

    response = page(url, request.getfixturevalue(person))

    names = read_archive(response.content).contents
    assert ("manifest.json" in names) == is_there


def test_an_error_is_json_even_for_who_asks_for_a_zip(page):
    response = page("/api/v1/worlds/ghost@1/export/", headers={"accept": "application/zip"})

    assert (response.status_code, response["Content-Type"]) == (404, "application/json")


@pytest.mark.parametrize("is_api", [True, False])
def test_an_export_is_sent_once(is_api, page):
    world = make_world()
    url = f"/api/v1/worlds/{world}/export/" if is_api else f"/world/{world}/export/"
    etag = page(url)["ETag"]
    assert etag.startswith(f'"{world.content_hash}')

    again = page(url, headers={"if-none-match": etag})

    assert (again.status_code, again.content) == (304, b"")


def test_a_new_title_is_a_new_archive(page):
    world = make_world()
    etag = page(f"/api/v1/worlds/{world}/export/")["ETag"]
    World.objects.filter(pk=world.pk).update(title="Renamed")

    response = page(f"/api/v1/worlds/{world}/export/", headers={"if-none-match": etag})

    assert response.status_code == 200


def test_a_draft_has_no_etag(page, runner):
    assert "ETag" not in page(f"/api/v1/worlds/{make_draft(runner)}/export/")


# bringing in


def test_a_zip_becomes_a_published_world(client, author):
    response = send(client)

    assert response.status_code == 201
    world = World.objects.get()
    assert response.json()["name"] == str(world) == "store@1"
    assert (world.owner, world.status) == (author, "published")
    assert worlds.world_document(world)["entities"] == STORE


def test_what_was_exported_over_rest_comes_back_the_same(client, page):
    world = make_world(prompts={"clerk": "Hello"}, title="Store")
    exported = page(f"/api/v1/worlds/{world}/export/").content

    assert send(client, exported, "?version=2").status_code == 201

    again = page(f"/api/v1/worlds/{world.slug}@2/export/").content
    left, right = read_archive(exported).contents, read_archive(again).contents
    assert {path for path in left if left[path] != right[path]} == {"world.json"}


@pytest.mark.parametrize("way", ["query", "form"])
def test_options_override_world_json(way, client):
    options = {"slug": "mine", "title": "Mine", "now": "2026-01-01T00:00:00Z", "draft": "true"}

    if way == "query":
        response = send(client, query="?slug=mine&title=Mine&now=2026-01-01T00:00:00Z&draft=true")
    else:
        response = client.post(IMPORT, {"archive": archive(), **options})

    assert response.status_code == 201
    world = World.objects.get()
    assert (str(world), world.title, world.is_draft) == ("mine@1", "Mine", True)
    assert response.json()["counts"] is None


def test_the_files_of_a_bare_folder_are_sent_one_by_one(client):
    files = [archive(f"{name}.json", as_bytes(rows)) for name, rows in STORE.items()]

    response = client.post(IMPORT, {"archive": files, "slug": "bare", "now": NOW})

    assert response.status_code == 201
    assert response.json()["environment"] == "mock_store"


def test_a_dry_run_tells_and_writes_nothing(client):
    make_world(slug="store")
    data = write_archive(make_contents({"entities/item.json": {"lamp": {"colour": 1}}}))

    body = send(client, data, "?dry_run=true").json()

    assert World.objects.count() == 1
    assert (body["version"], body["is_free"], body["next_free"]) == (1, False, 2)
    assert body["compared_with"] == "store@1"
    assert body["counts"][0] == {
        "name": "item", "rows": 1, "before": 2, "added": 0, "changed": 0, "removed": 1,
    }  # fmt: skip
    assert {
        "file": "entities/item.json", "id": "lamp", "field": "colour",
        "text": "item has no such field; it has name, price, inStock, note",
    } in body["problems"]  # fmt: skip
    assert body["problems"][-1]["field"] == "version"
    assert body["problem_count"] == len(body["problems"])


def test_problems_come_all_at_once_in_the_one_shape(client):
    data = write_archive(make_contents({"entities/item.json": {"a": {}, "b": []}}, slug="a b"))

    response = send(client, data)

    assert response.status_code == 400
    error = response.json()["error"]
    assert set(error) == {"code", "message"}
    assert error["code"] == "invalid_argument"
    lines = error["message"].splitlines()
    assert "entities/item.json: 'b': write an object of field names and values, not []" in lines
    assert "world.json: slug: write 1 to 80 letters, digits, - and _, not 'a b'" in lines
    assert not World.objects.exists()


def test_a_version_that_exists_is_a_conflict(client):
    make_world(slug="store")

    response = send(client)

    assert response.status_code == 409
    assert response.json()["error"]["field"] == "version"


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("?dryrun=true", "there is no option 'dryrun'; there are slug, version, title, now,"),
        ("?dry_run=perhaps", "Must be a valid boolean."),
        ("?version=new", "options: version: write a whole number from 1 on, or next, not 'new'"),
    ],
)
def test_an_option_that_is_none_is_refused_rather_than_passed_over(query, message, client):
    response = send(client, query=query)

    assert response.status_code == 400
    assert message in response.json()["error"]["message"]
    assert not World.objects.exists()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "choose a zip file of a world, or the .json files of a bare folder"),
        (b"{}", "archive: is no zip file that can be read"),
        (write_archive(BOMB), "entities/item.json: grows by more than 200 times when it is"),
        (b"x" * (MAX_ARCHIVE + 1), "the upload is larger than 20 MB"),
    ],
    ids=["nothing", "no zip", "bomb", "too large"],
)
@pytest.mark.parametrize("way", ["body", "form"])
def test_what_is_no_archive_is_refused(way, data, message, client):
    if way == "body":
        response = send(client, data)
    else:
        response = client.post(IMPORT, {"archive": archive(data=data)})

    assert response.status_code == 400
    assert message in response.json()["error"]["message"] or (way, data) == ("form", b"")
    assert not World.objects.exists()


def test_other_types_of_body_are_refused(client):
    response = client.post(IMPORT, "{}", content_type="application/json")

    assert response.status_code == 415
    assert response.json()["error"]["code"] == "unsupported_media_type"


@pytest.mark.parametrize(
    ("person", "status"),
    [("charlie", 403), ("runner", 403), ("reviewer", 403), ("analyst", 403), ("author", 201),
     ("admin_person", 201)],
)  # fmt: skip
def test_authors_and_admins_bring_worlds_in(person, status, request):
    client = signed_in(request.getfixturevalue(person))

    response = send(client)

    assert response.status_code == status
    assert World.objects.exists() == (status == 201)
    if status == 403:
        message = "importing a world needs the role author or admin"
        assert response.json()["error"] == {"code": "forbidden", "message": message}


@pytest.mark.parametrize(
    ("scopes", "status"), [([READ], 403), ([READ, RUN], 403), ([READ, AUTHOR], 201)]
)
def test_a_token_needs_the_scope_that_changes(scopes, status, author):
    token = make_token(author, name="laptop", scopes=scopes)

    response = send(Client(), headers={"authorization": f"Bearer {token}"})

    assert response.status_code == status


def test_nobody_brings_nothing_in(db):
    assert send(Client()).status_code == 401


def test_a_session_without_a_csrf_token_brings_nothing_in(author):
    client = signed_in(author, enforce_csrf_checks=True)

    assert send(client).status_code == 403
    assert client.post(IMPORT, {"archive": archive()}).status_code == 403
    assert not World.objects.exists()


def test_the_schema_knows_both_forms_of_an_import(page):
    paths = page("/api/v1/schema/?format=json").json()["paths"]

    body = paths[IMPORT]["post"]["requestBody"]["content"]
    assert set(body) == {"multipart/form-data", "application/zip"}
    export = paths["/api/v1/worlds/{name}/export/"]["get"]["responses"]["200"]["content"]
    assert set(export) == {"application/zip"}


def test_an_exported_archive_opens_with_any_tool(page):
    world = make_world()

    content = page(f"/world/{world}/export/").content

    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert names == list(export_files(world))
