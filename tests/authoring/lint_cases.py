"""Tasks over the small store, and whether a rule about data or runs has to find an error in each.

CASES: (rule, whether it is an error, what the case is, what is changed of the example).
"""

from typing import Any

from tests.authoring.folders import CRITERIA, PROMPT
from tests.factories import HIDDEN

Case = tuple[str, bool, str, dict[str, Any]]
SELL = {"call": "sell", "arguments": {"buyer": "dee", "item_id": "lamp", "qty": 2}}
PAY = {"call": "updateSale", "arguments": {"sale_id": {"$ref": "1.id"}, "status": "paid"}}
SAID = (
    "Sold and paid on September 15, 2025: sale-250915-008, 2 lamps for $25.00, Desk Lamp ZX-9912,"
    " Olga Pressnitz. 3 sales were there before."
)
REFERENCE = [SELL, PAY, {"message": SAID}]
PAID, LEFT = {**CRITERIA[0], "points": 2}, CRITERIA[1]
SALES = {"entity_type": "sale"}


def rubric(*criteria: dict[str, Any]) -> dict[str, Any]:
    return {"rubric": {"criteria": [*criteria]}, "reference": REFERENCE}


def says(text: str, points: int = 1, /, **claim: Any) -> dict[str, Any]:
    check = {"kind": "response", **claim}
    return {"key": "said", "text": text, "points": points, "check": check}


def state(text: str, **check: Any) -> dict[str, Any]:
    return {"key": "state", "text": text, "check": {"kind": "state", **check}}


def answer(text: str, /, **claim: Any) -> dict[str, Any]:
    return rubric(says(text, **claim))


def row(text: str, entity_type: str, key: Any, field: str, value: Any) -> dict[str, Any]:
    expect = [{"path": field, "value": value}]
    return rubric(state(text, entity_type=entity_type, id=key, expect=expect))


def called(**check: Any) -> dict[str, Any]:
    return {"key": "called", "text": "It is called.", "check": {"kind": "tool_call", **check}}


def untouched(*allow: dict[str, Any]) -> dict[str, Any]:
    check = {"kind": "unchanged", "allow": list(allow)}
    return {"key": "guard", "text": "Nothing else is changed.", "check": check}


def counted(value: Any, **query: Any) -> dict[str, Any]:
    return {"value": {"query": {**SALES, "measure": "count", **query}, "value": value}}


def create(key: str, **fields: Any) -> dict[str, Any]:
    whole = {
        "buyer": "ana",
        "lines": [{"itemId": "lamp", "qty": 1}],
        "status": "open",
        "createdAt": "2025-09-03T10:00:00Z",
        **fields,
    }
    return {"op": "create", "entity_type": "sale", "id": key, "fields": whole}


JUDGED = {"key": "kind", "text": "It is kind.", "check": {"kind": "judge"}}
PERSON = {"key": "person", "text": "It is kind.", "check": {"kind": "human"}}
SALE_1 = "sale-250901-001"
SALE_2 = "sale-250901-002"
NEW = "sale-250915-008"

