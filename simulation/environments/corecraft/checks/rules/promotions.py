"""Promotions: one code, one period, a value that can be taken off."""

from collections.abc import Iterator

from simulation.environments.corecraft.checks.duplicates import shared_values
from simulation.integrity.inspection import Inspection
from simulation.integrity.parts import Breach, rule
from simulation.values import instant_key


@rule()
def codes_are_unique(inspection: Inspection) -> Iterator[Breach]:
    """A promotion code is that of one promotion."""
    yield from shared_values("promotion", inspection.rows("promotion"), "code")


@rule()
def promotions_end_after_they_start(inspection: Inspection) -> Iterator[Breach]:
    """A promotion ends after it starts."""
    for promotion in inspection.rows("promotion"):
        starts, ends = promotion["startsAt"], promotion["endsAt"]
        if instant_key(ends) < instant_key(starts):
            yield Breach("promotion", promotion["id"], "endsAt", f"{ends} is before {starts}")


@rule()
def promotions_take_something_off(inspection: Inspection) -> Iterator[Breach]:
    """A promotion takes off more than nothing, and no more than 100 percent."""
    for promotion in inspection.rows("promotion"):
        value, is_percent = promotion["value"], promotion["kind"] == "percent"
        if value <= 0 or (is_percent and value > 100):
            sentence = f"{value:g} {'percent' if is_percent else 'USD'} cannot be taken off"
            yield Breach("promotion", promotion["id"], "value", sentence)


@rule()
def bundle_promotions_name_their_products(inspection: Inspection) -> Iterator[Breach]:
    """A promotion on a bundle names the products that must be bought together."""
    for promotion in inspection.rows("promotion"):
        if promotion["kind"] == "bundle" and not promotion.get("productIds"):
            yield Breach("promotion", promotion["id"], "productIds", "no product is named")
