"""What the pages of a world are made of: addresses as conditions, search, timelines, values."""

import pytest
from django.http import QueryDict

from simulation.browser.asking import asked_rows, read_asked
from simulation.browser.columns import columns, sorted_rows
from simulation.browser.links import Links
from simulation.browser.moments import distance, instant_words
from simulation.browser.searching import best_first, excerpt, marked, words_of
from simulation.browser.timeline import timeline
from simulation.browser.values import Values
from simulation.models import World
from simulation.snapshots import from_document
from simulation.values import read_instant
from tests.factories import HIDDEN, NOW, make_snapshot, sale
from tests.simulation.corecraft import full_world, worlds


def links_of(snapshot, environment="mock_store"):
    world = World(slug="store", version=1, environment=environment, now=read_instant(NOW))
    return Links(world, snapshot)


@pytest.fixture
def links():
    return links_of(make_snapshot())


@pytest.fixture
def full():
    """A company with every kind of row, every reference made."""
    return links_of(from_document(full_world_document(), frozen=True), "corecraft")


def full_world_document():
    return worlds.document(full_world.ENTITIES)


def ids(links, kind, query):
    kind = links.kind(kind)
    asked = read_asked(links.company, kind, QueryDict(query))
    assert asked.problems == ()
    return [row["id"] for row in asked_rows(links, kind, asked)]


# addresses


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["001", "002", "004", "007"]),
        ("status=paid", ["001"]),
        ("status=paid&status=void", ["001"]),
        ("status=open&buyer__contains=B", ["002"]),
        ("status__ne=open", ["001"]),
        ("lines.itemId=chair", ["002"]),
        ("lines.itemId.price__gte=50", ["002"]),
        ("lines.qty__lte=0", []),
        ("replacesId=sale-250901-001", ["004"]),
        ("replacesId=@sale:sale-250901-001", ["004"]),
        ("replacesId.status=paid", ["004"]),
        ("replacesId__not_null=", ["004"]),
        ("createdAt__lte=2025-09-02", ["001", "002"]),
        ("createdAt__gte=2025-09-15", ["004", "007"]),
        ("q=CHAIR", ["002"]),
        ("q=cy+open", ["007"]),
        ("page=3&sort=-buyer&column=buyer&status=", ["001", "002", "004", "007"]),
    ],
)
def test_an_address_is_conditions(query, found, links):
    assert [key[-3:] for key in ids(links, "sale", query)] == found


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("nonsense=1", "has no field 'nonsense'"),
        ("status=sold", "is not one of open, paid, void"),
        ("createdAt__gte=yesterday", "write 2025-09-15"),
        ("lines.qty__gte=many", "without quotes"),
        ("buyer__lt=x", "does not fit"),
        ("buyer__matches=(a+)%2B$", "has no field 'buyer__matches'"),
        ("buyer__between=a", "write the first and the last value"),
    ],
)
def test_what_does_not_fit_is_said_and_left_out(query, says, links):
    asked = read_asked(links.company, links.kind("sale"), QueryDict(f"{query}&q=lamp&buyer=ana"))

    assert says in " ".join(asked.problems)
    assert [condition.path for condition in asked.conditions] == ["buyer"]
    assert asked.query == "q=lamp&buyer=ana"


def test_a_list_is_sorted_by_any_column_and_what_has_no_value_comes_last(links):
    kind = links.kind("sale")
    rows = asked_rows(links, kind, read_asked(links.company, kind, QueryDict("")))

    def order(sort):
        return [row["id"][-3:] for row in sorted_rows(links, kind, rows, sort)]

    assert order("buyer") == ["001", "004", "002", "007"]
    assert order("-createdAt") == ["007", "004", "002", "001"]
    assert order("replacesId")[0] == order("-replacesId")[0] == "004"
    assert order("-<sale.replacesId")[0] == "001"


def test_columns_tell_rows_apart_and_count_what_refers_to_them(links):
    kind = links.kind("sale")
    shown = columns(links, kind, read_asked(links.company, kind, QueryDict("")))

    names = [column.name for column in shown]

    assert names == ["buyer", "lines", "status", "replacesId", "createdAt", "<sale.replacesId"]
    row = links.whole.rows("sale")["sale-250901-001"]
    cells = {column.name: column.cell(row) for column in shown}
    assert cells["lines"].text == "Lamp · 1"
    assert cells["<sale.replacesId"].url.endswith("/sale/?replacesId=sale-250901-001")


# search


def test_words_and_quoted_phrases_are_casefolded():
    assert words_of('Lamp "RED Chair" lamp') == ("lamp", "red chair")
    assert words_of('""  ') == ()


