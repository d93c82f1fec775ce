"""Importing in the browser: choose, look, import; and what stays where in between."""

import datetime as dt
import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from simulation import tasks
from simulation.models import Upload, World
from simulation.portability.archive import write_archive
from simulation.portability.limits import MAX_ARCHIVE
from simulation.portability.uploads import KEPT_EACH, keep_upload
from tests.factories import CHAIR, LAMP, NOW, STORE, make_world, signed_in
from tests.simulation.portability.parcels import as_bytes, make_contents

pytestmark = pytest.mark.django_db
CHOOSE = "/world/import/"
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def client(author):
    return signed_in(author)


def uploaded(name="world.zip", data=None):
    return SimpleUploadedFile(name, write_archive(make_contents()) if data is None else data)


def choose(client, *files):
    return client.post(CHOOSE, {"archive": list(files or [uploaded()])})


@pytest.fixture
def upload(author):
    return keep_upload(author, "world.zip", write_archive(make_contents()))


def kept(author, more=None, **world):
    return keep_upload(author, "world.zip", write_archive(make_contents(more, **world)))


def url(upload):
    return reverse("simulation:import_preview", args=[upload.pk])


def text(response):
    return response.content.decode()


# choosing


def test_a_zip_is_kept_and_shown_and_nothing_is_imported(client, author):
    data = write_archive(make_contents())

    response = choose(client, uploaded(data=data))

    upload = Upload.objects.get()
    assert (response.status_code, response.url) == (303, url(upload))
    assert (upload.owner, upload.name, bytes(upload.data)) == (author, "world.zip", data)
    assert upload.sha256 == hashlib.sha256(data).hexdigest()
    assert not World.objects.exists()


@pytest.mark.parametrize(
    ("names", "paths"),
    [
        (["item.json", "sale.json"], {"item.json", "sale.json"}),
        (
            ["world.json", "item.json", "sale.json", "clerk.md"],
            {"world.json", "entities/item.json", "entities/sale.json", "system-prompts/clerk.md"},
        ),
    ],
)
def test_loose_files_are_put_where_they_belong(names, paths, client):
    contents = {path.rpartition("/")[2]: data for path, data in make_contents().items()}
    choose(client, *(uploaded(name, contents[name]) for name in names))

    page = text(client.get(url(Upload.objects.get())))

    assert "stands against it" not in page
    assert "of 2 types" in page


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ([], "Choose a zip file of a world, or the .json files of a bare folder"),
        ([("world.zip", b"{}")], "Is no zip file that can be read"),
        ([("w.zip", write_archive({"item.json": b"\0" * 3_000_000}))], ""),
        ([("a.json", b"{}"), ("a.json", b"{}")], "&#x27;a.json&#x27; was chosen more than once"),
        ([("a.json", b"{}"), ("b.zip", b"{}")], "&#x27;b.zip&#x27;: choose a zip file of a world"),
        ([("a.zip", b"x" * (MAX_ARCHIVE + 1))], "The upload is larger than 20 MB"),
        ([("a.json", b"x" * MAX_ARCHIVE), ("b.json", b"xx")], "The upload is larger than 20 MB"),
    ],
    ids=["none", "no zip", "bomb", "twice", "mixed", "too large", "too large together"],
)
def test_what_is_not_to_be_read_is_refused_with_the_reason(files, message, client):
    response = client.post(CHOOSE, {"archive": [uploaded(*file) for file in files]})

    if message:
        assert response.status_code == 422
        assert message in text(response)
        assert 'href="#id_archive"' in text(response)
        assert not Upload.objects.exists()
    else:  # a fault of one file is shown among the problems
        assert "grows by more than 200 times" in text(client.get(response.url))


def test_a_persons_oldest_uploads_make_room(client, author):
    other = keep_upload(make_world().owner, "other.zip", write_archive(make_contents()))
    for number in range(KEPT_EACH + 2):
        choose(client, uploaded(f"{number}.zip"))

    names = list(author.uploads.order_by("pk").values_list("name", flat=True))

    assert names == [f"{number}.zip" for number in range(2, KEPT_EACH + 2)]
    assert Upload.objects.filter(pk=other.pk).exists()


# looking


def test_the_preview_shows_what_it_would_be(client, upload):
    page = text(client.get(url(upload)))

    assert "ready to import" in page
    for name, value in (("slug", "store"), ("version", "1"), ("title", "Store"), ("now", NOW)):
        assert f'name="{name}" value="{value}"' in page
    assert not World.objects.exists()


def test_an_uploads_problems_are_grouped_by_file_and_said_once(client, author):
    rows = {f"lamp-{number}": {**LAMP, "colour": "red"} for number in range(9)}
    upload = kept(author, {"entities/item.json": {**rows, "chair": CHAIR}, "x.sh": b"",
                           "entities/sale.json": {}})  # fmt: skip

    page = text(client.get(url(upload)))

    assert 'href="#problems-1">entities/item.json</a> <span class="faint">9 problems' in page
    assert 'id="problems-2"' in page
    assert page.count("item has no such field") == 1
    assert all(f">lamp-{number}<" in page for number in range(9))
    assert "10 problems" in page
    assert 'value="publish"' not in page


