"""What all routes do alike, asked of each: sparse fields, strict bodies, keys of writes, ETags."""

import json

import pytest
from django.db import transaction
from django.test import Client

from authoring.models import ApiToken, Pack, PackVersion, Task
from authoring.packs.composing import add_tasks, create_pack
from simulation.models import RememberedAnswer
from tests.authoring.packs.frozen import freeze_one
from tests.authoring.tasks import make_revision, make_task
from tests.factories import make_world
from tests.web.document import api_document
from tests.web.fuzzed import make_known
from tests.web.rest import Script

pytestmark = pytest.mark.django_db
JSON = "application/json"
SCOPES = ("read", "author", "train", "admin")


def operations(method=None):
    for path, methods in api_document()[0]["paths"].items():
        for each, operation in methods.items():
            if method in (None, each):
                yield each, path, operation


@pytest.fixture
def known(run, author, reviewer, admin_person):
    return make_known(run, author, reviewer, admin_person)


@pytest.fixture
def ask(known):
    """Ask an operation about what there is, and leave no trace."""

    def send(method, path, query="", body=None):
        url = path.format(**known.values(path))
        with transaction.atomic():
            response = Client().generic(
                method,
                f"{url}{query}",
                b"" if body is None else json.dumps(body).encode(),
                content_type=JSON,
                headers={"authorization": f"Bearer {known.token}", "if-match": "*"},
            )
            transaction.set_rollback(True)
        return response

    return send


