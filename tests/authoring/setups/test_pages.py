"""The tab Setup: its table, its forms, and what becomes of what is typed."""

import json

import pytest

from tests.authoring.setups.conftest import HOSTILE, Desk
from tests.factories import signed_in

CHEAPER = {"op": "update", "entity_type": "item", "id": "lamp", "fields": {"price": 9.5}}
DESK = {
    "op": "create",
    "entity_type": "item",
    "id": "desk",
    "fields": {"name": "Desk", "price": 200, "inStock": 1},
}
LOST = {"op": "delete", "entity_type": "sale", "id": "sale-250901-002"}
WRONG = {"op": "update", "entity_type": "item", "id": "lamp", "fields": {"price": "cheap"}}
LAMP = {"row__name": "Lamp", "row__price": "12.50", "row__inStock": "10"}


def test_the_table_shows_from_and_to_what_is_added_and_what_is_removed(open_task):
    page = open_task(CHEAPER, DESK, LOST).text()

    assert page.index("12.50") < page.index("9.50")
    assert '/world/store@1/item/lamp/"' in page
    assert "1 changed" in page
    assert "1 added" in page
    assert "1 removed" in page
    assert "200.00" in page
    assert "sale-250901-002" in page
    assert "Agents then find <strong>1 item more; 1 item changed; 1 sale less<" in page


def test_a_problem_stands_beside_its_operation(open_task):
    page = open_task(CHEAPER, WRONG).text()

    first, second = page.split('id="op-2"')
    assert "expected" not in first.split('id="op-1"')[1]
    assert "price: expected a number" in second
    assert "cheap" in second


def test_what_is_no_operation_at_all_is_shown_and_mended_as_json(open_task):
    page = open_task({"op": "burn", "entity_type": "item"}, {"op": "create"}).text()

    assert "write one of create, update, delete" in page
    assert page.count("Mend it as JSON") == 2


def test_hostile_text_is_escaped_everywhere(open_task):
    row = {"name": HOSTILE, "price": 1, "inStock": 1, "note": HOSTILE}
    desk = open_task(
        {"op": "create", "entity_type": "item", "id": "evil", "fields": row},
        {"op": HOSTILE, "entity_type": HOSTILE, "id": HOSTILE},
        {"op": "update", "entity_type": "item", "id": "lamp", "fields": {HOSTILE: HOSTILE}},
    )
    for path in ("", "1/", "json/", "add/item/", "add/?q=script", "like/item/evil/"):
        page = desk.client.get(f"/tasks/sell-lamps/setup/{path}").content.decode()
        assert "<script>alert" not in page, path
        assert "<img src=x" not in page, path
        assert "&lt;script&gt;" in page, path


def test_changing_a_row_writes_only_what_differs(open_task):
    desk = open_task()

    answer = desk.post("change/item/lamp/", **{**LAMP, "row__price": "9.5"})

    assert answer.status_code == 303
    assert desk.setup == [CHEAPER]


def test_a_row_that_is_changed_already_is_changed_further(open_task):
    answer = open_task(CHEAPER).get("change/item/lamp/")

    assert answer.url.endswith("/setup/1/")


def test_a_cleared_field_is_absent_for_agents(open_task):
    desk = open_task()
    form = {"row__name": "Chair", "row__price": "80", "row__inStock": "2", "row__note": ""}

    desk.post("change/item/chair/", **form)

    assert desk.setup[0]["fields"] == {"note": ""}
    assert "cleared" in desk.text()
    assert "note" not in desk.ready().get("item", "chair")


def test_nothing_is_added_while_nothing_differs(open_task):
    desk = open_task()

    answer = desk.post("change/item/lamp/", **LAMP)

    assert answer.status_code == 422
    assert "Nothing differs from the world yet" in answer.content.decode()
    assert desk.setup == []


