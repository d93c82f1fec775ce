import copy
import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction

from simulation.entities import own_fields
from simulation.environments import environment
from simulation.errors import Problems
from simulation.fields import Reference
from simulation.models import World
from simulation.worlds import dump_world, import_entities, load_snapshot, publish_world

from .full_world import ENTITIES, SPECS

TYPES = environment("corecraft").entity_types
REFERENCES = [
    (kind, field.name)
    for kind, entity_type in TYPES.items()
    for field in own_fields(entity_type.model)
    if isinstance(field, Reference)
]
NOT_NEEDED = {
    "build": {"customerId", "name", "updatedAt"},
    "company_policy": {"body", "createdAt", "supersededById"},
    "customer": {"communicationPreferences", "createdAt", "phone"},
    "compatibility_rule": {"createdAt"},
    "customer_message": {"createdAt", "subject", "ticketId"},
    "employee": {"createdAt", "managerId", "supportRole"},
    "escalation": {"notes", "resolvedAt"},
    "inventory_level": {"createdAt", "nextArrival"},
    "knowledge_base_article": {"body", "updatedAt"},
    "loyalty_tier": {"createdAt"},
    "order": {"buildId", "failureReason", "promotionCode", "shipping", "updatedAt"},
    "payment": {"customerId", "failureReason", "processedAt", "transactionId"},
    "product": {"createdAt", "warrantyMonths", "warrantyPolicyId"},
    "promotion": {"categories", "createdAt", "minimumSubtotal", "productIds"},
    "refund": {"lines", "processedAt", "ticketId"},
    "resolution": {"details", "linkedRefundId", "resolvedById"},
    "shipment": {"eta", "events"},
    "sla": {"createdAt", "loyaltyTier", "ticketType"},
    "slack_channel": {"createdAt"},
    "slack_message": {"createdAt", "reactions", "ticketId"},
    "support_ticket": {
        "assignedEmployeeId",
        "body",
        "buildId",
        "channel",
        "closureReason",
        "orderId",
        "resolutionId",
        "ticketType",
        "updatedAt",
    },
    "warranty_claim": {"denialReason", "notes"},
    "warranty_policy": {"createdAt"},
}


@pytest.fixture
def owner(db: None) -> User:
    return User.objects.create_user("owner")


def make_world(owner: User, *, slug: str = "full", entities: Any = ENTITIES) -> World:
    world = World.objects.create(
        slug=slug,
        version=1,
        environment="corecraft",
        title="Full",
        now=dt.datetime(2025, 9, 15, 19, tzinfo=dt.UTC),
        agent_employee_id="bo-lead",
        owner=owner,
    )
    import_entities(world, entities)
    return world


@pytest.mark.parametrize("kind", TYPES)
def test_the_full_world_sets_every_field(kind):
    for row in ENTITIES[kind].values():
        assert set(row) == set(TYPES[kind].fields)


def test_rows_come_back_from_the_database_as_they_went_in(owner):
    assert dump_world(make_world(owner))["entities"] == ENTITIES


def test_a_published_world_is_read_without_its_tables(owner):
    world = publish_world(make_world(owner))

    rows = load_snapshot(world).rows("knowledge_base_article")

    assert rows == {
        key: {"id": key, **row} for key, row in ENTITIES["knowledge_base_article"].items()
    }


@pytest.mark.parametrize("kind", TYPES)
def test_an_import_may_lack_what_a_row_can_live_without_and_nothing_else(kind):
    [row, *_] = ENTITIES[kind].values()

    assert {name for name in row if can_lack(kind, row, name)} == NOT_NEEDED[kind]


def can_lack(kind: str, row: dict[str, Any], name: str) -> bool:
    try:
        TYPES[kind].check({other: value for other, value in row.items() if other != name})
    except Problems:
        return False
    return True


def test_rows_of_the_least_come_back_as_they_went_in(owner):
    least = {
        kind: {
            key: {name: row[name] for name in row if name not in NOT_NEEDED[kind]}
            for key, row in rows.items()
        }
        for kind, rows in ENTITIES.items()
    }

    assert dump_world(make_world(owner, entities=least))["entities"] == least


@pytest.mark.parametrize("category", SPECS)
def test_specs_name_every_field_and_no_other(category):
    product = TYPES["product"]
    specs = SPECS[category]
    free = {"monitor", "keyboard", "mouse", "headset", "networking", "cable", "accessory"}

    def refused(changed: dict[str, Any]) -> bool:
        row = {**ENTITIES["product"]["cpu-1"], "specs": {category: changed}}
        try:
            product.check(row)
        except Problems:
            return True
        return False

    assert not refused(specs)
    assert refused({**specs, "colour": "red"}) is (category not in free)
    lacking = {name for name in specs if refused({n: v for n, v in specs.items() if n != name})}
    optional = {"radiatorSizeMm", "baseBuildId"}
    assert lacking == (set() if category in free else set(specs) - optional)


