"""Whether products fit: every check on both sides of its bound, and the generated company."""

from collections import Counter

import pytest

from simulation.environments import environment
from simulation.environments.corecraft.machines import CATEGORIES
from simulation.snapshots import from_document
from simulation.state import WorldState

from .full_world import SPECS
from .generated import ROWS, WORLD, noted
from .worlds import AFTER_CLOCK, document, make_build, make_product, snapshot_with


def part(name, category, **specs):
    return make_product(name, category=category, specs={category: {**SPECS[category], **specs}})


def whole(name, category, **specs):
    return make_product(name, category=category, specs=specs)


def bundle(name, **quantities):
    components = [{"componentId": key, "qty": qty} for key, qty in quantities.items()]
    inside = {"components": components, "discount": {"type": "percent", "value": 5}}
    return whole(name, "bundle", bundle=inside)


# the board has 4 memory slots, 4 SATA ports, 3 M.2 slots and 3 PCIe slots, the supply 750 W
PRODUCTS = {
    "cpu": part("Orbit", "cpu"),
    "cpu-600": part("Orbit 600", "cpu", tdpWatts=600),
    "cpu-601": part("Orbit 601", "cpu", tdpWatts=601),
    "cpu-am4": part("Orbit Old", "cpu", socket="AM4"),
    "cpu-case": part("Orbit Lower", "cpu", socket="am5"),
    "board": part("Forge", "motherboard"),
    "board-itx": part("Forge Mini", "motherboard", formFactor="ITX"),
    "board-matx": part("Forge M", "motherboard", formFactor="matx"),
    "board-5600": part("Forge Slow", "motherboard", maxMemoryMhz=5600),
    "ram": part("Swift", "memory"),
    "ram-1": part("Swift Single", "memory", modules=1),
    "ram-6400": part("Swift 6400", "memory", speedMhz=6400),
    "ram-6401": part("Swift 6401", "memory", speedMhz=6401),
    "ram-ddr4": part("Classic", "memory", type="DDR4", speedMhz=9000),
    "card": part("Tempest", "gpu"),
    "card-360": part("Tempest 360", "gpu", lengthMm=360),
    "card-361": part("Tempest 361", "gpu", lengthMm=361),
    "card-751": part("Tempest 751", "gpu", recommendedPsuWatts=751),
    "m2": part("Stratum", "storage"),
    "m2-sata": part("Stratum S", "storage", interface="SATA 6 Gb/s"),
    "sata": part("Ledger", "storage", interface="SATA 6 Gb/s", form="2.5 inch"),
    "usb": part("Carry", "storage", interface="USB-C 10 Gb/s", form="external"),
    "psu": part("Forge 750", "psu"),
    "psu-1": part("Spark", "psu", gpuConnectors=1),
    "case": part("Column", "case"),
    "cooler": part("Drift", "cooling"),
    "cooler-162.5": part("Fjord", "cooling", heightMm=162.5),
    "cooler-163": part("Fjord High", "cooling", heightMm=163),
    "cooler-360": part("Drift 360", "cooling", radiatorSizeMm=360),
    "cooler-420": part("Drift 420", "cooling", radiatorSizeMm=420),
    "mouse": make_product("Kestrik Swift"),
    "mute-cpu": whole("Unknown Chip", "cpu"),
    "mute-card": whole("Unknown Card", "gpu"),
    "kit": bundle("Kit", cpu=1, board=1, ram=2),
    "kit-5": bundle("Big Kit", **{"board": 1, "ram-1": 5}),
    "kit-twice": bundle("Odd Kit", ram=1),
    "big": bundle("Machine Set", scout=1, mouse=2),
    "loop": bundle("Loop", loop=3),
    "late-kit": bundle("Late Kit", late=1),
    "scout": whole("Scout", "prebuilt", prebuilt={"series": "Scout", "baseBuildId": "b-scout"}),
    "atelier": whole(
        "Atelier", "workstation", prebuilt={"series": "Atelier", "baseBuildId": "b-bad"}
    ),
    "closed": whole("Closed", "prebuilt", prebuilt={"series": "Scout"}),
    "tomorrow": whole("Next", "prebuilt", prebuilt={"series": "S", "baseBuildId": "b-late"}),
    "bare": whole("Bare", "prebuilt"),
    "late": {**part("Late", "cpu"), "createdAt": AFTER_CLOCK},
}
BUILDS = {
    "b-scout": make_build("2025-01-01T00:00:00Z", "cpu", "board", "ram", "ram", "psu", "case"),
    "b-bad": make_build("2025-01-01T00:00:00Z", "cpu-am4", "board", "psu"),
    "b-late": make_build(AFTER_CLOCK, "cpu"),
}
MACHINE = ("cpu", "board", "ram", "card", "m2", "psu", "case", "cooler")