def test_an_operation_is_saved_as_it_is_typed_and_says_what_is_wrong(open_task):
    desk = open_task(CHEAPER)
    sent = {**LAMP, "row__price": "cheap", "base__setup/1": desk.base(1)}

    answer = desk.post("1/", **sent)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "kept as you typed it" in page
    assert 'value="cheap"' in page
    assert 'aria-describedby="why_row.price"' in page
    assert desk.setup == [WRONG]


def test_autosave_keeps_what_is_not_right_yet_and_names_the_input(open_task):
    desk = open_task(CHEAPER)
    sent = {**LAMP, "row__price": "cheap", "base__setup/1": desk.base(1)}

    answer = desk.post("1/", headers={"X-Autosave": "1"}, **sent)

    told = json.loads(answer.content)
    assert (answer.status_code, told["state"]) == (200, "saved")
    assert "expected a number" in told["problems"]["row.price"]
    assert told["bases"] == {"setup/1": desk.base(1)}
    assert desk.setup == [WRONG]


def test_what_somebody_else_changed_is_not_overwritten(open_task):
    desk = open_task(CHEAPER)

    answer = desk.post("1/", **{**LAMP, "row__price": "7", "base__setup/1": "0" * 16})

    assert answer.status_code == 409
    assert desk.setup == [CHEAPER]


def test_one_more_line_of_a_form_loses_nothing(open_task):
    desk = open_task({"op": "update", "entity_type": "sale", "id": "sale-250901-001",
                      "fields": {"buyer": "bea"}})  # fmt: skip
    sent = {
        "row__buyer": "bella",
        "row__lines__0__itemId": "lamp",
        "row__lines__0__qty": "3",
        "row__status": "paid",
        "row__createdAt": "2025-09-01",
        "row__createdAt__time": "10:00",
        "row__updatedAt": "2025-09-01",
        "row__updatedAt__time": "10:00",
        "base__setup/1": desk.base(1),
    }

    answer = desk.post("1/", add="row.lines", **sent)

    assert 'name="row.lines.1.qty"' in answer.content.decode()
    assert desk.setup[0]["fields"] == {"buyer": "bella", "lines": [{"itemId": "lamp", "qty": 3}]}


def test_a_new_row_is_proposed_with_the_next_id_at_the_clock(open_task):
    page = open_task().text("new/sale/")

    assert 'value="sale-250915-008"' in page
    assert 'value="2025-09-15"' in page


@pytest.mark.parametrize(
    ("key", "problem"),
    [
        ("lamp", "lamp is taken"),
        ("desk", "desk is taken"),
        ("", "id"),
    ],
)
def test_an_id_that_is_taken_or_missing_is_refused(key, problem, open_task):
    desk = open_task(DESK)

    answer = desk.post("new/item/", keep="1", **{**LAMP, "row__id": key})

    assert answer.status_code == 422
    assert problem in answer.content.decode()
    assert desk.setup == [DESK]


def test_an_id_after_the_clock_is_taken_too(open_task):
    form = {
        "row__id": "sale-250915-007",
        "row__buyer": "x",
        "row__status": "paid",
        "row__lines__0__itemId": "lamp",
        "row__lines__0__qty": "1",
        "row__createdAt": "2025-09-01",
        "row__createdAt__time": "10:00",
    }
    desk = open_task()

    assert desk.post("new/sale/", **form).status_code == 422
    assert desk.post("new/sale/", **{**form, "row__id": "sale-250901-003"}).status_code == 303
    assert desk.setup[0]["id"] == "sale-250901-003"


def test_a_new_row_that_is_not_right_yet_can_be_kept(open_task):
    desk, form = open_task(), {**LAMP, "row__id": "desk", "row__price": ""}

    first = desk.post("new/item/", **form)
    assert "Add it all the same" in first.content.decode()
    assert desk.setup == []

    desk.post("new/item/", keep="1", **form)
    assert desk.setup[0]["fields"] == {"name": "Lamp", "inStock": 10}
    assert "price: is required" in desk.text()


def test_a_row_that_others_refer_to_is_not_removed(open_task):
    desk = open_task()

    assert "cannot be removed" in desk.text("remove/item/lamp/")
    assert desk.post("remove/item/lamp/").status_code == 409
    assert desk.setup == []


