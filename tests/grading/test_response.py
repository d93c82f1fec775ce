"""response: what agents tell people, right, wrong and nearly right."""

import pytest

from grading.criteria import Criterion, Outcome
from grading.graders import grade_criterion, read_check
from simulation.environments import environment
from simulation.errors import Problems
from tests.grading.evidence import grade, make_evidence, told


def met(answer, **claim):
    finding = told(answer, **claim)
    assert finding.outcome in (Outcome.MET, Outcome.NOT_MET)
    return finding.outcome == Outcome.MET


# text

NAME = {"all_of": ["Ana Li"]}
RETURN = {"any_of": ["30 days", "thirty days"], "none_of": ["31 days"]}


@pytest.mark.parametrize(
    ("claim", "answer", "is_met"),
    [
        (NAME, "I wrote to Ana Li.", True),
        (NAME, "I wrote to **ANA\n LI**!", True),
        (NAME, "Ana Li's order", True),
        (NAME, "| Ana Li | gold |", True),
        (NAME, "I wrote to Ana Lima.", False),
        (NAME, "I wrote to Ana Li-Ming.", False),
        (NAME, "Mariana Li", False),
        (NAME, "", False),
        (RETURN, "Returns are possible within 30 days.", True),
        (RETURN, "Returns are possible within **thirty\u00a0days**.", True),
        (RETURN, "Returns are possible within 130 days.", False),
        (RETURN, "Returns within 30 days, in your case 31 days.", False),
        (RETURN, "Returns are possible.", False),
        ({"all_of": ["it's “fine”"]}, 'It\u2019s "fine"', True),
        ({"all_of": ["X670E - Pro"]}, "the X670E \u2013 Pro", True),
        ({"all_of": ["non-refundable"]}, "shipping is non\u2011refundable", True),
        ({"all_of": ["refundable"]}, "shipping is non-refundable", False),
        ({"all_of": ["ord-250820-007"]}, "`ord-250820-007`", True),
        ({"all_of": ["ord-250820-007"]}, "ord-250820-0071", False),
        ({"all_of": ["ord-250820-007"]}, "xord-250820-007", False),
        ({"all_of": ["12"]}, "12.50", False),
        ({"all_of": ["returns@shop.example"]}, "[write us](mailto:returns@shop.example)", False),
        ({"all_of": ["write us"]}, "[Write us](https://shop.example)", True),
        ({"all_of": ["one", "two"]}, "two and one", True),
        ({"all_of": ["one", "two"]}, "one", False),
        ({"none_of": ["refund"]}, "We cannot do that.", True),
        ({"none_of": ["refund"]}, "", True),
        ({"none_of": ["refund"]}, "A refund is on its way.", False),
    ],
)
def test_words_are_whole_and_typography_does_not_count(claim, answer, is_met):
    assert met(answer, text=claim) == is_met


# numbers

TWELVE = {"value": 12, "near": ["refund"]}


@pytest.mark.parametrize(
    ("answer", "is_met"),
    [
        ("There were 12 refunds in July.", True),
        ("There were **twelve** refunds.", True),
        ("Refunds: 12", True),
        ("- **Refunds:** 12\n- **Orders:** 40", True),
        ("| Month | Refunds |\n|---|---|\n| July | 12 |", True),
        ("| What | Count |\n|---|---|\n| Refunds | 12 |\n| Orders | 40 |", True),
        ("| Refunds | 12 |\n|---|---|\n| Orders | 40 |", True),
        ("### Refunds\n\n12", True),
        ("Refunds processed in July:\n\n**12**", True),
        ("- July 2025\n  - Refunds: 12\n  - Orders: 40", True),
        ('{"refunds": 12}', True),
        ("In July 2025, 12 of the 40 refunds were processed.", True),
        ("12 out of 40 refunds were processed", True),
        ("Of the 40 tickets, 12 led to refunds.", True),
        ("12 refunds, 13 exchanges", True),
        ("12 refunds and 13 exchanges", True),
        ("Exchanges: 13 Refunds: 12", True),
        ("12 refunds were processed. One of the refunds was for $500.", True),
        ("12 refunds were processed. Three of these refunds were late.", True),
        ("12 refunds were processed: 7 refunds for defects and 5 refunds for shipping.", True),
        ("12 refunds. Refunds usually take 5 business days.", True),
        ("12 refunds; 5 customers asked for refunds twice", True),
        ("I processed 12 refunds on July 13 at 13:00 for $13.00.", True),
        ("12 refunds, not 13 refunds as you wrote", True),
        ("12 refunds in total, 13% of refunds in the year", True),
        ("There were 13 refunds.", False),
        ("12 refunds … in total 13 refunds", False),
        ("There were 12 refunds.\nIn total 13 refunds were made.", False),
        ("12 refunds. The number of refunds is 13.", False),
        ("12 or 13 refunds", False),
        ("12–13 refunds", False),
        ("not 12 but 13 refunds", False),
        ("more than 12 refunds", False),
        ("12 tickets. There were no refunds.", False),
        ("We got 12 tickets. There were 13 refunds.", False),
        ("July 12 refunds were late", False),
        ("refunds of 12 July", False),
        ("refunds on 2025-12-12", False),
        ("refunds for ord-250712-012", False),
        ("1,200 refunds", False),
        ("12.5 refunds", False),
        ("112 refunds", False),
        ("12% of refunds", False),
        ("$12 refunds", False),
        ("refunds at 12:12", False),
        ("12. refunds were slow", False),
        ("refunds, version 12", False),
        ("", False),
    ],
)
def test_a_number_stands_near_its_words_as_a_value_and_is_not_contradicted(answer, is_met):
    assert met(answer, number=TWELVE) == is_met


