"""The query builder page: all of it in the address, edited by forms, explained at its place."""

import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from tests.factories import LATER, make_draft, make_world, sale
from tests.web.conftest import HOSTILE

ITEMS = {
    "lamp": {"name": "Lamp", "price": 12.5, "inStock": 10},
    "stool": {"name": "Stool", "price": 12.5, "inStock": 1},
    "chair": {"name": "Chair", "price": 80.0, "inStock": 2},
}


@pytest.fixture
def world(runner):
    rows = {f"sale-250901-{n:03d}": sale("ana" if n % 2 else "bo") for n in range(1, 121)}
    rows["sale-250915-900"] = sale("cy", at=LATER)
    return make_world({"item": ITEMS, "sale": rows}, owner=runner)


@pytest.fixture
def ask(world, page):
    def get(query: str = "", **options) -> str:
        url = reverse("simulation:query", args=[world.slug, world.version])
        response = page(f"{url}?{query}", **options)
        assert response.status_code == 200
        return response.content.decode()

    return get


def text(body: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def test_a_sum_is_shown_with_its_sentence_and_the_rows_behind_it(ask):
    body = ask("type=item&measure=sum&path=price&path1=inStock&op1=lt&value1=5")

    assert "<output>92.50</output>" in body
    assert "The sum of price over the items where in stock is below 5" in body
    assert '/item/chair/"' in body
    assert '/item/lamp/"' not in body
    assert "measure: {sum: price}" in body


def test_rows_after_the_clock_are_named_and_not_counted(ask):
    body = text(ask("type=sale"))

    assert "120 sales behind it. 1 sale was created after the clock" in body
    assert "after the clock" not in text(ask("type=item"))


def test_many_rows_come_on_pages_that_keep_the_question(ask):
    body = ask("type=sale&path1=buyer&op1=ne&value1=x&page=2")

    assert "51 to 100 of 120" in body
    assert body.count('<th scope="row"') == 50
    links = {html.unescape(url) for url in re.findall(r'rel="(?:prev|next)" href="([^"]+)"', body)}
    assert {parse_qs(urlsplit(url).query)["page"][0] for url in links} == {"1", "3"}
    assert all("value1=x" in url for url in links)


def test_a_tie_is_explained_with_what_to_do(ask):
    body = text(ask("type=item&measure=min&path=price&of=name"))

    assert "No single answer: 2 rows share the lowest price, 12.5: lamp, stool." in body
    assert "Add a condition that tells them apart" in body


def test_what_is_wrong_stands_at_its_field_and_in_a_linked_summary(ask):
    body = ask("type=sale&path1=status&op1=eq&value1=lost&path2=colour&op2=eq&value2=red")

    assert '<a href="#id_value1_0">Condition 1: ' in body
    assert '<a href="#id_path2">Condition 2: sale has no field' in body
    assert re.search(r'id="id_path2"[^>]* value="colour"[^>]* aria-invalid="true"', body)
    assert 'value="red"' in body
    assert 'value="lost"' in body
    assert "<output>" not in body


def test_a_value_that_waits_is_no_mistake(ask):
    body = ask("type=sale&path1=status&op1=eq")

    assert 'id="problems"' not in body
    assert "Not asked yet" in body


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("path1=status&op1=eq", r'<select[^>]* name="value1"'),
        ("path1=status&op1=in&value1=paid", r'type="checkbox"[^>]* value="paid" checked'),
        ("path1=createdAt&op1=gte&value1=2025-09-01", r'type="date"[^>]* value="2025-09-01"'),
        ("path1=createdAt&op1=gte&value1=2025-09-01T10:00:00Z", r'type="time"[^>]*"10:00:00"'),
        ("path1=createdAt&op1=gte&value1=soon", r'name="value1" value="soon"'),
        ("path1=lines.qty&op1=eq", r'name="value1"[^>]* inputmode="decimal"'),
        ("path1=lines.qty&op1=between", r'id="id_value1_1"'),
        ("path1=buyer&op1=in&value1=ana&value1=bo", r"<textarea[^>]*>ana\nbo</textarea>"),
        ("path1=lines.itemId&op1=eq", r'hx-get="[^"]*query/rows/\?of=item"'),
        ("path1=replacesId&op1=is_null", r"is empty"),
    ],
)
def test_the_input_of_a_value_is_of_its_kind(condition, expected, ask):
    assert re.search(expected, ask(f"type=sale&{condition}"))