def test_a_row_is_found_by_any_text_or_number_in_it_hidden_ones_too(links):
    assert best_first(links.whole, links.kind("item"), "12.5") == ["lamp"]
    assert best_first(links.whole, links.kind("item"), "red cha") == ["chair"]
    assert best_first(links.whole, links.kind("sale"), "cy") == [HIDDEN]
    assert best_first(links.whole, links.kind("sale"), "no such thing") == []


def test_what_is_called_so_comes_before_what_only_mentions_it():
    rows = {"item": {
        "a": {"name": "Shade for a lamp", "price": 1.0, "inStock": 1},
        "b": {"name": "Shade", "price": 1.0, "inStock": 1, "note": "fits the lamp"},
        "lamp": {"name": "X", "price": 1.0, "inStock": 1},
        "z": {"name": "Lamp", "price": 1.0, "inStock": 1},
    }}  # fmt: skip
    links = links_of(make_snapshot(rows))

    assert best_first(links.whole, links.kind("item"), "Lamp") == ["lamp", "z", "a", "b"]


def test_matches_are_marked_as_they_are_written():
    pieces = marked("A LAMP, a lamp.", ("lamp",))

    assert [piece.text for piece in pieces if piece.is_match] == ["LAMP", "lamp"]
    assert "".join(piece.text for piece in pieces) == "A LAMP, a lamp."


def test_patterns_in_a_search_are_only_text():
    assert [piece.is_match for piece in marked("a.*b", (".*",))] == [False, True, False]


def test_an_excerpt_is_cut_around_the_match():
    row = {"id": "x", "note": f"{'long ' * 100}needle{' end' * 100}"}

    text = "".join(piece.text for piece in excerpt(row, ("needle",), ("id",)))

    assert "needle" in text
    assert text.startswith("…")
    assert len(text) < 200


# values


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (NOW, "on the day of the clock"),
        ("2025-09-14T23:59:59Z", "1 day before the clock"),
        ("2025-08-16T00:00:00Z", "30 days before the clock"),
        ("2025-09-17T00:00:00Z", "2 days after the clock"),
        ("1962-09-17", ""),
    ],
)
def test_days_to_the_clock_are_calendar_days(text, says):
    assert distance(text, NOW) == says


def test_an_instant_keeps_its_seconds_and_fractions():
    assert instant_words("2025-09-15T19:00:00.5Z") == "15 Sep 2025, 19:00:00.5"


def test_members_come_in_the_order_of_the_schema(full):
    kind = full.kind("order")
    row = next(iter(full.whole.rows("order").values()))

    shown = Values(full, kind).shown("shipping", row["shipping"])

    assert shown.names[:2] == ("address", "carrier")
    assert shown.items[0].names[:3] == ("label", "line1", "line2")


def test_lists_of_values_are_small_tables_with_references_as_links(links):
    row = links.whole.rows("sale")["sale-250901-001"]

    shown = Values(links, links.kind("sale")).shown("lines", row["lines"])

    assert (shown.form, shown.names) == ("table", ("item", "qty"))
    assert shown.lines[0][0].link.title == "Lamp"


def test_a_long_text_is_cut_and_can_be_shown_whole(links):
    shown = Values(links, links.kind("item")).shown("note", "word " * 1000)

    assert len(shown.text) < 700
    assert len(shown.rest) == 5000
    assert shown.rest_label == "show all 5.0 kB"


# timelines


def test_a_timeline_has_the_row_what_it_refers_to_and_what_refers_to_it(links):
    kind = links.kind("sale")
    row = links.whole.rows("sale")["sale-250915-004"]

    events = timeline(links, kind, row).events

    assert [(event.word, event.is_own) for event in events] == [
        ("sale created", False),
        ("sale created", True),
    ]


def test_a_timeline_of_every_kind_is_in_time_order_and_marks_what_lies_after_the_clock(full):
    seen = set()
    for name, kind in full.company.entity_types.items():
        for row in full.whole.rows(name).values():
            found = timeline(full, kind, row)
            events = found.events if found else ()
            assert [event.at[:-1] for event in events] == sorted(event.at[:-1] for event in events)
            seen |= {event.word for event in events}

    assert {"order created", "shipment ETA", "escalation resolved"} <= seen


def test_events_of_one_row_in_one_minute_are_one_line():
    rows = {"sale": {"sale-250901-001": sale(at="2025-09-01T10:00:00Z") | {
        "updatedAt": "2025-09-01T10:00:30Z"}, "sale-250902-001": sale(
        at="2025-09-02T10:00:00Z", replacesId="sale-250901-001")},
        "item": {"lamp": {"name": "Lamp", "price": 1.0, "inStock": 1}}}  # fmt: skip
    links = links_of(make_snapshot(rows))
    row = links.whole.rows("sale")["sale-250901-001"]

    words = [event.word for event in timeline(links, links.kind("sale"), row).events]

    assert words == ["sale created, updated", "sale created"]