@pytest.mark.parametrize(
    ("claim", "answer", "is_met"),
    [
        ({"value": 1204}, "1,204 orders", True),
        ({"value": 1204}, "1204", True),
        ({"value": 27}, "July 27", False),
        ({"value": 27}, "27 July 2025", False),
        ({"value": 27}, "27th", False),
        ({"value": 27}, "27", True),
        ({"value": 2}, "two", False),
        ({"value": 33.3, "tolerance": 0.05}, "33.33", True),
        ({"value": 33.3, "tolerance": 0.05}, "33.4", False),
        ({"value": 30, "unit": ["day"]}, "within 30 days", True),
        ({"value": 30, "unit": ["day"]}, "a 30-day window", True),
        ({"value": 30, "unit": ["day"]}, "30 orders", False),
        ({"value": 30, "unit": ["day"]}, "| Days left |\n|---|\n| 30 |", True),
        ({"value": 16, "unit": ["GB"]}, "16GB", True),
        ({"value": 16, "unit": ["GB"]}, "16 GB", True),
        ({"value": 16}, "16GB", False),
        ({"value": 12, "unit": ["%", "percent"]}, "12 %", True),
        ({"value": 12, "unit": ["%"]}, "12", False),
        (
            {"value": 30, "unit": ["day"], "near": ["return"]},
            "Return it within 30 days; 3 returns.",
            True,
        ),
    ],
)
def test_numbers_have_units_and_tolerances(claim, answer, is_met):
    assert met(answer, number=claim) == is_met


# money

TOTAL = {"value": 1234.5, "near": ["total"]}


@pytest.mark.parametrize(
    ("answer", "is_met"),
    [
        ("Total: $1,234.50", True),
        ("a total of 1234.5 USD", True),
        ("The total is USD 1,234.50.", True),
        ("Total: 1,234.5 dollars", True),
        ("**Total refunded:** **$1,234.50**", True),
        ("| Refunds | Total |\n|---|---|\n| 12 | 1234.50 |", True),
        ("| Total | $1,234.50 |\n|---|---|\n| Orders | 40 |", True),
        ("Total (12 refunds): $1,234.50", True),
        ("Total $1,234.50 (subtotal $1,200.00)", True),
        ("Goods $1,200.00, shipping $34.50, total $1,234.50", True),
        ("The total comes to $1,234.50, of which $234.50 is pending.", True),
        ("Total refunded: -$1,234.50", True),
        ("Total: $1,000.00 by card\nTotal: $234.50 by bank\nTotal: $1,234.50", True),
        ('{"count": 12, "total": 1234.5}', True),
        ("Total: 1.234,50", False),
        ("Total: $1,234.05", False),
        ("Total: $1,234", False),
        ("Total: €1,234.50", False),
        ("Total: 12 refunds. Shipping: $1,234.50", False),
        ("Subtotal: $1,234.50", False),
        ("Total: $1,234.50. Total refunded: $1,250.00", False),
        ("The total is $1,234.50 or $1,250.00", False),
        ("I cannot tell the total.", False),
    ],
)
def test_an_amount_is_found_to_the_cent(answer, is_met):
    assert met(answer, money=TOTAL) == is_met


