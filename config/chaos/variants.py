"""The kinds of episodes that chaos runs: what is asked, who acts, and what the model says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from config.scripted_model import script_line

PROMPT = "Sell two lamps to Dee and take the money."
LOOK: Mapping[str, Any] = {"call": "searchSales", "arguments": {"limit": 1}}
SELL: Mapping[str, Any] = {
    "call": "sell",
    "arguments": {"buyer": "dee", "itemId": "lamp", "qty": 2},
}
PAY: Mapping[str, Any] = {
    "call": "updateSale",
    "arguments": {"saleId": {"$ref": "1.id"}, "status": "paid"},
}
NO_SUCH_TOOL: Mapping[str, Any] = {"call": "refund", "arguments": {"saleId": "sale-1"}}
DONE: Mapping[str, Any] = {"message": "Sold and paid."}
LONG = 1500  # calls: more than a second, so that they are stored in several batches


@dataclass(frozen=True, kw_only=True)
class Variant:
    """One kind of episode; a model says what `script` says, without a model it is replayed.

    reward: what it earns in peace. share: of so many episodes, beside the shares of the others.
    """

    name: str
    script: Sequence[Mapping[str, Any]]
    share: int
    reward: float = 1.0
    asks_model: bool = True
    members: Mapping[str, Any] = field(default_factory=dict)

    def prompt(self, number: int) -> str:
        """Write what is asked; the number keeps the conversations of two episodes apart."""
        asked = f"{PROMPT} (Order {number}.)"
        return f"{asked}\n{script_line(self.script)}" if self.asks_model else asked


CUSTOMER = {"kind": "script", "lines": [{"asked": "how many", "says": "Two lamps, please."}]}
BUDGETS = {"max_turns": 4000}
VARIANTS = (
    Variant(
        name="reference",
        script=[SELL, *[LOOK] * 8, PAY, DONE],
        share=6,
        asks_model=False,
    ),
    Variant(
        name="long reference",
        script=[SELL, *[LOOK] * LONG, PAY, DONE],
        share=1,
        asks_model=False,
        members={"budgets": BUDGETS},
    ),
    Variant(
        name="chat",
        script=[SELL, {"calls": [LOOK, LOOK, LOOK]}, PAY, DONE],
        share=7,
    ),
    Variant(
        name="chat that forgets the money",
        script=[{"calls": [SELL, LOOK]}, LOOK, NO_SUCH_TOOL, DONE],
        share=3,
        reward=0.5,
    ),
    Variant(
        name="conversation",
        script=[{"message": "How many do you want?"}, {"calls": [SELL, LOOK]}, PAY, DONE],
        share=3,
        members={"mode": "conversation", "customer": CUSTOMER},
    ),
)
