"""Drafts in the browser: their forms there and back, conflicts, deleting, checking, publishing."""

import html
import re
from copy import deepcopy

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from simulation.addresses import row_url, world_url
from simulation.drafts import create_row, delete_row, update_details, update_row
from simulation.editing.fields import form_of
from simulation.environments import environment, slugs
from simulation.forms.reading import read_inputs
from simulation.forms.writing import write_inputs
from simulation.models import World
from simulation.urls import urlpatterns
from simulation.worlds import dump_world, import_entities, publish_world, read_row
from tests.factories import LAMP, STORE, make_draft, make_world, sale, signed_in
from tests.simulation.corecraft.full_world import ENTITIES
from tests.web.conftest import HOSTILE
from tests.web.forms import form_data

pytestmark = pytest.mark.django_db
CORECRAFT = environment("corecraft")
MOCK = environment("mock_store")
ALL_ROWS = [(kind, key) for kind, rows in ENTITIES.items() for key in rows]


@pytest.fixture
def client(author) -> Client:
    return signed_in(author)


@pytest.fixture
def draft(author) -> World:
    world = make_draft(author, prompts={"clerk": "You sell **lamps**."})
    import_entities(world, STORE)
    return world


@pytest.fixture
def full_draft(author) -> World:
    world = make_draft(author, environment="corecraft", agent_employee_id="bo-lead")
    import_entities(world, ENTITIES)
    return world


def address(world, *parts):
    return world_url(world, "/".join(parts) + "/")


def body_of(response) -> str:
    return response.content.decode()


def opened(client, url) -> dict[str, list[str]]:
    response = client.get(url)
    assert response.status_code == 200
    return form_data(body_of(response))


def item(world, key="lamp"):
    return read_row(world, MOCK.entity_types["item"], key)


def summary(body) -> list[str]:
    there = re.search(r'id="problems".*?</ul>', body, re.DOTALL)
    return [html.unescape(line) for line in re.findall(r"<li>(?:<a[^>]*>)?([^<]*)", there[0])]


# Forms there and back


@pytest.mark.parametrize(("kind", "key"), ALL_ROWS)
def test_every_row_of_every_type_survives_its_form_unchanged(kind, key):
    fields, row = form_of(CORECRAFT, kind), ENTITIES[kind][key]

    assert read_inputs(fields, write_inputs(fields, row)) == (row, {})


def test_opening_and_saving_every_row_of_a_full_world_changes_nothing(client, full_draft):
    before = dump_world(full_draft)

    for kind, key in ALL_ROWS:
        url = address(full_draft, "edit", kind, key)
        answer = client.post(url, opened(client, url))
        assert (answer.status_code, kind, key) == (303, kind, key)
        assert answer.url == row_url(full_draft, kind, key)

    assert dump_world(full_draft) == before


def test_no_field_of_a_full_world_needs_json_but_free_specifications(full_draft, client):
    kinds = {
        (kind, name.removesuffix(":as"))
        for kind, key in ALL_ROWS
        for name in opened(client, address(full_draft, "edit", kind, key))
        if name.endswith(":as")
    }

    assert kinds == set()
    deep = {f"{kind}.{f.name}" for kind in CORECRAFT.entity_types for f in _deep(kind)}
    assert {name.rpartition(".")[0] for name in deep} == {"product.row.specs"}


def _deep(kind):
    waiting = list(form_of(CORECRAFT, kind))
    while waiting:
        field = waiting.pop()
        waiting.extend(field.members)
        if field.kind == "json":
            yield field


AWKWARD = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=30
)


@given(
    name=AWKWARD,
    body=AWKWARD,
    tags=st.lists(AWKWARD, max_size=3),
    ways=st.lists(st.sampled_from(["email", "phone", "sms"]), max_size=4),
)
def test_any_text_survives_the_form(name, body, tags, ways):
    article = {
        **ENTITIES["knowledge_base_article"]["black-screen"],
        "title": name,
        "body": body,
        "tags": tags,
    }
    customer = {**ENTITIES["customer"]["ada-berg-10001"], "communicationPreferences": ways}

    for kind, row in (("knowledge_base_article", article), ("customer", customer)):
        fields = form_of(CORECRAFT, kind)
        sent = QueryDict(write_inputs(fields, row).urlencode(), mutable=True)
        assert read_inputs(fields, sent) == (row, {})


