"""The tab Customer: written as a form, checked when the task is complete."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from authoring.content import DraftContent, read_content
from authoring.drafts.document import fingerprint
from authoring.references.customer_form import in_words
from simulation.conversation.leaks import told_by
from simulation.errors import Problems
from tests.authoring.references.pages import body_of
from tests.authoring.tasks import content_of, make_task

PLAYED = {
    "kind": "played",
    "persona": "Dee, in a hurry.",
    "goal": "Two lamps by Friday.",
    "facts_withheld": [{"topic": "the address", "fact": "12 Elm Street"}],
}


@pytest.fixture
def task(author, store_world):
    return make_task(author, store_world, mode="conversation")


def page_of(task, query=""):
    return f"{reverse('customer:page', args=[task.slug])}{query}"


def save(client, task, **typed):
    task.draft.refresh_from_db()
    base = fingerprint(task.draft.content["customer"])
    return client.post(reverse("customer:page", args=[task.slug]), {"base.customer": base, **typed})


def customer_of(task):
    task.draft.refresh_from_db()
    return task.draft.content["customer"]


def test_a_customer_is_saved_as_far_as_it_is_written(client, task):
    answer = save(client, task, **{"kind": "played", "customer.persona": "Dee, in a hurry."})

    assert answer.status_code == 303
    assert customer_of(task) == {"kind": "played", "persona": "Dee, in a hurry."}
    body = body_of(client.get(page_of(task)))
    assert '<a href="#id_customer.goal">Goal: is required</a>' in body


def test_facts_are_rows_of_a_form(client, task):
    row = "customer.facts_withheld.0"
    save(
        client,
        task,
        **{
            "customer.persona": PLAYED["persona"],
            "customer.goal": PLAYED["goal"],
            f"{row}.topic": "the address",
            f"{row}.fact": "12 Elm Street",
        },
    )

    assert customer_of(task) == PLAYED
    body = body_of(client.get(page_of(task)))
    assert "Not complete yet" not in body
    added = save(client, task, **{f"{row}.topic": "x", "add": "customer.facts_withheld"})
    assert 'name="customer.facts_withheld.1.topic"' in body_of(added)
    assert f'name="base.customer" value="{fingerprint(PLAYED)}"' in body_of(added)
    assert customer_of(task) == PLAYED


def test_a_script_is_another_form_and_keeps_what_both_have(client, author, store_world):
    customer = {**PLAYED, "patience": 7}
    task = make_task(author, store_world, mode="conversation", customer=customer)

    body = body_of(client.get(page_of(task, "?kind=script")))
    assert re.search(r'name="customer.patience" value="7"', body)
    assert "The task’s customer is still played by a model." in body
    line = "customer.lines.0"
    save(client, task, **{"kind": "script", f"{line}.asked": "address", f"{line}.says": "12 Elm"})

    assert customer_of(task) == {
        "kind": "script",
        "lines": [{"asked": "address", "says": "12 Elm"}],
    }


def test_who_only_reads_sees_facts_in_words_and_in_order():
    told = dict(in_words({**PLAYED, "facts_known": ["Dee is new."]}))

    assert [*told] == [
        "customer",
        "persona",
        "goal",
        "facts they know",
        "facts withheld until asked",
    ]
    assert told["facts withheld until asked"] == "– the address: 12 Elm Street"


def test_what_is_withheld_and_told_all_the_same_is_named(client, author, store_world):
    prompt = "Send two lamps to dee, 12 elm  street, please."
    task = make_task(author, store_world, mode="conversation", customer=PLAYED, prompt=prompt)

    body = body_of(client.get(page_of(task)))

    assert "But look at the prompt: it stands there word for word." in body


@pytest.mark.parametrize(
    ("text", "fact", "told"),
    [
        ("It is about ord-12.", "The order is ORD-12, of 3 May", ""),
        (
            "It is about ORD-12 of 2025-05-03.",
            "Order ORD-12 came on 2025-05-03",
            "it has ORD-12, 2025-05-03, which",
        ),
        ("Two lamps.", "She moved to 12 Elm Street", ""),
        ("Any text.", " ", ""),
        ("She is allergic to wool", "she is  ALLERGIC to wool.", "it stands there word for word"),
    ],
)
def test_ids_and_numbers_give_a_fact_away(text, fact, told):
    assert told_by(text, fact).startswith(told)
    assert bool(told_by(text, fact)) == bool(told)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"mode": "conversation"}, "a conversation needs a customer"),
        ({"mode": "conversation", "customer": {"persona": "Dee"}}, "goal: is required"),
        ({"customer": {**PLAYED, "mood": "bad"}}, "mood: Extra inputs"),
    ],
)
def test_a_complete_task_has_a_complete_customer(changes, says, store_world):
    with pytest.raises(Problems, match=says):
        read_content(content_of(store_world, **changes))


def test_a_customer_changes_no_hash_on_the_way_from_draft_to_task(store_world):
    data = content_of(store_world, mode="conversation", customer=PLAYED)

    assert read_content(data).hash == DraftContent.model_validate(data).hash


def test_a_reader_sees_it_and_no_form(author, store_world, reviewer):
    task = make_task(author, store_world, mode="conversation", customer=PLAYED)
    client = Client()
    client.force_login(reviewer)

    body = body_of(client.get(page_of(task)))

    assert "the address: 12 Elm Street" in body
    assert 'name="customer.persona"' not in body


def test_the_agent_view_shows_all_that_is_given_and_names_what_is_not(client, task):
    body = body_of(client.get(reverse("editor:agent", args=[task.slug])))

    assert body.index("You are a clerk.") < body.index("Sell dee two lamps")
    assert "&quot;inputSchema&quot;" in body
    assert "<dt>turns</dt><dd>200 at most</dd>" in body
    assert "the rubric with its 2 criteria" in body
    assert "only what the customer writes" in body
