"""Move payments on."""

from typing import Any

from simulation.entities import Row
from simulation.environments.corecraft.models import Payment
from simulation.environments.corecraft.tools.parameters import Text
from simulation.state import WorldState
from simulation.tools import tool
from simulation.values import Id

_PROCESSED = (Payment.Status.CAPTURED, Payment.Status.FAILED)


@tool(writes=True, toolsets=())
def update_payment_status(
    world: WorldState,
    *,
    payment_id: Id,
    status: Payment.Status,
    failure_reason: Text | None = None,
) -> Row:
    """Set the status of a payment; its order and refunds stay as they are.

    Answers with the payment. A pending one that is captured or fails is processed now.

    failure_reason: why it failed; one that is there stays when this is left out
    """
    payment = world.need("payment", payment_id, field="payment_id")
    changes: dict[str, Any] = {"status": status}
    if failure_reason is not None:
        changes["failureReason"] = failure_reason
    if payment["status"] == Payment.Status.PENDING and status in _PROCESSED:
        changes["processedAt"] = world.now
    return world.update("payment", payment_id, changes)
