"""What is in a world, over REST: the same rows, filters and permissions as on pages."""

import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from authoring.tokens import make_token
from simulation.worlds import import_entities
from tests.factories import HIDDEN, LAMP, STORE, make_draft, make_world, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(runner):
    return make_world(owner=runner)


@pytest.fixture
def get(world, page):
    return lambda path, **options: page(f"/api/v1/worlds/{world}/{path}", **options)


def ids(response):
    assert response.status_code == 200, response.content
    return [row["id"] for row in response.json()["results"]]


def test_types_come_with_counts_and_a_schema_that_their_rows_meet(get):
    types = {each["name"]: each for each in get("entities/").json()}

    assert [(name, t["rows"], t["hidden"]) for name, t in types.items()] == [
        ("item", 2, 0),
        ("sale", 3, 1),
    ]
    assert types["sale"]["description"]
    for name, kind in types.items():
        validator = Draft202012Validator(kind["schema"])
        rows = get(f"entities/{name}/?hidden=with").json()["results"]
        assert len(rows) == len(STORE[name])
        assert all(validator.is_valid(row) for row in rows)
        assert not validator.is_valid({**rows[0], "colour": "red"})


def test_a_row_is_given_as_its_file_has_it(get):
    assert get("entities/item/lamp/").json() == {"id": "lamp", **LAMP}
    assert get("entities/item/lamp/?fields=id,note").json() == {"id": "lamp"}


FOUND = {
    "status=paid": ["sale-250901-001"],
    "status=paid&status=open&buyer=ana": ["sale-250901-001", "sale-250915-004"],
    "buyer__contains=b": ["sale-250901-002"],
    "lines.itemId.price__gte=50": ["sale-250901-002"],
    "q=bo": ["sale-250901-002"],
    "hidden=only": [HIDDEN],
    "sort=buyer&page_size=1": ["sale-250901-001"],
    "sort=-buyer&page_size=1": ["sale-250901-002"],
}


@pytest.mark.parametrize("query", FOUND)
def test_rows_are_filtered_as_in_the_browser(query, get):
    assert sorted(ids(get(f"entities/sale/?{query}"))) == FOUND[query]


def test_rows_that_agents_cannot_see_are_asked_for(get):
    assert HIDDEN not in ids(get("entities/sale/"))
    assert HIDDEN in ids(get("entities/sale/?hidden=with"))


@pytest.mark.parametrize(
    "query",
    ["colour=red", "status=payed", "status__near=paid", "sort=colour", "page=2", "noise=duplicate",
     "column=buyer", "hidden=no", "fields=colour", "cursor=x", "note__matches=a"],
)  # fmt: skip
def test_what_means_nothing_of_a_type_is_refused(query, get):
    response = get(f"entities/sale/?{query}")

    assert (response.status_code, response.json()["error"]["code"]) == (400, "invalid_argument")


def test_rows_come_in_pages_that_lead_on_and_back(get, page):
    first = get("entities/sale/?page_size=2")
    second = page(first.json()["next"])

    assert len(ids(first)) == 2
    assert len(ids(second)) == 1
    assert second.json()["next"] is None
    assert ids(page(second.json()["previous"])) == ids(first)


@pytest.mark.parametrize(
    "path", ["entities/car/", "entities/car/lamp/", "entities/item/desk/", "entities/item/%00/"]
)
def test_what_is_not_in_the_world_is_not_found(path, get):
    assert get(path).status_code == 404


def test_tools_are_given_as_agents_see_them(get, world):
    tools = {tool["name"]: tool for tool in get("tools/").json()}

    assert set(tools) == set(world.company.tools)
    sell = tools["sell"]
    assert (sell["writes"], sell["schema"]["required"]) == (True, ["buyer", "item_id"])
    assert {"default", "all"} <= set(sell["toolsets"])
    assert {t["name"] for t in get("tools/?toolset=default").json()} <= set(tools)
    refused = get("tools/?toolset=none").json()["error"]
    assert refused["field"] == "toolset"
    assert "default" in refused["message"]


# queries


@pytest.fixture
def ask(world, runner):
    client = signed_in(runner)

    def post(data, world=world, **options):
        url = f"/api/v1/worlds/{world}/query/"
        return client.post(url, data, content_type="application/json", **options)

    return post


ANSWERS = [
    ({"entity_type": "sale"}, {"value": 3, "rows": 3, "hidden": 1}),
    (
        {"entity_type": "sale", "where": [{"path": "status", "value": "paid"}],
         "measure": {"list": "buyer"}},
        {"value": ["ana"], "rows": 1, "hidden": 1},
    ),
    (
        {"entity_type": "item", "measure": {"max": "price", "of": "name"}},
        {"value": "Chair", "rows": 2, "hidden": 0},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("query", "answer"), ANSWERS)
def test_a_question_gets_its_one_answer(query, answer, ask):
    response = ask(query)

    assert (response.status_code, response.json()) == (200, answer)


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ([], "valid dictionary"),
        ({}, "entity_type: is required"),
        ({"entity_type": "car"}, "car"),
        ({"entity_type": "item", "measure": "sum"}, "count"),
        ({"entity_type": "item", "measure": {"sum": "name"}}, "sum does not fit"),
        ({"entity_type": "item", "measure": {"field": "name"}}, "exactly one item must match"),
        ({"entity_type": "item", "where": [{"path": "colour", "value": 1}]}, "colour"),
        ({"entity_type": "item", "where": [{"path": "price", "op": "near", "value": 1}]}, "op"),
    ],
)
def test_a_question_without_an_answer_is_refused_with_the_reason(query, says, ask):
    response = ask(query)

    assert (response.status_code, response.json()["error"]["code"]) == (400, "invalid_argument")
    assert says in response.json()["error"]["message"]


def test_a_question_needs_no_more_than_the_scope_to_read(world, runner, ask):
    headers = {"authorization": f"Bearer {make_token(runner, name='reads')}"}
    url = f"/api/v1/worlds/{world}/query/"

    answer = Client().post(
        url, {"entity_type": "item"}, content_type="application/json", headers=headers
    )

    assert answer.status_code == 200


PEOPLE = {"charlie": 404, "author": 404, "runner": 200, "analyst": 404, "reviewer": 200}


@pytest.mark.parametrize("person", PEOPLE)
def test_what_is_in_a_draft_is_for_those_who_see_it(person, runner, page, request):
    draft = make_draft(runner)
    import_entities(draft, STORE)
    user = request.getfixturevalue(person)
    client = signed_in(user)
    base = f"/api/v1/worlds/{draft}"

    for path in ("entities/", "entities/item/", "entities/item/lamp/", "tools/"):
        assert page(f"{base}/{path}", user).status_code == PEOPLE[person]
    asked = client.post(f"{base}/query/", {"entity_type": "item"}, content_type="application/json")
    assert asked.status_code == PEOPLE[person]