@pytest.fixture(scope="module")
def snapshot():
    return snapshot_with(product=PRODUCTS, build=BUILDS, order={}, payment={}, shipment={})


@pytest.fixture
def check(call):
    return lambda *product_ids: call("validateBuildCompatibility", product_ids=[*product_ids])


def label(key):
    return f"{PRODUCTS[key]['name']} ({key})"


def test_a_whole_machine_fits(check):
    assert check(*MACHINE) == {"is_compatible": True, "errors": [], "warnings": []}


@pytest.mark.parametrize(
    "product_ids",
    [
        ["cpu-case", "board", "psu"],
        ["cpu-600", "psu"],
        ["board-matx", "case", "psu"],
        ["board", "psu", "ram", "ram"],
        ["board", "psu", "ram-6400"],
        ["board", "psu", *["sata"] * 4, "usb"],
        ["board", "psu", *["m2"] * 3],
        ["board", "psu", *["m2-sata"] * 3, *["sata"] * 4],
        ["board", "psu", *["card"] * 3],
        ["card-360", "case", "psu"],
        ["cooler-162.5", "case"],
        ["cooler-360", "case"],
        ["card", "psu-1"],
        ["ram", "ram"],
        ["mouse", "mouse"],
        ["psu", "psu"],
        ["case", "case"],
        ["cooler", "cooler"],
        ["ram-ddr4"],
        ["m2", "sata", "usb"],
    ],
    ids=str,
)
def test_what_is_on_the_bound_fits_and_needs_no_warning(product_ids, check):
    assert check(*product_ids) == {"is_compatible": True, "errors": [], "warnings": []}


@pytest.mark.parametrize(
    ("product_ids", "error"),
    [
        (["cpu", "cpu"], f"a machine has one processor, here are 2: 2 × {label('cpu')}"),
        (
            ["cpu", "cpu-600"],
            f"a machine has one processor, here are 2: {label('cpu')}, {label('cpu-600')}",
        ),
        (["board", "board"], f"a machine has one board, here are 2: 2 × {label('board')}"),
        (
            ["mute-cpu", "cpu"],
            f"a machine has one processor, here are 2: {label('mute-cpu')}, {label('cpu')}",
        ),
        (["cpu-am4", "board"], f"{label('cpu-am4')} needs socket AM4, {label('board')} has AM5"),
        (["board-itx", "case"], f"{label('board-itx')} is ITX, {label('case')} takes ATX, mATX"),
        (["ram-ddr4", "board"], f"{label('ram-ddr4')} is DDR4, {label('board')} takes DDR5"),
        (
            ["ram", "ram-ddr4"],
            f"memory of different types cannot be mixed: {label('ram')}, {label('ram-ddr4')}",
        ),
        (
            ["board", "ram", "ram", "ram-1"],
            f"{label('board')} has too few memory slots (4) for the memory modules (5)",
        ),
        (
            ["board", *["sata"] * 5],
            f"{label('board')} has too few SATA ports (4) for the SATA drives (5)",
        ),
        (
            ["board", *["m2"] * 4],
            f"{label('board')} has too few M.2 slots (3) for the M.2 drives (4)",
        ),
        (
            ["board", "m2", *["m2-sata"] * 3],
            f"{label('board')} has too few M.2 slots (3) for the M.2 drives (4)",
        ),
        (
            ["board", *["card"] * 3, "mute-card"],
            f"{label('board')} has too few PCIe slots (3) for the graphics cards (4)",
        ),
        (
            ["card-361", "case"],
            f"{label('card-361')} is 361 mm long, {label('case')} has room for 360 mm",
        ),
        (
            ["cooler-163", "case"],
            f"{label('cooler-163')} is 163 mm high, {label('case')} has room for 162.5 mm",
        ),
        (
            ["cooler-420", "case"],
            f"{label('cooler-420')} has a radiator of 420 mm, {label('case')} has room for 360 mm"
            " lengthwise",
        ),
        (["card-751", "psu"], f"{label('card-751')} calls for 751 W, {label('psu')} gives 750 W"),
        (
            ["cpu-601", "psu"],
            f"{label('cpu-601')} draws 601 W and the rest of a machine 150 W,"
            f" {label('psu')} gives 750 W",
        ),
        (
            ["card", "card", "psu-1"],
            f"{label('psu-1')} has too few card connectors (1) for the graphics cards (2)",
        ),
    ],
    ids=str,
)
def test_what_does_not_fit_is_named_with_its_values(product_ids, error, check):
    found = check(*product_ids)

    assert (found["is_compatible"], found["errors"]) == (False, [error])


