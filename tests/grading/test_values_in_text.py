"""Values in text: what is a number, an amount, a percentage or a date, and what looks like one."""

import datetime as dt
import time
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from grading.reading.plain import plain
from grading.reading.values import number_words, values_in


def read(text, year=2025):
    return [(found.kind, found.value) for found in values_in(plain(text), year)]


def numbers(*values):
    return [("number", Decimal(value)) for value in values]


def dollars(*values):
    return [("money", Decimal(value)) for value in values]


def days(*values):
    return [("date", dt.date.fromisoformat(value)) for value in values]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("12 refunds", numbers("12")),
        ("**12** refunds.", numbers("12")),
        ("1,204 and 1204 and 12.5", numbers("1204", "1204", "12.5")),
        ("1\u202f204 orders", numbers("1204")),
        ("(12), [13]; 14!", numbers("12", "13", "14")),
        ("a 30-day window, 16GB", numbers("30", "16")),
        ("12-13 or 5–7", numbers("12", "13", "5", "7")),
        ("it is -5 and −7", numbers("-5", "-7")),
        ("2x and 3 × lamps", numbers("2", "3")),
        ("RTX 4070", numbers("4070")),
        ("Refunds:12", numbers("12")),
        ("3 million", numbers("3000000")),
        ("12 percent, 7.5 %, 5%", [("percent", Decimal(v)) for v in ("12", "7.5", "5")]),
        ("$1,234.50", dollars("1234.50")),
        ("$1,234.5, US$7, $ 8", dollars("1234.5", "7", "8")),
        ("1234.5 USD, 12 dollars, 7 US dollars", dollars("1234.5", "12", "7")),
        ("USD 1,234.50 and USD7", dollars("1234.50", "7")),
        ("-$50.00 and $-50", dollars("-50.00", "-50")),
        ("$1.2k and $3 million", dollars("1200", "3000000")),
        ("€12.00 and 12 EUR and A$5", dollars("12.00", "12", "5")),
        ("$12/month", dollars("12")),
        ("2025-07-27", days("2025-07-27")),
        ("2025-07-27T10:00:00Z", days("2025-07-27")),
        ("2025-07-27 10:00 UTC", days("2025-07-27")),
        ("July 27, 2025", days("2025-07-27")),
        ("July 27 2025, Jul. 27, jul 27th", days("2025-07-27", "2025-07-27", "2025-07-27")),
        ("27 July 2025 and the 27th of July", days("2025-07-27", "2025-07-27")),
        ("27-Jul-2025, 27.07.2025", days("2025-07-27", "2025-07-27")),
        ("7/27/2025 and 07/27/25", days("2025-07-27", "2025-07-27")),
        ("July 1–31, 2025", days("2025-07-01", "2025-07-31")),
        ("July 1 to 31", days("2025-07-01", "2025-07-31")),
        ("1-31 July 2025", days("2025-07-01", "2025-07-31")),
        ("Sunday, July 27, at 10:30 am", days("2025-07-27")),
    ],
)
def test_a_value_is_read_in_every_usual_spelling(text, found):
    assert read(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "ord-250820-007",
        "ana-lima-12345",
        "SKU_27 and 27_a",
        "X670E, i7-14700K, DDR5-6000",
        "v2, version 2.0.1, v2.1",
        "1.234,50",
        "1,23 and 12,34,5",
        "10:30, 5 pm, 10 a.m.",
        "3:1 and 24/7 and 4.5/5",
        "1st, 2nd, 3rd",
        "in July 2025",
        "in 2025 and since 2024",
        "2025-07",
        "27/7/2025",
        "31 February 2025",
        "02134 and 007",
        "#12",
        "https://shop.example/27?page=12",
        "ana27@shop.example and 27ana@shop.example",
        "+1 555 010 0199, (555) 010-0199, 415-555-2671, 555-0100",
        "step 3 of page 4",
        "1" * 40,
        "twenty-one",
    ],
)
def test_what_only_looks_like_a_value_is_none(text):
    assert read(text) == []


def test_the_12_may_be_no_date_but_12_may_is_in_may():
    assert read("the 12 may have been lost") == numbers("12")
    assert read("on 12 May") == days("2025-05-12")


def test_numbers_up_to_twelve_may_be_spelled_out():
    found = number_words("Twelve refunds, one-time, twenty-one, someone, two.")

    assert [each.value for each in found] == [12, 2]


# invariants

cents = st.decimals(0, 9_999_999, places=2)
moments = st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31))
AMOUNTS = (
    "${:,.2f}",
    "${:.2f}",
    "USD {:,.2f}",
    "{:.2f} USD",
    "{:,.2f} dollars",
    "**US${:,.2f}**",
)
DATES = ("%Y-%m-%d", "%B %d, %Y", "%d %B %Y", "%b %d, %Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%b-%Y")
glue = st.text("abcdefXYZ", min_size=1, max_size=3)


@given(
    cents, st.sampled_from(AMOUNTS), st.sampled_from(["{}", "Total: {}.", "({})", "| {} |", "“{}”"])
)
def test_an_amount_in_any_spelling_is_found(amount, spelling, frame):
    assert read(frame.format(spelling.format(amount))) == [("money", amount)]


@given(moments, st.sampled_from(DATES), st.sampled_from(["{}", "on {}.", "({})", "*{}*"]))
def test_a_date_in_any_spelling_is_found(day, spelling, frame):
    assert read(frame.format(day.strftime(spelling))) == [("date", day)]


@given(st.integers(0, 9_999_999), st.sampled_from(["{}", "{:,}", "**{}**"]))
def test_a_number_in_any_spelling_is_found(number, spelling):
    text = f"I count {spelling.format(number)} of them"

    assert read(text) == numbers(number)


@given(st.integers(1, 99_999), st.integers(0, 9), st.integers(0, 9))
def test_a_number_is_never_found_inside_a_longer_one(number, before, after):
    assume(before)

    for text in (
        f"{before}{number}",
        f"{number}{after}",
        f"{number}.{after}5",
        f"{before}.{number}1",
    ):
        assert ("number", Decimal(number)) not in read(text)


@given(st.integers(1, 9_999), glue, st.sampled_from(["-", "_", ""]))
def test_a_number_is_never_found_inside_a_name(number, letters, joint):
    assert read(f"{letters}{joint}{number}") == []


@given(st.text(max_size=300))
def test_any_text_can_be_read(text):
    values_in(plain(text), 2025)
    number_words(plain(text))


@pytest.mark.parametrize(
    "text",
    [
        "12 " * 20_000,
        "1-" * 100_000,
        "1." * 100_000,
        "$1,2" * 50_000,
        "a" * 200_000,
        "July 1 to " * 20_000,
        "http://a1 " * 20_000,
        "*" * 200_000,
        "[" * 200_000,
        "[](" * 60_000,
        "<b " * 60_000,
        "_a" * 100_000,
        "(555) " * 30_000,
    ],
    ids=lambda text: text[:10],
)
def test_hostile_text_is_read_in_linear_time(text):
    begin = time.process_time()
    values_in(plain(text), 2025)

    assert time.process_time() - begin < 10
