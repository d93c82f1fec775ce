"""The catalogue: names, numbers, prices of what is put together, warranties."""

from collections.abc import Iterator
from decimal import Decimal

from simulation.entities import Row
from simulation.environments.corecraft.checks.duplicates import shared_values
from simulation.environments.corecraft.checks.fit import builds_that_do_not_fit
from simulation.environments.corecraft.checks.spellings import unusual_brands
from simulation.integrity.inspection import Inspection
from simulation.integrity.parts import Breach, rule
from simulation.values import amount, money

# under which name a category's specifications stand, where it is not its own
SPECS_OF = {"workstation": "prebuilt"}


@rule()
def skus_are_unique(inspection: Inspection) -> Iterator[Breach]:
    """An article number is that of one product."""
    yield from shared_values("product", inspection.rows("product"), "sku")


@rule()
def names_begin_with_the_brand(inspection: Inspection) -> Iterator[Breach]:
    """The name of a product begins with its brand."""
    for product in inspection.rows("product"):
        if not product["name"].startswith(f"{product['brand']} "):
            sentence = f"{product['name']} does not begin with {product['brand']}"
            yield Breach("product", product["id"], "name", sentence)


@rule(noise="brand_spelled_two_ways")
def brands_are_spelled_one_way(inspection: Inspection) -> Iterator[Breach]:
    """The catalogue spells a brand in one way."""
    usual = unusual_brands(inspection)
    for product in inspection.rows("product"):
        if product["brand"] in usual:
            sentence = f"{product['brand']} is usually spelled {usual[product['brand']]}"
            yield Breach("product", product["id"], "brand", sentence)


@rule()
def specs_are_those_of_the_category(inspection: Inspection) -> Iterator[Breach]:
    """A product's specifications stand under the name of its category."""
    for product in inspection.rows("product"):
        wanted = SPECS_OF.get(product["category"], product["category"])
        others = sorted(product["specs"].keys() - {wanted})
        if others or wanted not in product["specs"]:
            sentence = f"{', '.join(others) or 'nothing'} is described, {wanted} is wanted"
            yield Breach("product", product["id"], "specs", sentence)


@rule()
def bundles_cost_their_parts_less_the_discount(inspection: Inspection) -> Iterator[Breach]:
    """A bundle costs what its parts cost, less its discount."""
    for product in inspection.rows("product"):
        price = _price_of_parts(inspection, product["specs"].get("bundle"))
        if price is not None and price != product["price"]:
            sentence = (
                f"{product['price']:.2f} USD, but the parts less the discount are {price:.2f}"
            )
            yield Breach("product", product["id"], "price", sentence)


@rule(noise="warranty_months_differ")
def warranties_run_as_their_policy_says(inspection: Inspection) -> Iterator[Breach]:
    """A product's warranty runs as many months as its warranty policy says."""
    for product in inspection.rows("product"):
        policy = inspection.get("warranty_policy", product.get("warrantyPolicyId"))
        if policy and product.get("warrantyMonths", policy["months"]) != policy["months"]:
            sentence = f"{product['warrantyMonths']}, but {policy['id']} is {policy['months']}"
            yield Breach("product", product["id"], "warrantyMonths", sentence)


@rule()
def builds_say_whose_they_are(inspection: Inspection) -> Iterator[Breach]:
    """A customer's build names the customer, the company's own names none."""
    for build in inspection.rows("build"):
        owner, customer = build["ownerType"], build.get("customerId")
        if (owner == "customer") is (customer is None):
            sentence = f"{customer or 'none'}, though the owner is {owner}"
            yield Breach("build", build["id"], "customerId", sentence)


@rule()
def machines_come_from_the_companys_builds(inspection: Inspection) -> Iterator[Breach]:
    """The build that a prebuilt is made from is the company's own."""
    for product in inspection.rows("product"):
        described = product["specs"].get("prebuilt", {})
        build = inspection.get("build", described.get("baseBuildId"))
        if build and build["ownerType"] != "internal":
            sentence = f"{build['id']} is a customer's build"
            yield Breach("product", product["id"], "specs.prebuilt.baseBuildId", sentence)


@rule(noise="incompatible_build")
def parts_of_a_build_fit(inspection: Inspection) -> Iterator[Breach]:
    """The parts of a build fit each other."""
    for build, conflicts in builds_that_do_not_fit(inspection):
        yield Breach("build", build["id"], "componentIds", "; ".join(conflicts))


def _price_of_parts(inspection: Inspection, bundle: Row | None) -> float | None:
    """Give the price of a bundle; None for other products and when a part is missing."""
    parts = bundle["components"] if bundle else []
    found = [(inspection.get("product", part["componentId"]), part["qty"]) for part in parts]
    if bundle is None or not all(product for product, _ in found):
        return None
    total = sum((money(product["price"]) * qty for product, qty in found if product), Decimal(0))
    value = money(bundle["discount"]["value"])
    off = total * value / 100 if bundle["discount"]["type"] == "percent" else value
    return amount(total - off)
