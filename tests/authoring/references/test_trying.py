"""The playground on a task's setup: what is called there can become the reference."""

import pytest

from authoring.drafts.document import fingerprint
from authoring.models import Revision
from authoring.references.trying import calls_made
from simulation.models import Episode
from simulation.playground.scratch import call_in_scratch
from tests.authoring.references.pages import body_of, steps_of, url
from tests.authoring.tasks import make_revision, make_task
from tests.factories import signed_in

SETUP = [{"op": "update", "entity_type": "item", "id": "lamp", "fields": {"inStock": 3}}]


@pytest.fixture
def task(author, store_world):
    return make_task(author, store_world, setup=SETUP)


def call(client, task, tool, **arguments):
    sent = {f"arg.{name}": value for name, value in arguments.items()}
    return client.post(url(task, "try_tool", tool), sent)


def play(client, task):
    call(client, task, "sell", buyer="dee", item_id="lamp", qty="2")
    call(client, task, "updateSale", sale_id="nothing", status="paid")
    call(client, task, "updateSale", sale_id="sale-250915-008", status="paid")


def test_calls_see_the_setup_and_only_the_tools_of_the_task(client, task):
    assert call(client, task, "sell", buyer="dee", item_id="lamp", qty="4").status_code == 422
    answer = call(client, task, "sell", buyer="dee", item_id="lamp", qty="2")

    assert answer.url == f"{url(task, 'try_tool', 'sell')}?step=2#result"
    body = body_of(client.get(answer.url))
    assert "<del>3</del> → <ins>1</ins>" in body
    assert "Sell dee two lamps" in body
    assert call(client, task, "nothing").status_code == 404


def test_a_task_has_a_clone_of_its_own(client, author, task, store_world):
    call_in_scratch(store_world, author, tool="searchSales", arguments_raw="{}", call_id="1")
    call(client, task, "searchSales")
    call(client, task, "searchSales", buyer="ana")

    assert sorted(Episode.objects.scratches().values_list("scene", "step_count")) == [
        ("", 1),
        ("task:sell-lamps", 2),
    ]
    assert calls_made(author, task) == 2


def test_a_clone_of_an_older_setup_says_so_until_it_is_reset(client, author, task):
    call(client, task, "searchSales")
    assert "has changed since this clone was made" not in body_of(client.get(url(task, "try")))
    content = task.draft.content
    other = [{**SETUP[0], "fields": {"inStock": 5}}]
    make_revision(task, **{**content, "setup": other})

    assert "has changed since this clone was made" in body_of(client.get(url(task, "try")))
    assert "made in an older setup" in body_of(client.get(url(task, "take")))
    number = Episode.objects.scratches().get().pk
    client.post(url(task, "try_reset"), {"scratch": number})
    answer = call(client, task, "sell", buyer="dee", item_id="lamp", qty="4")
    assert answer.status_code == 303


def test_calls_replace_those_of_the_reference_and_its_message_stays(client, task):
    play(client, task)
    page = body_of(client.get(url(task, "take")))
    assert "2 calls, 1 refused left out, 1 id taken from earlier results" in page
    base = fingerprint(steps_of(task))

    assert client.post(url(task, "take"), {"what": "replace", "base": base}).status_code == 303

    assert [step.get("call") for step in steps_of(task)] == ["sell", "updateSale", None]
    assert steps_of(task)[1]["arguments"]["sale_id"] == {"$ref": "1.id"}
    assert client.post(url(task, "take"), {"what": "replace", "base": "0"}).status_code == 409


def test_calls_are_put_behind_and_count_on(client, task):
    play(client, task)

    client.post(url(task, "take"), {"what": "append"})

    assert [step.get("call") for step in steps_of(task)] == [
        "sell",
        "updateSale",
        "sell",
        "updateSale",
        None,
    ]
    assert steps_of(task)[3]["arguments"]["sale_id"] == {"$ref": "3.id"}


def test_calls_become_a_near_miss_with_a_name(client, task):
    play(client, task)
    assert client.post(url(task, "take"), {"what": "near_miss", "name": " "}).status_code == 400

    answer = client.post(url(task, "take"), {"what": "near_miss", "name": "Wrong buyer"})

    assert answer.url == url(task, "miss", miss=1)
    assert "Near-miss: Wrong buyer" in body_of(client.get(answer.url))


def test_a_reviewer_tries_the_task_and_takes_nothing(task, reviewer):
    make_revision(task, Revision.State.IN_REVIEW)
    client = signed_in(reviewer)

    assert call(client, task, "searchSales").status_code == 303

    body = body_of(client.get(url(task, "try")))
    assert "Take these calls" not in body
    assert client.get(url(task, "take")).status_code == 404
    assert calls_made(reviewer, task) == 1
    assert "1 call made so far" in body_of(client.get(url(task)))


def test_who_sees_no_draft_tries_nothing(task, analyst):
    make_revision(task, Revision.State.APPROVED)
    client = signed_in(analyst)

    assert client.get(url(task)).status_code == 200
    assert client.get(url(task, "try")).status_code == 404
    assert call(client, task, "searchSales").status_code == 404


def test_rows_of_the_setup_are_offered_where_ids_are_typed(client, author, store_world):
    lamp = {"name": "Red lamp", "price": 12.5, "inStock": 4}
    made = [{"op": "create", "entity_type": "item", "id": "red-lamp", "fields": lamp}]
    task = make_task(author, store_world, "red", setup=made)

    body = body_of(client.get(url(task, "try_tool", "sell")))

    assert '<option value="red-lamp">Red lamp, in the setup</option>' in body


def test_a_setup_that_cannot_be_applied_leads_back_with_the_reason(client, author, store_world):
    broken = [{"op": "delete", "entity_type": "item", "id": "nothing"}]
    task = make_task(author, store_world, "broken", setup=broken)

    answer = client.get(url(task, "try"))

    assert answer.url == url(task)
    assert "The setup cannot be applied yet" in body_of(client.get(answer.url))
