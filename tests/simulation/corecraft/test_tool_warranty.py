import pytest

from .worlds import ORDERS, make_order, make_product, snapshot_with

BOUGHT = "2025-09-15"
PRODUCTS = {
    "twelve": make_product("Usual Twelve"),
    "one": make_product("Short One", warrantyMonths=1),
    "three": make_product("Longer Three", warrantyMonths=3),
    "none": make_product("No Warranty", warrantyMonths=0),
    "ages": make_product("Made for Ages", warrantyMonths=2**31 - 1),
    "set": make_product(
        "Desk Set",
        category="bundle",
        specs={
            "bundle": {
                "components": [{"componentId": "three", "qty": 1}],
                "discount": {"type": "percent", "value": 5},
            }
        },
    ),
}


def ordered(created_at, *products):
    lines = [{"productId": product, "qty": 1} for product in products]
    return make_order("anna-gross-10001", created_at, lineItems=lines)


CASES = {
    "o-one": ordered("2025-08-15T23:59:59.9Z", "one"),
    "o-set": ordered("2025-08-15T00:00:00Z", "set"),
    "o-twice": ordered("2024-09-15T00:00:00Z", "twelve", "twelve"),
    "o-two": ordered("2024-09-14T23:59:59Z", "twelve", "three"),
    "o-empty": ordered("2025-08-15T00:00:00Z"),
    "o-late": ordered("2025-09-15T19:00:01Z", "one"),
}


@pytest.fixture(scope="module")
def snapshot():
    swift = {"swift": make_product("Kestrik Swift")}
    return snapshot_with(
        product={**PRODUCTS, **swift}, order={"o-1": ORDERS["ord-250731-001"], **CASES}
    )


@pytest.fixture
def status(call):
    """Ask, and give (is it under warranty, last day, days left)."""

    def status(**arguments):
        found = call("checkWarrantyStatus", **arguments)
        return tuple(found[n] for n in ("is_under_warranty", "warranty_end_date", "days_remaining"))

    return status


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"order_id": "o-one"}, (True, "2025-09-15", 0)),
        ({"order_id": "o-one", "product_id": "one"}, (True, "2025-09-15", 0)),
        ({"order_id": "o-twice"}, (True, "2025-09-15", 0)),
        ({"order_id": "o-two", "product_id": "twelve"}, (False, "2025-09-14", 0)),
        ({"order_id": "o-two", "product_id": "three"}, (False, "2024-12-14", 0)),
        ({"order_id": "o-set", "product_id": "set"}, (True, "2026-08-15", 334)),
        ({"order_id": "o-1"}, (True, "2026-07-31", 319)),
    ],
    ids=str,
)
def test_the_day_of_the_order_counts(arguments, expected, status):
    assert status(**arguments) == expected


@pytest.mark.parametrize(
    ("product_id", "purchase_date", "expected"),
    [
        ("twelve", "2025-09-15", (True, "2026-09-15", 365)),
        ("twelve", "2024-09-16", (True, "2025-09-16", 1)),
        ("twelve", "2024-09-15", (True, "2025-09-15", 0)),
        ("twelve", "2024-09-14", (False, "2025-09-14", 0)),
        ("none", "2025-09-15", (True, "2025-09-15", 0)),
        ("none", "2025-09-14", (False, "2025-09-14", 0)),
        ("twelve", "2024-09-14T23:59:59Z", (False, "2025-09-14", 0)),
        ("twelve", "2024-09-14T23:59:59-01:00", (True, "2025-09-15", 0)),
        ("ages", "2025-09-15", (True, "9999-12-31", 2912550)),
        ("twelve", "0001-01-01", (False, "0002-01-01", 0)),
    ],
    ids=str,
)
def test_a_date_counts_from_the_product_alone(product_id, purchase_date, expected, status):
    assert status(product_id=product_id, purchase_date=purchase_date) == expected


@pytest.mark.parametrize(
    ("product_id", "purchase_date", "end"),
    [
        ("one", "2025-01-31", "2025-02-28"),
        ("one", "2024-01-31", "2024-02-29"),
        ("one", "2024-01-29", "2024-02-29"),
        ("three", "2024-11-30", "2025-02-28"),
        ("one", "2024-12-31", "2025-01-31"),
        ("twelve", "2024-02-29", "2025-02-28"),
        ("one", "2025-02-28", "2025-03-28"),
        ("one", "2025-05-31", "2025-06-30"),
    ],
    ids=str,
)
def test_a_warranty_ends_with_the_month_where_the_month_is_too_short(
    product_id, purchase_date, end, status
):
    assert status(product_id=product_id, purchase_date=purchase_date)[1] == end


def test_a_date_given_wins_over_that_of_the_order(status):
    given = {"order_id": "o-one", "product_id": "one", "purchase_date": "2025-08-14"}

    assert status(**given) == (False, "2025-09-14", 0)


@pytest.mark.parametrize(
    ("arguments", "code", "field", "says"),
    [
        ({}, "invalid_argument", "order_id", "order_id, product_id or both"),
        ({"purchase_date": BOUGHT}, "invalid_argument", "order_id", "product_id"),
        ({"product_id": "one"}, "invalid_argument", "purchase_date", "no order_id"),
        ({"order_id": "o-two"}, "invalid_argument", "product_id", "has twelve, three"),
        ({"order_id": "o-empty"}, "invalid_argument", "product_id", "has none"),
        ({"order_id": "o-0"}, "not_found", "order_id", "'o-0'"),
        ({"order_id": "o-late"}, "not_found", "order_id", "'o-late'"),
        ({"product_id": "p-0", "purchase_date": BOUGHT}, "not_found", "product_id", "'p-0'"),
        ({"order_id": "o-one", "product_id": "p-0"}, "not_found", "product_id", "'p-0'"),
        ({"order_id": "o-two", "product_id": "one"}, "conflict", "product_id", "twelve, three"),
        ({"order_id": "o-set", "product_id": "three"}, "conflict", "product_id", "it has set"),
        (
            {"product_id": "one", "purchase_date": "2025-09-16"},
            "invalid_argument",
            "purchase_date",
            "after today, 2025-09-15",
        ),
        (
            {"product_id": "one", "purchase_date": "15.9.2025"},
            "invalid_argument",
            "purchase_date",
            "a date such as 2025-09-15 or an instant such as 2025-09-15T19:00:00Z",
        ),
        (
            {"product_id": "one", "purchase_date": "2025-02-30"},
            "invalid_argument",
            "purchase_date",
            "a date such as",
        ),
        (
            {"product_id": "one", "purchase_date": 20250915},
            "invalid_argument",
            "purchase_date",
            "a date such as",
        ),
    ],
    ids=str,
)
def test_a_warranty_that_cannot_be_told(arguments, code, field, says, call):
    error = call("checkWarrantyStatus", **arguments)["error"]

    assert (error["code"], error["field"]) == (code, field)
    assert says in error["message"]