def test_a_bare_folder_is_asked_for_a_name_and_a_clock_without_blame(client):
    choose(client, *(uploaded(f"{name}.json", as_bytes(rows)) for name, rows in STORE.items()))
    page = text(client.get(url(Upload.objects.get())))

    assert "not complete" in page
    assert "Give the world a short name, such as my-company." in page
    assert "aria-invalid" not in page
    assert '<option value="mock_store" selected>' in page


def test_a_version_that_exists_becomes_the_next_one_and_says_so(client, upload):
    make_world(slug="store")

    page = text(client.get(url(upload)))

    assert "store@1 exists." in page
    assert 'name="version" value="2"' in page
    assert "compared with store@1" in page


def test_checking_again_keeps_what_was_typed_in_the_address(client, upload):
    typed = {"slug": "a b", "title": "Mine", "version": "", "action": "check"}

    response = client.post(url(upload), typed)

    assert response.status_code == 303
    assert "slug=a+b" in response.url
    page = text(client.get(response.url))
    assert 'name="slug" value="a b"' in page
    assert "Write 1 to 80 letters, digits, - and _, not &#x27;a b&#x27;." in page
    assert 'name="title" value="Mine"' in page


def test_hostile_names_and_values_are_shown_as_text(client, author):
    upload = kept(author, {f"{HOSTILE}.txt": b"", "entities/item.json": {HOSTILE: {HOSTILE: 1}}},
                  title=HOSTILE)  # fmt: skip

    page = text(client.get(url(upload), {"slug": HOSTILE}))

    assert HOSTILE not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 4


def test_a_preview_asks_a_constant_number_of_questions(client, upload, django_assert_num_queries):
    make_world(slug="store")

    with django_assert_num_queries(8):
        client.get(url(upload))


# importing


@pytest.mark.parametrize("action", ["draft", "publish"])
def test_an_upload_becomes_a_world_and_is_used_up(action, client, upload, author):
    typed = {"slug": "mine", "version": "3", "title": "Mine", "now": NOW, "action": action}

    response = client.post(url(upload), typed)

    assert (response.status_code, response.url) == (303, "/world/mine@3/")
    world = World.objects.get()
    assert (world.title, world.owner, world.is_draft) == ("Mine", author, action == "draft")
    assert not Upload.objects.exists()
    assert client.post(url(upload), typed).status_code == 404


def test_an_empty_version_is_the_next_free_one(client, upload):
    make_world(slug="store", version=6)

    response = client.post(url(upload), {"version": " ", "action": "publish"})

    assert response.url == "/world/store@7/"


def test_a_refused_import_keeps_the_upload_and_what_was_typed(client, upload):
    make_world(slug="store")
    typed = {"slug": "store", "version": "1", "title": "Typed", "now": NOW, "action": "publish"}

    response = client.post(url(upload), typed)

    assert response.status_code == 422
    assert "Version 1 exists and never changes: write 2, or leave this empty." in text(response)
    assert 'aria-describedby="why-version"' in text(response)
    assert '<a class="wrap" href="#id_version">Version: version 1 exists' in text(response)
    assert 'name="title" value="Typed"' in text(response)
    assert (World.objects.count(), Upload.objects.count()) == (1, 1)


def test_an_upload_with_problems_is_not_imported_whoever_asks(client, author):
    upload = kept(author, {"entities/item.json": {"lamp": {}, "chair": CHAIR}})

    response = client.post(url(upload), {"action": "publish"})

    assert response.status_code == 422
    assert "is required; expected text of 1 to 200 characters" in text(response)
    assert not World.objects.exists()


def test_an_upload_is_discarded(client, upload):
    response = client.post(url(upload), {"action": "discard"})

    assert response.url == CHOOSE
    assert not Upload.objects.exists()


def test_a_world_with_a_prompt_that_is_no_file_says_so(client, author):
    world = make_world(prompts={"Big Boss": "x"}, owner=author)

    response = client.get(f"/world/{world}/export/")

    assert (response.status_code, response.url) == (303, f"/world/{world}/")
    assert "a prompt&#x27;s name is 1 to 80" in text(client.get(CHOOSE))


# for whom, and how long


@pytest.mark.parametrize("action", ["draft", "publish", "discard", "check"])
def test_an_upload_is_nobody_elses(action, upload, admin_person):
    client = signed_in(admin_person)

    assert client.get(url(upload)).status_code == 404
    assert client.post(url(upload), {"action": action}).status_code == 404
    assert Upload.objects.exists()
    assert not World.objects.exists()


@pytest.mark.parametrize("person", ["charlie", "reviewer", "runner", "analyst"])
def test_without_the_role_nothing_is_taken(person, request):
    client = signed_in(request.getfixturevalue(person))

    response = choose(client)

    assert response.status_code == 403
    assert "importing a world needs the role author or admin" in text(response)
    assert not Upload.objects.exists()


def test_an_upload_ends_with_its_day(client, upload, author):
    fresh = kept(author)
    yesterday = timezone.now() - dt.timedelta(seconds=1)
    Upload.objects.filter(pk=upload.pk).update(expires_at=yesterday)

    assert client.get(url(upload)).status_code == 404
    tasks.forget_uploads()

    assert list(Upload.objects.all()) == [fresh]


def test_forms_without_a_token_are_refused(author, upload):
    client = signed_in(author, enforce_csrf_checks=True)

    assert choose(client).status_code == 403
    assert client.post(url(upload), {"action": "publish"}).status_code == 403
    assert not World.objects.exists()
