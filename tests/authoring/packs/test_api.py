"""Packs over REST: to put together, check, freeze and read, and nothing held out for others."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from authoring.models import Pack, Task
from authoring.packs.composing import add_tasks, change_pack
from authoring.packs.freezing import freeze_pack
from authoring.tokens import make_token
from tests.authoring.tasks import make_revision
from tests.factories import signed_in

pytestmark = pytest.mark.django_db
PACKS = "/api/v1/packs/"
BASICS = f"{PACKS}basics/"


@pytest.fixture
def call():
    """Ask as somebody with a session: status and what is said."""

    def ask(person, method, url, data=None):
        client = signed_in(person)
        return answer(client, method, url, data)

    return ask


@pytest.fixture
def call_with():
    """Ask with a token of somebody's that has these scopes."""

    def ask(person, scopes, method, url, data=None):
        token = make_token(person, name="-".join(scopes) + url + method, scopes=scopes)
        client = Client(headers={"authorization": f"Bearer {token}"})
        return answer(client, method, url, data)

    return ask


def answer(client, method, url, data):
    given = {} if data is None else {"data": data, "content_type": "application/json"}
    response = getattr(client, method)(url, **given)
    return response.status_code, response.json()


def test_a_pack_is_made_filled_checked_and_frozen(author, approved, call):
    for slug in ("lamps", "again", "third"):
        approved(slug, **({"difficulty": "hard"} if slug == "third" else {}))

    status, made = call(author, "post", PACKS, {"slug": "basics", "title": "Basics"})
    assert (status, made["tasks"], made["newest"], made["owner"]) == (201, 0, None, "alice")
    status, added = call(author, "post", f"{BASICS}tasks/", {"slugs": ["lamps", "nothing"]})
    assert (status, added["added"], added["left_out"][0]["task"]) == (200, ["lamps"], "nothing")
    _, added = call(author, "post", f"{BASICS}tasks/", {"filter": {"difficulty": "hard"}})
    assert added["added"] == ["third"]
    call(author, "post", f"{BASICS}tasks/", {"slugs": ["again"]})
    assert call(author, "delete", f"{BASICS}tasks/", {"slugs": ["again"]}) == (200, {"removed": 1})
    status, changed = call(author, "patch", BASICS, {"sizes": {"test": 1}})
    assert (status, changed["sizes"], changed["tasks"]) == (200, {"test": 1}, 2)
    _, report = call(author, "get", f"{BASICS}check/")
    assert (report["can_freeze"], report["splits"]) == (True, {"train": 1, "test": 1, "heldout": 0})
    assert {"level", "check", "text", "tasks"} == set(report["problems"][0])
    status, version = call(author, "post", f"{BASICS}versions/", {"notes": "the first"})
    assert (status, version["name"], version["notes"]) == (201, "basics@1", "the first")
    status, problem = call(author, "post", f"{BASICS}versions/", {})
    assert (status, problem["error"]["code"]) == (409, "conflict")


def test_what_is_put_together_comes_in_pages_by_slug(filled, author, call):
    _, first = call(author, "get", f"{BASICS}tasks/?page_size=3")
    _, rest = call(author, "get", first["next"])

    rows = [*first["results"], *rest["results"]]
    assert [row["task"] for row in rows] == ["again", "fourth", "lamps", "third"]
    assert rows[0] == {
        "task": "again",
        "title": "Sell two lamps",
        "category": "multi_step_workflow",
        "difficulty": "easy",
        "world": "store@1",
        "revision": 1,
        "hash": Task.objects.get(slug="again").approved.hash,
        "family": "",
        "split": "",
    }


def test_newer_revisions_are_listed_and_taken(filled, author, call):
    task = Task.objects.get(slug="lamps")
    task.revisions.update(state="superseded")
    make_revision(task, "approved", tags=["new"])

    listed = [{"task": "lamps", "chosen": 1, "approved": 2}]
    assert call(author, "get", f"{BASICS}newer/") == (200, listed)
    assert call(author, "post", f"{BASICS}newer/", {}) == (200, {"changed": 1})
    assert call(author, "get", f"{BASICS}newer/") == (200, [])


