"""Machines beside their parts, brands in two spellings, and articles that are hard to find."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from simulation.entities import Row
from simulation.environments.corecraft.checks.spellings import letters, spellings, written_otherwise
from simulation.integrity.inspection import Inspection
from simulation.integrity.parts import density
from simulation.values import money

SOME = 3  # what the contract gives no number for
MACHINES = ("prebuilt", "workstation")


@density(wanted=12)
def prebuilts_cheaper_than_their_parts(inspection: Inspection) -> Iterable[str]:
    """Prebuilts and workstations whose parts cost more than they do."""
    return [row["id"] for row, parts in _machines(inspection) if parts > money(row["price"])]


@density(wanted=12)
def prebuilts_dearer_than_their_parts(inspection: Inspection) -> Iterable[str]:
    """Prebuilts and workstations whose parts cost less than they do."""
    return [row["id"] for row, parts in _machines(inspection) if parts < money(row["price"])]


@density(wanted=3)
def brands_that_customers_write_otherwise(inspection: Inspection) -> Iterable[str]:
    """Brands that customers write in two words and the catalogue in one, or the other way round."""
    return {letters(written) for written, _ in written_otherwise(inspection)}


@density(wanted=2)
def brands_in_two_spellings(inspection: Inspection) -> Iterable[str]:
    """Brands that the catalogue spells in two ways."""
    known = spellings(inspection).values()
    return [" / ".join(sorted(counts)) for counts in known if len(counts) > 1]


@density(wanted=SOME)
def articles_found_by_product_only(inspection: Inspection) -> Iterable[str]:
    """Articles that, by the manifest, are found by the products they mention, not by symptom."""
    listed = inspection.listed("found_by_product_only", "knowledge_base_article")
    return [article["id"] for article in listed if article["productsMentioned"]]


def _machines(inspection: Inspection) -> Iterator[tuple[Row, Decimal]]:
    """Give the machines whose build is known, with what the parts of it cost together."""
    for product in inspection.rows("product"):
        described = product["specs"].get("prebuilt") or {}
        build = inspection.get("build", described.get("baseBuildId"))
        if product["category"] in MACHINES and build:
            parts = [inspection.get("product", key) for key in build["componentIds"]]
            if all(parts):
                yield product, sum((money(part["price"]) for part in parts if part), Decimal(0))