C14: list[tuple[bool, str, dict[str, Any]]] = [
    (True, "a reference in the prompt", {"prompt": "Sell dee @item:lampp."}),
    (
        True,
        "a reference in a criterion",
        rubric({**PAID, "text": "@sale:sale-250901-009 is paid."}),
    ),
    (True, "a reference in a note for graders", rubric({**PAID, "note": "See @item:desk."})),
    (True, "a type that is none", {"notes": "Like @buyer:dee."}),
    (True, "the id of a check", row("It is left.", "item", "lmp", "inStock", 8)),
    (
        True,
        "a row in a condition",
        rubric(
            state(
                "New.",
                **SALES,
                where=[{"path": "lines.itemId", "value": "lampe"}],
                count={"gte": 1},
            )
        ),
    ),
    (
        True,
        "a row in a list of a condition",
        rubric(
            state(
                "New.",
                **SALES,
                where=[{"path": "replacesId", "op": "in", "value": [SALE_1, "sale-1"]}],
                exists=False,
            )
        ),
    ),
    (
        True,
        "a row inside a query",
        answer("The count.", number=counted(0, where=[{"path": "lines.itemId", "value": "lampe"}])),
    ),
    (True, "who asks", {"asker": {"type": "customer", "id": "ana"}}),
    (
        True,
        "a row that the setup refers to",
        {"setup": [create("sale-250903-001", replacesId="sale-9")]},
    ),
    (
        True,
        "an argument of the reference",
        {"reference": [{**SELL, "arguments": {"buyer": "dee", "item_id": "lampx"}}, REFERENCE[2]]},
    ),
    (True, "a row that may be changed", rubric(PAID, untouched({**SALES, "id": "sale-1"}))),
    (True, "a field that is none", row("Red.", "item", "lamp", "colour", "red")),
    (True, "a choice that is none", row("Sent.", "sale", SALE_1, "status", "sent")),
    (False, "a reference that is there", {"prompt": "Sell dee @item:lamp, not (@item:chair)."}),
    (False, "a row that the reference makes", rubric({**PAID, "text": f"@sale:{NEW} is paid."})),
    (
        False,
        "an address and a handle",
        {"prompt": "Write to ana@item.example, cc @ana: two lamps."},
    ),
    (
        False,
        "a row that the setup makes",
        {
            **row("Open.", "sale", "sale-250903-001", "status", "open"),
            "setup": [create("sale-250903-001")],
        },
    ),
    (
        False,
        "rows of the setup that refer to each other",
        {
            "setup": [
                create("sale-250903-001"),
                create("sale-250903-002", replacesId="sale-250903-001"),
            ]
        },
    ),
    (
        False,
        "a row in a condition that is there",
        rubric(
            state(
                "New.", **SALES, where=[{"path": "lines.itemId", "value": "lamp"}], count={"gte": 1}
            )
        ),
    ),
    (
        False,
        "a condition that leaves a row out",
        rubric(
            state(
                "New.",
                **SALES,
                where=[{"path": "id", "op": "ne", "value": SALE_1}],
                count={"gte": 1},
            )
        ),
    ),
    (False, "a result of an earlier call", rubric(PAID)),
    (False, "a row after the clock, which another rule tells", {"notes": f"Not @sale:{HIDDEN}."}),
    (
        False,
        "an argument that is no row",
        rubric(called(tool="sell", arguments=[{"path": "buyer", "value": "nobody"}])),
    ),
    (False, "a check that is not finished", rubric({**PAID, "check": {"kind": "state"}})),
    (
        False,
        "a pattern in a condition",
        rubric(
            state(
                "New.",
                **SALES,
                where=[{"path": "id", "op": "starts_with", "value": "sale-9"}],
                exists=False,
            )
        ),
    ),
]

