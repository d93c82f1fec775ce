"""Pages of tokens: made, shown once, revoked, by those whose they are."""

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from authoring.models import ApiToken
from authoring.tokens import PREFIX, make_token
from simulation.roles import AUTHOR
from tests.factories import make_user, signed_in

pytestmark = pytest.mark.django_db
PAGE = "/settings/tokens/"
IN_A_MONTH = (timezone.now().date() + dt.timedelta(days=30)).isoformat()


@pytest.fixture
def ruth(runner):
    return signed_in(runner)


@pytest.fixture
def adam(admin_person):
    return signed_in(admin_person)


def make(client, **typed):
    sent = {"name": "laptop", "scopes": ["read", "run"], "until": IN_A_MONTH, **typed}
    return client.post(f"{PAGE}new/", sent)


def secret_in(answer):
    words = answer.content.decode().replace("<", " ").replace(">", " ").split()
    return next((word for word in words if word.startswith(PREFIX) and len(word) > 20), "")


def test_a_token_is_shown_once_and_kept_nowhere(ruth):
    answer = make(ruth)

    text = secret_in(answer)
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    used = Client().get("/api/v1/me/", headers={"authorization": f"Bearer {text}"}).json()
    assert (used["user"], used["scopes"]) == ("ruth", ["read", "run"])
    for page in (PAGE, f"{PAGE}new/", f"{PAGE}{ApiToken.objects.get().pk}/revoke/"):
        assert text not in ruth.get(page).content.decode()
    kept = [str(session.get_decoded()) for session in Session.objects.all()]
    assert text not in f"{kept}{ruth.cookies}{vars(cache)}"
    assert text not in str(ApiToken.objects.values().get())


def test_what_is_sent_again_by_a_reload_makes_no_other_and_shows_nothing(ruth):
    text = secret_in(make(ruth))

    again = make(ruth)

    assert again.status_code == 422
    assert "here is a token" in again.content.decode()
    assert not secret_in(again)
    assert text not in again.content.decode()
    assert ApiToken.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "Say in 1 to 100 characters"),
        ({"scopes": []}, "Choose what it may do"),
        ({"scopes": ["read", "admin"]}, "is given by admins"),
        ({"scopes": ["odd"]}, "There is no scope"),
        ({"until": "2020-01-01"}, "a day that is not over"),
        ({"until": "soon"}, "Write a day"),
        ({"until": "2999-01-01"}, "a day that is not over"),
        ({"until": (timezone.now().date() + dt.timedelta(days=400)).isoformat()}, "t most 365"),
        ({"for_ever": "on"}, "t most 365 days"),
        ({"person": "adam"}, "obody here has this name"),
    ],
)
def test_what_is_no_token_is_refused_beside_what_was_typed(typed, said, ruth, admin_person):
    answer = make(ruth, **typed)

    page = answer.content.decode()
    assert (answer.status_code, said in page) == (422, True)
    assert 'id="problems"' in page
    if "name" not in typed:
        assert 'value="laptop"' in page
    assert not ApiToken.objects.exists()


def test_admins_make_one_for_a_person_with_any_scope_and_see_everybodys(adam, runner):
    page = adam.get(f"{PAGE}new/").content.decode()
    assert 'value="heldout" disabled' not in page
    assert '<option value="ruth">' in page

    made = make(adam, person="ruth", scopes=["heldout"], for_ever="on")
    assert secret_in(made)
    token = ApiToken.objects.get()
    assert (token.user, token.made_by.username, token.expires_at) == (runner, "adam", None)
    listed = adam.get(f"{PAGE}all/").content.decode()
    assert "laptop" in listed
    assert "by adam" in listed
    assert "laptop" not in adam.get(f"{PAGE}all/?person=nobody").content.decode()
    assert make(adam, name="x", person="nobody").status_code == 422


def test_a_token_is_revoked_after_a_question_and_only_by_its_person_and_admins(ruth, adam, runner):
    make_token(runner, name="laptop")
    url = f"{PAGE}{ApiToken.objects.get().pk}/revoke/"
    other = signed_in(make_user("other", AUTHOR))

    assert other.post(url).status_code == 404
    assert "Revoke laptop?" in ruth.get(url).content.decode()
    assert not ApiToken.objects.get().is_revoked
    assert ruth.post(url).headers["Location"] == PAGE
    assert adam.post(url).headers["Location"] == f"{PAGE}all/"
    assert ApiToken.objects.get().is_revoked
    assert "revoked" in ruth.get(PAGE).content.decode()


def test_an_empty_list_says_what_to_do_and_a_full_one_takes_no_more_queries(
    ruth, runner, django_assert_num_queries
):
    assert "Make the first" in ruth.get(PAGE).content.decode()
    for number in range(3):
        make_token(runner, name=f"token-{number}")
        with django_assert_num_queries(4):
            ruth.get(PAGE)


def test_hostile_names_are_shown_as_they_are_typed(ruth):
    make(ruth, name="<script>alert(1)</script>\x00")

    page = ruth.get(PAGE).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
