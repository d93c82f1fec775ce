"""Make claims under a warranty."""

from simulation.entities import Row
from simulation.environments.corecraft.models import WarrantyClaim
from simulation.environments.corecraft.tools.parameters import Text
from simulation.errors import Conflict
from simulation.state import WorldState
from simulation.tools import tool
from simulation.values import Id


@tool(writes=True, toolsets=())
def create_warranty_claim(
    world: WorldState,
    *,
    product_id: Id,
    order_id: Id,
    reason: WarrantyClaim.Reason,
    notes: Text | None = None,
) -> Row:
    """Make a warranty claim for a product on an order; it awaits review. Answers with the claim.

    product_id: as it was ordered: a bundle is one product
    notes: what is wrong, as the customer describes it
    """
    world.need("product", product_id, field="product_id")
    order = world.need("order", order_id, field="order_id")
    ordered = [line["productId"] for line in order["lineItems"]]
    if product_id not in ordered:
        raise Conflict(
            f"{product_id} is not on order {order_id}; on it are {', '.join(ordered)}",
            field="product_id",
        )
    fields = {
        "productId": product_id,
        "orderId": order_id,
        "customerId": order["customerId"],
        "reason": reason,
        "status": WarrantyClaim.Status.PENDING_REVIEW,
        "notes": notes,
    }
    return world.create("warranty_claim", fields)
