"""Entity types read from the models, and what they check."""

import pytest

from simulation.entities import IdPattern, shorten
from simulation.environments import environment
from simulation.errors import Problems
from tests.factories import LAMP, NOW, sale

STORE = environment("mock_store").entity_types


def test_the_types_of_a_company_are_named_after_their_models():
    assert list(STORE) == ["item", "sale"]


def test_fields_have_their_wire_names():
    assert list(STORE["sale"].fields) == [
        "buyer",
        "lines",
        "status",
        "replacesId",
        "createdAt",
        "updatedAt",
    ]


def test_references_are_known_with_their_paths_and_targets():
    assert set(STORE["sale"].references) == {("lines.itemId", "item"), ("replacesId", "sale")}


def test_the_stamps_are_the_fields_that_the_engine_writes():
    assert STORE["sale"].stamps == {"createdAt", "updatedAt"}
    assert STORE["item"].stamps == frozenset()


def test_checked_fields_come_sorted_and_in_wire_form():
    checked = STORE["sale"].check(sale(at="2025-09-15T21:00:00+02:00", replacesId=None))

    assert list(checked) == ["buyer", "createdAt", "lines", "status", "updatedAt"]
    assert checked["createdAt"] == NOW


@pytest.mark.parametrize("absent", [None, ""])
def test_empty_optional_text_is_absent(absent):
    assert STORE["item"].check({**LAMP, "note": absent}) == LAMP


@pytest.mark.parametrize("absent", [None, ""])
def test_required_text_cannot_be_empty(absent):
    with pytest.raises(Problems, match=r"name: .*expected text of 1 to 200 characters"):
        STORE["item"].check({**LAMP, "name": absent})


def test_a_partial_check_may_leave_required_fields_out_and_keeps_null():
    assert STORE["item"].check({"note": None, "price": 2}, partial=True) == {
        "note": None,
        "price": 2.0,
    }


@pytest.mark.parametrize(
    ("kind", "fields", "message"),
    [
        ("item", {"price": "12"}, "price: expected a number with at most 2 decimal places"),
        ("item", {"price": 0.001}, "price: expected a number with at most 2 decimal places"),
        ("item", {"price": 1e10}, "price: expected a number with at most 2 decimal places"),
        ("item", {"price": True}, "price: expected a number"),
        ("item", {"price": float("nan")}, "price: expected a number"),
        ("item", {"inStock": 1.5}, "inStock: expected a whole number, got 1.5"),
        ("item", {"inStock": 2**31}, "inStock: expected a whole number"),
        ("item", {"inStock": True}, "inStock: expected a whole number"),
        ("item", {"name": "x" * 201}, "name: expected text of 1 to 200 characters"),
        ("item", {"note": 7}, "note: expected text of 1 to 100000 characters, got 7"),
        ("item", {"in_stock": 1}, "in_stock: item has no such field; it has name, price,"),
        ("item", {"id": "x"}, "id: item has no such field"),
        ("sale", {"status": "lost"}, "status: expected one of open, paid, void, got 'lost'"),
        ("sale", {"createdAt": "2025-09-15"}, "createdAt: expected an instant: 2025-"),
        ("sale", {"createdAt": None}, "createdAt: is required; expected an instant"),
        ("sale", {"replacesId": 5}, "replacesId: expected the id of a row, got 5"),
        ("sale", {"lines": {}}, "lines: expected a list, got {}"),
        ("sale", {"lines": [{"itemId": "lamp"}]}, "lines.0.qty: Field required"),
        ("sale", {"lines": [{"itemId": "lamp", "qty": 0}]}, "lines.0.qty: Input should be greater"),
        ("sale", {"lines": [{"itemId": "x", "qty": 1, "no": 1}]}, "lines.0.no: Extra inputs"),
        ("sale", {"lines": [{"item_id": "x", "qty": 1}]}, "lines.0.itemId: Field required"),
    ],
)
def test_a_bad_field_is_named_with_what_it_expects(kind, fields, message):
    with pytest.raises(Problems) as refusal:
        STORE[kind].check({**(LAMP if kind == "item" else sale()), **fields})

    assert refusal.value.message.startswith(message)


def test_all_bad_fields_are_named_at_once():
    with pytest.raises(Problems) as refusal:
        STORE["item"].check({"colour": "red", "price": "x"})

    assert len(refusal.value.problems) == 4


def test_a_price_of_nothing_has_no_sign():
    assert str(STORE["item"].check({"price": -0.0}, partial=True)["price"]) == "0.0"


@pytest.mark.parametrize(
    ("key", "read"),
    [
        ("sale-250915-004", ("250915", 4)),
        ("sale-250915-1234", ("250915", 1234)),
        ("sale-250915-", None),
        ("sale-25091-004", None),
        ("refund-250915-004", None),
        ("xsale-250915-004", None),
        ("sale-250915-004\n", None),
    ],
)
def test_ids_of_a_pattern_are_told_from_others(key, read):
    assert IdPattern("sale").read(key) == read


def test_ids_carry_the_date_of_the_clock():
    pattern = IdPattern("sale")

    assert pattern.write(pattern.date_part(NOW), 12) == "sale-250915-012"


def test_long_values_are_shortened_in_messages():
    assert shorten("x" * 500) == "'" + "x" * 79 + "…"
