"""What lies in the warehouses agrees with the catalogue and with the open orders."""

from collections import Counter, defaultdict

from simulation.environments.corecraft import generator

from .generated import ROWS, SHIPMENTS, noted

LEVELS = ROWS["inventory_level"]


def levels_of() -> dict[str, list[dict[str, object]]]:
    found = defaultdict(list)
    for level in LEVELS.values():
        found[level["productId"]].append(level)
    return found


def test_what_is_free_in_all_warehouses_is_what_the_shop_shows() -> None:
    free: Counter[str] = Counter()
    for level in LEVELS.values():
        free[level["productId"]] += level["onHand"] - level["reserved"]
    for key, product in ROWS["product"].items():
        assert free[key] == product["inventory"]["inStock"], key


def test_every_product_lies_in_two_or_three_warehouses() -> None:
    counts = {key: len(levels) for key, levels in levels_of().items()}

    assert set(counts) == set(ROWS["product"])
    assert set(counts.values()) == {2, 3}
    assert len({level["warehouse"] for level in LEVELS.values()}) == 3
    for key, level in LEVELS.items():
        assert key.startswith(f"{level['productId']}-")
        assert level["onHand"] >= level["reserved"] >= 0


def test_open_orders_hold_what_is_reserved() -> None:
    held: Counter[str] = Counter()
    for key, order in ROWS["order"].items():
        sent = any(parcel["status"] != "label_created" for parcel in SHIPMENTS[key])
        if order["status"] in ("pending", "paid", "backorder") and not sent:
            for line in order["lineItems"]:
                stock = ROWS["product"][line["productId"]]["inventory"]["inStock"]
                if stock or order["status"] != "backorder":
                    held[line["productId"]] += line["qty"]
    reserved: Counter[str] = Counter()
    for level in LEVELS.values():
        reserved[level["productId"]] += level["reserved"]

    assert +reserved == held
    assert noted("delivered_but_paid")


def test_parcels_leave_from_a_warehouse() -> None:
    warehouses = {level["warehouse"] for level in LEVELS.values()}
    assert {p["events"][0]["location"] for p in ROWS["shipment"].values()} <= warehouses


def test_only_what_is_short_is_announced_and_not_all_of_it() -> None:
    short = [
        level for level in LEVELS.values()
        if level["onHand"] - level["reserved"] < level["reorderPoint"]
    ]  # fmt: skip
    announced = [level for level in LEVELS.values() if "nextArrival" in level]

    assert all(level in short for level in announced)
    assert all(level["nextArrival"] > generator.NOW for level in announced)
    assert 0.1 < len(short) / len(LEVELS) < 0.4
    assert 0.6 < len(announced) / len(short) < 0.95


def test_what_may_be_ordered_though_it_is_sold_out_is_announced_somewhere() -> None:
    for key, levels in levels_of().items():
        stock = ROWS["product"][key]["inventory"]
        if not stock["inStock"] and stock["backorderable"]:
            assert any("nextArrival" in level for level in levels), key
