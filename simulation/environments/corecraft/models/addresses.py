"""Addresses of people and parcels."""

from typing import Literal

from simulation.values import Value


class PostalAddress(Value):
    """Where a parcel goes."""

    label: Literal["shipping", "billing", "other"] | None = None
    line1: str
    line2: str | None = None
    city: str
    region: str
    postal_code: str
    country: str


class Address(PostalAddress):
    """One of a customer's addresses."""

    label: Literal["shipping", "billing", "other"]