AWKWARD_ITEMS = {
    "two-lines": {**LAMP, "name": "A\nlamp", "note": "\nfirst line empty\n\n"},
    "carriage": {**LAMP, "name": "A\rlamp", "note": "a\r\nb"},
    "spaces": {**LAMP, "name": "  lamp ", "note": " "},
    "a/b/-/edit": {**LAMP, "name": HOSTILE, "note": "</textarea><script>x</script>"},
    "edit/x y?&#%": {**LAMP, "price": 0, "inStock": -3},
    "json": {**LAMP, "name": '{"a": 1}', "note": "null"},
}
AWKWARD_SALES = {
    "many": sale(lines=[{"itemId": "lamp", "qty": n + 1} for n in range(60)]),
    "none": sale(lines=[]),
    "fine": sale(createdAt="2025-09-01T10:00:00.123456Z", updatedAt="2025-09-02T10:00:00.5Z"),
}


def test_awkward_rows_are_opened_and_saved_unchanged(client, author):
    world = make_draft(author)
    rows = {"item": {**STORE["item"], **AWKWARD_ITEMS}, "sale": {**STORE["sale"], **AWKWARD_SALES}}
    import_entities(world, rows)
    before = dump_world(world)

    for kind, names in (("item", AWKWARD_ITEMS), ("sale", AWKWARD_SALES)):
        for key in names:
            url = row_url(world, kind, key).replace(f"/{kind}/", f"/edit/{kind}/")
            answer = client.post(url, opened(client, url))
            assert (key, answer.status_code) == (key, 303)

    assert dump_world(world) == before


# Making and changing


def test_a_changed_field_is_stored_and_said(client, draft):
    url = address(draft, "edit", "item", "lamp")

    answer = client.post(url, {**opened(client, url), "row.price": "13.5"}, follow=True)

    assert item(draft) == {"id": "lamp", **LAMP, "price": 13.5}
    assert answer.redirect_chain == [(row_url(draft, "item", "lamp"), 303)]
    assert "item lamp was saved." in body_of(answer)


def test_a_new_row_is_proposed_the_next_id_and_the_time_of_the_clock(client, draft):
    data = opened(client, address(draft, "new", "sale"))

    assert data["row.id"] == ["sale-250915-008"]
    assert (data["row.createdAt"], data["row.createdAt.time"]) == (["2025-09-15"], ["19:00:00"])
    data |= {"row.buyer": "Eve", "row.status": "open"}
    data |= {"row.lines.0.itemId": " chair ", "row.lines.0.qty": "2"}
    answer = client.post(address(draft, "new", "sale"), data)
    assert (answer.status_code, answer.url) == (303, row_url(draft, "sale", "sale-250915-008"))
    stored = read_row(draft, MOCK.entity_types["sale"], "sale-250915-008")
    assert stored["lines"] == [{"itemId": "chair", "qty": 2}]


def test_what_is_wrong_stands_above_and_beside_and_what_was_typed_stays(client, draft):
    typed = {
        "row.id": "sale-250915-008",
        "row.buyer": "",
        "row.lines.0.itemId": "lamp",
        "row.lines.0.qty": "many",
        "row.status": "stolen",
        "row.createdAt.time": "10:00",
    }

    answer = client.post(address(draft, "new", "sale"), typed)

    body = body_of(answer)
    assert answer.status_code == 422
    assert [line.split(":")[0] for line in summary(body)] == [
        "Buyer",
        "Lines 1, qty",
        "Status",
        "Created at",
    ]
    for name in ("row.buyer", "row.lines.0.qty", "row.status", "row.createdAt"):
        assert f'href="#id_{name}"' in body
        assert f'id="why_{name}"' in body
        assert re.search(rf'name="{name}"[^>]*aria-invalid="true"', body)
    kept = form_data(body)
    assert all(kept[name] == [value] for name, value in typed.items())


