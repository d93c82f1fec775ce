"""What breaks each rule: changes to the tidy world, and the places that are found then."""

from typing import Any

from .full_world import ENTITIES as FULL

ORDER, PAYMENT, REFUND = "ord-250801-001", "pay-250801-001", "ref-250801-001"
TICKET, RESOLUTION, PARCEL = "tick-250801-001", "res-250801-001", "ship-250801-001"
ADA, BEA, ESCALATION = "ada-berg-10001", "bea-ortiz-10002", "esc-250801-001"
EARLY, LATE = "2025-07-01T00:00:00Z", "2025-09-01T00:00:00Z"


ORDER_ROW = FULL["order"][ORDER]
OTHER_ORDER = {
    "customerId": BEA,
    "lineItems": [{"productId": "gpu-1", "qty": 1}],
    "status": "paid",
    "createdAt": "2025-08-01T11:00:00Z",
}
SHIPPING = ORDER_ROW["shipping"]
EVENTS = FULL["shipment"][PARCEL]["events"]
SLA = FULL["sla"]["return-high-gold"]
LEVEL = FULL["inventory_level"]["cpu-1-reno"]
BREACHES: list[tuple[str, dict[str, Any], list[tuple[str, str, str]]]] = [
    (
        "orders_hold_something",
        {"order": {ORDER: {"lineItems": []}}},
        [("order", ORDER, "lineItems")],
    ),
    (
        "accounts_are_older_than_orders",
        {"customer": {ADA: {"createdAt": "2025-08-01T10:00:00.5Z"}}},
        [("order", ORDER, "createdAt")],
    ),
    (
        "the_carrier_fixes_the_service",
        {"order": {ORDER: {"shipping": {**SHIPPING, "service": "overnight"}}}},
        [("order", ORDER, "shipping.service")],
    ),
    (
        "delivered_orders_are_not_waiting",
        {"order": {ORDER: {"status": "paid"}}, "shipment": {PARCEL: {"status": "delivered"}}},
        [("order", ORDER, "status")],
    ),
    (
        "cancelled_orders_are_not_sent",
        {"order": {ORDER: {"status": "cancelled"}}},
        [("order", ORDER, "status")],
    ),
    (
        "promotion_codes_hold",
        {"order": {ORDER: {"promotionCode": "WINTER"}}},
        [("order", ORDER, "promotionCode")],
    ),
    (
        "promotion_codes_hold",
        {"promotion": {"summer": {"endsAt": "2025-08-01T10:00:01Z", "startsAt": EARLY}}},
        [],
    ),
    (
        "promotion_codes_hold",
        {"promotion": {"summer": {"endsAt": "2025-08-01T09:59:59Z", "startsAt": EARLY}}},
        [("order", ORDER, "promotionCode")],
    ),
    (
        "promotion_codes_hold",
        {"promotion": {"summer": {"minimumSubtotal": 954.53}}},
        [("order", ORDER, "promotionCode")],
    ),
    ("promotion_codes_hold", {"promotion": {"summer": {"minimumSubtotal": 954.52}}}, []),
    (
        "builds_are_of_who_orders_them",
        {"build": {"build-250701-001": {"customerId": BEA}}},
        [("order", ORDER, "buildId")],
    ),
    (
        "payments_are_what_the_order_costs",
        {"payment": {PAYMENT: {"amount": 879.05}}},
        [("payment", PAYMENT, "amount")],
    ),
    (
        "payments_are_what_the_order_costs",
        {"customer": {ADA: {"loyaltyTier": "none"}}},
        [("payment", PAYMENT, "amount")],
    ),
    (
        "payments_are_of_the_orders_customer",
        {"payment": {PAYMENT: {"customerId": BEA}}},
        [("payment", PAYMENT, "customerId")],
    ),
    (
        "refunded_orders_and_payments_agree",
        {"order": {ORDER: {"status": "fulfilled"}}},
        [("order", ORDER, "status")],
    ),
    ("refunded_orders_and_payments_agree", {"order": {ORDER: {"status": "cancelled"}}}, []),
    (
        "refunded_payments_have_refunds",
        {"refund": {REFUND: {"status": "denied"}}},
        [("payment", PAYMENT, "status")],
    ),
    (
        "refunded_payments_have_refunds",
        {"payment": {PAYMENT: {"status": "captured"}}},
        [("payment", PAYMENT, "status")],
    ),
    (
        "refunds_stay_within_the_payment",
        {"refund": {REFUND: {"amount": 879.07}}},
        [("payment", PAYMENT, "amount")],
    ),
    (
        "refunds_stay_within_the_payment",
        {"refund": {REFUND: {"amount": 900.0, "status": "failed"}}},
        [],
    ),
    (
        "refunds_are_the_sum_of_their_lines",
        {"refund": {REFUND: {"amount": 179.89}}},
        [("refund", REFUND, "amount")],
    ),
    (
        "refunds_are_of_what_was_bought",
        {"refund": {REFUND: {"lines": [{"sku": "ORR-cpu", "qty": 3, "amount": 59.97}]}}},
        [("refund", REFUND, "lines")],
    ),
    (
        "refunds_are_of_what_was_bought",
        {"refund": {"ref-2": {**FULL["refund"][REFUND], "createdAt": LATE}}},
        [],
    ),
    (
        "processed_refunds_say_when",
        {"refund": {REFUND: {"processedAt": None}}},
        [("refund", REFUND, "processedAt")],
    ),
    (
        "processed_refunds_say_when",
        {"refund": {REFUND: {"status": "approved"}}},
        [("refund", REFUND, "processedAt")],
    ),
    (
        "processed_refunds_say_when",
        {"refund": {REFUND: {"processedAt": EARLY}}},
        [("refund", REFUND, "processedAt")],
    ),
    (
        "refunds_answer_tickets_about_their_order",
        {"order": {"ord-2": OTHER_ORDER}, "support_ticket": {TICKET: {"orderId": "ord-2"}}},
        [("refund", REFUND, "ticketId")],
    ),
    (
        "the_last_event_is_the_status",
        {"shipment": {PARCEL: {"status": "lost"}}},
        [("shipment", PARCEL, "status")],
    ),
    (
        "events_are_in_order",
        {"shipment": {PARCEL: {"events": EVENTS[::-1]}}},
        [("shipment", PARCEL, "events")],
    ),
    (
        "parcels_go_by_the_orders_carrier",
        {"shipment": {PARCEL: {"carrier": "fedex_overnight"}}},
        [("shipment", PARCEL, "carrier")],
    ),
    (
        "parcels_follow_their_order",
        {"shipment": {PARCEL: {"createdAt": EARLY}}},
        [("shipment", PARCEL, "createdAt")],
    ),
    (
        "tracking_numbers_are_unique",
        {"shipment": {"ship-2": {**FULL["shipment"][PARCEL], "trackingNumber": "fx1"}}},
        [("shipment", "ship-2", "trackingNumber"), ("shipment", PARCEL, "trackingNumber")],
    ),
    (
        "new_tickets_are_nobodys",
        {"support_ticket": {TICKET: {"status": "new"}}},
        [("support_ticket", TICKET, "assignedEmployeeId")],
    ),
    (
        "resolved_tickets_have_a_resolution",
        {"support_ticket": {TICKET: {"resolutionId": None}}},
        [("support_ticket", TICKET, "resolutionId")],
    ),
    (
        "resolutions_link_back",
        {"support_ticket": {"tick-2": FULL["support_ticket"][TICKET]}},
        [("support_ticket", "tick-2", "resolutionId")],
    ),
    (
        "closed_tickets_say_why",
        {"support_ticket": {TICKET: {"closureReason": None}}},
        [("support_ticket", TICKET, "closureReason")],
    ),
    (
        "closed_tickets_say_why",
        {"support_ticket": {TICKET: {"status": "open"}}},
        [("support_ticket", TICKET, "closureReason")],
    ),
    (
        "tickets_are_about_the_writers_orders",
        {"support_ticket": {TICKET: {"customerId": BEA}}},
        [("support_ticket", TICKET, "orderId")],
    ),
    (
        "customers_write_brands_as_the_catalogue",
        {"support_ticket": {TICKET: {"body": "The Orr-Ery is loud."}}},
        [("support_ticket", TICKET, "")],
    ),
    (
        "refunds_and_outcomes_agree",
        {"resolution": {RESOLUTION: {"outcome": "no_action"}}},
        [("resolution", RESOLUTION, "linkedRefundId")],
    ),
    (
        "refunds_are_issued_by_who_may",
        {"resolution": {RESOLUTION: {"resolvedById": "mo-head"}}},
        [("resolution", RESOLUTION, "resolvedById")],
    ),
    (
        "few_may_issue_refunds",
        {"employee": {"mo-head": {"permissions": ["issue_refund"]}}},
        [("employee", "", "permissions")],
    ),
    (
        "escalations_go_where_policy_says",
        {"escalation": {ESCALATION: {"destination": "finance"}}},
        [("escalation", ESCALATION, "destination")],
    ),
    (
        "escalations_follow_their_ticket",
        {"escalation": {ESCALATION: {"createdAt": EARLY}}},
        [("escalation", ESCALATION, "createdAt")],
    ),
    (
        "escalations_follow_their_ticket",
        {"escalation": {ESCALATION: {"resolvedAt": EARLY}}},
        [("escalation", ESCALATION, "resolvedAt")],
    ),
    (
        "customers_have_an_email_of_their_own",
        {"customer": {BEA: {"email": "ADA@mail.example"}}},
        [("customer", ADA, "email"), ("customer", BEA, "email")],
    ),
    (
        "employees_have_an_email_of_their_own",
        {"employee": {"mo-head": {"email": "bo@corecraft.example"}}},
        [("employee", "bo-lead", "email"), ("employee", "mo-head", "email")],
    ),
    ("customers_can_be_called", {"customer": {BEA: {"phone": None}}}, [("customer", BEA, "phone")]),
    (
        "customers_have_one_account",
        {"customer": {"ada-2": {**FULL["customer"][ADA], "name": "Adelheid Berg"}}},
        [("customer", "ada-2", ""), ("customer", ADA, "")],
    ),
    (
        "customers_are_told_apart_by_name",
        {"customer": {BEA: {"name": "Ada Berg"}}},
        [("customer", ADA, "name"), ("customer", BEA, "name")],
    ),
    ("customers_are_told_apart_by_name", {"customer": {"ada-2": FULL["customer"][ADA]}}, []),
    (
        "managers_end_somewhere",
        {"employee": {"mo-head": {"managerId": "bo-lead"}}},
        [("employee", "bo-lead", "managerId"), ("employee", "mo-head", "managerId")],
    ),
    (
        "tiers_have_their_rate",
        {"loyalty_tier": {"gold": {"discountRate": 0.15}}},
        [("loyalty_tier", "gold", "discountRate")],
    ),
    (
        "skus_are_unique",
        {"product": {"gpu-1": {"sku": "ORR-CPU"}}},
        [("product", "cpu-1", "sku"), ("product", "gpu-1", "sku")],
    ),
    (
        "names_begin_with_the_brand",
        {"product": {"gpu-1": {"name": "Orreryx gpu"}}},
        [("product", "gpu-1", "name")],
    ),
    (
        "brands_are_spelled_one_way",
        {"product": {"gpu-1": {"brand": "Orr Ery"}}},
        [("product", "gpu-1", "brand")],
    ),
    (
        "specs_are_those_of_the_category",
        {"product": {"gpu-1": {"category": "cpu"}}},
        [("product", "gpu-1", "specs")],
    ),
    (
        "specs_are_those_of_the_category",
        {"product": {"prebuilt-1": {"category": "workstation"}}},
        [],
    ),
    (
        "bundles_cost_their_parts_less_the_discount",
        {"product": {"bundle-1": {"price": 554.73}}},
        [("product", "bundle-1", "price")],
    ),
    (
        "warranties_run_as_their_policy_says",
        {"product": {"gpu-1": {"warrantyMonths": 24}}},
        [("product", "gpu-1", "warrantyMonths")],
    ),
    (
        "builds_say_whose_they_are",
        {"build": {"build-own": {"customerId": ADA}, "build-2": {"ownerType": "customer"}}},
        [("build", "build-2", "customerId"), ("build", "build-own", "customerId")],
    ),
    (
        "machines_come_from_the_companys_builds",
        {"build": {"build-own": {"ownerType": "customer", "customerId": ADA}}},
        [("product", "prebuilt-1", "specs.prebuilt.baseBuildId")],
    ),
    (
        "stock_is_the_sum_of_the_warehouses",
        {"inventory_level": {"cpu-2": {**LEVEL, "warehouse": "Harrisburg", "onHand": 3}}},
        [("product", "cpu-1", "inventory.inStock")],
    ),
    (
        "no_more_is_reserved_than_lies_there",
        {"inventory_level": {"cpu-1-reno": {"reserved": 6}}},
        [("inventory_level", "cpu-1-reno", "reserved")],
    ),
    (
        "a_warehouse_counts_a_product_once",
        {"inventory_level": {"cpu-2": {**LEVEL, "warehouse": "RENO"}}},
        [("inventory_level", "cpu-2", "warehouse")],
    ),
    (
        "codes_are_unique",
        {"promotion": {"other": {**FULL["promotion"]["summer"], "code": "summer"}}},
        [("promotion", "other", "code"), ("promotion", "summer", "code")],
    ),
    (
        "promotions_end_after_they_start",
        {"promotion": {"summer": {"endsAt": EARLY}}},
        [("promotion", "summer", "endsAt")],
    ),
    (
        "promotions_take_something_off",
        {"promotion": {"summer": {"value": 100.01}}},
        [("promotion", "summer", "value")],
    ),
    (
        "promotions_take_something_off",
        {"promotion": {"summer": {"kind": "fixed", "value": 101.0}}},
        [],
    ),
    (
        "bundle_promotions_name_their_products",
        {"promotion": {"summer": {"kind": "bundle", "productIds": None}}},
        [("promotion", "summer", "productIds")],
    ),
    (
        "superseded_policies_end_somewhere",
        {"company_policy": {"returns-2024": {"supersededById": "returns-2023"}}},
        [
            ("company_policy", "returns-2023", "supersededById"),
            ("company_policy", "returns-2024", "supersededById"),
        ],
    ),
    (
        "successors_are_newer",
        {"company_policy": {"returns-2024": {"effectiveFrom": "2022-12-31"}}},
        [("company_policy", "returns-2023", "supersededById")],
    ),
    (
        "answers_come_before_solutions",
        {"sla": {"return-high-gold": {"firstResponseMinutes": 481}}},
        [("sla", "return-high-gold", "firstResponseMinutes")],
    ),
    (
        "one_service_level_for_a_ticket",
        {"sla": {"again": SLA}},
        [("sla", "again", "priority"), ("sla", "return-high-gold", "priority")],
    ),
    (
        "urgent_tickets_wait_no_longer",
        {"sla": {"normal": {**SLA, "priority": "normal", "resolutionMinutes": 479}}},
        [("sla", "return-high-gold", "priority")],
    ),
    (
        "nothing_is_claimed_or_sent_yet",
        {"customer_message": FULL["customer_message"], "warranty_claim": FULL["warranty_claim"]},
        [("customer_message", "msg-250801-001", ""), ("warranty_claim", "claim-250801-001", "")],
    ),
]
