"""Promotions, and the orders in which their codes were given."""

from collections import Counter
from decimal import Decimal

import pytest

from simulation.environments.corecraft import generator

from .generated import CODES, REFUNDS, ROWS, Row, after_tier, covered, covers, noted, saved

PROMOTIONS = ROWS["promotion"]
WITH_CODE = {key: order for key, order in ROWS["order"].items() if "promotionCode" in order}


def phase(promotion: Row) -> str:
    if promotion["endsAt"] < generator.NOW:
        return "past"
    return "future" if promotion["startsAt"] > generator.NOW else "current"


@pytest.mark.parametrize(("when", "least"), [("past", 12), ("current", 4), ("future", 4)])
def test_there_are_campaigns_of(when: str, least: int) -> None:
    assert sum(phase(promotion) == when for promotion in PROMOTIONS.values()) >= least


def test_campaigns_are_of_every_kind_and_stack_or_not() -> None:
    kinds = Counter((p["kind"], p["stacksWithLoyalty"]) for p in PROMOTIONS.values())
    assert len(kinds) == 6
    assert sum("minimumSubtotal" in p for p in PROMOTIONS.values()) >= 8
    assert sum("categories" in p for p in PROMOTIONS.values()) >= 8
    assert all("productIds" in p for p in PROMOTIONS.values() if p["kind"] == "bundle")
    assert not any("categories" in p and "productIds" in p for p in PROMOTIONS.values())


def test_a_campaign_is_announced_before_it_begins_and_ends_after_that() -> None:
    assert len(CODES) == len(PROMOTIONS) == len({p["name"] for p in PROMOTIONS.values()})
    for key, promotion in PROMOTIONS.items():
        assert promotion["createdAt"] < promotion["startsAt"] < promotion["endsAt"], key
        assert promotion["createdAt"] <= generator.NOW
        assert key == promotion["code"].lower()
        assert 0 < promotion["value"] <= (20 if promotion["kind"] == "percent" else 100)


def test_a_code_was_given_while_its_campaign_ran_for_goods_that_it_covers() -> None:
    for key, order in WITH_CODE.items():
        promotion = CODES[order["promotionCode"]]
        products = {line["productId"] for line in order["lineItems"]}
        assert promotion["startsAt"] <= order["createdAt"] <= promotion["endsAt"], key
        assert covered(order) >= Decimal(str(promotion.get("minimumSubtotal", 0))), key
        assert any(covers(promotion, product) for product in products), key
        if promotion["kind"] == "bundle":
            assert set(promotion["productIds"]) <= products, key


def test_the_codes_for_first_orders_stand_on_first_orders() -> None:
    first: dict[str, str] = {}
    for order in ROWS["order"].values():
        placed = first.setdefault(order["customerId"], order["createdAt"])
        first[order["customerId"]] = min(placed, order["createdAt"])
    for order in WITH_CODE.values():
        if order["promotionCode"].startswith("HELLO"):
            assert order["createdAt"] == first[order["customerId"]]


def test_plausibly_many_orders_have_a_code_and_most_campaigns_some() -> None:
    used = Counter(order["promotionCode"] for order in WITH_CODE.values())
    begun = [p["code"] for p in PROMOTIONS.values() if phase(p) != "future"]

    assert 0.08 < len(WITH_CODE) / len(ROWS["order"]) < 0.2
    assert len(used) >= len(begun) * 2 // 3
    assert max(used.values()) <= len(WITH_CODE) // 3


def test_a_code_takes_off_less_than_the_goods_cost_and_nothing_only_where_listed() -> None:
    idle = {key for key, order in WITH_CODE.items() if not saved(order)}
    assert all(saved(order) < after_tier(order) for order in WITH_CODE.values())
    assert idle == noted("promotion_below_tier_discount")
    assert len(idle) >= 5


def test_orders_with_a_code_were_refunded_too_but_for_the_closing_month() -> None:
    refunds = [refund for key in WITH_CODE for refund in REFUNDS[key]]
    moments = {r["createdAt"][:7] for r in refunds} | {
        r.get("processedAt", "")[:7] for r in refunds
    }
    assert len(refunds) >= 5
    assert "2025-07" not in moments