def test_a_name_in_place_of_an_id_finds_the_rows_that_may_be_meant(client, draft):
    data = opened(client, address(draft, "new", "sale"))
    data |= {"row.buyer": "Eve", "row.status": "open", "row.lines.0.qty": "1"}
    data["row.lines.0.itemId"] = "cha"

    body = body_of(client.post(address(draft, "new", "sale"), data))

    assert "there is no item" in body
    pick = re.search(r'name="pick" value="([^"]+)"', body)[1]
    assert pick == "row.lines.0.itemId=chair"
    again = client.post(address(draft, "new", "sale"), {**data, "pick": pick})
    assert form_data(body_of(again))["row.lines.0.itemId"] == ["chair"]


def test_rows_are_added_and_taken_away_without_saving(client, draft):
    url = address(draft, "edit", "sale", "sale-250901-001")
    data = opened(client, url)

    body = body_of(client.post(url, {**data, "add": "row.lines"}))

    more = form_data(body)
    assert "row.lines.1.itemId" in more
    assert re.search(r'name="row.lines.1.itemId"[^>]*autofocus', body)
    more |= {"row.lines.1.itemId": "chair", "row.lines.1.qty": "1"}
    fewer = form_data(body_of(client.post(url, {**more, "remove": "row.lines.0"})))
    assert fewer["row.lines.0.itemId"] == ["chair"]
    assert "row.lines.1.itemId" not in fewer
    assert dump_world(draft)["entities"] == STORE
    assert client.post(url, fewer).status_code == 303
    stored = read_row(draft, MOCK.entity_types["sale"], "sale-250901-001")
    assert stored["lines"] == [{"itemId": "chair", "qty": 1}]


@pytest.mark.parametrize("button", ["row.lines.9", "row.buyer", "row.lines.-1", "", "x.0", "0"])
def test_buttons_that_say_nonsense_change_nothing(button, client, draft):
    url = address(draft, "edit", "sale", "sale-250901-001")
    data = opened(client, url)

    for name in ("add", "remove", "pick", "take"):
        answer = client.post(url, {**data, name: button})
        assert answer.status_code == 200
        assert form_data(body_of(answer)) == data


def test_an_empty_list_is_told_from_none(client, full_draft):
    url = address(full_draft, "edit", "customer", "ada-berg-10001")
    kind = CORECRAFT.entity_types["customer"]
    data = opened(client, url)
    del data["row.communicationPreferences"]

    client.post(url, data)
    assert "communicationPreferences" not in read_row(full_draft, kind, "ada-berg-10001")
    data = {**opened(client, url), "row.communicationPreferences:empty": "1"}
    client.post(url, data)
    assert read_row(full_draft, kind, "ada-berg-10001")["communicationPreferences"] == []
    client.post(url, opened(client, url))
    assert read_row(full_draft, kind, "ada-berg-10001")["communicationPreferences"] == []


def test_an_id_that_is_taken_or_impossible_is_said_beside_it(client, draft):
    url = address(draft, "new", "item")
    fields = {"row.name": "Desk", "row.price": "9", "row.inStock": "1"}

    taken = client.post(url, {**fields, "row.id": "lamp"})
    missing = client.post(url, fields)

    assert (taken.status_code, missing.status_code) == (409, 422)
    assert summary(body_of(taken))[0].startswith("Id: item 'lamp' exists already")
    assert summary(body_of(missing))[0].startswith("Id: an id is text")


def test_markdown_is_previewed_and_sanitised(client, full_draft):
    url = address(full_draft, "edit", "knowledge_base_article", "black-screen")
    typed = f"# Cables\n\n**Check** them. {HOSTILE}"

    answer = client.post(url, {**opened(client, url), "row.body": typed, "preview": "1"})

    body = body_of(answer)
    assert answer.status_code == 200
    assert "<strong>Check</strong>" in body
    assert "<script>alert" not in body
    assert (
        read_row(full_draft, CORECRAFT.entity_types["knowledge_base_article"], "black-screen")[
            "body"
        ]
        == "Check the cable."
    )