@pytest.mark.parametrize(
    ("kind", "field", "value", "says"),
    [
        ("customer", "loyaltyTier", "bronze", "one of none, silver, gold, platinum"),
        ("customer", "dateOfBirth", "12.4.1990", "a date such as 2025-09-15"),
        ("customer", "addresses", [{"label": "home"}], "addresses.0.label"),
        ("customer", "communicationPreferences", ["fax"], "'email', 'phone' or 'sms'"),
        ("employee", "permissions", ["fly"], "'issue_refund'"),
        ("product", "price", 1.999, "at most 2 decimal places"),
        ("product", "inventory", {"inStock": -1, "backorderable": True}, "inventory.inStock"),
        ("product", "warrantyMonths", -1, "a whole number of 0 or more"),
        ("product", "specs", {"gpu": {"pcie": "5.0"}}, "specs.gpu"),
        ("order", "lineItems", [{"productId": "cpu-1", "qty": 0}], "lineItems.0.qty"),
        ("order", "lineItems", [{"productId": "cpu-1", "qty": 1, "price": 1}], "lineItems.0.price"),
        ("order", "shipping", {"carrier": "Pigeon"}, "shipping.address"),
        ("shipment", "events", [{"at": "today", "status": "lost", "location": ""}], "events.0.at"),
        ("refund", "lines", [{"sku": "S", "qty": 1, "amount": 0.001}], "two decimal places"),
        ("support_ticket", "priority", "urgent", "one of low, normal, high"),
        ("support_ticket", "createdAt", "2025-08-01", "an instant: 2025-09-15T19:00:00Z"),
        ("knowledge_base_article", "isDeprecated", "no", "true or false"),
        ("knowledge_base_article", "version", 1.5, "a whole number"),
    ],
    ids=str,
)
def test_a_bad_value_is_named_with_what_is_expected(kind, field, value, says):
    [row, *_] = ENTITIES[kind].values()

    with pytest.raises(Problems) as refusal:
        TYPES[kind].check({**row, field: value})

    [problem] = refusal.value.problems
    assert problem.startswith(field)
    assert says in problem


@pytest.mark.parametrize(
    ("kind", "key", "path", "says"),
    [
        ("order", "ord-250801-001", "lineItems.0.productId", "no product 'nothing'"),
        ("product", "bundle-1", "specs.bundle.components.0.componentId", "no product 'nothing'"),
        ("knowledge_base_article", "black-screen", "productsMentioned.0", "no product 'nothing'"),
        ("refund", "ref-250801-001", "ticketId", "no support_ticket 'nothing'"),
        ("company_policy", "returns-2024", "supersededById", "no company_policy 'nothing'"),
        ("employee", "bo-lead", "managerId", "no employee 'nothing'"),
    ],
)
def test_an_import_with_a_dangling_reference_is_refused(kind, key, path, says, owner):
    entities = copy.deepcopy(ENTITIES)
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    place: Any = entities[kind][key]
    for part in way:
        place = place[part]
    place[last] = "nothing"

    with pytest.raises(Problems, match=says):
        make_world(owner, entities=entities)


@pytest.mark.parametrize(("kind", "name"), REFERENCES)
def test_a_row_cannot_point_out_of_its_world(kind, name, owner):
    here, there = make_world(owner), make_world(owner, slug="other")
    model = TYPES[kind].model
    row, other = (model.objects.filter(world=w).first() for w in (here, there))
    column = f"{name}_id"

    model.objects.filter(pk=row.pk).update(**{column: getattr(other, column)})

    with pytest.raises(IntegrityError, match="same_world"):
        connection.check_constraints()


@pytest.mark.parametrize("kind", TYPES)
def test_rows_of_a_published_world_never_change(kind, owner):
    published = publish_world(make_world(owner))
    draft = make_world(owner, slug="draft")
    model = TYPES[kind].model
    row = model.objects.filter(world=published).first()
    rows, newcomer = model.objects.filter(pk=row.pk), model.objects.filter(world=draft).first()

    for attempt in (
        lambda: rows.update(key="another"),
        lambda: rows.update(world=draft),
        lambda: model.objects.filter(pk=newcomer.pk).update(world=published),
        lambda: rows._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError, match="is published"), transaction.atomic():
            attempt()
