"""The tab Reference: its steps, what they give, and what can be done with them."""

import re

from authoring.drafts.document import fingerprint
from authoring.models import Revision
from tests.authoring.folders import TASK
from tests.authoring.references.pages import body_of, steps_of, url
from tests.authoring.tasks import make_revision, make_task
from tests.factories import signed_in


def do(client, task, number, what, **more):
    base = fingerprint(steps_of(task)[number - 1])
    return client.post(url(task, "do", number), {"what": what, "base": base, **more})


def test_each_step_says_what_it_calls_gives_and_changes(client, task):
    body = body_of(client.get(url(task)))

    assert "2 calls, 2 write, ends with a message" in body
    assert '<a href="#step-1">id of the result of step 1</a>' in body
    assert "sale-250915-008" in body
    assert "<del>10</del> → <ins>8</ins>" in body
    assert "<del>open</del> → <ins>paid</ins>" in body
    assert "Sold and paid." in body


def test_a_refused_step_says_why_and_the_next_was_not_reached(client, author, store_world):
    steps = [
        {"call": "sell", "arguments": {"buyer": "dee", "item_id": "sofa"}},
        *TASK["reference"][1:],
    ]
    task = make_task(author, store_world, reference=steps)

    body = body_of(client.get(url(task)))

    assert "Refused, not_found." in body
    assert "It stops before its end." in body
    assert 'class="step-card is-waiting" id="step-2"' in body


def test_a_tool_outside_the_toolset_is_told_and_another_toolset_offered(
    client, author, store_world
):
    task = make_task(author, store_world, toolset="till")

    body = body_of(client.get(url(task)))

    assert "A step needs a tool that the agent will not have:" in body
    base = re.search(r'name="base.toolset" value="(\w+)"', body)[1]
    offered = re.search(r'name="toolset" value="(\w+)"', body)[1]
    answer = client.post(url(task, "toolset"), {"toolset": offered, "base.toolset": base})
    assert answer.status_code == 303
    assert "will not have" not in body_of(client.get(url(task)))


def test_a_call_is_added_with_a_value_of_an_earlier_result(client, task):
    listed = body_of(client.get(f"{url(task, 'choose')}?at=3"))
    assert f"{url(task, 'new', 'updateSale')}?at=3" in listed
    form = body_of(client.get(f"{url(task, 'new', 'updateSale')}?at=3"))
    assert re.search(r'<option value="1.id">step 1 · id = sale-250915-008</option>', form)

    answer = client.post(
        f"{url(task, 'new', 'updateSale')}?at=3",
        {"arg.sale_id:ref": "1.id", "arg.status": "void"},
    )

    assert answer.status_code == 303
    assert answer.url == f"{url(task)}#step-3"
    assert steps_of(task)[2] == {
        "call": "updateSale",
        "arguments": {"sale_id": {"$ref": "1.id"}, "status": "void"},
    }


def test_a_call_before_others_moves_their_references(client, task):
    client.post(f"{url(task, 'new', 'searchSales')}?at=1", {"arg.buyer": "ana"})

    assert [step.get("call") for step in steps_of(task)] == [
        "searchSales",
        "sell",
        "updateSale",
        None,
    ]
    assert steps_of(task)[2]["arguments"]["sale_id"] == {"$ref": "2.id"}


def test_a_step_is_edited_and_its_refusal_stands_at_the_argument(client, task):
    page = body_of(client.get(url(task, "step", 2)))
    base = re.search(r'name="base.reference/2" value="(\w+)"', page)[1]
    assert 'name="arg.sale_id:ref" value="1.id"' in page
    assert "id of the result of step 1: sale-250915-008" in page

    answer = client.post(
        url(task, "step", 2),
        {"base.reference/2": base, "arg.sale_id": "nothing", "arg.status": "paid"},
    )

    assert answer.status_code == 303
    assert steps_of(task)[1]["arguments"] == {"sale_id": "nothing", "status": "paid"}
    assert '<a href="#id_arg.sale_id">sale id: there is no sale' in body_of(
        client.get(url(task, "step", 2))
    )


