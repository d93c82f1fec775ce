"""Addresses and phone numbers in data/places.toml's countries. Numbers are of the kind 555-01xx."""

import re
from typing import Any

from simulation.environments.corecraft.generator import texts
from simulation.environments.corecraft.generator.dice import Dice

_LETTERS = "ABCEGHJKLMNPRSTVXY"
_NUMBER_LAST = ("DE", "NL", "ES")


def new_address(dice: Dice, *, country: str = "") -> dict[str, str]:
    places = texts.table("places.toml")
    country = country or dice.weighted({code: place["weight"] for code, place in places.items()})
    place = places[country]
    city, region, _, beginning = dice.one(place["cities"])
    address = {"label": "shipping", "line1": _line1(dice, country, place), "city": city}
    if dice.chance(28):
        address["line2"] = dice.one(place["line2"])
    return address | {
        "region": region,
        "postalCode": _postal(dice, place["postal"], beginning),
        "country": country,
    }


def new_phone(dice: Dice, address: dict[str, str], taken: set[str]) -> str:
    """Draw a number of the city, or of another area code when the city's are used up."""
    place = texts.table("places.toml")[address["country"]]
    area = next(code for city, _, code, _ in place["cities"] if city == address["city"])
    for attempt in range(60):
        number = f"{place['dial']} {area} 555-01{dice.digits(2)}"
        if number not in taken:
            break
        area = str(dice.number(201, 989)) if attempt > 4 else area
    return number


def _line1(dice: Dice, country: str, place: dict[str, Any]) -> str:
    street, number = dice.one(place["streets"]), dice.number(1, 4980 if country == "US" else 190)
    return f"{street} {number}" if country in _NUMBER_LAST else f"{number} {street}"


def _postal(dice: Dice, pattern: str, beginning: str) -> str:
    text = re.sub("#", lambda _: str(dice.number(1, 9)), pattern)
    text = re.sub("@", lambda _: dice.one(_LETTERS), text)
    return beginning + text[len(beginning) :]
