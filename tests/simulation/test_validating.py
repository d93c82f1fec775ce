"""What does not fit is said for people who do not program."""

from decimal import Decimal

import pytest
from pydantic import BaseModel, Field

from simulation.errors import Problems
from simulation.validating import read_as


class Order(BaseModel):
    tokens: int = Field(default=1, ge=1, le=2_000_000_000)
    share: float = Field(default=0.5, gt=0.25, le=1)
    price: Decimal = Field(default=Decimal(1), le=1_000_000)
    name: str = Field(default="lamp", min_length=1, max_length=1200)
    lines: list[str] = Field(default=["one"], min_length=2)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"tokens": 3_000_000_000}, "tokens: write 2,000,000,000 or less"),
        ({"tokens": 0}, "tokens: write 1 or more"),
        ({"tokens": "many"}, "tokens: write a whole number"),
        ({"share": 0.2}, "share: write more than 0.25"),
        ({"share": 2}, "share: write 1 or less"),
        ({"price": "1000001"}, "price: write 1,000,000 or less"),
        ({"name": ""}, "name: is required"),
        ({"name": "x" * 1201}, "name: write at most 1,200 characters"),
        ({"lines": ["one"]}, "lines: List should have at least 2 items"),
    ],
)
def test_a_limit_is_written_as_people_write_numbers(given, says):
    with pytest.raises(Problems) as raised:
        read_as(Order, given)

    assert raised.value.problems[0].startswith(says)