def test_hostile_text_is_text_on_every_page(client, author):
    world = make_draft(author, title=HOSTILE, prompts={HOSTILE: HOSTILE})
    key = f"k{HOSTILE}"
    row = {**LAMP, "name": HOSTILE, "note": HOSTILE}
    import_entities(world, {"item": {key: row}, "sale": {"s": sale(item=key, buyer=HOSTILE)}})
    place = row_url(world, "item", key)
    pages = [
        place,
        place.replace("/item/", "/edit/item/"),
        place.replace("/item/", "/delete/item/"),
        *(address(world, name) for name in ("edit", "check", "publish", "discard")),
        address(world, "new", "item"),
    ]

    for url in pages:
        response = client.get(url)
        assert response.status_code == 200
        assert "<script>alert" not in body_of(response)
        assert "<img src=x" not in body_of(response)
    typed = {"row.id": HOSTILE, "row.name": HOSTILE, "row.price": HOSTILE, "row.inStock": HOSTILE}
    answer = client.post(address(world, "new", "item"), typed)
    assert answer.status_code == 422
    assert "<script>alert" not in body_of(answer)


@pytest.mark.parametrize("company", slugs())
def test_no_entity_type_hides_behind_a_word_of_the_addresses(company):
    world = next(each for each in urlpatterns if "version" in str(each.pattern))
    words = {str(each.pattern).partition("/")[0] for each in world.url_patterns}

    assert {"edit", "new", "delete", "check"} <= words
    assert not words & set(environment(company).entity_types)


# Two people


def test_of_two_people_the_second_sees_both_sides_and_may_save_over_it(client, draft):
    url = address(draft, "edit", "item", "lamp")
    data = {**opened(client, url), "row.name": "My lamp", "row.price": "14"}
    before = item(draft)
    update_row(draft, "item", "lamp", {**LAMP, "price": 13.0}, base=data["base"][0])

    answer = client.post(url, data)

    body = body_of(answer)
    assert answer.status_code == 409
    assert "Somebody else changed this row" in body
    shown = re.findall(r'<th scope="row">([^<]+)</th><td[^>]*>(.*?)</td><td[^>]*>(.*?)</td>', body)
    assert shown == [("name", "My lamp", before["name"]), ("price", "14", "13.0")]
    again = client.post(url, form_data(body))
    assert again.status_code == 303
    assert (item(draft)["name"], item(draft)["price"]) == ("My lamp", 14.0)


def test_theirs_can_be_taken_field_by_field(client, draft):
    url = address(draft, "edit", "item", "lamp")
    data = {**opened(client, url), "row.name": "My lamp", "row.price": "14"}
    update_row(draft, "item", "lamp", {**LAMP, "price": 13.0}, base=data["base"][0])
    conflict = form_data(body_of(client.post(url, data)))

    body = body_of(client.post(url, {**conflict, "take": "row.price"}))

    merged = form_data(body)
    assert (merged["row.name"], merged["row.price"]) == (["My lamp"], ["13.00"])
    assert 'value="row.price">Take theirs' not in body
    assert 'value="row.name">Take theirs' in body
    assert client.post(url, merged).status_code == 303
    assert (item(draft)["name"], item(draft)["price"]) == ("My lamp", 13.0)


def test_a_third_change_during_the_conflict_is_noticed_too(client, draft):
    url = address(draft, "edit", "item", "lamp")
    data = {**opened(client, url), "row.price": "14"}
    update_row(draft, "item", "lamp", {**LAMP, "price": 13.0}, base=data["base"][0])
    conflict = form_data(body_of(client.post(url, data)))
    update_row(draft, "item", "lamp", {**LAMP, "price": 15.0}, base=conflict["base"][0])

    for sent in (conflict, {**conflict, "take": "row.name"}):
        answer = client.post(url, sent)
        base = form_data(body_of(answer))["base"]
        assert item(draft)["price"] == 15.0

    assert client.post(url, {**conflict, "base": base}).status_code in (303, 409)


