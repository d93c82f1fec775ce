"""The full world, put in order: every type of the company's own data, and no rule is broken."""

from copy import deepcopy
from typing import Any

from .full_world import ENTITIES as FULL

Row = dict[str, Any]
MANAGER = {
    "name": "Mo Head",
    "email": "mo@corecraft.example",
    "title": "Head of Support",
    "department": "support",
    "permissions": ["escalate"],
}
SECOND_PERSON = {
    "name": "Bea Ortiz",
    "email": "bea@mail.example",
    "phone": "+1 512 555-0102",
    "dateOfBirth": "1971-02-03",
    "loyaltyTier": "none",
    "addresses": [{**FULL["customer"]["ada-berg-10001"]["addresses"][0], "line1": "1 Oak St"}],
    "createdAt": "2025-01-01T00:00:00Z",
}
OLD_POLICY = {
    "title": "Returns (2023)",
    "section": "Returns and refunds",
    "effectiveFrom": "2023-01-01",
    "supersededById": "returns-2024",
}
BUNDLE = {
    "components": [{"componentId": "memory-1", "qty": 1}, {"componentId": "mouse-1", "qty": 2}],
    "discount": {"type": "percent", "value": 7.5},
}
OWN_BUILD = {
    "ownerType": "internal",
    "componentIds": ["cpu-1", "memory-1", "memory-1"],
    "createdAt": "2025-07-01T00:00:00Z",
    "updatedAt": "2025-07-01T00:00:00Z",
}


def _changes() -> dict[str, dict[str, Row]]:
    """Rows that are added, and fields that are corrected; None takes a field away."""
    return {
        "customer": {"bea-ortiz-10002": SECOND_PERSON},
        "employee": {"mo-head": MANAGER, "bo-lead": {"managerId": "mo-head"}},
        "product": {
            "bundle-1": {"price": 554.72, "specs": {"bundle": BUNDLE}},
            "prebuilt-1": {"specs": {"prebuilt": {"series": "S", "baseBuildId": "build-own"}}},
        },
        "build": {"build-own": OWN_BUILD},
        "payment": {"pay-250801-001": {"amount": 879.06, "status": "partially_refunded"}},
        "company_policy": {"returns-2023": OLD_POLICY, "returns-2024": {"supersededById": None}},
        "inventory_level": {
            f"{key}-levels": {
                "productId": key,
                "warehouse": "Harrisburg",
                "onHand": 3,
                "reserved": 0,
                "reorderPoint": 1,
            }
            for key in FULL["product"]
            if key != "cpu-1"
        },
    }


def tidy() -> dict[str, dict[str, Row]]:
    """Give rows that a test may change."""
    rows = deepcopy(FULL)
    change(rows, _changes())
    rows.pop("customer_message")
    rows.pop("warranty_claim")
    return rows


def change(rows: dict[str, dict[str, Row]], changes: dict[str, dict[str, Row]]) -> None:
    for kind, by_key in changes.items():
        for key, fields in by_key.items():
            merged = {**rows.setdefault(kind, {}).get(key, {}), **deepcopy(fields)}
            rows[kind][key] = {name: value for name, value in merged.items() if value is not None}