def test_a_step_saves_itself_while_it_is_typed(client, task):
    base = fingerprint(steps_of(task)[0])
    sent = {"base.reference/1": base, "arg.buyer": "ana", "arg.item_id": "lamp", "arg.qty": "2"}

    answer = client.post(url(task, "step", 1), sent, headers={"X-Autosave": "1"})

    assert answer.json()["state"] == "saved"
    assert answer.json()["bases"] == {"reference/1": fingerprint(steps_of(task)[0])}
    again = client.post(
        url(task, "step", 1), {**sent, "arg.buyer": "bo"}, headers={"X-Autosave": "1"}
    )
    assert again.status_code == 409


def test_the_message_is_saved_and_taken_away(client, task):
    base = fingerprint(steps_of(task)[2])

    client.post(url(task, "message"), {"message": "All done.", "base.reference/3": base})
    assert steps_of(task)[2] == {"message": "All done."}

    base = fingerprint(steps_of(task)[2])
    client.post(url(task, "message"), {"message": " ", "base.reference/3": base})
    assert len(steps_of(task)) == 2

    client.post(url(task, "message"), {"message": "Bye.", "base.reference/3": fingerprint(None)})
    assert steps_of(task)[2] == {"message": "Bye."}


def test_steps_are_moved_and_duplicated(client, task):
    do(client, task, 1, "duplicate")
    assert [step.get("call") for step in steps_of(task)] == ["sell", "sell", "updateSale", None]
    assert steps_of(task)[2]["arguments"]["sale_id"] == {"$ref": "1.id"}

    assert do(client, task, 2, "up").url == f"{url(task)}#step-1"
    assert steps_of(task)[2]["arguments"]["sale_id"] == {"$ref": "2.id"}


def test_a_step_stays_behind_the_one_whose_result_it_uses(client, task):
    before = steps_of(task)

    answer = do(client, task, 2, "up")

    assert steps_of(task) == before
    assert "step 2 uses the result of step 1" in body_of(client.get(answer.url)).lower()


def test_a_step_that_others_use_asks_before_it_goes(client, task):
    refused = do(client, task, 1, "remove")

    assert refused.status_code == 409
    assert "step 2 uses the result of step 1" in body_of(refused)
    assert "sale-250915-008" in body_of(refused)
    assert len(steps_of(task)) == 3
    do(client, task, 1, "remove", values="1")
    assert steps_of(task)[0]["arguments"] == {"sale_id": "sale-250915-008", "status": "paid"}


def test_what_somebody_else_changed_is_not_touched(client, task):
    answer = client.post(url(task, "do", 1), {"what": "remove", "base": "0123456789abcdef"})

    assert answer.status_code == 303
    assert len(steps_of(task)) == 3
    assert "is not what you saw" in body_of(client.get(url(task)))


def test_a_reviewer_sees_no_reference_before_they_ask_for_it(task, reviewer):
    make_revision(task, Revision.State.IN_REVIEW)
    client = signed_in(reviewer)

    body = body_of(client.get(url(task)))

    assert "Try it yourself" in body
    assert "updateSale" not in body
    assert "Sold and paid" not in body


def test_many_steps_ask_no_more_questions(
    client, author, store_world, django_assert_max_num_queries
):
    steps = [{"call": "searchSales", "arguments": {"buyer": "ana"}}] * 30
    misses = [{"name": f"Miss {n}", "solution": steps[:n]} for n in range(1, 9)]
    few = make_task(author, store_world, "few", reference=steps[:1], near_misses=misses[:1])
    many = make_task(author, store_world, "many", reference=steps, near_misses=misses)
    for task in (few, many):
        client.get(url(task))
    with django_assert_max_num_queries(100) as asked:
        client.get(url(few))
    with django_assert_max_num_queries(len(asked)):
        client.get(url(many))
