"""Order for a customer."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Literal

from simulation.entities import Row
from simulation.environments.corecraft.models import Order, Payment
from simulation.environments.corecraft.tools.parameters import ProductQuantities, Text
from simulation.environments.corecraft.tools.prices import Service, price_of
from simulation.environments.corecraft.tools.promotions import running_promotion
from simulation.environments.corecraft.tools.references import need_given
from simulation.environments.corecraft.tools.sales import Sale
from simulation.environments.corecraft.tools.stock import check_available, reserve
from simulation.errors import Conflict, NotFound
from simulation.state import WorldState
from simulation.tools import tool
from simulation.values import Id, amount

_CARRIERS: Mapping[str, str] = {
    "standard": "UPS Ground",
    "express": "FedEx Express",
    "overnight": "FedEx Overnight",
}
# Orders name no way to pay; the payment stays pending until the customer has chosen one.
_METHOD = Payment.Method.CARD


@tool(writes=True, toolsets=())
def create_order(
    world: WorldState,
    *,
    customer_id: Id,
    line_items: ProductQuantities,
    shipping_service: Service = "standard",
    address_label: Literal["shipping", "billing", "other"] | None = None,
    build_id: Id | None = None,
    promotion_code: Text | None = None,
) -> Row:
    """Place an order for a customer, with a pending payment, and reserve the goods.

    Answers with the order. The price is what calculatePrice gives for the customer's tier. What is
    not in stock must be backorderable.

    address_label: which of the customer's addresses it goes to; when left out, the one for
        shipping, or else the first
    build_id: the build that is ordered
    promotion_code: case is ignored; the promotion must run now and apply to these products
    """
    customer = world.need("customer", customer_id, field="customer_id")
    need_given(world, "build", build_id, field="build_id")
    items = [{"productId": line.product_id, "qty": line.qty} for line in line_items]
    sales = _sales(world, items)
    promotion = running_promotion(world, promotion_code) if promotion_code else None
    price = price_of(world, sales, customer["loyaltyTier"], promotion, shipping_service)
    address = _address(customer, address_label)
    for sale in sales:
        check_available(sale, field="line_items")
    fields = {
        "customerId": customer_id,
        "lineItems": items,
        "status": Order.Status.PENDING,
        "shipping": {
            "address": address,
            "carrier": _CARRIERS[shipping_service],
            "service": shipping_service,
        },
        "buildId": build_id,
        "promotionCode": promotion["code"] if promotion else None,
    }
    order = world.create("order", fields)
    _await_payment(world, order, amount(price.total))
    for sale in sales:
        reserve(world, sale)
    return order


def _sales(world: WorldState, items: list[dict[str, Any]]) -> list[Sale]:
    """Join the lines of one product, so that its stock is looked at once."""
    counts: Counter[str] = Counter()
    for item in items:
        counts[item["productId"]] += item["qty"]
    return [
        Sale(world.need("product", key, field="line_items"), qty) for key, qty in counts.items()
    ]


def _address(customer: Row, label: str | None) -> Row:
    addresses = customer["addresses"]
    wanted = label or "shipping"
    named: list[Row] = [address for address in addresses if address["label"] == wanted]
    if label and not named:
        labels = ", ".join(address["label"] for address in addresses) or "none"
        raise NotFound(
            f"customer {customer['id']} has no address {label!r}; there are {labels}",
            field="address_label",
        )
    if not addresses:
        raise Conflict(f"customer {customer['id']} has no address to ship to", field="customer_id")
    return (named or addresses)[0]


def _await_payment(world: WorldState, order: Row, total: float) -> None:
    fields = {
        "orderId": order["id"],
        "customerId": order["customerId"],
        "amount": total,
        "method": _METHOD,
        "status": Payment.Status.PENDING,
    }
    world.create("payment", fields)
