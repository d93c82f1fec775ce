"""Repeat for each: a list becomes plain steps, counted before they are added."""

import pytest

from authoring.references.repeating import MOST
from tests.authoring.references.pages import body_of, steps_of, url
from tests.authoring.tasks import make_task

SEARCH = {"call": "searchSales", "arguments": {"buyer": "ana"}}
CALL = {"into": "arg.sale_id", "arg.status": "void"}


@pytest.fixture
def task(author, store_world):
    return make_task(author, store_world, reference=[SEARCH, {"message": "Done."}])


def repeat(client, task, what="add", **typed):
    return client.post(f"{url(task, 'repeat', 'updateSale')}?at=2", {**CALL, "what": what, **typed})


def test_an_earlier_list_becomes_references_to_each_of_its_items(client, task):
    answer = repeat(client, task, source="earlier", **{"list.path": "1", "list.part": "id"})

    assert answer.status_code == 303
    steps = steps_of(task)[1:-1]
    assert len(steps) > 1
    assert [step["arguments"]["sale_id"] for step in steps] == [
        {"$ref": f"1.{place}.id"} for place in range(len(steps))
    ]
    assert "Refused" not in body_of(client.get(url(task)))


def test_the_answer_of_a_query_becomes_values(client, task):
    query = {
        "query.type": "sale",
        "query.path": "id",
        "query.where.0.path": "status",
        "query.where.0.op": "eq",
        "query.where.0.value": "open",
    }
    repeat(client, task, source="query", **query)

    steps = steps_of(task)[1:-1]
    assert steps
    assert all(step["arguments"]["sale_id"].startswith("sale-") for step in steps)
    assert all(step["arguments"]["status"] == "void" for step in steps)


def test_calls_are_counted_before_they_are_added(client, task):
    answer = repeat(client, task, "preview", source="lines", lines="sale-1\n\n sale-2 \n")

    assert answer.status_code == 200
    assert "Add 2 calls as steps" in body_of(answer)
    assert "sale_id = sale-2, status = void" in body_of(answer).replace("  ", " ")
    assert len(steps_of(task)) == 2


@pytest.mark.parametrize(
    ("typed", "place", "says"),
    [
        ({}, "source", "choose where the list comes from"),
        ({"source": "lines"}, "lines", "write the items"),
        ({"source": "lines", "lines": "1", "into": "no"}, "into", "choose the argument"),
        ({"source": "lines", "lines": "1\n" * (MOST + 1)}, "source", "201 calls: 200 at most"),
        ({"source": "earlier", "list.path": "1.0"}, "list.path", "leads to no list"),
        ({"source": "earlier", "list.path": "2"}, "list.path", "there is no call 2 before it"),
        (
            {"source": "earlier", "list.path": "1", "list.part": "x"},
            "list.part",
            "no &#x27;x&#x27;",
        ),
        ({"source": "query"}, "query.type", "choose what rows"),
        ({"source": "query", "query.type": "sale", "query.path": "x"}, "query.path", "x"),
        (
            {"source": "query", "query.type": "sale", "query.where.0.path": "status"},
            "query.where.0.value",
            "write a value",
        ),
    ],
)
def test_what_is_wrong_stands_at_its_input(client, task, typed, place, says):
    answer = repeat(client, task, **typed)

    assert answer.status_code == 422
    assert f'<a href="#id_{place}">' in body_of(answer)
    assert says in body_of(answer)
    assert len(steps_of(task)) == 2
