"""Exports of packs over REST: held-out content is in them with its scope alone."""

import io
import zipfile

import pytest
from django.test import Client

from authoring.models import Task
from authoring.packs.composing import change_pack
from authoring.packs.freezing import freeze_pack
from authoring.tokens import make_token

pytestmark = pytest.mark.django_db
URL = "/api/v1/packs/basics/versions/1/export/"


def ask(person, scopes, form="bundle"):
    token = make_token(person, name=f"{form} {scopes}", scopes=scopes)
    client = Client(headers={"authorization": f"Bearer {token}"})
    return client.get(URL, {"format": form})


def names_in(response):
    archive = io.BytesIO(b"".join(response.streaming_content))
    return zipfile.ZipFile(archive).namelist()


def test_held_out_tasks_are_in_an_export_with_their_scope_alone(filled, author, admin_person):
    change_pack(filled, {"sizes": {"heldout": 1, "test": 0}}, by=author)
    freeze_pack(filled, by=author)
    secret = f"tasks/{Task.objects.get(split='heldout').slug}.json"

    without, with_them = (
        names_in(ask(admin_person, scopes)) for scopes in (["train"], ["train", "heldout"])
    )

    assert secret not in without
    assert {*with_them} == {*without, secret}


def test_a_format_that_there_is_not_is_not_found(filled, author):
    freeze_pack(filled, by=author)

    response = ask(author, ["train"], "paper")

    assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")