def test_a_row_is_removed_after_a_question(open_task):
    desk = open_task()

    assert "Remove sale-250901-002 for this task?" in desk.text("remove/sale/sale-250901-002/")
    desk.post("remove/sale/sale-250901-002/")

    assert desk.setup == [LOST]


def test_a_row_that_the_setup_added_goes_with_its_operation(open_task):
    desk = open_task(DESK, CHEAPER)

    desk.post("remove/item/desk/")

    assert desk.setup == [CHEAPER]


def test_an_empty_text_is_an_empty_setup(open_task):
    desk = open_task(CHEAPER)

    assert desk.post("json/", setup=" ", base__setup=desk.base()).status_code == 303
    assert desk.setup == []


def test_another_row_is_seen_before_it_is_added(open_task):
    desk = open_task()
    form = {**LAMP, "row__name": "Lantern", "asked": "1"}

    assert 'name="row.name"' in desk.text("like/item/lamp/")
    preview = desk.post("like/item/lamp/", step="preview", **form)
    assert "lamp-2" in preview.content.decode()
    assert desk.setup == []
    again = desk.post("like/item/lamp/", step="form", **form)
    assert 'value="Lantern"' in again.content.decode()
    assert desk.post("like/item/lamp/", step="add", **form).status_code == 303
    assert [(each["id"], each["fields"]["name"]) for each in desk.setup] == [("lamp-2", "Lantern")]


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"row__price": "cheap"}, "expected a number"),
        ({"row__name": ""}, "is required"),
        ({"row__price:as": "json", "row__price": "{"}, "is no JSON"),
    ],
)
def test_what_cannot_be_copied_stays_in_the_form(changed, problem, open_task):
    desk = open_task()

    answer = desk.post("like/item/lamp/", step="add", **{**LAMP, **changed})

    assert answer.status_code == 422
    assert problem in answer.content.decode()
    assert desk.setup == []


def test_operations_are_moved_duplicated_and_taken_out(open_task):
    desk = open_task(CHEAPER, DESK)

    desk.post("2/move/", by="up", base=desk.base(2))
    assert desk.setup == [DESK, CHEAPER]
    desk.post("1/duplicate/", base=desk.base(1))
    assert [each["id"] for each in desk.setup] == ["desk", "desk-2", "lamp"]
    desk.post("2/remove/", base=desk.base(2))
    assert desk.setup == [DESK, CHEAPER]


def test_the_same_change_is_made_to_another_row(open_task):
    desk = open_task(CHEAPER)

    assert desk.post("1/duplicate/", base=desk.base(1), id="nothing").status_code == 422
    desk.post("1/duplicate/", base=desk.base(1), id="chair")

    assert desk.setup == [CHEAPER, {**CHEAPER, "id": "chair"}]


@pytest.mark.parametrize("act", ["move", "duplicate", "remove"])
def test_an_operation_that_is_another_one_by_now_stays(act, open_task):
    desk = open_task(DESK, CHEAPER)

    answer = desk.post(f"1/{act}/", by="down", base=desk.base(2))

    assert answer.status_code == 409
    assert desk.setup == [DESK, CHEAPER]


def test_rows_are_chosen_with_filters_and_with_the_setup_in_the_world(open_task):
    desk = open_task(DESK)

    page = desk.text("add/item/", price__gte="100")

    assert "1 of 3" in page
    assert "Desk" in page
    assert ">Lamp<" not in page
    assert "/setup/#op-1" in page
    assert "/setup/new/item/?like=desk" in page
    assert "sale-250915-007" not in desk.text("add/sale/"), "agents cannot see it"


def test_all_kinds_are_searched(open_task):
    page = open_task().text("add/", q="chair")

    assert "/setup/change/item/chair/" in page
    assert "sale-250901-002" in page