def test_versions_are_read_and_compared(filled, author, call):
    freeze_pack(filled, by=author)
    change_pack(filled, {"title": "Renamed"}, by=author)
    freeze_pack(filled, by=author)

    _, listed = call(author, "get", f"{BASICS}versions/")
    assert [row["name"] for row in listed["results"]] == ["basics@2", "basics@1"]
    _, version = call(author, "get", f"{BASICS}versions/1/")
    assert (version["title"], version["worlds"][0]["name"]) == ("Basics", "store@1")
    _, entries = call(author, "get", f"{BASICS}versions/1/entries/")
    assert len(entries["results"]) == 4
    _, same = call(author, "get", f"{BASICS}versions/2/changes/")
    assert same == {"since": 1, "number": 2, "changes": []}
    _, all_new = call(author, "get", f"{BASICS}versions/2/changes/?since=0")
    assert (all_new["since"], len(all_new["changes"])) == (None, 4)
    assert call(author, "get", f"{BASICS}versions/2/changes/?since=7")[0] == 404
    assert call(author, "get", f"{BASICS}versions/3/")[0] == 404


@pytest.mark.parametrize(
    ("method", "url", "data", "says"),
    [
        ("post", PACKS, {"slug": "x"}, "title"),
        ("post", PACKS, {"slug": "x", "title": "X", "canary": "mine"}, "canary"),
        ("post", PACKS, [], ""),
        ("patch", BASICS, {"slug": "other"}, "slug"),
        ("patch", BASICS, {"sizes": {"dev": 3}}, ""),
        ("post", f"{BASICS}tasks/", {}, "slugs"),
        ("post", f"{BASICS}tasks/", {"slugs": ["a"], "filter": {"q": "a"}}, "slugs"),
        ("post", f"{BASICS}tasks/", {"filter": {}}, "filter"),
        ("post", f"{BASICS}tasks/", {"filter": {"colour": "red"}}, "filter.colour"),
        ("post", f"{BASICS}tasks/", {"filter": 3}, "filter"),
        ("delete", f"{BASICS}tasks/", {}, "slugs"),
        ("get", f"{BASICS}versions/1/changes/?since=x", None, "since"),
        ("get", f"{BASICS}versions/1/export/", None, "format"),
    ],
)
def test_what_cannot_be_taken_is_named(method, url, data, says, filled, author, call):
    freeze_pack(filled, by=author)

    status, said = call(author, method, url, data)

    assert (status, said["error"]["code"]) == (400, "invalid_argument")
    assert said["error"].get("field", "").startswith(says)


WRITES = [
    ("post", PACKS, {"slug": "mine", "title": "Mine"}),
    ("patch", BASICS, {"title": "Mine"}),
    ("post", f"{BASICS}tasks/", {"slugs": ["lamps"]}),
    ("delete", f"{BASICS}tasks/", {"slugs": ["lamps"]}),
    ("post", f"{BASICS}newer/", {}),
    ("post", f"{BASICS}versions/", {}),
]


@pytest.mark.parametrize(("method", "url", "data"), WRITES)
def test_writes_are_for_makers_owners_and_admins(method, url, data, filled, request, call):
    statuses = {
        person: call(request.getfixturevalue(person), method, url, data)[0]
        for person in ("charlie", "runner", "reviewer", "author")
    }

    is_new = url == PACKS
    assert statuses["charlie"] == (403 if is_new else 404)
    assert statuses["runner"] == 403
    assert statuses["reviewer"] == (201 if is_new else 403)
    assert statuses["author"] in ((409,) if is_new else (200, 201))
    assert Client().post(url, data, content_type="application/json").status_code in (401, 405)