@pytest.mark.parametrize(
    ("product_ids", "warning"),
    [
        (["cpu"], "there is no power supply, so its wattage and connectors were not checked"),
        (["board"], "there is no power supply, so its wattage and connectors were not checked"),
        (["card"], "there is no power supply, so its wattage and connectors were not checked"),
        (
            ["board", "psu", "ram-6401"],
            f"{label('ram-6401')} runs at 6400 MHz instead of 6401 MHz on {label('board')}",
        ),
        (
            ["ram", "ram-6400"],
            f"all memory runs at the slowest speed, 6000 MHz: {label('ram')}, {label('ram-6400')}",
        ),
        (
            ["mute-cpu", "psu"],
            f"{label('mute-cpu')} was not checked: its specifications are not known",
        ),
        (["closed"], f"{label('closed')} was not checked: what is inside is not known"),
        (["tomorrow"], f"{label('tomorrow')} was not checked: what is inside is not known"),
        (["bare"], f"{label('bare')} was not checked: what is inside is not known"),
        (["loop"], f"{label('loop')} was not checked: what is inside is not known"),
        (["late-kit"], "late was not checked: it is not in the catalogue"),
    ],
    ids=str,
)
def test_what_is_worth_knowing_is_a_warning_and_no_error(product_ids, warning, check):
    assert check(*product_ids) == {"is_compatible": True, "errors": [], "warnings": [warning]}


def test_memory_of_the_wrong_type_is_not_also_called_too_fast(check):
    found = check("ram-ddr4", "board", "psu")

    assert (len(found["errors"]), found["warnings"]) == (1, [])


def test_everything_that_does_not_fit_is_named_at_once(check):
    found = check("cpu-am4", "board-itx", "ram-ddr4", "card-361", "case", "cooler-163", "psu")

    assert len(found["errors"]) == 5
    assert found["warnings"] == []


@pytest.mark.parametrize(
    ("product_ids", "same_as"),
    [
        (["kit"], ["cpu", "board", "ram", "ram"]),
        (["kit", "ram-1"], ["cpu", "board", "ram", "ram", "ram-1"]),
        (["kit", "kit"], ["cpu", "cpu", "board", "board", *["ram"] * 4]),
        (["kit-5"], ["board", *["ram-1"] * 5]),
        (["scout", "card"], ["cpu", "board", "ram", "ram", "psu", "case", "card"]),
        (["scout", "ram-1"], ["cpu", "board", "ram", "ram", "psu", "case", "ram-1"]),
        (["big", "ram-1"], ["cpu", "board", "ram", "ram", "psu", "case", "ram-1"]),
        (["atelier"], ["cpu-am4", "board", "psu"]),
    ],
    ids=str,
)
def test_bundles_and_machines_count_as_what_is_in_them(product_ids, same_as, check):
    assert check(*product_ids) == check(*same_as)