VOID = {**PAID["check"], "expect": [{"path": "status", "value": "void"}]}
C15: list[tuple[bool, str, dict[str, Any]]] = [
    (
        True,
        "a query gives another count",
        answer("The answer gives the number of sales.", number=counted(4)),
    ),
    (
        True,
        "a query has no one answer",
        answer(
            "The buyer.",
            text={"all_of": [{"query": {**SALES, "measure": {"field": "buyer"}}, "value": "ana"}]},
        ),
    ),
    (True, "another amount", answer("The answer gives $26.00 as the total.", money={"value": 25})),
    (
        True,
        "another amount, at the end",
        answer("The answer gives the total, $26.00.", money={"value": 25}),
    ),
    (
        True,
        "another amount than the world's",
        answer(
            "The answer says that the price is $13.00.",
            money={
                "value": {
                    "query": {
                        "entity_type": "item",
                        "where": [{"path": "id", "value": "lamp"}],
                        "measure": {"sum": "price"},
                    },
                    "value": 12.5,
                }
            },
        ),
    ),
    (
        True,
        "another number",
        answer("The answer gives 7 as the number of lamps left.", number={"value": 8}),
    ),
    (
        True,
        "another day",
        answer("The answer gives September 14, 2025, as the day.", date={"value": "2025-09-15"}),
    ),
    (
        True,
        "another row",
        row(f"The status of {SALE_2} is open.", "sale", SALE_1, "status", "open"),
    ),
    (
        True,
        "another status",
        row(f"Sale {SALE_1} has status paid.", "sale", SALE_1, "status", "void"),
    ),
    (
        True,
        "another status, quoted",
        row(f"Sale {SALE_1}: its status is “open”.", "sale", SALE_1, "status", "paid"),
    ),
    (
        True,
        "the reference sets another status",
        rubric({**PAID, "text": "The sale is settled.", "check": VOID}),
    ),
    (
        True,
        "the reference leaves another number",
        row("Lamps are left.", "item", "lamp", "inStock", 7),
    ),
    (
        False,
        "a query gives the same count",
        answer("The answer gives the number of sales.", number=counted(3)),
    ),
    (
        False,
        "the same amount",
        answer("The answer gives $25.00 as the total.", money={"value": 25}),
    ),
    (
        False,
        "the same amount, written otherwise",
        answer("The answer gives $25 as the total.", money={"value": 25.0}),
    ),
    (
        False,
        "an amount of a case",
        answer("If the price is $12.50, the answer gives the total.", money={"value": 25}),
    ),
    (
        False,
        "an amount of something else",
        answer("The answer gives the total of the $12.50 lamps.", money={"value": 25}),
    ),
    (
        False,
        "an amount that is compared with",
        answer("The answer gives a total of more than $20.00.", money={"value": 25}),
    ),
    (
        False,
        "an amount within what is allowed",
        answer("The answer gives $25.40 as the total.", money={"value": 25, "tolerance": 0.5}),
    ),
    (
        False,
        "two amounts, one of them asked for",
        answer("The answer says that one lamp is $12.50 and two are $25.00.", money={"value": 25}),
    ),
    (False, "a number in words", row("Eight lamps are left.", "item", "lamp", "inStock", 8)),
    (
        False,
        "a year beside the number",
        answer("The answer says that 3 sales were made before September 2025.", number=counted(3)),
    ),
    (
        False,
        "a row by its name",
        row(f"The Desk Lamp is not sold, unlike {SALE_1}.", "item", "desk-lamp", "inStock", 4),
    ),
    (
        False,
        "another row beside the right one",
        row(f"Sale {SALE_1}, not {SALE_2}, is paid.", "sale", SALE_1, "status", "paid"),
    ),
    (
        False,
        "a status that is left",
        rubric({**PAID, "text": "The status goes from open to paid."}),
    ),
    (
        False,
        "a status that is denied",
        row(f"The status is not void in {SALE_1}.", "sale", SALE_1, "status", "paid"),
    ),
    (
        False,
        "one of two statuses",
        rubric(
            state(
                "The status is paid.",
                **SALES,
                id=SALE_1,
                expect=[{"path": "status", "op": "in", "value": ["paid", "void"]}],
            )
        ),
    ),
    (
        False,
        "a number in the name of a field",
        answer("The answer names the 3 oldest sales.", text={"all_of": ["sale-250915-008"]}),
    ),
]

