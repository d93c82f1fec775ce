"""Near-misses: made, changed, removed, and what the rubric says of them."""

import pytest

from authoring.drafts.document import fingerprint
from tests.authoring.folders import CRITERIA, TASK
from tests.authoring.references.pages import body_of, url
from tests.authoring.tasks import make_task

SELL, PAY, MESSAGE = TASK["reference"]
JUDGED = {
    "key": "polite",
    "text": "It is polite.",
    "check": {"kind": "human"},
}
OPEN = {"key": "open", "text": ""}


def misses_of(task):
    task.draft.refresh_from_db()
    return task.draft.content["near_misses"]


@pytest.mark.parametrize(
    ("solution", "rubric", "says"),
    [
        ([SELL, MESSAGE], CRITERIA, "fails 1 of 2, as it should"),
        ([MESSAGE], CRITERIA, "fails 2 of 2, as it should"),
        ([SELL, PAY, MESSAGE], CRITERIA, "passes: the rubric lets it pass"),
        ([SELL, PAY, MESSAGE], [*CRITERIA, JUDGED], "passes 2 criteria; 1 is for a judge"),
        ([SELL, PAY, MESSAGE], [*CRITERIA, OPEN], "passes 2 criteria; 1 is unfinished"),
        ([SELL, PAY, MESSAGE], [], "no criterion that code decides is finished yet"),
        ([PAY], CRITERIA, "stops early: call 1, updateSale"),
        ([], CRITERIA, "cannot be played"),
    ],
)
def test_it_says_what_the_rubric_makes_of_it(client, author, store_world, solution, rubric, says):
    miss = {"name": "Forgets to pay", "solution": solution}
    task = make_task(author, store_world, rubric=rubric, near_misses=[miss])

    assert says in body_of(client.get(url(task)))
    assert says in body_of(client.get(url(task, "miss", miss=1)))


def test_one_begins_as_a_copy_of_the_reference_and_is_edited_like_it(client, task):
    answer = client.post(url(task, "miss_add"), {"name": "Forgets  to pay", "from": "reference"})
    assert answer.url == url(task, "miss", miss=1)
    base = fingerprint(misses_of(task)[0]["solution"][1])

    client.post(url(task, "do", 2, miss=1), {"what": "remove", "base": base})

    assert misses_of(task) == [{"name": "Forgets to pay", "solution": [SELL, MESSAGE]}]
    assert "fails 1 of 2, as it should" in body_of(client.get(url(task)))
    assert len(task.draft.content["reference"]) == 3


def test_a_step_of_it_is_edited_added_and_its_message_saved(client, author, store_world):
    miss = {"name": "One lamp", "solution": [SELL, PAY]}
    task = make_task(author, store_world, near_misses=[miss])
    key = "base.near_misses/1"

    sent = {key: fingerprint(misses_of(task)[0]), "arg.buyer": "dee", "arg.item_id": "lamp"}
    client.post(url(task, "step", 1, miss=1), sent)
    sent = {key: fingerprint(misses_of(task)[0]), "message": "Sold."}
    client.post(url(task, "message", miss=1), sent)
    client.post(url(task, "new", "searchSales", miss=1), {"arg.buyer": "dee"})

    assert [step.get("call") for step in misses_of(task)[0]["solution"]] == [
        "sell",
        "updateSale",
        "searchSales",
        None,
    ]
    assert "qty" not in misses_of(task)[0]["solution"][0]["arguments"]


@pytest.mark.parametrize("name", ["", "  ", "Taken"])
def test_each_has_a_name_of_its_own(client, author, store_world, name):
    task = make_task(author, store_world, near_misses=[{"name": "Taken", "solution": []}])

    client.post(url(task, "miss_add"), {"name": name})

    assert len(misses_of(task)) == 1


def test_it_is_renamed_and_removed_as_it_was_seen(client, author, store_world):
    task = make_task(author, store_world, near_misses=[{"name": "Old", "solution": [SELL]}])
    address = url(task, "miss_change", miss=1)

    client.post(address, {"name": "New", "base": fingerprint("Old")})
    assert misses_of(task)[0]["name"] == "New"
    client.post(address, {"what": "remove", "base": "0"})
    assert len(misses_of(task)) == 1
    client.post(address, {"what": "remove", "base": fingerprint("New")})
    assert misses_of(task) == []
