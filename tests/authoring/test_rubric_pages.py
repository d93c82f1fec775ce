"""The tab Rubric as pages: looking, editing, and what may be done by whom."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from authoring.drafts.document import fingerprint
from authoring.drafts.saving import replace_draft
from authoring.rubrics.changes import keys_of
from tests.authoring.tasks import make_revision, make_task
from tests.factories import signed_in
from tests.web.forms import form_data

JUDGED = {
    "key": "kind",
    "text": "Is kind about status.",
    "check": {"kind": "judge", "question": "Kind?"},
}
HARM = {
    "key": "no-void",
    "text": "Voids.",
    "check": {
        "kind": "state",
        "entity_type": "sale",
        "where": [{"path": "status", "value": "void"}],
        "exists": True,
    },
}
PAID = {"entity_type": "sale", "where": [{"path": "status", "value": "paid"}], "measure": "count"}


@pytest.fixture
def task(author, store_world):
    return make_task(author, store_world)


@pytest.fixture
def client(author):
    return signed_in(author)


def url(name, task, *args, **query):
    asked = "&".join(f"{k}={v}" for k, v in query.items())
    return reverse(f"rubric:{name}", args=[task.slug, *args]) + (f"?{asked}" if asked else "")


def criteria(task):
    task.draft.refresh_from_db()
    return task.draft.content["rubric"]["criteria"]


def body(response):
    return response.content.decode()


def test_cards_say_what_is_checked_and_what_the_reference_gives(client, task):
    text = body(client.get(url("page", task)))

    assert "Exactly one new sale where buyer is dee: status is paid." in text
    assert text.count("met on the reference") == 2
    assert "2 criteria · 3 points · 2 state" in text
    assert 'id="criterion-sale-is-paid"' in text
    assert "?side=comments&amp;place=criterion/sale-is-paid" in text


@pytest.mark.parametrize(("exists", "words"), [(True, "clean on"), (False, "harm found on")])
def test_harm_is_never_shown_as_met(client, author, store_world, exists, words):
    harm = {**HARM, "points": -2, "check": {**HARM["check"], "exists": exists}}
    task = make_task(author, store_world, rubric={"criteria": [harm]})

    text = body(client.get(url("page", task)))

    assert f"{words} the reference" in text
    assert "state-met" not in text


@pytest.mark.parametrize("mode", ["edit", "split", "turn"])
def test_each_mode_of_a_card_has_its_form_without_scripts(client, author, store_world, mode):
    task = make_task(author, store_world, rubric={"criteria": [JUDGED]})

    text = body(client.get(url("page", task, **{mode: "kind"})))

    assert {"edit": 'id="form-kind"', "split": 'id="id_texts"', "turn": 'name="change"'}[
        mode
    ] in text


def typed(client, task, key="sale-is-paid", **query):
    return form_data(body(client.get(url("page", task, edit=key, **query))), form=f"form-{key}")


def test_a_form_saved_as_it_came_changes_nothing(client, task):
    before = criteria(task)

    answer = client.post(url("save", task, "sale-is-paid"), typed(client, task))

    assert answer.status_code == 303
    assert criteria(task) == before


def test_a_form_changes_text_weight_and_check(client, task):
    data = {**typed(client, task), "text": ["Paid."], "points": ["-3"], "note": ["n"]}
    data["check.expect.0.value"] = ["void"]

    client.post(url("save", task, "sale-is-paid"), data)

    saved = criteria(task)[0]
    assert (saved["text"], saved["points"], saved["note"]) == ("Paid.", -3, "n")
    assert saved["check"]["expect"] == [{"path": "status", "value": "void"}]


def test_what_cannot_be_read_keeps_its_old_value_and_the_rest_is_saved(client, task):
    data = {**typed(client, task), "text": ["x" * 1001], "note": ["kept"], "points": ["0"]}
    data["check.expect.0.value"] = ["{no json"]
    save = url("save", task, "sale-is-paid")

    told = client.post(save, data, headers={"X-Autosave": "1"})

    assert told.status_code == 422
    assert {*told.json()["problems"]} == {"text", "points", "check.expect.0.value"}
    saved = criteria(task)[0]
    assert (saved["note"], saved["text"][:4], saved["points"]) == ("kept", "The ", 2)
    assert saved["check"]["expect"] == [{"path": "status", "value": "paid"}]
    plain = client.post(save, {**data, "base": fingerprint(saved)})
    assert plain.status_code == 422
    assert "{no json" in body(plain)
    assert "is no JSON" in body(plain)
    assert "x" * 1001 in body(plain)


def test_an_unfinished_check_is_kept_and_its_problems_are_named(client, task):
    data = {**typed(client, task, kind="state"), "check.entity_type": [""]}

    assert client.post(url("save", task, "sale-is-paid"), data).status_code == 303
    assert "entity_type" not in criteria(task)[0]["check"]
    text = body(client.get(url("preview", task, "sale-is-paid")))
    assert "Entity type is missing" in text


def test_rows_are_added_and_removed_without_saving(client, task):
    before, data = criteria(task), typed(client, task)
    page = url("page", task, edit="sale-is-paid", kind="state")

    added = body(client.post(page, {**data, "text": ["typed"], "add": "check.expect"}))
    removed = body(client.post(page, {**data, "remove": "check.expect.0"}))

    assert 'name="check.expect.1.path"' in added
    assert ">\ntyped</textarea>" in added
    assert 'name="check.expect.0.path" value=""' in removed
    assert criteria(task) == before


def test_two_who_change_one_criterion_are_told(client, task):
    data = {**typed(client, task), "text": ["Mine."]}
    client.post(url("save", task, "sale-is-paid"), {**data, "text": ["Theirs."]})

    answer = client.post(url("save", task, "sale-is-paid"), data)

    assert answer.status_code == 409
    assert criteria(task)[0]["text"] == "Theirs."


def test_json_is_saved_or_refused_with_what_was_typed(client, task):
    base = typed(client, task)["base"][0]
    good = json.dumps({"kind": "human", "instructions": "Look."})

    bad = client.post(url("json", task, "sale-is-paid"), {"json": '{"kind": "hu', "base": base})
    done = client.post(url("json", task, "sale-is-paid"), {"json": good, "base": base})

    assert bad.status_code == 422
    assert "{&quot;kind&quot;: &quot;hu" in body(bad)
    assert done.status_code == 303
    assert criteria(task)[0]["check"] == {"kind": "human", "instructions": "Look."}


def test_a_criterion_is_added_with_a_key_of_its_text(client, task):
    answer = client.post(url("add", task), {"kind": "response", "text": "The answer is kind."})
    blank = client.post(url("add", task), {"kind": "judge", "text": ""})

    assert answer.url.endswith("?edit=the-answer-is-kind#criterion-the-answer-is-kind")
    assert blank.url.endswith("?edit=criterion#criterion-criterion")
    assert [c["check"] for c in criteria(task)[2:]] == [{"kind": "response"}, {"kind": "judge"}]


def test_a_criterion_moves(client, task):
    for to, place in (("down", 1), ("up", 0), ("2", 1), ("1", 0), ("99", 1)):
        answer = client.post(url("move", task, "sale-is-paid"), {"to": to})

        assert answer.status_code == 303
        assert answer.url.endswith("#criterion-sale-is-paid")
        keys = keys_of({"rubric": {"criteria": criteria(task)}})
        assert keys.index("sale-is-paid") == place, to
    assert client.post(url("move", task, "sale-is-paid"), {"to": "away"}).status_code == 409


def test_what_was_removed_can_be_put_back(client, task):
    before = criteria(task)

    gone = client.post(url("remove", task, "sale-is-paid"), follow=True)
    assert "Put it back" in body(gone)
    assert len(criteria(task)) == 1
    client.post(url("put_back", task))

    assert criteria(task) == before
    assert client.post(url("put_back", task)).status_code == 409


def test_a_criterion_is_duplicated_and_split(client, task):
    client.post(url("duplicate", task, "sale-is-paid"))
    refused = client.post(url("split", task, "sale-is-paid"), {"texts": "Only one"})
    client.post(url("split", task, "sale-is-paid"), {"texts": "One.\n\nTwo.", "check": "each"})

    assert refused.status_code == 422
    assert "Only one" in body(refused)
    assert [c["text"] for c in criteria(task)][:2] == ["One.", "Two."]
    assert criteria(task)[0]["check"] == criteria(task)[1]["check"] == criteria(task)[2]["check"]


def test_a_judge_is_turned_into_a_check_that_the_reference_proposes(client, author, store_world):
    judged = {**JUDGED, "text": "The new sale has the right status."}
    task = make_task(author, store_world, rubric={"criteria": [judged]})
    token = "sale:sale-250915-008:status"
    assert token in body(client.get(url("page", task, turn="kind")))

    client.post(url("turn", task, "kind"), {"change": token})

    saved = criteria(task)[0]
    assert saved["check"]["expect"] == [{"path": "status", "value": "paid"}]
    assert (saved["key"], saved["note"]) == ("kind", "Kind?")


def test_changes_of_the_reference_become_criteria_with_one_press(client, author, store_world):
    task = make_task(author, store_world, rubric={"criteria": []})
    page = body(client.get(url("page", task)))
    tokens = ["item:lamp:inStock", "sale:sale-250915-008:status", "sale:sale-250915-008:+"]
    assert all(f'value="{token}"' in page for token in tokens)

    for token in tokens:
        assert client.post(url("from_reference", task), {"change": token}).status_code == 303

    made = criteria(task)
    assert [c["text"] for c in made] == [
        "The in stock of item lamp (Lamp) is 8.",
        "The status of the new sale with item Lamp (lamp) is paid.",
        "There is exactly one sale more with item Lamp (lamp).",
    ]
    assert "sale-250915-008" not in json.dumps(made)
    text = body(client.get(url("page", task)))
    assert text.count("met on the reference") == 3
    assert all(f'value="{token}"' not in text for token in tokens)
    assert client.post(url("from_reference", task), {"change": "x"}).status_code == 409


def test_an_expected_value_is_bound_and_unbound(client, task):
    at, key = "check.expect.0.value", "lamps-left-the-shelf"
    question = "type=sale&measure=count&path1=status&op1=eq&value1=paid"
    form = typed(client, task, key)
    go = client.post(url("save", task, key), {**form, "then": f"bind:{at}"})
    begun = client.get(go.url, follow=True)
    assert "/bind/?type=item" in begun.redirect_chain[-1][0]
    asked = client.get(f"{url('bind', task, key)}?{question}&at={at}")
    assert ">1</output>" in body(asked)

    data = form_data(body(asked), form="answer")
    client.post(f"{url('bind', task, key)}?{question}&at={at}", data)

    value = criteria(task)[1]["check"]["expect"][0]["value"]
    assert value == {"query": PAID, "value": 1}
    shown = body(client.get(url("page", task, edit=key)))
    assert "Bound to the number of sales where status is paid" in shown
    client.post(url("save", task, key), {**typed(client, task, key), "then": f"literal:{at}"})
    assert criteria(task)[1]["check"]["expect"][0]["value"] == 1


@pytest.mark.parametrize(
    ("press", "value"),
    [
        ({"field": "status"}, "paid"),
        (
            {"bound": "status"},
            {
                "query": {
                    "entity_type": "sale",
                    "where": [{"path": "id", "value": "sale-250901-001"}],
                    "measure": {"field": "status"},
                },
                "value": "paid",
            },
        ),
    ],
)
def test_a_value_is_picked_from_a_row_of_a_list(client, task, press, value):
    pick = url("pick", task, "sale-is-paid") + "?at=check.expect.0.value"
    assert "sale-250901-001" in body(client.get(f"{pick}&of-type=sale&status=paid"))
    row = f"{pick}&of-type=sale&of-row=sale-250901-001"
    assert "Bind" in body(client.get(row))
    base = typed(client, task)["base"][0]

    assert client.post(row, {**press, "base": base}).status_code == 303

    found = criteria(task)[0]["check"]["expect"][0]["value"]
    assert found == value or found["value"] == value["value"]


def test_rows_of_the_setup_can_be_picked(client, author, store_world):
    made = {
        "op": "create",
        "entity_type": "item",
        "id": "desk",
        "fields": {"name": "Desk", "price": 1, "inStock": 3},
    }
    task = make_task(author, store_world, setup=[made])
    pick = url("pick", task, "lamps-left-the-shelf") + "?at=check.expect.0.value&of-type=item"

    assert "Desk" in body(client.get(pick))
    assert "in stock" in body(client.get(f"{pick}&of-row=desk"))


def test_one_criterion_is_made_for_each_row_of_a_list(client, task):
    address = url("per_row", task) + "?type=sale&measure=list&path=lines.itemId&check=named"
    page = body(client.get(address))
    assert "2 criteria, from 2 items" in page
    assert "The answer names the item Lamp (lamp)." in page

    assert client.post(address, {"count": "7"}).status_code == 409
    assert client.post(address, {"count": "2"}).status_code == 303

    assert [c["check"] for c in criteria(task)[2:]] == [
        {"kind": "response", "entity": {"entity_type": "item", "id": key}}
        for key in ("lamp", "chair")
    ]


MADE = [
    ("type=item&check=typed&field=inStock&value=8", "In stock is 8"),
    ("type=item&check=reference&field=inStock", "In stock is 8"),
    ("type=item&check=typed&field=colour&value=8", "no field"),
    ("type=item&check=typed&field=inStock", "Write the value"),
    ("type=item&pattern={name} at {price}: {nothing}", "no field"),
    ("type=item&pattern={name} at {price}", "Lamp at 12.5"),
    ("type=item&check=listed", "The answer lists Lamp."),
    ("type=item&check=made", "choose which new rows name it"),
    ("type=item&check=made&field=sale.lines.itemId", "There is a new sale for the item Lamp"),
    ("type=sale&measure=list&path=buyer", "names no rows"),
    ("type=sale&path1=status&op1=eq&value1=void", "No row matches"),
]


def test_what_would_be_made_is_shown_before_it_is(client, task):
    shown = {query: body(client.get(f"{url('per_row', task)}?{query}")) for query, _ in MADE}

    missing = [pair for pair in MADE if pair[1].lower() not in shown[pair[0]].lower()]
    assert missing == []


def test_one_criterion_is_made_for_each_field_of_a_row(client, task):
    address = url("per_field", task) + "?of-type=item&of-row=lamp"
    assert "changed by the reference" in body(client.get(address))
    assert client.post(address, {}).status_code == 422

    client.post(address, {"field": ["inStock", "name"]})

    assert [c["check"]["expect"] for c in criteria(task)[2:]] == [
        [{"path": "inStock", "value": 8}],
        [{"path": "name", "value": "Lamp"}],
    ]


POSTS = dict.fromkeys(
    ("save", "json", "move", "duplicate", "remove", "split", "turn", "bind", "pick"), True
) | dict.fromkeys(("add", "from_reference", "put_back", "per_row", "per_field", "page"), False)


@pytest.mark.parametrize("person", ["reviewer", "analyst", "runner", "charlie"])
def test_only_its_author_and_admins_change_a_rubric(task, person, request):
    client, before = Client(), criteria(task)
    client.force_login(request.getfixturevalue(person))
    addresses = {n: url(n, task, *(["sale-is-paid"] * has_key)) for n, has_key in POSTS.items()}

    answers = {n: client.post(a, {"to": "down"}).status_code for n, a in addresses.items()}

    assert answers == dict.fromkeys(POSTS, 404)
    assert criteria(task) == before


@pytest.mark.parametrize(
    ("person", "status"),
    [("reviewer", 200), ("admin_person", 200), ("analyst", 404), ("charlie", 404)],
)
def test_who_reads_a_rubric(task, person, status, request):
    client = signed_in(request.getfixturevalue(person))

    answer = client.get(url("page", task))

    assert answer.status_code == status
    assert status == 404 or ("data-sortable" in body(answer)) == (person == "admin_person")


def test_forms_without_a_token_are_refused(task, author):
    client = signed_in(author, enforce_csrf_checks=True)

    assert client.post(url("remove", task, "sale-is-paid")).status_code == 403


def test_the_number_of_queries_does_not_grow_with_the_rubric(client, author, store_world):
    check = {"kind": "state", "entity_type": "item", "id": "lamp", "exists": True}
    hundred = [{"key": f"c-{n}", "text": "x", "check": check} for n in range(100)]
    few = make_task(author, store_world, "few", rubric={"criteria": hundred[:1]})
    many = make_task(author, store_world, "many", rubric={"criteria": hundred})
    counts = []
    for task in (few, many, few, many):
        with CaptureQueriesContext(connection) as queries:
            client.get(url("page", task, edit="c-0"))
        counts.append(len(queries))

    assert counts[2] == counts[3]


def test_hostile_text_is_shown_as_text(client, author, store_world):
    bad = "<script>alert(1)</script>"
    hostile = [{"key": "x", "text": bad, "note": bad, "check": {"kind": "judge", "question": bad}}]
    task = make_task(author, store_world, rubric={"criteria": hostile})

    for query in ({}, {"edit": "x"}, {"split": "x"}, {"turn": "x"}):
        assert bad not in body(client.get(url("page", task, **query)))


def test_a_reviewer_sees_no_result_before_the_reference_is_revealed(task, reviewer):
    make_revision(task, state="in_review")
    client = signed_in(reviewer)

    for address in (url("page", task), url("preview", task, "sale-is-paid")):
        text = body(client.get(address))
        assert "revealed the reference" in text
        assert "on the reference" not in text
        assert "<del>" not in text


def test_a_task_without_a_world_says_what_is_missing(client, author, store_world):
    task = make_task(author, store_world)
    replace_draft(task, {**task.draft.content, "world": "", "reference": []}, by=author)

    text = body(client.get(url("page", task, edit="sale-is-paid")))

    assert "The task has no world yet." in text
    assert "needs a world" in text
    assert client.get(url("per_row", task)).status_code == 404
    before = criteria(task)
    client.post(url("save", task, "sale-is-paid"), {**typed(client, task), "text": ["New."]})
    assert criteria(task)[0] == {**before[0], "text": "New."}