@pytest.mark.parametrize(
    ("claim", "answer", "is_met"),
    [
        ({"value": 153.5}, "$153.50", True),
        ({"value": 153.5}, "153.5", True),
        ({"value": 153.5}, "$1153.50", False),
        ({"value": 154}, "154", False),
        ({"value": 154}, "154.00", True),
        ({"value": 150, "tolerance": 5}, "$153.50", True),
        ({"value": -12, "signed": True}, "-$12.00", True),
        ({"value": -12, "signed": True}, "$12.00", False),
        ({"value": -12}, "$12.00", True),
    ],
)
def test_amounts_have_tolerances_and_may_have_a_sign(claim, answer, is_met):
    assert met(answer, money=claim) == is_met


# dates

DELIVERED = {"value": "2025-07-27", "near": ["delivered", "delivery"]}


@pytest.mark.parametrize(
    ("answer", "is_met"),
    [
        ("It was delivered on July 27.", True),
        ("Delivered: 2025-07-27", True),
        ("Delivered: 2025-07-27T16:20:00Z", True),
        ("It was delivered on 27 July 2025.", True),
        ("delivered 7/27/2025", True),
        ("Delivery date: Jul 27, 2025", True),
        ("| Ordered | Delivered |\n|---|---|\n| July 20 | July 27 |", True),
        ("Ordered on July 20 and delivered on July 27.", True),
        ("Delivered on July 27 (label created July 24).", True),
        ("It was delivered on July 27. The delivery took 7 days.", True),
        ("delivered 27/7/2025", False),
        ("It was delivered on July 28.", False),
        ("July 27, 2024 delivered", False),
        ("Delivered on July 28 (ordered July 27).", False),
        ("Delivered on July 27. Later I saw that it was delivered on July 28.", False),
        ("It was delivered on July 27 or July 28.", False),
        ("Ordered on July 27. Delivery is late.", False),
        ("delivered in July 2025", False),
    ],
)
def test_a_date_is_found_in_any_spelling_and_is_not_contradicted(answer, is_met):
    assert met(answer, date=DELIVERED) == is_met


def test_a_date_may_be_bound_to_an_instant():
    first = {"query": {"entity_type": "sale", "measure": {"min": "createdAt"}}}

    assert met("The first sale was on September 1.", date={"value": first})


# where the text stands

TOLD = {"source": {"entity_type": "sale", "field": "buyer"}, "text": {"all_of": ["Dee Dee"]}}


def test_text_that_the_agent_wrote_into_rows_can_be_read():
    wrote = make_evidence(("sell", {"buyer": "**Dee  Dee**", "item_id": "lamp"}))
    finding = grade({"kind": "response", **TOLD}, wrote)

    assert finding.outcome == Outcome.MET
    assert [cited.step for cited in finding.evidence] == [1]


def test_what_stood_there_before_or_in_the_answer_does_not_count():
    sale = {"buyer": "Dee Dee", "lines": [], "status": "open", "createdAt": "2025-09-01T10:00:00Z"}
    setup = [{"op": "create", "entity_type": "sale", "id": "s", "fields": sale}]
    finding = grade({"kind": "response", **TOLD}, make_evidence(answer="Dee Dee", setup=setup))

    assert finding.outcome == Outcome.NOT_MET
    assert finding.reason == "no new sale has such a text: “Dee Dee” is not in it"


def test_rows_can_be_narrowed_and_are_read_together():
    calls = [("sell", {"buyer": name, "item_id": "lamp"}) for name in ("one", "two", "three")]
    where = [{"path": "buyer", "op": "ne", "value": "three"}]
    source = {"entity_type": "sale", "field": "buyer", "where": where}
    evidence = make_evidence(*calls)

    both = grade(
        {"kind": "response", "source": source, "text": {"all_of": ["one", "two"]}}, evidence
    )
    third = grade({"kind": "response", "source": source, "text": {"all_of": ["three"]}}, evidence)
    assert (both.outcome, third.outcome) == (Outcome.MET, Outcome.NOT_MET)


def test_the_step_of_the_final_answer_is_cited_with_its_words():
    evidence = make_evidence(("searchSales", {}), answer="There were 12 refunds.")
    finding = grade({"kind": "response", "number": TWELVE}, evidence)

    (cited,) = finding.evidence
    assert evidence.steps[cited.step].content == "There were 12 refunds."
    assert cited.quote == "There were 12 refunds."


def test_a_contradiction_is_explained_with_both_values():
    finding = told("We made 12 refunds. In total 13 refunds.", number=TWELVE)

    assert finding.reason == (
        "“In total 13 refunds.” says 13, expected 12, although “We made 12 refunds.” says so"
    )


# checks that make no sense

COUNT = {"query": {"entity_type": "sale"}}
PRICED = {"query": {"entity_type": "item", "measure": {"list": ["id", "price"]}}}


