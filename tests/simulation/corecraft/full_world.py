"""A world in which every type has a row with every field set and every reference made."""

from typing import Any

Row = dict[str, Any]
WHEN = "2025-08-01T10:00:00Z"
LATER = "2025-08-02T10:00:00.25Z"
ADDRESS = {
    "label": "shipping",
    "line1": "12 Elm St",
    "line2": "Apt 4B",
    "city": "Austin",
    "region": "TX",
    "postalCode": "78701",
    "country": "US",
}
SPECS: dict[str, Row] = {
    "cpu": {
        "socket": "AM5",
        "cores": 8,
        "tdpWatts": 120,
        "baseClockGhz": 4.6,
        "boostClockGhz": 5.5,
    },
    "gpu": {
        "pcie": "5.0 x16",
        "recommendedPsuWatts": 750,
        "lengthMm": 304,
        "vramGb": 12,
        "baseClockMhz": 2160,
        "boostClockMhz": 2715,
        "displayOutputs": {"hdmi": 1, "displayPort": 3, "dvi": 0, "usbc": 0},
    },
    "motherboard": {
        "socket": "AM5",
        "chipset": "B650",
        "memoryType": "DDR5",
        "formFactor": "ATX",
        "maxMemoryMhz": 6400,
        "maxMemorySlots": 4,
        "sataPorts": 4,
        "m2Slots": 3,
        "pcieSlots": 3,
    },
    "memory": {"type": "DDR5", "speedMhz": 6000, "capacityGb": 32, "modules": 2},
    "storage": {"interface": "NVMe PCIe 4.0", "capacityGb": 1000, "form": "M.2 2280"},
    "psu": {
        "wattage": 750,
        "efficiency": "80+ Gold",
        "modularity": "fully modular",
        "gpuConnectors": 4,
    },
    "case": {
        "supportedFormFactors": ["ATX", "mATX"],
        "gpuMaxLengthMm": 360,
        "coolerMaxHeightMm": 162.5,
    },
    "cooling": {"type": "liquid", "heightMm": 52, "radiatorSizeMm": 240},
    "prebuilt": {"series": "Scout", "baseBuildId": "build-250701-001"},
    "bundle": {
        "components": [{"componentId": "cpu-1", "qty": 1}, {"componentId": "gpu-1", "qty": 2}],
        "discount": {"type": "percent", "value": 7.5},
    },
    "monitor": {"sizeInches": 23.8, "panel": "IPS", "ports": {"hdmi": 1, "usbc": 0}},
    "keyboard": {"layout": "full size", "backlight": True},
    "mouse": {"sensorDpi": 12000, "connections": ["USB", "2.4 GHz"]},
    "headset": {"driverMm": 40},
    "networking": {"lanPorts": 4},
    "cable": {"lengthM": 1.5},
    "accessory": {"kind": "desk mat"},
}


def _product(category: str, specs: Row) -> Row:
    return {
        "name": f"Orrery {category}",
        "brand": "Orrery",
        "sku": f"ORR-{category}",
        "category": category,
        "price": 199.9,
        "inventory": {"inStock": 3, "backorderable": True},
        "specs": {category: specs},
        "warrantyMonths": 36,
        "warrantyPolicyId": "standard-36",
        "createdAt": WHEN,
    }


