"""What the company promises and checks: answer times, warranties, rules of compatibility."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from simulation.environments.corecraft.generator import texts
from simulation.environments.corecraft.generator.catalogue import Catalogue, Product

Rows = dict[str, dict[str, Any]]
_STANDARD = "standard-12"
_STANDARD_MONTHS = 12
_DIFFERS = "warranty_months_differ"


def slas() -> Rows:
    return {
        _sla_id(row): {name: _listed(value) for name, value in row.items()}
        for row in texts.table("slas.toml")["sla"]
    }


def warranty_policies() -> Rows:
    return {row["id"]: _policy(row) for row in _policies()}


def compatibility_rules() -> Rows:
    return {
        row["id"]: {name: _listed(value) for name, value in row.items() if name != "id"}
        for row in texts.table("compatibility.toml")["rule"]
    }


def warranty_of(product: Product) -> str:
    """Name the policy of a product; an exception of the table comes before the rule."""
    exceptions = texts.table("warranties.toml")["exceptions"]
    if product.id in exceptions:
        return str(exceptions[product.id])
    return next((row["id"] for row in _policies() if _covers(row, product)), _STANDARD)


def warranty_notes(products: Catalogue) -> Iterator[tuple[str, str, str]]:
    """List the products whose policy names other months than the catalogue."""
    months = {row["id"]: row["months"] for row in _policies()}
    for product in products:
        if months[warranty_of(product)] != (product.months or _STANDARD_MONTHS):
            yield "product", product.id, _DIFFERS


@cache
def _policies() -> tuple[dict[str, Any], ...]:
    return tuple(texts.table("warranties.toml")["policy"])


def _covers(row: dict[str, Any], product: Product) -> bool:
    months = product.months or _STANDARD_MONTHS
    return (
        product.category in row["categories"]
        and row["months"] == months
        and product.brand in row.get("brands", [product.brand])
    )


def _policy(row: dict[str, Any]) -> dict[str, Any]:
    shown = ("name", "months", "covers", "excludes", "transferable")
    return {name: _listed(row[name]) for name in shown}


def _sla_id(row: dict[str, Any]) -> str:
    parts = (row.get("ticketType", ""), row["priority"], row.get("loyaltyTier", ""))
    return "sla-" + "-".join(part.replace("_", "-") for part in parts if part)


def _listed(value: Any) -> Any:
    """Give a value of the data file, never the file's own list."""
    return list(value) if isinstance(value, list) else value