def resolved(schema):
    components = api_document()[0]["components"]["schemas"]
    return components[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def fields_of(operation):
    """Give the names that `fields` may say of an answer in JSON, as the document has them."""
    answer = operation["responses"]["200"].get("content", {}).get(JSON)
    if answer is None:
        return []
    schema = resolved(answer["schema"])
    if "next" in schema.get("properties", {}):
        schema = resolved(schema["properties"]["results"])
    if schema.get("type") == "array":
        schema = resolved(schema["items"])
    return [*schema.get("properties", {})]


def test_fields_are_those_of_the_document_in_every_answer(ask):
    refused = {}
    queries = {"/api/v1/runs/{run}/gradings/compare/": "&a=1&b=1"}
    for method, path, operation in operations("get"):
        if names := fields_of(operation):
            response = ask(method, path, f"?fields={','.join(names)}{queries.get(path, '')}")
            if response.status_code != 200:
                refused[path] = response.json()

    assert refused == {}


def test_every_body_is_refused_for_a_member_that_there_is_not(ask):
    taken, asked = {}, 0
    for method, path, operation in operations():
        if JSON in operation.get("requestBody", {}).get("content", {}):
            response = ask(method, path, body={"no_such_field": 1})
            error, asked = response.json().get("error", {}), asked + 1
            if (response.status_code, error.get("field")) != (400, "no_such_field"):
                taken[f"{method} {path}"] = response.json()

    assert taken == {}
    assert asked > 30


# bodies

THREAD, TOKEN = "tasks/sell-lamps/comments/", "tokens/"
BODIES = {
    "a number for a text": (THREAD, '{"body": 5}', "body", "write a text, not a number"),
    "true for a text": (THREAD, '{"body": true}', "body", "write a text, not true"),
    "a list for a text": (THREAD, '{"body": ["a"]}', "body", "write a text, not a list"),
    "a text for a number": (TOKEN, '{"days": "5"}', "days", "write a whole number, not a text"),
    "true for a number": (TOKEN, '{"days": true}', "days", "write a whole number, not true"),
    "half a day": (TOKEN, '{"days": 0.5}', "days", "write a whole number, not a number"),
    "a number in a list of texts": (TOKEN, '{"scopes": [1]}', "scopes", "not a number"),
    "a text for true": ("packs/", '{"is_for_training": "yes"}', "is_for_training", "true or false"),
    "1 for true": ("packs/", '{"is_for_training": 1}', "is_for_training", "write true or false"),
    "a text for a size": ("packs/", '{"sizes": {"train": "3"}}', "sizes", "write a whole number"),
    "a member twice": (THREAD, '{"body": "a", "body": "b"}', "body", "it is there twice"),
    "a member twice, deep": ("packs/", '{"sizes": {"a": 1, "a": 2}}', "a", "it is there twice"),
    "half a character": (THREAD, r'{"body": "a\ud800"}', "body", "no character"),
    "half a character, deep": (
        "packs/",
        r'{"sizes": {"a": ["\uDFFF"]}}',
        "sizes.a",
        "no character",
    ),
    "half a character in a name": ("packs/", r'{"sizes": {"\udbff": 1}}', "sizes", "no character"),
    "a long text": (THREAD, json.dumps({"body": "x" * 100_000}), "body", "no more than"),
    "a list": (THREAD, "[]", "", "Expected a dictionary"),
    "null": (THREAD, "null", "", "No data provided"),
    "NaN": (THREAD, '{"body": NaN}', "", "NaN is not a number"),
    "Infinity": (THREAD, '{"body": -Infinity}', "", "-Infinity is not a number"),
    "1e999": (TOKEN, '{"days": 1e999}', "", "is not a number that JSON has"),
    "halves too deep": (THREAD, "[" * 800 + r'"\ud800"' + "]" * 800, "", "deeper than 32"),
}


@pytest.fixture
def world(author):
    return make_world(owner=author, prompts={"clerk": "You sell lamps."})


@pytest.fixture
def admin(admin_person):
    return Script(admin_person, *SCOPES)


@pytest.mark.parametrize("name", BODIES)
def test_what_is_of_another_type_is_refused_by_its_name(name, admin, author, world):
    make_task(author, world)
    path, body, field, says = BODIES[name]

    response = admin.client.generic(
        "POST", f"/api/v1/{path}", body, content_type=JSON,
        headers={"authorization": f"Bearer {admin.token}"},
    )  # fmt: skip

    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (400, "invalid_argument"), error
    assert error.get("field", "") == field, error
    assert says in error["message"]


def test_a_whole_pair_is_a_character(admin, author, world):
    make_task(author, world)

    made = admin.ask("POST", THREAD, {"body": "\U0001f600"})

    assert (admin.status, made["body"]) == (201, "\U0001f600")


# keys of writes


def make_open_pack(author, world):
    make_revision(make_task(author, world, "packed"), "approved")
    add_tasks(create_pack(slug="basics", title="Basics", by=author), ["packed"], by=author)


WRITES = {
    "a version": ("packs/basics/versions/", {"notes": "First."}, PackVersion),
    "a task": ("tasks/", {"title": "Late parcel"}, Task),
    "a pack": ("packs/", {"slug": "lamps", "title": "Lamps"}, Pack),
    "a token": ("tokens/", {"name": "laptop", "scopes": ["read"]}, ApiToken),
}


@pytest.mark.parametrize("name", WRITES)
def test_a_key_makes_a_write_safe_to_repeat(name, admin, admin_person, world):
    path, body, model = WRITES[name]
    make_open_pack(admin_person, world)
    body = {**body, "world": str(world)} if name == "a task" else body
    before = model.objects.count()

    first = admin.ask("POST", path, body, idempotency_key="k")
    assert admin.status == 201
    again = admin.ask("POST", path, body, idempotency_key="k")

    assert (admin.status, admin.headers["Idempotent-Replayed"]) == (201, "true")
    assert model.objects.count() == before + 1
    secret = first.pop("token", None)
    assert again == first
    if name == "a token":
        assert secret.startswith("egt_")
        assert secret not in RememberedAnswer.objects.get().body


# ETags


@pytest.mark.parametrize("path", ["packs/basics/versions/1/", "tasks/packed/revisions/1/"])
def test_what_never_changes_is_sent_once(path, admin, admin_person, world):
    freeze_one(admin_person, world)
    hash_ = admin.get(path)["hash"]
    etag = admin.headers["ETag"]

    assert hash_ in etag
    assert admin.ask("GET", path, if_none_match=etag) is None
    assert (admin.status, admin.headers["ETag"]) == (304, etag)
    assert admin.ask("GET", path, if_none_match='"other"')["hash"] == hash_


def test_sparse_rows_of_a_part_of_a_thing(admin, admin_person, world):
    freeze_one(admin_person, world)

    rows = admin.get("packs/basics/versions/1/entries/?fields=task,split")["results"]
    newer = admin.get("packs/basics/newer/?fields=task,approved")

    assert [row.keys() for row in rows] == [{"task", "split"}]
    assert newer == []


def test_downloads_have_a_limit_of_their_own_and_say_when_it_is_over(
    admin, admin_person, world, settings
):
    freeze_one(admin_person, world)
    settings.API_RATES = {"api": (9, 60), "download": (1, 3600)}

    url = "/api/v1/packs/basics/versions/1/export/?format=dataset"
    headers = {"authorization": f"Bearer {admin.token}"}
    assert b"".join(admin.client.get(url, headers=headers).streaming_content)
    response = admin.client.get("/api/v1/transcripts/", headers=headers)

    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (429, "too_many_requests")
    assert 0 < int(response["Retry-After"]) <= 7200
    assert response["RateLimit-Remaining"] == "0"
    admin.get("packs/")
    assert admin.status == 200
