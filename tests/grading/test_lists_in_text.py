"""Lists in answers: every expected item, no other of the kind, however the list is written."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.criteria import Criterion, Outcome
from grading.graders import grade_criterion
from tests.factories import make_snapshot, sale
from tests.grading.evidence import make_evidence, told

BUYERS = ("Ana Lima", "Bo Chen", "Cy Young", "Ana Li", "Dan Fox", "Eve Drift", "Eve Drift Pro")
WORLD = make_snapshot(
    {"sale": {f"sale-25090{n}-00{n}": sale(name) for n, name in enumerate(BUYERS, 1)}}
)
THREE = [["Ana Lima", "cust-1"], ["Bo Chen", "cust-2"], ["Cy Young", "cust-3"]]
PLAIN = "- Ana Lima\n- Bo Chen\n- Cy Young\n"
TABLE = "| Customer | Tickets |\n|---|---|\n| Ana Lima | 2 |\n| Bo Chen | 1 |\n| Cy Young | 3 |\n"


def listing(answer, items=THREE, **fields):
    return told(answer, WORLD, list={"items": items, **fields})


RIGHT = {
    "bullets": PLAIN,
    "bullets with words around": f"The customers are:\n{PLAIN}\nLet me know if you need more.",
    "stars": "* Ana Lima\n* Bo Chen\n* Cy Young",
    "dots without spaces": "•Ana Lima\n•Bo Chen\n•Cy Young",
    "boxes": "- [ ] Ana Lima\n- [x] Bo Chen\n- [ ] Cy Young",
    "another order": "- Cy Young\n- Ana Lima\n- Bo Chen",
    "one of them twice": PLAIN + "- Ana Lima",
    "numbers, bold, details": (
        "1. **Ana Lima** (ana@x.example) – 2 tickets\n"
        "2. **Bo Chen** — 1 ticket\n"
        "3. **Cy Young**: 3 tickets"
    ),
    "dashes without spaces": "- **Ana Lima**—gold\n- **Bo Chen**–gold\n- **Cy Young**—platinum",
    "upper case and odd spaces": "- ANA  LIMA\n- bo\u00a0chen\n- Cy Young",
    "links and code": "- [Ana Lima](https://x.example/1)\n- `cust-2`\n- _Cy Young_",
    "ids": "- cust-1\n- cust-2\n- cust-3",
    "ids and names": "- cust-1 – Ana Lima\n- Bo Chen (cust-2)\n- cust-3: Cy Young",
    "labels": "- Customer: Ana Lima\n- Customer: Bo Chen\n- Customer: Cy Young",
    "records": (
        "- Customer: Ana Lima\n- Ticket: tick-1\n\n- Customer: Bo Chen\n- Ticket: tick-2\n\n"
        "- Customer: Cy Young\n- Ticket: tick-3"
    ),
    "records of tickets": (
        "1. **Ticket tick-1**\n   - Customer: Ana Lima\n   - Priority: high\n   - Opened: July 3\n"
        "2. **Ticket tick-2**\n   - Customer: Bo Chen\n   - Priority: high\n   - Opened: July 4\n"
        "3. **Ticket tick-3**\n   - Customer: Cy Young\n   - Priority: high\n   - Opened: July 5"
    ),
    "nested details": (
        "- Ana Lima\n  - referred by Dan Fox\n- Bo Chen\n  - 2 tickets\n- Cy Young\n  - Gold Tier"
    ),
    "details that begin with another name": (
        "- Ana Lima\n  - Dan Fox wrote for her\n- Bo Chen\n- Cy Young"
    ),
    "labels between items": "- Ana Lima\n- Silver Tier\n  - Bo Chen\n- Cy Young",
    "a list of actions beside": (
        PLAIN + "\nActions:\n- Ana Lima: send the letter\n- Update Every Ticket\n- Close The Case"
    ),
    "details at the same depth": (
        "1. Ana Lima\n- Ticket: tick-1\n- Priority: high\n2. Bo Chen\n- Ticket: tick-2\n"
        "- Priority: high\n3. Cy Young\n- Ticket: tick-3"
    ),
    "details on the next line": (
        "- Ana Lima\n  ana@x.example, gold\n- Bo Chen\n  bo@x.example\n- Cy Young\n  cy@x.example"
    ),
    "sentences": (
        "- Ana Lima has two open tickets\n- Bo Chen has one open ticket\n- Cy Young has three"
    ),
    "table": TABLE,
    "table with a total": TABLE + "| **Total** | 6 |",
    "table with the customers last": (
        "| # | Ticket | Assigned | Customer |\n|---|---|---|---|\n"
        "| 1 | tick-1 | Dan Fox | Ana Lima |\n| 2 | tick-2 | Dan Fox | Bo Chen |\n"
        "| 3 | tick-3 | – | Cy Young |"
    ),
    "table without a line under its head": (
        "| Customer | Tier |\n| Ana Lima | gold |\n| Bo Chen | gold |\n| Cy Young | gold |"
    ),
    "table of ids and names": (
        "| Id | Name |\n|---|---|\n"
        "| cust-1 | Ana Lima |\n| cust-2 | Bo Chen |\n| cust-3 | Cy Young |"
    ),
    "headings": (
        "### 1. Ana Lima\n- Email: a@x\n- Tickets: 2\n\n### 2. Bo Chen\n- Email: b@x\n\n"
        "### 3. Cy Young\n- Email: c@x\n\n## Next steps\n- Send the letter"
    ),
    "bold lines": (
        "**Ana Lima**\n- Ticket: tick-1\n\n**Bo Chen**\n- Ticket: tick-2\n\n"
        "**Cy Young**\n- Ticket: tick-3"
    ),
    "one a line": "Ana Lima\nBo Chen\nCy Young",
    "comma": "Ana Lima, Bo Chen, Cy Young",
    "semicolon": "Ana Lima; Bo Chen; Cy Young",
    "sentence": "The customers are Ana Lima, Bo Chen and Cy Young.",
    "sentence with details": "Customers: Ana Lima (gold), Bo Chen (gold), and Cy Young (platinum)",
    "by group in lines": "Gold: Ana Lima, Bo Chen\nPlatinum: Cy Young",
    "by group in brackets": "Gold (Ana Lima, Bo Chen), Platinum (Cy Young)",
    "by group in bullets": "- Gold: Ana Lima, Bo Chen\n- Platinum: Cy Young",
    "by group, nested": "- Gold (2)\n  - Ana Lima\n  - Bo Chen\n- Platinum (1)\n  - Cy Young",
    "by group under bold lines": (
        "**Gold (2)**\n- Ana Lima\n- Bo Chen\n\n**Platinum (1)**\n- Cy Young"
    ),
    "by group in tables": (
        "## Gold\n| Name |\n|---|\n| Ana Lima |\n| Bo Chen |\n\n"
        "## Platinum\n| Name |\n|---|\n| Cy Young |"
    ),
    "summary first": f"- Gold: 2 customers\n- Platinum: 1 customer\n\nThe customers:\n\n{PLAIN}",
    "a remark in the list": PLAIN + "- All of them have been told.",
    "a total in the list": PLAIN + "- Total: 3 customers",
    "an offer in the list": PLAIN + "- If you want, I can write to them.",
    "next steps": PLAIN + "\nNext steps:\n- Write to Ana Lima first\n- Send the letter\n- Close",
    "those that are left out": PLAIN + "\nNot affected:\n- Dan Fox\n- Eve Drift",
    "those that are left out, in words": PLAIN + "\nDan Fox was left out: his ticket is closed.",
    "sources": PLAIN + "\nSources:\n- Returns Policy\n- Recall Notice 12",
    "json": '["Ana Lima", "Bo Chen", "Cy Young"]',
    "json of objects": '[{"name": "Ana Lima"}, {"id": "cust-2"}, {"name": "Cy Young", "age": 7}]',
    "json in a fence": 'Here:\n```json\n{"customers": ["Ana Lima", "Bo Chen", "cust-3"]}\n```',
    "json in a sentence": 'They are ["Ana Lima", "Bo Chen", "Cy Young"].',
}


@pytest.mark.parametrize("answer", RIGHT.values(), ids=RIGHT)
def test_a_complete_list_is_met_however_it_is_written(answer):
    finding = listing(answer)

    assert finding.outcome == Outcome.MET, finding.reason


WRONG = {
    "nothing": ("", "missing: Ana Lima, Bo Chen, Cy Young"),
    "no list": ("I could not find them.", "missing: Ana Lima, Bo Chen, Cy Young"),
    "one missing": ("- Ana Lima\n- Bo Chen", "2 of 3 items are listed; missing: Cy Young"),
    "a shorter name": (
        "- Ana Li\n- Bo Chen\n- Cy Young",
        "missing: Ana Lima; not expected: Ana Li",
    ),
    "a longer name": ("- Ana Limasol\n- Bo Chen\n- Cy Young", "missing: Ana Lima"),
    "only a first name": ("- Ana\n- Bo Chen\n- Cy Young", "missing: Ana Lima"),
    "invented in bullets": (PLAIN + "- Zed Zog", "not expected: Zed Zog"),
    "invented with details": (
        PLAIN + "- Zed Zog (z@x.example) – 2 tickets",
        "not expected: Zed Zog",
    ),
    "invented in a numbered list": (
        "1. Ana Lima\n2. Bo Chen\n3. Cy Young\n4. Zed Zog",
        "not expected: Zed Zog",
    ),
    "invented in a sentence of the list": (
        "- Ana Lima has two tickets\n- Bo Chen has one\n- Cy Young has one\n"
        "- Zed Zog has one ticket that is very old indeed",
        "not expected: Zed Zog",
    ),
    "invented among labels": (
        "- Customer: Ana Lima\n- Customer: Bo Chen\n- Customer: Cy Young\n- Customer: Zed Zog",
        "not expected: Customer",
    ),
    "invented in a table": (TABLE + "| Zed Zog | 6 |", "not expected: Zed Zog"),
    "invented in JSON": ('["Ana Lima", "Bo Chen", "Cy Young", "Zed"]', "not expected: Zed"),
    "another customer in a sentence": (
        "They are Ana Lima, Bo Chen, Dan Fox and Cy Young.",
        "3 of 3 items are listed; not expected: dan fox",
    ),
    "another customer first in a sentence": (
        "They are Dan Fox, Ana Lima, Bo Chen and Cy Young.",
        "not expected: dan fox",
    ),
    "another customer in a line of its own": (
        "Ana Lima\nBo Chen\nCy Young\nDan Fox",
        "not expected: Dan Fox",
    ),
    "another customer in a group of his own": (
        f"**Gold**\n{PLAIN}\n**Platinum**\n- Dan Fox",
        "not expected: Dan Fox",
    ),
    "another customer beside one": (
        "- Gold: Ana Lima, Dan Fox\n- Silver: Bo Chen, Cy Young",
        "not expected: dan fox",
    ),
    "another customer between two": (
        "- Gold: Ana Lima, Dan Fox, Bo Chen\n- Silver: Cy Young",
        "3 of 3 items are listed; not expected: dan fox",
    ),
    "another customer as a heading": (
        "### Ana Lima\nx\n### Bo Chen\nx\n### Cy Young\nx\n### Dan Fox\nx",
        "not expected: Dan Fox",
    ),
    "two right and five wrong": (
        "- Ana Lima\n- Bo Chen\n- Cy Young\n- Dan Fox\n- Eve Drift\n- Zed Zog\n- Yan Yo\n- Xi Xa",
        "not expected: Dan Fox, Eve Drift, Zed Zog, Yan Yo, Xi Xa",
    ),
    "named only in the detail of another": (
        "- Bo Chen (referred by Ana Lima)\n- Cy Young",
        "missing: Ana Lima",
    ),
    "named only in brackets with others": (
        "- Bo Chen (sits beside Ira and Ana Lima)\n- Cy Young",
        "missing: Ana Lima",
    ),
    "named only after another customer": (
        "- Dan Fox (colleague of Ana Lima)\n- Bo Chen\n- Cy Young",
        "missing: Ana Lima; not expected: Dan Fox",
    ),
    "invented beside one in another column": (
        "| Customer | Referred by |\n|---|---|\n| Ana Lima | – |\n| Bo Chen | – |\n"
        "| Cy Young | – |\n| Zed Zog | Ana Lima |",
        "not expected: Zed Zog",
    ),
    "named only in another column": (
        "| Customer | Referred by |\n|---|---|\n| Bo Chen | Ana Lima |\n| Cy Young | – |",
        "missing: Ana Lima",
    ),
    "named only as left out": (
        "- Bo Chen\n- Cy Young\n\nNot affected:\n- Ana Lima",
        "missing: Ana Lima",
    ),
    "named only in passing": (
        "Ana Lima asked about the others.\n\n- Bo Chen\n- Cy Young",
        "missing: Ana Lima",
    ),
    "named only in a remark of the list": (
        "- Bo Chen\n- Cy Young\n- I wrote to Ana Lima about it",
        "missing: Ana Lima",
    ),
    "named only in the prose beside": (
        "- Bo Chen\n- Cy Young\n\nI did not count Ana Lima.",
        "missing: Ana Lima",
    ),
}


@pytest.mark.parametrize(("answer", "reason"), WRONG.values(), ids=WRONG)
def test_what_is_missing_or_too_much_is_named(answer, reason):
    finding = listing(answer)

    assert finding.outcome == Outcome.NOT_MET
    assert reason in finding.reason


@pytest.mark.parametrize(
    ("items", "answer", "met"),
    [
        (["Eve Drift", "Ana Lima"], "- Eve Drift\n- Ana Lima", True),
        (["Eve Drift", "Ana Lima"], "- Eve Drift Pro\n- Ana Lima", False),
        (["Eve Drift", "Eve Drift Pro"], "- Eve Drift Pro\n- Eve Drift", True),
        (["Eve Drift", "Eve Drift Pro"], "- Eve Drift Pro", False),
        (["sale-250901-001"], "The sale is sale-250901-001.", True),
        (["sale-250901-001"], "sale-250901-0011", False),
        (["sale-250901-001", "sale-250902-002"], "sale-250901-001 and sale-250902-002", True),
        (
            ["sale-250901-001", "sale-250902-002"],
            "sale-250901-001, sale-250902-002, sale-250903-003",
            False,
        ),
        (["sale-250901-001"], "- sale-250901-001\n- sale-999999-999", False),
        (["Ana Lima"], "Only Ana Lima is affected.", True),
        (["Vortex", "SkyForge"], "- Vortex\n- SkyForge\n- Please check them.", True),
        (["Vortex", "SkyForge"], "- Vortex\n- SkyForge\n- Nimbus", False),
        (["Nuts, Bolts and Co", "Bo Chen"], "Nuts, Bolts and Co; Bo Chen", True),
    ],
)
def test_items_are_whole_names_and_ids(items, answer, met):
    assert (listing(answer, items).outcome == Outcome.MET) == met


def test_extra_items_can_be_allowed():
    assert listing(PLAIN + "- Zed Zog", allow_extra=True).outcome == Outcome.MET
    assert listing("- Ana Lima\n- Zed Zog", allow_extra=True).outcome == Outcome.NOT_MET


def test_a_query_may_give_the_items_in_several_spellings():
    query = {
        "entity_type": "sale",
        "where": [{"path": "buyer", "op": "in", "value": ["Ana Lima", "Bo Chen"]}],
        "measure": {"list": ["buyer", "id"]},
    }
    items = {"query": query}

    assert listing("- Ana Lima\n- sale-250902-002", items).outcome == Outcome.MET
    assert listing("- Ana Lima\n- sale-250903-003", items).reason == (
        "1 of 2 items are listed; missing: Bo Chen; not expected: sale-250903-003"
    )


def test_a_query_that_gives_nothing_cannot_be_graded():
    query = {
        "entity_type": "sale",
        "where": [{"path": "buyer", "value": "Nobody"}],
        "measure": {"list": "buyer"},
    }
    check = {"kind": "response", "list": {"items": {"query": query, "value": []}}}

    finding = grade_criterion(Criterion(key="a", text="b", check=check), make_evidence())

    assert finding.outcome == Outcome.GRADER_ERROR
    assert "write a list of items" in finding.reason


# invariants

names = st.lists(
    st.from_regex(r"\A[A-Z][a-z]{2,7} [A-Z][a-z]{2,9}\Z"), min_size=2, max_size=8, unique=True
)
FRAMES = (
    lambda names: "\n".join(f"- {name}" for name in names),
    lambda names: "\n".join(f"{n}. **{name}** – gold" for n, name in enumerate(names, 1)),
    lambda names: "\n".join(["|Name|Tier|", "|---|---|", *(f"|{name}|gold|" for name in names)]),
    lambda names: f"They are {', '.join(names[:-1])} and {names[-1]}.",
    lambda names: "[" + ", ".join(f'"{name}"' for name in names) + "]",
)


@given(names, st.sampled_from(FRAMES))
def test_every_frame_with_all_items_is_met_and_with_one_less_is_not(drawn, frame):
    whole, less = (told(frame(part), list={"items": drawn}) for part in (drawn, drawn[1:]))

    assert whole.outcome == Outcome.MET, whole.reason
    assert less.outcome == Outcome.NOT_MET
    assert f"missing: {drawn[0]}" in less.reason


@given(names, st.sampled_from([FRAMES[0], FRAMES[1], FRAMES[2], FRAMES[4]]))
def test_every_list_with_one_item_too_many_names_it(drawn, frame):
    finding = told(frame(drawn), list={"items": drawn[1:]})

    assert finding.outcome == Outcome.NOT_MET
    assert f"not expected: {drawn[0]}" in finding.reason


@pytest.mark.parametrize(
    "text",
    [
        "- Ana Lima, Bo Chen\n" * 8_000,
        "Ana Lima, " * 20_000,
        "Ana Lima and " * 15_000,
        "| Ana Lima " * 18_000,
        "|a|\n" * 50_000,
        "a|\n" * 60_000,
        "a\n" * 100_000,
        "".join(f"{' ' * n}- Ana Lima\n" for n in range(600)),
        "[" * 200_000,
        "(" * 200_000,
        "Ana Lima (" * 20_000,
        "- [ ] " * 30_000,
    ],
    ids=lambda text: text[:12].strip(),
)
def test_hostile_lists_are_read_in_linear_time(text):
    begin = time.process_time()
    listing(text)

    assert time.process_time() - begin < 10


@pytest.mark.parametrize(
    "text",
    [
        "- Ana Lima, Bo Chen\n" * 8_000,
        "Ana Lima, Bo Chen, " * 10_000,
        "Ana Lima (ana@x.example, 2), Bo Chen (" * 5_000,
        "- Ana Lima\n  - ana@x.example\n" * 6_000,
        "- Ana Lima: 1\n- Bo Chen: 2\n" * 6_000,
        "- a\n" + "  - b\n" * 15_000 + "  - Ana Lima\n" * 7_000,
        "".join(f"{' ' * n}- Ana Lima\n" for n in range(600)),
        "".join(f"{' ' * n}- a\n" for n in range(600)) + f"{' ' * 600}- Ana Lima",
        "### Ana Lima\n" + "ana@x.example 2\n" * 12_000,
        "| Ana Lima | 2 | ana@x.example |\n" * 6_000,
        "ana@x.example " * 14_000 + "Ana Lima",
        "[" + '{"name": "Ana Lima", "n": 2},' * 6_000 + '{"name": "Bo Chen"}]',
    ],
    ids=lambda text: text[:24].strip(),
)
def test_hostile_lists_with_values_are_read_in_linear_time(text):
    items = [
        {"item": ["Ana Lima", "cust-1"], "beside": ["ana@x.example", 2, "2025-07-27"]},
        {"item": "Bo Chen", "beside": ["bo@x.example", 1, "2025-07-28"]},
    ]
    begin = time.process_time()
    listing(text, items)

    assert time.process_time() - begin < 10


@pytest.mark.parametrize(
    "text",
    [
        "12 refunds " * 18_000,
        "refund " * 28_000 + "12",
        "12 " * 60_000 + "refund",
        "refund 13 or " * 15_000,
        "| refund | 12 " * 14_000,
        "- refund:\n" * 20_000 + "12",
        "refund 12. " * 18_000,
    ],
    ids=lambda text: text[:12].strip(),
)
def test_hostile_numbers_are_read_in_linear_time(text):
    begin = time.process_time()
    told(text, number={"value": 12, "near": ["refund"]})

    assert time.process_time() - begin < 10