@pytest.mark.parametrize(("method", "url", "data"), WRITES)
def test_a_token_writes_packs_with_the_scope_author_alone(
    method, url, data, filled, author, call_with
):
    status, said = call_with(author, ["read", "run", "train"], method, url, data)

    assert (status, said["error"]["code"]) == (403, "forbidden")
    assert "'author'" in said["error"]["message"]
    assert call_with(author, ["author"], method, url, data)[0] in (200, 201)


def test_downloads_need_the_scope_train(filled, author, call_with):
    freeze_pack(filled, by=author)
    url = f"{BASICS}versions/1/export/"

    status, said = call_with(author, ["read", "author"], "get", url)

    assert status == 403
    assert "'train'" in said["error"]["message"]
    assert call_with(author, ["train"], "get", url)[0] == 400  # no format is asked for


READS = [
    PACKS,
    BASICS,
    *(f"{BASICS}{name}/" for name in ("tasks", "check", "newer", "versions")),
    *(f"{BASICS}versions/2/{name}" for name in ("", "entries/", "changes/", "changes/?since=0")),
]


NAMELESS = (PACKS, BASICS, f"{BASICS}versions/", f"{BASICS}versions/2/")
SECRETS = re.compile("zebra|striped|quagga", re.I)


@pytest.fixture
def secret(filled, author, admin_person, approved) -> Task:
    """A pack with a task that is held out, and was changed since the version before."""
    task = approved("zebra", split="heldout", title="Striped", prompt="Paint a quagga twice.")
    add_tasks(filled, ["zebra"], by=admin_person)
    freeze_pack(filled, by=admin_person)
    task.revisions.update(state="superseded")
    second = make_revision(task, "approved", tags=["new"])
    Pack.objects.get().tasks.filter(task=task).update(revision=second)
    freeze_pack(filled, by=admin_person)
    second.task.revisions.filter(pk=second.pk).update(state="superseded")
    make_revision(task, "approved", tags=["newer"])
    return task


def test_held_out_tasks_are_named_to_those_who_see_them_alone(
    secret, author, admin_person, call, call_with
):
    wide = ["read", "author", "train", "admin"]
    answers = {
        url: {
            "author": call(author, "get", url),
            "token": call_with(admin_person, wide, "get", url),
            "admin": call(admin_person, "get", url),
            "heldout": call_with(admin_person, ["read", "heldout"], "get", url),
        }
        for url in READS
    }

    for url, said in answers.items():
        assert {status for status, _ in said.values()} == {200}
        assert not SECRETS.search(f"{said['author']}{said['token']}"), url
        assert "zebra" in str(said["admin"]) or url in NAMELESS
        assert "zebra" in str(said["heldout"]) or url in NAMELESS


def test_held_out_tasks_are_counted_for_everybody(secret, author, call):
    _, report = call(author, "get", f"{BASICS}check/")
    _, version = call(author, "get", f"{BASICS}versions/2/")

    assert (report["unseen"], report["splits"]["heldout"]) == (1, 1)
    assert version["splits"]["heldout"]["tasks"] == 1


def test_who_sees_no_held_out_tasks_does_not_change_them(secret, author, call):
    assert call(author, "post", f"{BASICS}newer/", {}) == (200, {"changed": 0})
    removed = call(author, "delete", f"{BASICS}tasks/", {"slugs": ["zebra"]})
    assert removed == (200, {"removed": 0})
    _, added = call(author, "post", f"{BASICS}tasks/", {"slugs": ["zebra", "unheard-of"]})
    assert len({left["why"] for left in added["left_out"]}) == 1


def test_reads_cost_few_queries(secret, author):
    client = signed_in(author)

    for url, most in MOST_QUERIES.items():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        assert len(asked) <= most, url


MOST_QUERIES = {
    PACKS: 5,
    BASICS: 5,
    f"{BASICS}tasks/": 6,
    f"{BASICS}newer/": 6,
    f"{BASICS}check/": 9,
    f"{BASICS}versions/": 6,
    f"{BASICS}versions/2/entries/": 6,
    f"{BASICS}versions/2/changes/?since=1": 11,
}