def test_a_row_that_was_deleted_meanwhile_can_be_made_again(client, draft):
    create_row(draft, "item", "desk", LAMP)
    url = address(draft, "edit", "item", "desk")
    data = {**opened(client, url), "row.name": "Tall desk"}
    delete_row(draft, "item", "desk")

    answer = client.post(url, data)

    assert answer.status_code == 409
    body = body_of(answer)
    assert "Somebody deleted this row meanwhile." in body
    assert f'action="{address(draft, "new", "item")}"' in body
    assert client.post(address(draft, "new", "item"), form_data(body)).status_code == 303
    assert item(draft, "desk")["name"] == "Tall desk"


def test_what_was_typed_stays_when_the_draft_is_published_meanwhile(client, draft):
    url = address(draft, "edit", "item", "lamp")
    data = {**opened(client, url), "row.name": "Tall lamp"}
    publish_world(draft)

    answer = client.post(url, data)

    assert answer.status_code == 409
    assert summary(body_of(answer))[0].startswith(f"{draft} is published".capitalize()[:4])
    assert form_data(body_of(answer))["row.name"] == ["Tall lamp"]
    assert 'class="draft-bar' not in body_of(answer)


# Deleting


def test_a_row_is_deleted_after_a_question(client, draft):
    url = address(draft, "delete", "sale", "sale-250915-004")

    assert "Delete sale-250915-004?" in body_of(client.get(url))
    answer = client.post(url)

    assert (answer.status_code, answer.url) == (303, address(draft, "sale"))
    assert "sale-250915-004" not in dump_world(draft)["entities"]["sale"]


def test_a_row_that_others_refer_to_is_not_offered_to_be_deleted(client, draft):
    url = address(draft, "delete", "item", "chair")

    body = body_of(client.get(url))
    refused = client.post(url)

    assert "1 row refers to it." in body
    assert row_url(draft, "sale", "sale-250901-002") in body
    assert 'method="post">' not in body.partition("<main")[2].partition("sheet-page")[2]
    assert refused.status_code == 409
    assert "is referred to by 1 row" in body_of(refused)
    assert item(draft, "chair")


# Details, copies, the end


def test_details_are_changed_in_one_form(client, full_draft):
    url = address(full_draft, "edit")
    data = opened(client, url)

    answer = client.post(url, {**data, "details.title": "Autumn", "details.now": "2025-10-01"})

    assert answer.status_code == 303
    full_draft.refresh_from_db()
    assert full_draft.title == "Autumn"
    assert f"{full_draft.now:%Y-%m-%d}" == "2025-10-01"
    unchanged = dump_world(full_draft)
    assert client.post(url, opened(client, url)).status_code == 303
    assert dump_world(full_draft) == unchanged


def test_bad_details_are_named_at_their_inputs(client, draft):
    url = address(draft, "edit")
    typed = {"details.title": " ", "details.now": "soon", "details.prompts.0": ""}

    answer = client.post(url, {**opened(client, url), **typed})

    assert answer.status_code == 422
    assert [line.split(":")[0] for line in summary(body_of(answer))] == [
        "Title",
        "Clock",
        "System prompts, clerk",
    ]


def test_of_two_people_who_change_details_the_second_is_asked(client, draft):
    url = address(draft, "edit")
    data = {**opened(client, url), "details.title": "Mine"}
    update_details(
        draft,
        title="Theirs",
        now="2025-09-15T19:00:00Z",
        agent_employee_id="",
        prompts={"clerk": "Sell."},
    )

    answer = client.post(url, data)

    assert answer.status_code == 409
    assert {"title", "system prompts"} == set(
        re.findall(r'<th scope="row">([^<]+)</th>', body_of(answer))
    )
    assert client.post(url, form_data(body_of(answer))).status_code == 303
    draft.refresh_from_db()
    assert (draft.title, draft.prompts) == ("Mine", {"clerk": "You sell **lamps**."})