@pytest.mark.parametrize(
    ("claim", "message"),
    [
        (
            {},
            "exactly one of text, number, money, date, date_time, entity, list, layout, matches",
        ),
        ({"number": {"value": 1}, "money": {"value": 1}}, "write exactly one of"),
        ({"number": {"value": "12"}}, "check.number.value: write a number without quotes"),
        ({"number": {"value": True}}, "write a number without quotes"),
        ({"date": {"value": "July 27"}}, "write a date such as 2025-07-27"),
        ({"text": {}}, "write any_of, all_of or none_of"),
        ({"text": {"any_of": ["**"]}}, "has no words to look for"),
        ({"number": {"value": 1, "near": [" "]}}, "write words, not empty texts"),
        ({"list": {"items": []}}, "write a list of items"),
        ({"list": {"items": ["a", []]}}, "an item is a text"),
        ({"list": {"items": "abc"}}, "write a list of items"),
        ({"number": {"value": 1, "colour": 2}}, "Extra inputs"),
        ({"source": "question", "text": {"any_of": ["a"]}}, "check.source"),
    ],
)
def test_a_check_that_makes_no_sense_is_refused(claim, message):
    with pytest.raises(Problems, match=message):
        read_check({"kind": "response", **claim})


@pytest.mark.parametrize(
    ("claim", "message"),
    [
        (
            {"text": {"any_of": [COUNT]}},
            r"check.text.any_of.0.query: gives a number, and text is expected",
        ),
        (
            {"date": {"value": COUNT}},
            "number.* gives a number, and a date or an instant is expected",
        ),
        (
            {"list": {"items": COUNT}},
            "list.items.query: gives a number, and a list of texts is expected",
        ),
        (
            {"source": {"entity_type": "sale", "field": "body"}, "text": {"any_of": ["a"]}},
            "no field 'body'",
        ),
        (
            {"source": {"entity_type": "item", "field": "price"}, "text": {"any_of": ["a"]}},
            "price is a number",
        ),
        (
            {"number": {"value": {"query": {"entity_type": "x"}}}},
            "number.value.query: entity_type 'x'",
        ),
        ({"list": {"items": PRICED}}, "list.items.query: price is a number, and items are texts"),
    ],
)
def test_what_does_not_fit_the_company_is_named_when_the_check_is_bound(claim, message):
    with pytest.raises(Problems, match=message.replace("number.* ", "")):
        told("", **claim)


def test_a_query_that_was_never_bound_is_a_grader_error():
    criterion = Criterion(key="a", text="b", check={"kind": "response", "number": {"value": COUNT}})
    finding = grade_criterion(criterion, make_evidence(answer="3"))

    assert finding.outcome == Outcome.GRADER_ERROR
    assert "the number of sales was never bound to a world" in finding.reason


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ({"number": TWELVE}, "The answer gives the number 12 near “refund”."),
        (
            {"money": {"value": {"query": {"entity_type": "item", "measure": {"sum": "price"}}}}},
            "The answer gives as the amount the sum of price over the items.",
        ),
        (
            {"number": {"value": COUNT, "near": ["open"]}},
            "The answer gives the number of sales, near “open”.",
        ),
        (
            {
                "entity": {
                    "entity_type": "item",
                    "id": {"query": {"entity_type": "item", "measure": {"field": "id"}}},
                }
            },
            "The answer names as the item the id of the item.",
        ),
        (
            {"list": {"items": [{"item": ["Ana", "a-1"], "beside": ["ana@x", 2]}, "Bo"]}},
            "The answer lists Ana (ana@x, 2) and Bo and nothing else.",
        ),
        (
            {
                "list": {
                    "items": {
                        "query": {"entity_type": "sale", "measure": {"list": ["buyer", "id"]}}
                    },
                    "beside": ["id"],
                    "allow_extra": True,
                }
            },
            "The answer lists buyer of each sale, each together with the sale's id.",
        ),
        ({"text": RETURN}, "The answer says 30 days or thirty days and does not say 31 days."),
        (
            {"list": {"items": [["Ana", "a-1"], "Bo"]}},
            "The answer lists Ana and Bo and nothing else.",
        ),
        (TOLD, "Buyer of the new sales says Dee Dee."),
    ],
)
def test_a_check_says_itself_in_english(claim, sentence):
    assert read_check({"kind": "response", **claim}).sentence() == sentence


def test_the_example_fits_its_company():
    example = read_check(read_check({"kind": "response", "number": TWELVE}).EXAMPLE)

    assert example.problems(environment("corecraft")) == []
