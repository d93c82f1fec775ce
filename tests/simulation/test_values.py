"""Money, instants, days and references: one wire form each."""

import datetime as dt
from decimal import Decimal
from typing import Annotated

import pytest
from pydantic import TypeAdapter, ValidationError

from simulation.values import (
    After,
    Before,
    Day,
    Instant,
    Money,
    Ref,
    Value,
    amount,
    has_places,
    instant_key,
    money,
    pluck,
    read_day,
    read_instant,
    references_in,
    write_instant,
)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("0.005", 0.01),
        ("0.015", 0.02),
        ("2.675", 2.68),
        ("2.6749999", 2.67),
        ("-0.005", -0.01),
        ("10", 10.0),
        ("9999999999.994", 9999999999.99),
    ],
)
def test_an_amount_is_rounded_half_up_to_the_cent(value, written):
    assert amount(Decimal(value)) == written


@pytest.mark.parametrize("value", ["-0", "-0.004"])
def test_nothing_has_no_sign(value):
    assert str(amount(Decimal(value))) == "0.0"


def test_sums_of_amounts_are_exact():
    assert money(0.1) + money(0.2) == Decimal("0.3")
    assert amount(money(19.99) * 3) == 59.97


@pytest.mark.parametrize(
    ("value", "fits"),
    [(1, True), (1.25, True), (1.255, False), (1e-7, False), (1e16, True), (float("nan"), False)],
)
def test_places_are_counted_as_they_are_written(value, fits):
    assert has_places(value, 2) is fits


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2025-09-15T19:00:00Z", "2025-09-15T19:00:00Z"),
        ("2025-09-15 19:00Z", "2025-09-15T19:00:00Z"),
        ("2025-09-15T21:30:00+02:30", "2025-09-15T19:00:00Z"),
        ("2025-09-15T19:00:00-0500", "2025-09-16T00:00:00Z"),
        ("2025-09-15T19:00:00.500Z", "2025-09-15T19:00:00.5Z"),
        ("2025-09-15T19:00:00.000001Z", "2025-09-15T19:00:00.000001Z"),
        ("2025-09-15T19:00:00.000000Z", "2025-09-15T19:00:00Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
    ],
)
def test_an_instant_has_one_form(text, written):
    assert write_instant(read_instant(text)) == written


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2025-09-15",
        "2025-09-15T19:00:00",
        "2025-09-15T19:00:00z",
        "2025-02-30T00:00:00Z",
        "2025-09-15T25:00:00Z",
        "2025-09-15T19:00:00.1234567Z",
        "2025-09-15T19:00:00+99:99",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "٢٠٢٥-09-15T19:00:00Z",
        " 2025-09-15T19:00:00Z",
        "2025-09-15T19:00:00Z\n",
    ],
)
def test_what_is_no_instant_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011  any of Python's own words
        read_instant(text)


def test_instants_sort_as_they_lie_in_time():
    first, then, last = "2025-09-15T19:00:00Z", "2025-09-15T19:00:00.5Z", "2025-09-15T19:00:01Z"

    assert sorted([last, then, first], key=instant_key) == [first, then, last]


def test_a_day_is_read_and_a_wrong_one_refused():
    assert read_day("2024-02-29") == dt.date(2024, 2, 29)
    for text in ("2025-02-29", "2025-9-1", "15.09.2025", "2025-09-15T00:00:00Z"):
        with pytest.raises(ValueError):  # noqa: PT011  any of Python's own words
            read_day(text)


@pytest.mark.parametrize(
    ("annotation", "given", "taken"),
    [
        (After, "2025-09-15", "2025-09-15T00:00:00Z"),
        (Before, "2025-09-15", "2025-09-15T23:59:59.999999Z"),
        (Before, "2025-09-15T19:00:00+01:00", "2025-09-15T18:00:00Z"),
        (Instant, "2025-09-15T19:00+00:00", "2025-09-15T19:00:00Z"),
        (Day, "2025-09-15", "2025-09-15"),
        (Money, 12, 12.0),
        (Money, -9999999999.99, -9999999999.99),
    ],
)
def test_values_are_taken_in_their_one_form(annotation, given, taken):
    assert TypeAdapter(annotation).validate_python(given, strict=True) == taken


@pytest.mark.parametrize(
    ("annotation", "given"),
    [
        (Money, 0.001),
        (Money, 1e10),
        (Money, float("inf")),
        (Money, "12"),
        (Money, True),
        (After, "yesterday"),
        (Before, "2025-13-01"),
        (Day, "2025-09-15T00:00:00Z"),
        (Instant, "2025-09-15"),
    ],
)
def test_what_a_value_cannot_be_is_refused(annotation, given):
    with pytest.raises(ValidationError):
        TypeAdapter(annotation).validate_python(given, strict=True)


def test_the_end_of_a_day_is_inside_an_upper_bound():
    last = TypeAdapter(Before).validate_python("2025-09-15")

    assert instant_key("2025-09-15T23:59:59.999999Z") <= instant_key(last)
    assert instant_key("2025-09-16T00:00:00Z") > instant_key(last)


class Part(Value):
    part_id: Annotated[str, Ref("product")]
    maker_id: Annotated[str, Ref("employee")] | None = None


class Box(Value):
    main_part: Part
    other_parts: list[Part] | None = None
    tag_ids: list[Annotated[str, Ref("tag")]] = []


def test_references_inside_values_are_found_at_any_depth():
    assert set(references_in(list[Box])) == {
        ("mainPart.partId", "product"),
        ("mainPart.makerId", "employee"),
        ("otherParts.partId", "product"),
        ("otherParts.makerId", "employee"),
        ("tagIds", "tag"),
    }


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("a", [1]),
        ("b.c", [1, 2, 3]),
        ("b.d", []),
        ("a.x", []),
        ("n", []),
        ("lists", [1, 2]),
    ],
)
def test_pluck_gives_every_value_at_a_path(path, values):
    row = {"a": 1, "b": [{"c": 1}, {"c": [2, 3]}, {}], "n": None, "lists": [1, 2]}

    assert pluck(row, path) == values