def test_a_copy_is_the_next_version_and_leads_to_what_it_changes(client, mock_world, author):
    answer = client.post(address(mock_world, "copy"), follow=True)

    copy = World.objects.get(parent=mock_world)
    assert (copy.version, copy.owner, copy.is_draft) == (mock_world.version + 1, author, True)
    assert answer.redirect_chain == [(world_url(copy), 303)]
    body = body_of(answer)
    assert f"Draft of {copy.slug}, version {copy.version}." in body
    assert address(copy, "changes") in body
    assert dump_world(copy)["entities"] == dump_world(mock_world)["entities"]


def test_a_draft_is_discarded_once_its_name_is_typed(client, draft):
    url = address(draft, "discard")

    wrong = client.post(url, {"name": draft.slug})
    assert (wrong.status_code, World.objects.count()) == (422, 1)
    assert f'value="{draft.slug}"' in body_of(wrong)
    assert client.post(url, {"name": str(draft)}).status_code == 303

    assert not World.objects.exists()


def test_a_draft_that_another_was_made_from_is_not_discarded(client, draft):
    client.post(address(draft, "copy"))

    answer = client.post(address(draft, "discard"), {"name": str(draft)})

    assert answer.status_code == 409
    assert "was made from" in body_of(answer)
    assert World.objects.count() == 2


# Checking and publishing


def test_findings_lead_to_their_rows(client, draft):
    create_row(draft, "sale", "Lamp", sale())
    create_row(draft, "sale", "lamp", sale())

    body = body_of(client.get(address(draft, "check")))

    assert row_url(draft, "sale", "Lamp") in body or row_url(draft, "sale", "lamp") in body


def test_what_is_intended_is_told_to_few(client, charlie, author):
    manifest = [{"type": "customer", "id": "ada-berg-10001", "noise": "missing_phone"}]
    entities = deepcopy(ENTITIES)
    del entities["customer"]["ada-berg-10001"]["phone"]
    world = make_draft(author, environment="corecraft", manifest=manifest)
    world.agent_employee_id = "bo-lead"
    world.save(update_fields=["agent_employee_id"])
    import_entities(world, entities)
    publish_world(world)
    stranger = signed_in(charlie)

    told, untold = (body_of(c.get(address(world, "check"))) for c in (client, stranger))

    assert "On purpose" in told
    assert "missing phone" in told
    assert "On purpose" not in untold
    assert "missing phone" not in untold
    assert "A customer has a phone number" not in untold.partition("Rules that every row")[0]


def test_a_tidy_world_says_so(client, mock_world):
    tidy = make_world({"item": STORE["item"], "sale": {}}, owner=mock_world.owner)

    body = body_of(client.get(address(tidy, "check")))

    assert "Nothing unexpected." in body
    assert "Rules that every row keeps" in body


def test_one_rule_can_be_seen_whole(client, draft):
    for number in range(14):
        create_row(draft, "item", f"item {number}", LAMP)
        create_row(draft, "item", f"ITEM {number}", LAMP)
    body = body_of(client.get(address(draft, "check")))

    url = html.unescape(re.search(r'href="([^"]*\?rule=[^"]+)"', body)[1])
    whole = body_of(client.get(url))

    assert whole.count("/item/") > body.count("/item/")
    assert client.get(address(draft, "check") + "?rule=nonsense").status_code == 404


def test_publishing_freezes_what_was_looked_at(client, mock_world):
    client.post(address(mock_world, "copy"))
    copy = World.objects.get(parent=mock_world)
    create_row(copy, "item", "desk", {**LAMP, "name": "Desk"})
    url = address(copy, "publish")
    body = body_of(client.get(url))
    edits = re.search(r'name="edits" value="(\d+)"', body)[1]

    assert "against" in body
    assert f"{address(copy, 'changes')}?with={mock_world.version}" in body
    answer = client.post(url, {"edits": edits})

    assert answer.status_code == 303
    copy.refresh_from_db()
    assert not copy.is_draft
    assert copy.snapshot.counts["item"] == 3


def test_what_nobody_has_looked_at_is_not_published(client, draft):
    url = address(draft, "publish")
    edits = re.search(r'name="edits" value="(\d+)"', body_of(client.get(url)))[1]
    create_row(draft, "item", "desk", LAMP)

    answer = client.post(url, {"edits": edits})

    assert answer.status_code == 409
    assert "was changed by somebody else meanwhile" in body_of(answer)
    draft.refresh_from_db()
    assert draft.is_draft
    again = re.search(r'name="edits" value="(\d+)"', body_of(answer))[1]
    assert client.post(url, {"edits": again}).status_code == 303