def test_operators_are_those_that_fit(ask):
    body = ask("type=sale&path1=status&op1=eq&value1=open")

    there = re.search(r'<select[^>]* name="op1".*?</select>', body, re.DOTALL)[0]
    assert ">is one of<" in there
    assert ">is below<" not in there


def test_a_name_that_is_no_id_offers_the_rows_that_are_meant(ask, world):
    body = ask("type=sale&path1=lines.itemId&op1=eq&value1=stool%20")
    assert "Stool" in body

    body = ask("type=sale&path1=lines.itemId&op1=eq&value1=CHA")

    assert 'name="pick" value="1:chair"' in body


@pytest.mark.parametrize(
    ("pressed", "expected"),
    [
        ("add=1", {"path1": "buyer", "value1": "an<a", "path2": "status", "path3": ""}),
        ("remove=1", {"path1": "status", "value1": "paid"}),
        ("add_path=lines.qty", {"path1": "buyer", "path2": "status", "path3": "lines.qty"}),
        ("pick=1:chair", {"path1": "buyer", "value1": "chair", "path2": "status"}),
    ],
)
def test_a_pressed_button_leads_to_the_edited_address(pressed, expected, world, page):
    url = reverse("simulation:query", args=[world.slug, world.version])
    typed = "type=sale&path1=buyer&op1=eq&value1=an%3Ca&path2=status&op2=eq&value2=paid"

    response = page(f"{url}?{typed}&{pressed}")

    assert response.status_code == 302
    kept = {
        k: v[0] for k, v in parse_qs(urlsplit(response.url).query, keep_blank_values=True).items()
    }
    assert {name: kept.get(name) for name in expected} == expected
    assert not {"add", "remove", "pick", "add_path"} & set(kept)


def test_htmx_gets_the_part_and_the_address_to_show(world, page):
    url = reverse("simulation:query", args=[world.slug, world.version])

    part = page(f"{url}?type=item&add=1", headers={"HX-Request": "true"})
    whole = page(
        f"{url}?type=item",
        headers={"HX-Request": "true", "HX-History-Restore-Request": "true"},
    )

    assert "<html" not in part.content.decode()
    assert part["HX-Push-Url"].startswith(f"{url}?type=item&measure=count&path1=&")
    assert "<html" in whole.content.decode()


def test_rows_are_found_by_label_or_id_and_only_of_types_there_are(world, page):
    url = reverse("simulation:query_rows", args=[world.slug, world.version])

    found = page(f"{url}?of=item&value3=OO").content.decode()

    assert found.split() == ["<option", 'value="stool">Stool</option>']
    assert page(f"{url}?of=nothing").status_code == 404
    assert page(url).status_code == 404


def test_hostile_text_is_shown_and_never_run(page, runner):
    items = {"x": {"name": HOSTILE, "price": 1.0, "inStock": 1}}
    world = make_world({"item": items}, owner=runner)
    url = reverse("simulation:query", args=[world.slug, world.version])

    body = page(f"{url}?type=item&path1=name&op1=eq&value1={HOSTILE}&measure=list&path=name")

    assert "<script>alert" not in body.content.decode()
    assert "<img src=x" not in body.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "type=sale&page=99999999",
        "type=sale&page=-1",
        "type=%00",
        "type=sale&measure=median&path=price",
        "type=sale&path1=a&op1=%00&value1=%ff",
        "type=sale&remove=x&pick=:&add_path=",
        "type=sale&path1=buyer&op1=matches&value1=((((",
        "type=sale&" + "&".join(f"path{n}=id&op{n}=eq&value{n}=x" for n in range(1, 40)),
        "type=sale&measure=list&path=buyer&path=status&path=lines.qty",
        "type=sale&path1=lines&op1=eq&value1=x",
    ],
)
def test_any_address_is_answered(query, ask):
    assert ask(query)


def test_a_draft_can_be_asked(page, runner):
    draft = make_draft(runner)

    response = page(reverse("simulation:query", args=[draft.slug, draft.version]))

    assert "<output>0</output>" in response.content.decode()


def test_the_page_asks_the_database_as_often_for_many_rows_as_for_few(
    ask, django_assert_max_num_queries
):
    ask("type=sale")

    with django_assert_max_num_queries(20) as few:  # most of them sign in
        ask("type=item")
    with django_assert_max_num_queries(20) as many:
        ask("type=sale&path1=lines.itemId&op1=eq&value1=lamp")

    assert len(few) == len(many)
