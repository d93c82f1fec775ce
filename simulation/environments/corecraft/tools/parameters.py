"""Shapes of parameters that several tools share."""

from typing import Annotated, TypeAlias, TypeVar

from pydantic import AliasChoices, AliasGenerator, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from simulation.values import Id, Value

T = TypeVar("T")

OneOrMore: TypeAlias = T | Annotated[list[T], Field(min_length=1)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=100_000)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Subject = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Quantity = Annotated[int, Field(ge=1, le=1_000_000)]  # more is a slip, and sums stay exact


def _spellings(name: str) -> AliasChoices:
    return AliasChoices(name, to_camel(name))


class ProductQuantity(Value):
    """So many of one product."""

    model_config = ConfigDict(
        alias_generator=AliasGenerator(validation_alias=_spellings, serialization_alias=to_camel)
    )

    product_id: Id
    qty: Quantity


ProductQuantities = Annotated[list[ProductQuantity], Field(min_length=1)]
