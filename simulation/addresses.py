"""Addresses of the pages of a world."""

from urllib.parse import quote

from django.urls import reverse

from simulation.models import World


def world_url(world: World, rest: str = "") -> str:
    """Give the address of a world's home, or of what stands below it."""
    return reverse("simulation:world", args=[world.slug, world.version]) + rest


def row_url(world: World, entity_type: str, key: str) -> str:
    return world_url(world, f"{entity_type}/{quote(key, safe='')}/")