ENTITIES: dict[str, dict[str, Row]] = {
    "customer": {
        "ada-berg-10001": {
            "name": "Ada Berg",
            "email": "ada@mail.example",
            "phone": "+1 512 555-0101",
            "dateOfBirth": "1990-04-12",
            "loyaltyTier": "gold",
            "addresses": [ADDRESS],
            "communicationPreferences": ["email", "sms"],
            "createdAt": WHEN,
        }
    },
    "employee": {
        "bo-lead": {
            "name": "Bo Lead",
            "email": "bo@corecraft.example",
            "title": "Team Lead",
            "department": "support",
            "managerId": "bo-lead",
            "permissions": ["issue_refund", "escalate"],
            "supportRole": "tech_lead",
            "createdAt": WHEN,
        }
    },
    "loyalty_tier": {
        "gold": {
            "name": "Gold",
            "discountRate": 0.1,
            "minimumYearlySpend": 1500.0,
            "benefits": ["10 percent off goods"],
            "createdAt": WHEN,
        }
    },
    "product": {f"{category}-1": _product(category, specs) for category, specs in SPECS.items()},
    "order": {
        "ord-250801-001": {
            "customerId": "ada-berg-10001",
            "lineItems": [{"productId": "cpu-1", "qty": 2}, {"productId": "bundle-1", "qty": 1}],
            "buildId": "build-250701-001",
            "status": "partially_refunded",
            "shipping": {
                "address": ADDRESS,
                "carrier": "FedEx Express",
                "service": "express",
                "eta": LATER,
            },
            "promotionCode": "SUMMER",
            "failureReason": "none yet",
            "createdAt": WHEN,
            "updatedAt": LATER,
        }
    },
    "payment": {
        "pay-250801-001": {
            "orderId": "ord-250801-001",
            "customerId": "ada-berg-10001",
            "amount": 619.69,
            "method": "apple_pay",
            "status": "captured",
            "transactionId": "tx-1",
            "failureReason": "first try timed out",
            "processedAt": LATER,
            "createdAt": WHEN,
        }
    },
    "shipment": {
        "ship-250801-001": {
            "orderId": "ord-250801-001",
            "carrier": "fedex_express",
            "trackingNumber": "FX1",
            "status": "in_transit",
            "events": [
                {"at": WHEN, "status": "label_created", "location": "Reno, NV"},
                {"at": LATER, "status": "in_transit", "location": "Reno, NV", "details": "Left"},
            ],
            "eta": LATER,
            "createdAt": WHEN,
        }
    },
    "refund": {
        "ref-250801-001": {
            "paymentId": "pay-250801-001",
            "ticketId": "tick-250801-001",
            "amount": 179.91,
            "reason": "defective",
            "status": "processed",
            "lines": [{"sku": "ORR-cpu", "qty": 1, "amount": 179.91}],
            "processedAt": LATER,
            "createdAt": WHEN,
        }
    },
    "support_ticket": {
        "tick-250801-001": {
            "customerId": "ada-berg-10001",
            "buildId": "build-250701-001",
            "orderId": "ord-250801-001",
            "ticketType": "return",
            "channel": "web",
            "priority": "high",
            "status": "resolved",
            "subject": "It does not start",
            "body": "Not even the fans.\nWhat now?",
            "assignedEmployeeId": "bo-lead",
            "resolutionId": "res-250801-001",
            "closureReason": "resolved_success",
            "createdAt": WHEN,
            "updatedAt": LATER,
        }
    },
    "resolution": {
        "res-250801-001": {
            "ticketId": "tick-250801-001",
            "outcome": "refund_issued",
            "details": "One of two taken back.",
            "resolvedById": "bo-lead",
            "linkedRefundId": "ref-250801-001",
            "createdAt": WHEN,
        }
    },
    "customer_message": {
        "msg-250801-001": {
            "customerId": "ada-berg-10001",
            "ticketId": "tick-250801-001",
            "channel": "email",
            "subject": "Your refund",
            "body": "It is on its way.",
            "sentAt": WHEN,
            "createdAt": WHEN,
        }
    },
    "company_policy": {
        "returns-2024": {
            "title": "Returns",
            "section": "Returns and refunds",
            "body": "30 **days**",
            "effectiveFrom": "2024-01-01",
            "supersededById": "returns-2024",
            "createdAt": WHEN,
        }
    },
    "knowledge_base_article": {
        "black-screen": {
            "title": "Black screen",
            "body": "Check the cable.",
            "tags": ["gpu", "cable"],
            "productsMentioned": ["gpu-1", "cable-1"],
            "version": 3,
            "isDeprecated": False,
            "createdAt": WHEN,
            "updatedAt": LATER,
        }
    },
    "build": {
        "build-250701-001": {
            "name": "Quiet office machine",
            "ownerType": "customer",
            "customerId": "ada-berg-10001",
            "componentIds": ["cpu-1", "memory-1", "memory-1"],
            "createdAt": WHEN,
            "updatedAt": LATER,
        }
    },
    "compatibility_rule": {
        "cpu-socket": {
            "name": "Socket",
            "severity": "error",
            "appliesToCategories": ["cpu", "motherboard"],
            "expression": "cpu.socket == motherboard.socket",
            "message": "The processor does not fit the board's socket.",
            "createdAt": WHEN,
        }
    },
    "escalation": {
        "esc-250801-001": {
            "ticketId": "tick-250801-001",
            "escalationType": "policy_exception",
            "destination": "operations",
            "notes": "Day 31.",
            "createdAt": WHEN,
            "resolvedAt": LATER,
        }
    },
    "inventory_level": {
        "cpu-1-reno": {
            "productId": "cpu-1",
            "warehouse": "Reno",
            "onHand": 5,
            "reserved": 2,
            "reorderPoint": 4,
            "nextArrival": LATER,
            "createdAt": WHEN,
        }
    },
    "promotion": {
        "summer": {
            "code": "SUMMER",
            "name": "Summer sale",
            "kind": "percent",
            "value": 10.0,
            "startsAt": WHEN,
            "endsAt": LATER,
            "minimumSubtotal": 100.0,
            "categories": ["gpu"],
            "productIds": ["gpu-1"],
            "stacksWithLoyalty": False,
            "createdAt": WHEN,
        }
    },
    "sla": {
        "return-high-gold": {
            "name": "Urgent returns of gold customers",
            "ticketType": "return",
            "priority": "high",
            "loyaltyTier": "gold",
            "firstResponseMinutes": 60,
            "resolutionMinutes": 480,
            "businessHoursOnly": True,
            "createdAt": WHEN,
        }
    },
    "slack_channel": {
        "support-desk": {
            "name": "support-desk",
            "purpose": "Questions of the day",
            "members": ["bo-lead"],
            "createdAt": WHEN,
        }
    },
    "slack_message": {
        "slack-250801-001": {
            "channelId": "support-desk",
            "authorId": "bo-lead",
            "text": "Has anybody seen this?",
            "ticketId": "tick-250801-001",
            "reactions": [{"emoji": "eyes", "employeeIds": ["bo-lead"]}],
            "timestamp": WHEN,
            "createdAt": WHEN,
        }
    },
    "warranty_claim": {
        "claim-250801-001": {
            "productId": "cpu-1",
            "orderId": "ord-250801-001",
            "customerId": "ada-berg-10001",
            "reason": "defect",
            "status": "denied",
            "denialReason": "out_of_warranty",
            "notes": "Bought in 2019.",
            "createdAt": WHEN,
        }
    },
    "warranty_policy": {
        "standard-36": {
            "name": "Three years",
            "months": 36,
            "covers": ["manufacturing faults"],
            "excludes": ["liquid damage"],
            "transferable": True,
            "createdAt": WHEN,
        }
    },
}
