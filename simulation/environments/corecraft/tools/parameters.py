"""Shapes of parameters that several tools share."""

from typing import Annotated, TypeAlias, TypeVar

from pydantic import Field, StringConstraints

T = TypeVar("T")

OneOrMore: TypeAlias = T | Annotated[list[T], Field(min_length=1)]
Text = Annotated[str, StringConstraints(min_length=1)]
