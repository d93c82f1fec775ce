"""What the generator says was refunded is what processReturn gives, and what was paid comes back.

Two programs that know nothing of each other agree to the cent.
"""

import json
from decimal import Decimal

from simulation.calls import call_tool
from simulation.environments import environment
from simulation.environments.corecraft import generator
from simulation.snapshots import from_document
from simulation.state import WorldState

from .generated import FEES, PAYMENTS, ROWS, refunds_of
from .worlds import document

TOOLS = environment("corecraft").tools
SNAPSHOT = from_document(document(ROWS, agent=generator.AGENT_EMPLOYEE_ID), frozen=True)
BY_SKU = {product["sku"]: key for key, product in ROWS["product"].items()}
CAME_IN = {"captured", "partially_refunded", "refunded"}


def take_back(world, order_id, lines):
    arguments = {"order_id": order_id, "lines": lines, "reason": "other"}
    return json.loads(call_tool(world, TOOLS, "processReturn", json.dumps(arguments)).text)


def before_returns(order_id):
    """Give the world as if nothing of the order had come back yet."""
    world = WorldState(SNAPSHOT)
    for other in world.rows("refund"):
        if ROWS["payment"][other["paymentId"]]["orderId"] == order_id:
            world.update("refund", other["id"], {"status": "denied"})
    return world


def test_every_refund_of_the_generator_comes_out_again():
    wrong = []
    for key, refund in ROWS["refund"].items():
        order_id = ROWS["payment"][refund["paymentId"]]["orderId"]
        lines = [{"product_id": BY_SKU[x["sku"]], "qty": x["qty"]} for x in refund["lines"]]
        found = take_back(before_returns(order_id), order_id, lines).get("refund", {})
        if (found.get("amount"), found.get("lines")) != (refund["amount"], refund["lines"]):
            wrong.append((key, refund, found))

    assert len(ROWS["refund"]) > 100
    assert wrong == []


def test_a_whole_order_gives_back_what_was_paid_but_shipping():
    wrong, count = [], 0
    for key, order in ROWS["order"].items():
        paid = [row for row in PAYMENTS[key] if row["status"] in CAME_IN]
        if paid and not refunds_of(key):
            count += 1
            fee = Decimal(FEES[order["shipping"]["service"]])
            expected = Decimal(str(paid[-1]["amount"])) - fee
            found = take_back(WorldState(SNAPSHOT), key, order["lineItems"])
            if Decimal(str(found.get("refund", {}).get("amount", 0))) != expected:
                wrong.append((key, expected, found))

    assert count > 300
    assert wrong == []


def test_what_never_was_paid_cannot_come_back():
    unpaid = [
        key for key, rows in PAYMENTS.items() if not any(row["status"] in CAME_IN for row in rows)
    ]

    codes = {
        take_back(WorldState(SNAPSHOT), key, ROWS["order"][key]["lineItems"])["error"]["code"]
        for key in unpaid
    }

    assert len(unpaid) > 20
    assert codes == {"conflict"}
