"""What tasks need of the data, how it is counted, and the rows that are counted.

The list is kept stable: tasks and checks name its entries. Those with a function are found in the
rows when everything is made; the others are listed where they are made, because rows alone do not
tell that they are there on purpose.
"""

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from simulation.environments.corecraft.terms import OUTSTANDING
from simulation.values import read_day

Row = Mapping[str, Any]
Entities = Mapping[str, Mapping[str, Row]]
Find = Callable[[Entities], Iterable[str]]
LOYAL = ("gold", "platinum")
MANY, WINDOW_DAYS, JUST_OUTSIDE_DAYS = 10, 30, 35
_AUGUST = "2025-08"


@dataclass(frozen=True)
class Density:
    """Something of which there are so many at size 1. counted: how, in words."""

    name: str
    entity_type: str
    least: int
    counted: str
    find: Find | None = None


def found(entities: Entities) -> Iterator[tuple[str, str, str]]:
    """List (type, id, name) of every row that a density finds."""
    for density in DENSITIES:
        for key in density.find(entities) if density.find else ():
            yield density.entity_type, key, density.name


def _best_sellers(entities: Entities) -> dict[tuple[str, str], set[str]]:
    """Give the orders of every product in each month in which more than ten hold it."""
    sold = defaultdict(set)
    for key, order in entities["order"].items():
        for line in order["lineItems"]:
            sold[line["productId"], order["createdAt"][:7]].add(key)
    return {place: orders for place, orders in sold.items() if len(orders) > MANY}


def _sold_often(entities: Entities) -> set[str]:
    return {product for product, _ in _best_sellers(entities)}


def _sold_often_in_august(entities: Entities) -> set[str]:
    return {product for product, month in _best_sellers(entities) if month == _AUGUST}


def _at_the_edges(entities: Entities) -> Iterator[str]:
    wanted, hours = _sold_often_in_august(entities), (f"{_AUGUST}-01T00", f"{_AUGUST}-31T23")
    for key, order in entities["order"].items():
        products = {line["productId"] for line in order["lineItems"]}
        if order["createdAt"].startswith(hours) and not wanted.isdisjoint(products):
            yield key


def _with_code(entities: Entities) -> Iterator[str]:
    return (key for key, order in entities["order"].items() if "promotionCode" in order)


def _from_build(entities: Entities) -> Iterator[str]:
    return (key for key, order in entities["order"].items() if "buildId" in order)


def _july(entities: Entities) -> Iterator[str]:
    return (k for k, row in entities["refund"].items() if row["createdAt"].startswith("2025-07"))


def _july_in_august(entities: Entities) -> Iterator[str]:
    refunds = entities["refund"]
    return (k for k in _july(entities) if refunds[k].get("processedAt", "").startswith(_AUGUST))


def _refunds_with_code(entities: Entities) -> Iterator[str]:
    orders, payments = set(_with_code(entities)), entities["payment"]
    for key, refund in entities["refund"].items():
        if payments[refund["paymentId"]]["orderId"] in orders:
            yield key


def _urgent(entities: Entities) -> Iterator[str]:
    for key, ticket in entities["support_ticket"].items():
        if ticket["status"] in OUTSTANDING and ticket["priority"] == "high":
            yield key


def _urgent_of_loyal(entities: Entities) -> Iterator[str]:
    tickets, people = entities["support_ticket"], entities["customer"]
    for key in _urgent(entities):
        if people[tickets[key]["customerId"]]["loyaltyTier"] in LOYAL:
            yield key


def _followed(low: int, high: int) -> Find:
    """Find tickets by the calendar days until the customer's next order."""

    def find(entities: Entities) -> Iterator[str]:
        orders = defaultdict(list)
        for order in sorted(entities["order"].values(), key=lambda order: str(order["createdAt"])):
            orders[order["customerId"]].append(order["createdAt"])
        for key, ticket in entities["support_ticket"].items():
            placed = orders[ticket["customerId"]]
            following = bisect_right(placed, ticket["createdAt"])
            if following < len(placed):
                days = (_day(placed[following]) - _day(ticket["createdAt"])).days
                if low <= days <= high:
                    yield key

    return find


def _of_type_other(entities: Entities) -> Iterator[str]:
    tickets = entities["support_ticket"].items()
    return (key for key, ticket in tickets if ticket["ticketType"] == "other")


def _late(entities: Entities) -> Iterator[str]:
    for key, parcel in entities["shipment"].items():
        if parcel["status"] == "delivered" and parcel["events"][-1]["at"] > parcel["eta"]:
            yield key


def _parcels(status: str) -> Find:
    return lambda entities: (
        key for key, parcel in entities["shipment"].items() if parcel["status"] == status
    )


def _machines(entities: Entities, sign: int) -> Iterator[str]:
    """Find machines by the sign of what the parts of their build cost more than they do."""
    products, builds = entities["product"], entities["build"]
    for key, product in products.items():
        if product["category"] in ("prebuilt", "workstation"):
            build = builds[product["specs"]["prebuilt"]["baseBuildId"]]
            cents = [round(products[part]["price"] * 100) for part in build["componentIds"]]
            if (sum(cents) - round(product["price"] * 100)) * sign > 0:
                yield key