def test_the_json_view_says_on_which_line_it_is_wrong(open_task):
    desk = open_task()
    text = json.dumps([CHEAPER, WRONG], indent=2)

    broken = desk.post("json/", setup=text[:-3], base__setup=desk.base())
    assert "line 17" in broken.content.decode()
    assert desk.setup == []
    wrong = desk.post("json/", setup=text, base__setup=desk.base())
    assert "setup 2 (line 10): price: expected" in wrong.content.decode()
    assert desk.setup == [CHEAPER, WRONG]
    right = desk.post("json/", setup="[]", base__setup=desk.base())
    assert right.status_code == 303
    assert desk.setup == []
    late = desk.post("json/", setup=text, base__setup="0" * 16)
    assert late.status_code == 409


@pytest.mark.parametrize("text", ["{}", "[1]", '[{"a": NaN}]', "[" * 100_000])
def test_what_is_no_setup_is_refused_and_kept_in_the_form(text, open_task):
    desk = open_task(CHEAPER)

    answer = desk.post("json/", setup=text, base__setup=desk.base())

    assert answer.status_code == 422
    assert "Nothing was saved" in answer.content.decode()
    assert desk.setup == [CHEAPER]


def test_reviewers_read_the_setup_and_change_nothing(open_task, reviewer):
    desk = Desk(open_task(CHEAPER).task, reviewer)

    page = desk.text()

    centre = page.split('class="centre')[1].split("<aside")[0]
    assert "9.50" in centre
    assert "Add from the world" not in centre
    assert "<form" not in centre
    for path in ("1/", "json/", "add/", "add/item/", "new/item/", "find/", "change/item/lamp/"):
        assert desk.get(path).status_code == 404, path


def test_a_task_without_a_world_says_so(open_task):
    desk = open_task(world="")

    assert "Choose a world" in desk.text()
    assert desk.get("add/").status_code == 404


def test_a_page_of_many_operations_asks_no_more_of_the_database(
    open_task, django_assert_max_num_queries
):
    counts = []
    for slug, number in (("few", 1), ("many", 60)):
        desk = open_task(*({**DESK, "id": f"desk-{n}"} for n in range(number)), slug=slug)
        desk.get()
        with django_assert_max_num_queries(40) as asked:
            desk.get()
            counts.append(len(asked))
    assert counts[0] == counts[1]


def test_tasks_are_offered_to_add_a_row_to(open_task, runner):
    desk = open_task()
    open_task(slug="elsewhere", world="other@1")

    page = desk.client.get("/tasks/add-row/?world=store@1&row=@item:lamp").content.decode()

    assert "/tasks/sell-lamps/setup/change/item/lamp/" in page
    assert "1 of your tasks plays in another world" in page
    assert desk.client.get("/tasks/add-row/?world=store@1&row=@item:no").status_code == 404
    other = signed_in(runner)
    assert other.get("/tasks/add-row/?world=store@1&row=@item:lamp").status_code == 404
    uses = desk.client.get("/tasks/using/store@1/item/lamp/", headers={"HX-Request": "true"})
    assert "Add to a task" in uses.content.decode()


POSTS = {
    "move": "1/move/",
    "take_out": "1/remove/",
    "duplicate": "1/duplicate/",
    "amounts": "amounts/",
    "edit": "1/",
    "json": "json/",
    "change": "change/item/chair/",
    "drop": "remove/sale/sale-250901-002/",
    "new": "new/item/",
    "like": "like/item/lamp/",
}


@pytest.mark.parametrize("person", ["charlie", "runner", "reviewer", "analyst"])
def test_others_change_no_setup(person, open_task, request):
    desk = open_task(CHEAPER, DESK)
    sent = {"base": desk.base(1), "by": "down", "setup": "[]", "base__setup": desk.base(),
            "base__setup/1": desk.base(1), "step": "add", "row__id": "x", **LAMP}  # fmt: skip
    other = Desk(desk.task, request.getfixturevalue(person))

    answers = {name: other.post(path, **sent).status_code for name, path in POSTS.items()}

    assert answers == dict.fromkeys(POSTS, 404)
    assert desk.setup == [CHEAPER, DESK]
