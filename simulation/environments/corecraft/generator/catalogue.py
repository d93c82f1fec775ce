"""What the shop sells, read from data/products."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from simulation.environments.corecraft.generator import texts

CATEGORIES = (
    "cpu", "motherboard", "gpu", "memory", "storage", "psu", "case", "cooling", "prebuilt",
    "workstation", "monitor", "keyboard", "mouse", "headset", "networking", "cable", "accessory",
    "bundle",
)  # fmt: skip
MACHINES = ("prebuilt", "workstation")
_OWN_KEYS = {"name", "price", "stock", "order", "months", "parts", "series", "discount"}
_NOUNS = {
    "cpu": "processor", "motherboard": "board", "gpu": "graphics card", "memory": "memory kit",
    "storage": "drive", "psu": "power supply", "cooling": "cooler", "prebuilt": "computer",
}  # fmt: skip
_PLURALS = {
    "mouse": "mice",
    "power supply": "power supplies",
    "switch": "switches",
    "mesh": "mesh sets",
}
_PLAIN = {"thermal paste", "desk mat", "tools"}


@dataclass(frozen=True, eq=False)
class Product:
    """One article of the catalogue."""

    id: str
    name: str
    brand: str
    sku: str
    category: str
    price: Decimal
    stock: int
    orderable: bool
    months: int | None
    specs: Mapping[str, Any]
    parts: tuple[str, ...]
    discount: Mapping[str, Any]

    @property
    def model(self) -> str:
        return self.name.removeprefix(self.brand).strip()

    @property
    def noun(self) -> str:
        """Name the thing as a customer would."""
        kind = self.specs.get("kind", "")
        return str(kind or _NOUNS.get(self.category, self.category))

    @property
    def nouns(self) -> str:
        return _PLURALS.get(self.noun, f"{self.noun}s")

    @property
    def is_plain(self) -> bool:
        """Tell whether nobody would write to support about it."""
        return self.specs.get("kind") in _PLAIN


class Catalogue(Sequence[Product]):
    """All products, by id and by category."""

    def __init__(self, products: Sequence[Product]) -> None:
        self._products = products
        self._by_id = {product.id: product for product in products}
        self._by_category = {
            category: [product for product in products if product.category == category]
            for category in CATEGORIES
        }

    def get(self, product_id: str) -> Product:
        return self._by_id[product_id]

    def of(self, category: str) -> list[Product]:
        return self._by_category[category]

    def parts_of(self, product: Product) -> list[Product]:
        """Give what is inside a machine or a bundle."""
        return [self.get(part) for part in product.parts]

    def __len__(self) -> int:
        return len(self._products)

    def __iter__(self) -> Iterator[Product]:
        return iter(self._products)

    def __getitem__(self, index: Any) -> Any:
        return self._products[index]


@cache
def catalogue() -> Catalogue:
    return Catalogue([product for category in CATEGORIES for product in _read(category)])


def _read(category: str) -> Iterator[Product]:
    for row in texts.table(f"products/{category}.toml")["products"]:
        yield _product(category, row)


def _product(category: str, row: dict[str, Any]) -> Product:
    brand = "Quiet Werk" if row["name"].startswith("Quiet Werk") else row["name"].split()[0]
    return Product(
        id=texts.slug(row["name"]),
        name=row["name"],
        brand=brand,
        sku=_sku(category, brand, row["name"].removeprefix(brand)),
        category=category,
        price=Decimal(row["price"]),
        stock=row["stock"],
        orderable=row.get("order", row["stock"] > 0),
        months=row.get("months"),
        specs={name: value for name, value in row.items() if name not in _OWN_KEYS} | _series(row),
        parts=tuple(row.get("parts", ())),
        discount=row.get("discount", {}),
    )


def _series(row: dict[str, Any]) -> dict[str, Any]:
    return {"series": row["series"]} if "series" in row else {}


def _sku(category: str, brand: str, model: str) -> str:
    code = category[:4] if category == "case" else category[:3]
    letters = re.sub(r"[^A-Z]", "", brand.upper())[:3]
    return f"{code.upper()}-{letters}-{re.sub(r'[^A-Z0-9]', '', model.upper())}"