def test_a_draft_with_errors_is_shown_them_and_not_published(client, author):
    draft = make_draft(author, environment="corecraft", agent_employee_id="nobody-here")
    import_entities(draft, ENTITIES)
    url = address(draft, "publish")

    body = body_of(client.get(url))

    assert "nobody-here" in body
    assert "Mend the errors first" in body
    edits = re.search(r'name="edits" value="(\d+)"', body)[1]
    answer = client.post(url, {"edits": edits})
    assert answer.status_code == 422
    assert "It was not published." in body_of(answer)
    draft.refresh_from_db()
    assert draft.is_draft


def test_publishing_twice_leads_to_the_published_world(client, draft):
    publish_world(draft)

    answer = client.post(address(draft, "publish"), {"edits": "1"}, follow=True)

    assert "is published already" in body_of(answer)


# Who is offered what, and what it costs


def test_only_those_who_may_are_offered_to_edit(client, draft, mock_world, reviewer):
    other = signed_in(reviewer)
    places = ("", "item/", "item/lamp/", "query/", "tools/", "changes/", "check/", "policies/")

    for place in places:
        mine = body_of(client.get(world_url(draft, place)))
        assert 'class="draft-bar' in mine, place
        for body in (
            body_of(other.get(world_url(draft, place))),
            body_of(client.get(world_url(mock_world, place))),
        ):
            assert 'class="draft-bar' not in body
            assert world_url(draft, "edit/") not in body
            assert "/new/item/" not in body
            assert "/delete/item/" not in body


@pytest.mark.parametrize(
    ("place", "tab"),
    [
        ("", "Browse"),
        ("query/", "Query"),
        ("tools/", "Tools"),
        ("tools/sell/", "Tools"),
        ("changes/", "Changes"),
        ("check/", "Check"),
        ("publish/", "Check"),
        ("edit/", "Browse"),
        ("edit/item/lamp/", "Browse"),
        ("policies/", "Policies"),
    ],
)
def test_every_page_has_the_tabs_and_its_own_is_current(place, tab, client, draft):
    body = body_of(client.get(world_url(draft, place)))

    assert re.findall(r'<a href="[^"]*" aria-current="true">([^<]+)</a>', body)[:1] == [tab]
    assert address(draft, "export") in body
    assert address(draft, "copy") in body


def test_forms_cost_the_same_however_many_rows_there_are(
    client, author, django_assert_max_num_queries
):
    small, large = make_draft(author), make_draft(author)
    import_entities(small, STORE)
    items = {f"item-{n}": LAMP for n in range(300)}
    lines = [{"itemId": f"item-{n}", "qty": 1} for n in range(40)]
    import_entities(large, {"item": items, "sale": {"sale-250901-001": sale(lines=lines)}})

    for world in (small, large):
        for place in ("edit/sale/sale-250901-001/", "new/sale/", "edit/", "check/", "publish/"):
            client.get(world_url(world, place))  # the rows of the draft are read once an edit
            with django_assert_max_num_queries(9):
                assert client.get(world_url(world, place)).status_code == 200
        url = world_url(world, "edit/sale/sale-250901-001/")
        data = opened(client, url)
        with django_assert_max_num_queries(24):
            assert client.post(url, data).status_code == 303


def test_worlds_offer_to_import_to_those_who_may(client, charlie, mock_world):
    other = signed_in(charlie)

    assert 'href="/world/import/"' in body_of(client.get("/world/"))
    assert 'href="/world/import/"' not in body_of(other.get("/world/"))


def test_a_published_world_is_its_own_again(client, mock_world, author):
    world = make_world(owner=author)

    assert client.get(address(world, "edit", "item", "lamp")).status_code == 404
    assert client.get(address(world, "new", "item")).status_code == 404
    assert client.get(address(mock_world, "publish")).status_code == 404