C16: list[tuple[bool, str, dict[str, Any]]] = [
    (True, "the id of a check after the clock", row("Open.", "sale", HIDDEN, "status", "open")),
    (True, "a reference in a criterion", rubric({**PAID, "text": f"@sale:{HIDDEN} is paid."})),
    (True, "a reference in the prompt", {"prompt": f"Pay @sale:{HIDDEN}."}),
    (
        True,
        "a row in a condition",
        rubric(
            state("New.", **SALES, where=[{"path": "replacesId", "value": HIDDEN}], exists=False)
        ),
    ),
    (True, "a row that may be changed", rubric(PAID, untouched({**SALES, "id": HIDDEN}))),
    (True, "a row that is named", answer("The sale.", entity={**SALES, "id": HIDDEN})),
    (
        True,
        "the reference solution",
        rubric({**PAID, "text": "The sale is as in the reference solution."}),
    ),
    (
        True,
        "notes for graders",
        rubric({**PAID, "text": "The sale agrees with the notes for graders."}),
    ),
    (
        True,
        "the reviewer's notes",
        rubric({**PAID, "text": "The sale is as the reviewer's notes say."}),
    ),
    (True, "the golden answer", rubric({**PAID, "text": "The message equals the golden answer."})),
    (
        True,
        "a code that only the notes have",
        {**answer("The code.", text={"all_of": ["ZX-9912"]}), "notes": "The code is ZX-9912."},
    ),
    (
        True,
        "a name that only the notes have",
        {**answer("Who.", text={"any_of": ["Olga Pressnitz"]}), "notes": "By Olga Pressnitz."},
    ),
    (False, "a row that is there", row("Paid.", "sale", SALE_1, "status", "paid")),
    (
        False,
        "a code that the prompt has too",
        {
            **answer("The code.", text={"all_of": ["ZX-9912"]}),
            "notes": "ZX-9912",
            "prompt": "Name zx-9912.",
        },
    ),
    (
        False,
        "a name of the world",
        {**answer("What.", text={"all_of": ["Desk Lamp"]}), "notes": "The Desk Lamp."},
    ),
    (False, "an id of the world", {**answer("Which.", text={"all_of": [SALE_1]}), "notes": SALE_1}),
    (
        False,
        "a name of the setup",
        {
            **answer("Who.", text={"all_of": ["Olga Pressnitz"]}),
            "notes": "Olga Pressnitz",
            "setup": [create("sale-250903-001", buyer="Olga Pressnitz")],
        },
    ),
    (False, "a code that no notes have", answer("The code.", text={"all_of": ["ZX-9912"]})),
    (
        False,
        "one of several words",
        {**answer("It.", text={"any_of": ["ZX-9912", "paid"]}), "notes": "ZX-9912"},
    ),
    (
        False,
        "a word of everybody's",
        {**answer("It.", text={"all_of": ["sold"]}), "notes": "Typical: sold too much."},
    ),
    (
        False,
        "words that must not be said",
        {**rubric(says("It.", -2, text={"all_of": ["ZX-9912"]})), "notes": "ZX-9912"},
    ),
    (
        False,
        "a note that a row has",
        row("The note of the chair is red.", "item", "chair", "note", "red"),
    ),
    (False, "the word reference", rubric({**PAID, "text": "The sale has a reference number."})),
    (
        False,
        "a hidden row in the notes for people",
        {"notes": f"@sale:{HIDDEN} is hidden on purpose."},
    ),
    (False, "an answer computed of rows within reach", answer("The number.", number=counted(3))),
]