def _day(instant: str) -> dt.date:
    return read_day(instant[:10])


def _listed(name: str, entity_type: str, least: int, counted: str) -> Density:
    return Density(name, entity_type, least, counted)


DENSITIES: tuple[Density, ...] = (
    Density(
        "sold_often_in_a_month", "product", 30,
        "more than 10 orders of one month hold it, whatever their status", _sold_often,
    ),
    Density(
        "sold_often_in_august_2025", "product", 10,
        "more than 10 orders of August 2025 hold it; over all of them, orders have every status",
        _sold_often_in_august,
    ),
    Density(
        "at_the_edges_of_august_2025", "order", 6,
        "placed in the first or the last hour of August 2025 (UTC), with one of its best sellers",
        _at_the_edges,
    ),
    Density("with_promotion_code", "order", 50, "has a promotionCode", _with_code),
    Density("of_a_build", "order", 40, "has a buildId", _from_build),
    Density(
        "created_in_july_2025", "refund", 40,
        "createdAt in July 2025; every status occurs among them", _july,
    ),
    Density(
        "of_july_processed_in_august", "refund", 8,
        "createdAt in July 2025, processedAt in August 2025", _july_in_august,
    ),
    Density(
        "refund_with_promotion_code", "refund", 5, "its order has a promotionCode",
        _refunds_with_code,
    ),
    Density(
        "urgent_and_outstanding", "support_ticket", 60,
        "priority high, status new, open or pending_customer", _urgent,
    ),
    Density(
        "urgent_of_gold_or_platinum", "support_ticket", 15,
        "priority high, status new, open or pending_customer, the customer's tier gold or platinum",
        _urgent_of_loyal,
    ),
    Density(
        "followed_within_30_days", "support_ticket", 40,
        "the customer's next order came 0 to 30 calendar days later (UTC)",
        _followed(0, WINDOW_DAYS),
    ),
    Density(
        "followed_just_outside", "support_ticket", 20,
        "the customer's next order came 31 to 35 calendar days later (UTC)",
        _followed(WINDOW_DAYS + 1, JUST_OUTSIDE_DAYS),
    ),
    Density("type_other", "support_ticket", 25, "ticketType other", _of_type_other),
    Density(
        "parts_cost_more", "product", 12,
        "prebuilt or workstation; the parts of its baseBuildId's build cost more than it does",
        lambda entities: _machines(entities, 1),
    ),
    Density(
        "parts_cost_less", "product", 12,
        "prebuilt or workstation; the parts of its baseBuildId's build cost less than it does",
        lambda entities: _machines(entities, -1),
    ),
    Density("arrived_late", "shipment", 30, "delivered, last event after the ETA", _late),
    Density("lost", "shipment", 8, "status lost; every other status occurs too", _parcels("lost")),
    _listed(
        "incompatible_parts", "order", 25,
        "one rule of fit is broken; of all swaps of one part for another of its category in stock"
        " that mend it, one is cheapest",
    ),
    _listed("incompatible_build", "build", 12, "its parts break a rule of fit"),
    _listed("return_in_plain_words", "support_ticket", 10, "type other, without the word return"),
    _listed(
        "writer_only_in_prose", "support_ticket", 10,
        "no orderId; the words lead to one customer who is not the account's holder",
    ),
    _listed(
        "brand_written_differently", "support_ticket", 9,
        "the body writes one of three brands otherwise than the catalogue",
    ),
    _listed("brand_spelled_two_ways", "product", 6, "its brand, of two, has two spellings"),
    _listed("same_name", "customer", 12, "six pairs of different people with one name"),
    _listed("chat_noise", "slack_message", 20, "nothing that a customer needs"),
    _listed("rumour", "slack_message", 2, "says what turns out wrong"),
    _listed("rumour_denied", "slack_message", 2, "says that the rumour was wrong"),
    _listed("superseded_decision", "slack_message", 2, "decides what is decided otherwise later"),
    _listed("mistaken", "slack_message", 2, "is wrong about a row"),
    _listed("correction", "slack_message", 2, "says so"),
    _listed(
        "escalation_misdirected", "escalation", 3,
        "its destination is not the department that the policy names for its type",
    ),
    _listed(
        "warranty_months_differ", "product", 3,
        "its warrantyMonths are not the months of its warranty policy",
    ),
    _listed("duplicate_customer", "customer", 16, "two accounts of one person: birthday, street"),
    _listed("missing_phone", "customer", 10, "no phone"),
    _listed("delivered_but_paid", "order", 6, "its parcel is delivered, its status still paid"),
    _listed("wrong_type", "support_ticket", 8, "filed under a type that its words contradict"),
    _listed("order_before_account", "order", 5, "older than its customer's account"),
    _listed(
        "promotion_below_tier_discount", "order", 5,
        "has a code that changed nothing, because the tier's discount is larger",
    ),
    _listed("superseded_policy", "company_policy", 1, "stands beside its successor"),
    _listed("deprecated_article", "knowledge_base_article", 3, "isDeprecated"),
    _listed(
        "found_by_product_only", "knowledge_base_article", 8,
        "mentions products, and no word that a customer would use for the symptom",
    ),
)  # fmt: skip
