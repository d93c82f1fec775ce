"""Bundles in the browser, over REST and by command: who, what they are told, what is written."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from authoring.bundles.uploads import keep_bundle
from authoring.models import PackVersion, Revision, Task
from authoring.tokens import make_token
from simulation.models import Upload, World
from simulation.portability.folder import write_path
from simulation.portability.limits import MAX_ARCHIVE
from simulation.rest.scopes import AUTHOR, HELDOUT, READ, RUN
from tests.authoring.bundles.made import as_json, with_manifest, zipped
from tests.factories import make_world, signed_in

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>"
API = "/api/v1/packs/import/"
MAKERS = ("author", "reviewer", "admin_person")
OTHERS = ("charlie", "runner", "analyst")


def uploaded(data):
    return {"archive": SimpleUploadedFile("lamps.zip", data)}


def send(client, data, query="", **options):
    return client.post(f"{API}{query}", data, content_type="application/zip", **options)


def page_of(upload):
    return reverse("bundles:preview", args=[upload.pk])


@pytest.fixture
def data(bundle):
    return zipped(bundle)


@pytest.fixture
def admin(admin_person):
    return signed_in(admin_person)


# in the browser


@pytest.mark.parametrize("person", [*MAKERS, *OTHERS])
def test_makers_of_packs_upload_and_others_find_nothing(person, data, request):
    client = signed_in(request.getfixturevalue(person))

    answer = client.post(reverse("bundles:import"), uploaded(data))

    assert answer.status_code == (303 if person in MAKERS else 404)
    assert Upload.objects.count() == (person in MAKERS)
    assert not Task.objects.exists()


def test_an_upload_is_nobody_elses(data, author, admin):
    upload = keep_bundle(author, "lamps.zip", data)

    assert admin.get(page_of(upload)).status_code == 404
    assert admin.post(page_of(upload), {"action": "approve"}).status_code == 404


def test_an_admin_looks_and_imports_with_approval(data, admin, admin_person):
    upload = keep_bundle(admin_person, "lamps.zip", data)
    shown = admin.get(page_of(upload)).content.decode()
    assert "ready to import" in shown
    assert "lamps@1" in shown
    assert not World.objects.exists()

    done = admin.post(page_of(upload), {"action": "approve", "slug": ""}, follow=True)

    assert done.redirect_chain == [("/packs/lamps/versions/1/", 303)]

    assert PackVersion.objects.get().entries.count() == 2
    assert not Upload.objects.exists()
    assert "lamps.zip was imported: 1 new world, 2 new tasks and the version lamps@1." in (
        done.content.decode()
    )


def test_an_author_imports_as_drafts_and_cannot_approve(open_bundle, author):
    data = zipped(open_bundle)
    client, upload = signed_in(author), keep_bundle(author, "lamps.zip", data)
    shown = client.get(page_of(upload)).content.decode()
    assert ("Import as drafts" in shown, "Import and approve" in shown) == (True, False)
    assert "not in this bundle" in shown

    refused = client.post(page_of(upload), {"action": "approve"})
    done = client.post(page_of(upload), {"action": "drafts"})

    assert refused.status_code == 422
    assert "needs the role admin" in refused.content.decode()
    assert done.status_code == 303
    assert Revision.objects.get().state == "saved"


def test_held_out_tasks_are_not_even_shown_to_those_who_may_not_import_them(data, reviewer):
    upload = keep_bundle(reviewer, "lamps.zip", data)

    shown = signed_in(reviewer).get(page_of(upload)).content.decode()

    assert "lamps@1 has 1 held-out task" in shown
    assert "hold-lamps" not in shown
    assert "Import as drafts" not in shown


def test_what_cannot_be_read_is_shown_by_file_and_escaped(bundle, admin, admin_person):
    pack = {**json.loads(bundle["pack.json"]), HOSTILE: HOSTILE, "title": 7}
    files = with_manifest({**bundle, "pack.json": as_json(pack), f"{HOSTILE}.txt": b""})
    upload = keep_bundle(admin_person, HOSTILE, zipped(files))

    shown = admin.get(page_of(upload)).content.decode()

    assert "there is no such field" in shown
    assert HOSTILE not in shown
    assert "Import as drafts" not in shown


def test_what_stands_against_it_is_shown_and_what_was_typed_is_kept(data, admin, admin_person):
    make_world(slug="store", version=1)
    upload = keep_bundle(admin_person, "lamps.zip", data)

    answer = admin.post(page_of(upload), {"action": "approve", "slug": "lanterns"})

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "Nothing was imported." in shown
    assert "store@1 is here with other content" in shown
    assert 'value="lanterns"' in shown
    assert not Task.objects.exists()


@pytest.mark.parametrize(
    ("files", "expected"),
    [({}, "Choose the zip file of a bundle"), ({"archive": "no.zip"}, "Is no zip file that can")],
)
def test_what_is_no_zip_is_refused_with_a_reason(files, expected, admin):
    given = {name: SimpleUploadedFile(file, b"no") for name, file in files.items()}

    answer = admin.post(reverse("bundles:import"), given)

    assert answer.status_code == 422
    assert expected in answer.content.decode()


def test_an_upload_is_discarded(data, admin, admin_person):
    upload = keep_bundle(admin_person, "lamps.zip", data)

    assert admin.post(page_of(upload), {"action": "discard"}).status_code == 303

    assert not Upload.objects.exists()


# over REST


@pytest.mark.parametrize("person", [*MAKERS, *OTHERS])
def test_only_makers_of_packs_import_over_rest(person, open_bundle, request):
    answer = send(signed_in(request.getfixturevalue(person)), zipped(open_bundle))

    assert answer.status_code == (201 if person in MAKERS else 404)
    assert Task.objects.count() == (person in MAKERS)


@pytest.mark.parametrize(
    ("scopes", "status"),
    [([READ], 403), ([RUN], 403), ([AUTHOR], 403), ([AUTHOR, HELDOUT], 201)],
)
def test_a_token_needs_its_scopes(scopes, status, data, admin_person):
    headers = {"authorization": f"Bearer {make_token(admin_person, name='x', scopes=scopes)}"}

    answer = send(Client(), data, "?approve=true", headers=headers)

    assert answer.status_code == status
    assert PackVersion.objects.exists() == (status == 201)


def test_a_dry_run_says_what_would_happen_and_writes_nothing(data, admin):
    answer = send(admin, data, "?dry_run=true&approve=true")

    said = answer.json()
    assert answer.status_code == 200
    assert (said["pack"], said["fate"], said["imported"]) == ("lamps@1", "new", False)
    assert said["worlds"][0]["fate"] == "new"
    assert [(task["slug"], task["split"], task["fate"]) for task in said["tasks"]] == [
        ("hold-lamps", "heldout", "new"),
        ("sell-lamps", "train", "new"),
    ]
    assert said["problems"] == []
    assert not World.objects.exists()


def test_a_dry_run_tells_what_stands_against_it(data, admin):
    make_world(slug="store", version=1)

    (problem,) = send(admin, data, "?dry_run=true").json()["problems"]

    assert (problem["file"], problem["field"]) == ("world.json", "version")


def test_a_second_import_over_rest_adds_nothing(data, admin):
    first, second = send(admin, data, "?approve=true"), send(admin, data, "?approve=true")

    assert (first.status_code, first.json()["imported"]) == (201, True)
    assert (second.status_code, second.json()["imported"]) == (200, False)
    assert PackVersion.objects.count() == 1


def test_a_form_will_do_as_well(data, admin):
    assert admin.post(API, uploaded(data)).status_code == 201


@pytest.mark.parametrize("as_form", [True, False])
def test_what_is_too_large_is_refused_and_says_so(as_form, admin):
    data = bytes(MAX_ARCHIVE + 1)

    answer = admin.post(API, uploaded(data)) if as_form else send(admin, data)

    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == "the upload is larger than 20 MB"


def test_problems_come_in_the_one_shape_of_errors(bundle, admin):
    answer = send(admin, zipped({**bundle, "x": b""}))

    assert answer.status_code == 400
    assert answer.json()["error"] == {
        "code": "invalid_argument",
        "message": "x: is not listed in manifest.json\nx: is no file of a bundle",
    }


def test_a_wish_that_is_misspelt_is_refused(data, admin):
    assert send(admin, data, "?dryrun=true").status_code == 400
    assert not World.objects.exists()


# by command


def test_the_command_imports_a_folder(bundle, tmp_path, admin_person, capsys):
    write_path(bundle, tmp_path / "lamps")

    call_command("import_pack", tmp_path / "lamps", owner="adam", dry_run=True, approve=True)
    assert not World.objects.exists()
    call_command("import_pack", tmp_path / "lamps", owner="adam", approve=True)

    said = capsys.readouterr().out.splitlines()
    assert "new      sell-lamps@1" in said
    assert said[-1] == ("lamps@1 was imported: 1 new world, 2 new tasks and the version lamps@1.")
    assert PackVersion.objects.exists()


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"owner": "nobody"}, "there is no user 'nobody'"),
        ({"owner": "alice", "approve": True}, "needs the role admin"),
        ({"owner": "alice"}, "lamps@1 has 1 held-out task"),
    ],
)
def test_the_command_says_why_not(options, expected, bundle, tmp_path, author):
    write_path(bundle, tmp_path / "lamps.zip")

    with pytest.raises(CommandError, match=expected):
        call_command("import_pack", tmp_path / "lamps.zip", **options)