def test_a_machine_put_together_in_the_episode_is_taken_apart(check, world):
    world.create("build", {"ownerType": "internal", "componentIds": ["cpu-am4", "board"]}, key="b")
    specs = {"prebuilt": {"series": "Scout", "baseBuildId": "b"}}

    world.update("product", "bare", {"specs": specs})

    assert not check("bare")["is_compatible"]


@pytest.mark.parametrize(
    ("arguments", "code", "field"),
    [
        ({}, "invalid_argument", "product_ids"),
        ({"product_ids": []}, "invalid_argument", "product_ids"),
        ({"product_ids": "cpu"}, "invalid_argument", "product_ids"),
        ({"product_ids": [""]}, "invalid_argument", "product_ids.0"),
        ({"product_ids": ["cpu", 7]}, "invalid_argument", "product_ids.1"),
        ({"product_ids": ["cpu", "nothing"]}, "not_found", "product_ids"),
        ({"product_ids": ["late"]}, "not_found", "product_ids"),
    ],
    ids=str,
)
def test_products_that_cannot_be_checked(arguments, code, field, call):
    error = call("validateBuildCompatibility", **arguments)["error"]

    assert (error["code"], error["field"]) == (code, field)


def test_an_unknown_product_is_named(check):
    assert "'nothing'" in check("cpu", "nothing")["error"]["message"]


# the generated company


@pytest.fixture(scope="module")
def shop():
    return from_document(document(WORLD.entities), frozen=True)


def checked(shop, product_ids):
    tool = environment("corecraft").tools["validateBuildCompatibility"]
    return tool.call(WorldState(shop), {"product_ids": product_ids})


def pieces(order):
    return [line["productId"] for line in order["lineItems"] for _ in range(line["qty"])]


def test_of_all_orders_those_in_the_manifest_do_not_fit(shop):
    refused = {
        key for key, order in ROWS["order"].items() if checked(shop, pieces(order))["errors"]
    }

    assert refused == noted("incompatible_parts")


def test_every_planted_mismatch_breaks_one_rule_and_the_tool_says_which(shop):
    for key in noted("incompatible_parts"):
        products = pieces(ROWS["order"][key])

        assert len(checked(shop, products)["errors"]) == 1, key


def test_each_planted_mismatch_is_mended_by_one_cheapest_part_in_stock(shop):
    """An agent that swaps parts and asks the tool again finds the repair that was planted."""
    for key in sorted(noted("incompatible_parts")):
        prices = Counter(
            ROWS["product"][other]["price"]
            for index, other, products in swaps(pieces(ROWS["order"][key]))
            if not checked(shop, products)["errors"]
        )

        assert prices[min(prices)] == 1, key


def swaps(products):
    for index, product in enumerate(products):
        category = ROWS["product"][product]["category"]
        for other, row in ROWS["product"].items():
            if row["category"] == category and row["inventory"]["inStock"] and other != product:
                yield index, other, [*products[:index], other, *products[index + 1 :]]


def test_everything_that_is_sold_put_together_fits(shop):
    kinds = ("bundle", "prebuilt", "workstation")
    wholes = [key for key, row in ROWS["product"].items() if row["category"] in kinds]

    assert len(wholes) > 30
    assert {key: checked(shop, [key])["errors"] for key in wholes} == {key: [] for key in wholes}


def test_every_part_of_the_catalogue_has_specifications_to_check(shop):
    parts = [key for key, row in ROWS["product"].items() if row["category"] in CATEGORIES]

    assert len(parts) > 100
    assert not [w for key in parts for w in checked(shop, [key])["warnings"] if "specif" in w]
