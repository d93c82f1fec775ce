import pytest

from .worlds import AFTER_CLOCK, make_policy, snapshot_with

POLICIES = {
    "company_policy": {
        "returns-2024": make_policy(
            "Returns", section="After sales", body="14 days", supersededById="returns-2025"
        ),
        "returns-2025": make_policy("Returns", section="After sales", body="30 **Days**"),
        "bare": make_policy("apes and others"),
        "late": make_policy("Anything", createdAt=AFTER_CLOCK),
    },
    "warranty_policy": {
        "long": {
            "name": "Long warranty",
            "months": 36,
            "covers": ["manufacturing faults", "fans"],
            "excludes": ["liquid damage"],
            "transferable": True,
        }
    },
    "sla": {
        "gold": {
            "name": "Returns",
            "ticketType": "return",
            "priority": "high",
            "firstResponseMinutes": 60,
            "resolutionMinutes": 480,
            "businessHoursOnly": True,
        }
    },
    "loyalty_tier": {
        "gold": {
            "name": "Gold",
            "discountRate": 0.1,
            "minimumYearlySpend": 1500.0,
            "benefits": ["10 percent off goods", "Early notice of sales"],
        }
    },
    "promotion": {
        "summer": {
            "code": "SUN10",
            "name": "Summer sale",
            "kind": "percent",
            "value": 10.0,
            "startsAt": "2025-06-01T00:00:00Z",
            "endsAt": "2025-08-31T23:59:59Z",
            "stacksWithLoyalty": False,
        },
        "gold": {
            "code": "GOLD",
            "name": "Gold",
            "kind": "fixed",
            "value": 5.0,
            "startsAt": "2025-06-01T00:00:00Z",
            "endsAt": "2025-08-31T23:59:59Z",
            "stacksWithLoyalty": True,
        },
    },
}
TIER, CODE, LONG, SLA, OLD, NEW, SUMMER, BARE = (
    ("loyalty", "gold"),
    ("promotion", "gold"),
    ("warranty", "long"),
    ("sla", "gold"),
    ("company", "returns-2024"),
    ("company", "returns-2025"),
    ("promotion", "summer"),
    ("company", "bare"),
)


@pytest.fixture(scope="module")
def snapshot():
    return snapshot_with(**POLICIES)


@pytest.fixture
def found(call):
    """Search, and give (type, id) in the order in which they came."""
    return lambda **conditions: [
        (row["type"], row["id"]) for row in call("searchPolicies", **conditions)
    ]


def test_policies_of_all_kinds_come_by_title_or_name_then_by_id(found):
    assert found() == [TIER, CODE, LONG, SLA, OLD, NEW, SUMMER, BARE]


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"kind": "company"}, [OLD, NEW, BARE]),
        ({"kind": "warranty"}, [LONG]),
        ({"kind": "sla"}, [SLA]),
        ({"kind": "loyalty"}, [TIER]),
        ({"kind": "promotion"}, [CODE, SUMMER]),
        ({"kind": ["promotion", "loyalty"]}, [TIER, CODE, SUMMER]),
        ({"kind": ["sla", "sla"]}, [SLA]),
        ({"text": "RETURNS"}, [SLA, OLD, NEW]),
        ({"text": "after sales"}, [OLD, NEW]),
        ({"text": "30 **days"}, [NEW]),
        ({"text": "sales\n14"}, []),
        ({"text": "manufacturing"}, [LONG]),
        ({"text": "Liquid"}, [LONG]),
        ({"text": "faults fans"}, []),
        ({"text": "early notice"}, [TIER]),
        ({"text": "sun10"}, [SUMMER]),
        ({"text": "summer"}, [SUMMER]),
        ({"text": "anything"}, []),
        ({"text": "gold"}, [TIER, CODE]),
        ({"text": "gold", "kind": "promotion"}, [CODE]),
        ({"text": "returns", "kind": ["sla", "warranty"]}, [SLA]),
        ({"text": "returns", "limit": 2}, [SLA, OLD]),
        ({"limit": 1}, [TIER]),
    ],
    ids=str,
)
def test_conditions_on_policies(conditions, expected, found):
    assert found(**conditions) == expected


def test_a_superseded_policy_names_what_holds_instead(call):
    [old, _] = call("searchPolicies", kind="company", text="returns")

    assert old["supersededById"] == "returns-2025"


def test_a_found_policy_is_the_whole_row_and_its_kind(call):
    [row] = call("searchPolicies", kind="warranty")

    assert row == {"id": "long", "type": "warranty", **POLICIES["warranty_policy"]["long"]}


def test_ten_policies_come_unless_more_are_asked_for(found, world):
    for number in range(12):
        world.create("company_policy", make_policy("Returns"), key=f"p{number:02d}")

    assert found()[3:] == [("sla", "gold"), *(("company", f"p{n:02d}") for n in range(6))]
    assert len(found(limit=200)) == 20


def test_a_changed_policy_is_found_by_its_new_text(found, world):
    found(text="returns")

    world.update("sla", "gold", {"name": "Answers"})

    assert found(text="returns") == [OLD, NEW]
    assert found(text="answers") == [SLA]
