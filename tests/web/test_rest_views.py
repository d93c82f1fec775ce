"""What all of the API has in common: addresses that are checked, sparse fields, ETags, limits."""

import pytest
from django.test import Client

from authoring.tokens import make_token
from grading.models import Run
from simulation.rest import limits
from simulation.rest.pages import BAD_CURSOR
from tests.factories import make_run, signed_in

pytestmark = pytest.mark.django_db
RUNS = "/api/v1/runs/"


@pytest.fixture
def run(runner):
    """One that nobody has played yet."""
    return make_run(owner=runner, title="A run")


def error_of(response):
    return response.json()["error"]


# addresses

REFUSED = {
    "a filter that there is none of": ("?kidn=demo", "kidn", "there is no parameter 'kidn'"),
    "a value that there is none of": ("?kind=dmeo", "kind", '"dmeo" is not a valid choice.'),
    "a filter without a value": ("?owner=", "owner", "may not be blank"),
    "a filter twice": ("?kind=demo&kind=training", "kind", "write it once"),
    "no time": ("?since=yesterday", "since", "Datetime has wrong format"),
    "a time beyond all": ("?since=9999-12-31T23:59:59-23:59", "since", "Datetime value out of"),
    "a NUL": ("?owner=%00", "owner", "Null characters are not allowed"),
    "a page of nothing": ("?page_size=0", "page_size", "whole number from 1 to 1000"),
    "a page of words": ("?page_size=ten", "page_size", "whole number from 1 to 1000"),
    "a page too large": ("?page_size=1001", "page_size", "whole number from 1 to 1000"),
    "a cursor of somebody's": ("?cursor=hello", "cursor", BAD_CURSOR),
    "a cursor that is no number": ("?cursor=cD1hYmM%3D", "cursor", BAD_CURSOR),  # p=abc
    "a field that there is none of": ("?fields=id,titel", "fields", "there is no field 'titel'"),
    "fields without a name": ("?fields=", "fields", "there is no field ''"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_address_that_asks_for_what_there_is_not_is_refused(name, page):
    query, field, message = REFUSED[name]

    response = page(f"{RUNS}{query}")

    error = error_of(response)
    assert (response.status_code, error["code"], error["field"]) == (400, "invalid_argument", field)
    assert message in error["message"]


def test_a_refused_filter_says_which_there_are(page):
    message = error_of(page(f"{RUNS}?kidn=demo"))["message"]

    assert message.endswith("there are cursor, fields, kind, owner, page_size, since, source")


def test_a_single_thing_has_neither_filters_nor_pages(run, page):
    for query in ("kind=demo", "page_size=5"):
        assert page(f"{RUNS}{run.pk}/?{query}").status_code == 400


def test_pages_go_on_to_the_end_and_back(runner, page):
    runs = [make_run(owner=runner, title=f"Run {n}") for n in range(3)]

    first = page(f"{RUNS}?page_size=2").json()
    second = page(first["next"]).json()

    titles = [row["title"] for row in first["results"] + second["results"]]
    assert titles == [run.title for run in reversed(runs)]
    assert second["next"] is None
    assert page(second["previous"]).json()["results"] == first["results"]


# filters


def test_runs_are_filtered(runner, page, reviewer):
    make_run(owner=runner, title="demo", kind=Run.Kind.DEMO, source="shop@1")
    make_run(owner=reviewer, title="evaluation")

    def titles(query):
        return [row["title"] for row in page(f"{RUNS}?{query}", reviewer).json()["results"]]

    assert titles("kind=demo") == titles("source=shop@1") == titles("owner=ruth") == ["demo"]
    assert titles("owner=bob") == ["evaluation"]
    assert titles("since=2020-01-01T00:00:00Z") == ["evaluation", "demo"]
    assert titles("since=2999-01-01T00:00:00Z") == []


# sparse fields


def test_fields_leave_out_the_others_of_a_row_and_of_each_row(run, page):
    assert page(f"{RUNS}{run.pk}/?fields=title,id").json() == {"title": "A run", "id": run.pk}
    body = page(f"{RUNS}?fields=title").json()
    assert body == {"next": None, "previous": None, "results": [{"title": "A run"}]}


def test_fields_are_checked_where_there_is_no_row(page):
    assert page(f"{RUNS}?fields=title").json()["results"] == []
    assert page(f"{RUNS}?fields=titel").status_code == 400


# ETags


def test_who_has_an_answer_already_is_not_sent_it_again(run, page):
    first = page(f"{RUNS}{run.pk}/")
    etag = first["ETag"]

    again = page(f"{RUNS}{run.pk}/", headers={"if-none-match": etag})
    other = page(f"{RUNS}{run.pk}/?fields=id", headers={"if-none-match": etag})

    assert len(etag) == 66
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    assert other.status_code == 200
    Run.objects.filter(pk=run.pk).update(title="Another")
    assert page(f"{RUNS}{run.pk}/", headers={"if-none-match": etag}).status_code == 200


# limits


@pytest.fixture
def limited(settings, monkeypatch):
    """Three requests a minute, at a time that the test sets."""
    settings.API_RATES = {"api": (3, 60), "download": (1, 60)}
    clock = {"now": 6_000_000.0}
    monkeypatch.setattr(limits.time, "time", lambda: clock["now"])
    return clock


def test_too_many_requests_are_told_how_long_to_wait(limited, page):
    limited["now"] += 20
    answers = [page(RUNS) for _ in range(4)]

    assert [each.status_code for each in answers] == [200, 200, 200, 429]
    left = [each["RateLimit-Remaining"] for each in answers]
    assert left == ["2", "1", "0", "0"]
    assert answers[0]["RateLimit-Limit"] == "3"
    refused = answers[-1]
    assert error_of(refused)["code"] == "too_many_requests"
    assert "3 requests a minute are allowed here: wait 60 seconds" in error_of(refused)["message"]
    assert refused["Retry-After"] == "60"
    limited["now"] += 59
    assert page(RUNS).status_code == 429
    limited["now"] += 1
    assert page(RUNS).status_code == 200


def test_limits_are_of_each_token_and_each_person(limited, page, runner, author):
    tokens = [make_token(runner, name=name) for name in ("a", "b")]
    for _ in range(3):
        page(RUNS)

    assert page(RUNS).status_code == 429
    assert page(RUNS, author).status_code == 200
    for token in tokens:
        headers = {"authorization": f"Bearer {token}"}
        assert Client().get(RUNS, headers=headers).status_code == 200


def test_downloads_have_a_limit_of_their_own(limited, page, mock_world):
    url = f"/api/v1/worlds/{mock_world}/export/"

    assert [page(url).status_code for _ in range(2)] == [200, 429]
    assert page(RUNS).status_code == 200


def test_without_the_cache_everybody_passes(limited, page, settings):
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    }

    assert [page(RUNS).status_code for _ in range(5)] == [200] * 5


# bodies and hostile addresses


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("{", "not valid JSON"),
        ('{"a": NaN}', "NaN is not a number that JSON has"),
        (b'{"a": "\xff"}', "not valid JSON"),
        ("[" * 100_000, "nested deeper than 32 levels"),
        ('{"reason": 1' + "0" * 30 + "}", "beyond 64 bits"),
    ],
)
def test_bodies_that_cannot_be_stored_are_refused(body, says, run, runner):
    client = signed_in(runner)

    response = client.post(f"{RUNS}{run.pk}/gradings/", body, content_type="application/json")

    assert (response.status_code, error_of(response)["code"]) == (400, "invalid_argument")
    assert says in error_of(response)["message"]


@pytest.mark.parametrize(
    "path", ["runs/%00/", "runs/99999999999999999999999/", "worlds/%00@1/", "episodes/x/"]
)
def test_addresses_that_name_nothing_are_not_found(path, page):
    response = page(f"/api/v1/{path}")

    assert (response.status_code, error_of(response)["code"]) == (404, "not_found")


def test_a_body_too_large_is_said_in_the_one_shape(settings, run, runner):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    client = signed_in(runner)

    body = {"reason": "x" * 100}
    response = client.post(f"{RUNS}{run.pk}/gradings/", body, content_type="application/json")

    assert (response.status_code, error_of(response)["code"]) == (413, "too_large")