FAILED = [{**SELL, "arguments": {"buyer": "dee", "item_id": "lamp", "qty": 99}}, {"message": SAID}]
LOST = [
    {"call": "updateSale", "arguments": {"sale_id": {"$ref": "7.id"}, "status": "paid"}},
    {"message": SAID},
]
R08: list[tuple[bool, str, dict[str, Any]]] = [
    (True, "it does not pay", {"reference": [SELL, {"message": SAID}]}),
    (True, "it does nothing", {"reference": [{"message": SAID}]}),
    (True, "its call is refused", {"reference": FAILED}),
    (True, "it refers to no call", {"reference": LOST}),
    (True, "it says another amount", answer("The total.", money={"value": 26})),
    (True, "it does not say a word", answer("It.", text={"all_of": ["refunded"]})),
    (True, "it does harm", rubric({**PAID, "points": -2}, {**LEFT})),
    (True, "it changes what it may not", rubric(PAID, untouched())),
    (True, "it calls too often", rubric(called(total="all", called={"lte": 1}))),
    (
        True,
        "a query that was never bound",
        answer("The number.", number={"value": {"query": SALES}}),
    ),
    (True, "it calls a tool of no toolset", {"reference": REFERENCE, "toolset": "nothing"}),
    (False, "it meets all", {}),
    (False, "it says the amount", answer("The total.", money={"value": 25})),
    (False, "it does no harm", rubric(PAID, says("Refused.", -2, text={"all_of": ["refused"]}))),
    (
        False,
        "it changes what it may",
        rubric(PAID, untouched({"entity_type": "item", "id": "lamp"}, {**SALES, "created": True})),
    ),
    (False, "it calls often enough", rubric(called(tool="sell"))),
    (False, "a judge decides", rubric(PAID, JUDGED)),
    (False, "a person decides", rubric(PAID, PERSON)),
    (False, "there is none yet", {"reference": []}),
    (False, "a check is not finished", rubric(PAID, {**LEFT, "check": {"kind": "state"}})),
    (
        False,
        "the setup cannot be applied",
        {"setup": [{"op": "delete", "entity_type": "sale", "id": "x"}], "reference": []},
    ),
    (False, "its count is right", rubric(state("New.", **SALES, created=True, count={"eq": 1}))),
]

STILL = {
    "key": "still",
    "text": "Still.",
    "check": {
        "kind": "state",
        "entity_type": "item",
        "id": "chair",
        "expect": [{"path": "inStock", "value": 2}],
    },
}
R09: list[tuple[bool, str, dict[str, Any]]] = [
    (True, "only a guard", rubric(untouched({"entity_type": "item"}, {**SALES, "created": True}))),
    (True, "only what holds anyway", rubric(STILL)),
    (
        True,
        "both of them",
        rubric(STILL, untouched({"entity_type": "item"}, {**SALES, "created": True})),
    ),
    (True, "nothing is said", rubric(says("It.", text={"none_of": ["refunded"]}))),
    (True, "nothing is called", rubric(called(tool="sell", called=False))),
    (True, "few calls", rubric(called(total="all", called={"lte": 9}))),
    (True, "the prompt says it", rubric(says("It.", text={"all_of": ["two lamps"]}))),
    (True, "claims say it", rubric(says("It.", text={"all_of": ["every change was made"]}))),
    (
        True,
        "a number of the prompt",
        {**rubric(says("It.", number={"value": 42})), "prompt": "Sell 42 lamps."},
    ),
    (
        True,
        "harm that nobody does",
        rubric(STILL, says("Refused.", -2, text={"all_of": ["refused"]})),
    ),
    (False, "something is to be done", {}),
    (
        False,
        "a guard beside it",
        rubric(PAID, untouched({"entity_type": "item"}, {**SALES, "created": True})),
    ),
    (False, "one criterion of two holds anyway", rubric(PAID, STILL)),
    (False, "something is to be found out", answer("The total.", money={"value": 25})),
    (False, "a judge decides", rubric(STILL, JUDGED)),
    (False, "a person decides", rubric(STILL, PERSON)),
    (False, "there is no criterion yet", rubric()),
    (False, "only harm", rubric(says("Refused.", -2, text={"all_of": ["refused"]}))),
    (False, "a check is not finished", rubric(STILL, {**LEFT, "check": {"kind": "state"}})),
    (
        False,
        "the setup cannot be applied",
        {**rubric(STILL), "setup": [{"op": "delete", "entity_type": "sale", "id": "x"}]},
    ),
    (False, "a call is asked for", rubric(called(tool="sell"))),
]

TABLES = {"C14": C14, "C15": C15, "C16": C16, "R08": R08, "R09": R09}
CASES: list[Case] = [
    (rule, is_error, name, {"prompt": PROMPT, **changes})
    for rule, table in TABLES.items()
    for is_error, name, changes in table
]
