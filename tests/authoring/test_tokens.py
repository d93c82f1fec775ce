"""Personal tokens: shown once, hashed, scoped, with an end."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from authoring.models import ApiToken
from authoring.tokens import PREFIX, make_token
from simulation.errors import Conflict, InvalidArgument

RUNS = "/api/v1/runs/"


def get(text: str, url: str = RUNS):
    return Client().get(url, headers={"authorization": f"Bearer {text}"})


def test_a_token_opens_the_api_for_its_person(runner):
    response = get(make_token(runner, name="laptop"))

    assert response.status_code == 200
    assert ApiToken.objects.get().last_used_at is not None


def test_only_the_hash_is_stored(runner):
    text = make_token(runner, name="laptop")

    stored = ApiToken.objects.values().get()
    assert text.startswith(PREFIX)
    assert not any(text in str(value) for value in stored.values())


@pytest.mark.parametrize(
    "change",
    [
        {"expires_at": timezone.now() - dt.timedelta(seconds=1)},
        {"is_revoked": True},
        {"hash": "0" * 64},
    ],
    ids=["expired", "revoked", "another"],
)
def test_a_token_that_does_not_hold_is_refused_in_the_one_error_shape(change, runner):
    text = make_token(runner, name="laptop")
    ApiToken.objects.update(**change)

    response = get(text)

    assert response.status_code == 401
    assert response.json()["error"]["code"] == "not_authenticated"
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_of_somebody_who_left_is_refused(runner):
    text = make_token(runner, name="laptop")
    runner.is_active = False
    runner.save()

    assert get(text).status_code == 401


@pytest.mark.parametrize("text", ["", "x", "egt_", "é" * 50, "a b c"])
def test_hostile_tokens_are_just_wrong(text, db):
    response = Client().get(RUNS, HTTP_AUTHORIZATION=f"Bearer {text}")

    assert response.status_code == 401


def test_reading_needs_the_scope_read(runner):
    response = get(make_token(runner, name="robot", scopes=["run"]))

    assert response.status_code == 403
    assert "scope" in response.json()["error"]["message"]


def test_names_are_used_once_and_scopes_must_be_known(runner):
    make_token(runner, name="laptop")

    with pytest.raises(Conflict, match="laptop"):
        make_token(runner, name="laptop")
    with pytest.raises(InvalidArgument, match="read, author, run"):
        make_token(runner, name="other", scopes=["everything"])
