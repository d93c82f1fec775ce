"""Personal tokens: shown once, hashed, scoped, with an end."""

import datetime as dt
import logging

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from authoring.models import ApiToken
from authoring.tokens import PREFIX, make_token
from authoring.tokens.making import MOST_LIVE, Order, issue_token
from authoring.tokens.revoking import revoke_token
from simulation.errors import Conflict, Forbidden, GymError, InvalidArgument
from simulation.models import RememberedAnswer
from tests.web.rest import Script

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


# who may make which


def issue(user, by, using=None, **order):
    wanted = {"name": "laptop", "days": 30, **order}
    return issue_token(user, Order(**wanted), by=by, using=using)


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ({"scopes": ["read", "heldout"]}, "'heldout' is given by admins"),
        ({"scopes": ["admin"]}, "'admin' is given by admins"),
        ({"days": None}, "at most 365 days"),
        ({"days": 400}, "at most 365 days"),
        ({"days": None, "until": dt.date(2999, 1, 1)}, "until: write a day|at most 365 days"),
        ({"days": 0}, "days: write a number"),
        ({"days": 10**30}, "days: write a number"),
        ({"until": timezone.now().date()}, "not both"),
        ({"days": None, "until": dt.date(2020, 1, 1)}, "a day that is not over"),
        ({"scopes": []}, "scopes: choose"),
        ({"scopes": ["everything"]}, "no scope 'everything'"),
        ({"name": "  "}, "name: say"),
        ({"name": "x" * 101}, "name: say"),
    ],
)
def test_a_person_makes_no_token_that_is_too_strong_too_long_or_none(order, said, runner):
    with pytest.raises(GymError, match=said):
        issue(runner, runner, **order)
    assert not ApiToken.objects.exists()


def test_only_admins_make_tokens_for_others_and_with_granted_scopes(runner, author, admin_person):
    with pytest.raises(Forbidden, match="only admins make tokens for others"):
        issue(runner, author)

    made = issue(runner, admin_person, scopes=["heldout", "read"], days=None).token

    assert (made.user, made.made_by) == (runner, admin_person)
    assert (made.scopes, made.expires_at) == (["read", "heldout"], None)


def test_a_token_makes_none_that_is_stronger_or_outlives_it(admin_person):
    using = issue(admin_person, admin_person, scopes=["read", "admin"]).token

    for order in ({"scopes": ["train"]}, {"scopes": ["heldout"]}, {"days": 31}, {"days": None}):
        with pytest.raises(Forbidden, match="it makes none"):
            issue(admin_person, admin_person, using=using, **{"name": "other", **order})
    assert issue(admin_person, admin_person, using=using, name="other", days=29).token.is_live


def test_the_first_characters_are_kept_and_the_last_day_counts(runner):
    today = timezone.now().date()

    issued = issue(runner, runner, days=None, until=today)

    assert issued.text.startswith(issued.token.start)
    assert len(issued.token.start) == 12
    assert issued.token.expires_at.date() == today + dt.timedelta(days=1)
    assert issued.token.is_live


def test_a_person_has_so_many_tokens_that_work_and_no_more(runner, author):
    ApiToken.objects.bulk_create(
        ApiToken(user=runner, name=str(n), hash=str(n), scopes=["read"]) for n in range(MOST_LIVE)
    )

    with pytest.raises(Conflict, match="revoke one first"):
        issue(runner, runner)
    assert issue(author, author)
    revoke_token(ApiToken.objects.filter(user=runner).first(), by=runner)
    assert issue(runner, runner)


def test_revoking_is_for_its_person_and_admins_and_may_be_done_twice(runner, author, admin_person):
    issued = issue(runner, runner)

    with pytest.raises(Forbidden, match="only its person"):
        revoke_token(issued.token, by=author)
    assert get(issued.text).status_code == 200
    assert [revoke_token(issued.token, by=person) for person in (runner, admin_person)] == [
        True,
        False,
    ]
    assert get(issued.text).status_code == 401


def test_the_command_makes_what_an_admin_makes(runner, capsys):
    call_command("make_token", "ruth", "trainer", "--scope=heldout", "--scope=read", "--days=900")

    text = capsys.readouterr().out.strip()
    assert get(text).status_code == 200
    assert ApiToken.objects.get().scopes == ["read", "heldout"]


# over REST


def test_a_script_with_the_scope_admin_makes_and_ends_tokens_no_stronger_than_its_own(
    admin_person, runner
):
    adam = Script(admin_person, "read", "admin", "run")

    made = adam.ask("POST", "tokens/", {"name": "theirs", "scopes": ["run"], "person": "ruth"})
    assert (adam.status, made["person"], made["made_by"]) == (201, "ruth", "adam")
    assert adam.headers["Cache-Control"] == "no-store"
    assert made["token"].startswith(made["start"])
    assert get(made["token"], "/api/v1/me/").status_code == 403  # it may not read
    refused = adam.post("tokens/", {"name": "more", "scopes": ["heldout"]})
    assert (adam.status, refused["error"]["field"]) == (403, "scopes")

    assert adam.post(f"tokens/{made['id']}/revoke/")["is_live"] is False
    assert adam.post(f"tokens/{made['id']}/revoke/")["is_revoked"] is True
    listed = adam.get("tokens/")
    assert [row["name"] for row in listed["results"]] == ["script"]
    assert "token" not in listed["results"][0]


def test_a_token_that_is_asked_for_again_with_the_same_key_is_not_shown_again(admin_person):
    adam = Script(admin_person, "admin")
    body = {"name": "laptop", "scopes": ["admin"]}

    first, second = (
        adam.ask("POST", "tokens/", body, Idempotency_Key="laptop-1") for _ in range(2)
    )

    assert (second["id"], adam.status) == (first["id"], 201)
    assert "token" not in second
    assert first["token"] not in str(RememberedAnswer.objects.values().get())


def test_me_says_who_asks_and_what_the_token_may(author, client):
    script = Script(author, "read", "heldout")

    me = script.get("me/")

    assert (me["user"], me["roles"], me["scopes"]) == ("alice", ["author"], ["read", "heldout"])
    assert (me["sees_held_out"], me["token"]["name"]) == (True, "script")
    client.force_login(author)
    mine = client.get("/api/v1/me/").json()
    assert (mine["sees_held_out"], mine["token"]) == (False, None)


def test_a_token_of_an_admin_sees_nothing_held_out_without_the_scope(admin_person):
    seen = {
        scopes: Script(admin_person, *scopes, name="-".join(scopes)).get("me/")["sees_held_out"]
        for scopes in (("read",), ("read", "heldout"))
    }

    assert seen == {("read",): False, ("read", "heldout"): True}


def test_what_an_admin_gave_themselves_ends_with_the_role(admin_person, runner):
    scopes = ["read", "heldout"]
    tokens = [issue(person, admin_person, scopes=scopes).text for person in (admin_person, runner)]

    admin_person.groups.clear()

    seen = [get(text, "/api/v1/me/").json()["sees_held_out"] for text in tokens]
    assert seen == [False, True]


def test_no_log_knows_the_text_of_a_token(runner, caplog, client):
    caplog.set_level(logging.DEBUG)
    client.force_login(runner)

    sent = {"name": "x", "scopes": ["read"]}
    text = client.post("/api/v1/tokens/", sent, content_type="application/json").json()["token"]
    get(text)
    get(f"{text}x")
    ApiToken.objects.update(is_revoked=True)
    get(text)

    assert "token made" in caplog.text
    assert text not in caplog.text
    assert text[12:] not in caplog.text
