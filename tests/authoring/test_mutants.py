"""Kinds of mutants on a small task of the mock store: what each changes, and that it stays so."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authoring.content import CallStep, MessageStep, TaskContent
from authoring.loading import read_task
from authoring.mutants import KINDS, Mutant
from authoring.mutants.kinds.claim_negated import negated
from authoring.mutants.measure import mutants_of
from authoring.mutants.siblings import bounds_in, month_on, siblings
from authoring.mutants.solutions import LOST, doubled, exchanged, refers_to, with_argument, without
from authoring.mutants.subject import Subject, subject_of
from authoring.mutants.values import digits_swapped, with_number, written_in, wrong_numbers
from tests.authoring.folders import make_task_folder

pytestmark = pytest.mark.usefixtures("store_world")
OPEN_SALES = {"entity_type": "sale", "where": [{"path": "status", "value": "open"}]}
ANSWER = """Sold to dee on September 15:

- Fine Lamp, 2 pieces, $25.00 in all
- sale-250901-001 is paid and was not void
- Stock of sale-250901-002 and others: 2 open sales"""
REFERENCE = [
    {"call": "searchSales", "arguments": {"buyer": "ana"}},
    {"call": "sell", "arguments": {"buyer": "dee", "item_id": "lamp", "qty": 2}},
    {"call": "updateSale", "arguments": {"sale_id": {"$ref": "2.id"}, "status": "paid"}},
    {"message": ANSWER},
]
RUBRIC = [
    {
        "key": "open-sales",
        "text": "The answer says how many sales are open.",
        "check": {
            "kind": "response",
            "number": {"value": {"query": {**OPEN_SALES, "measure": "count"}}, "near": ["open"]},
        },
    },
    {
        "key": "open-ones-listed",
        "text": "The answer names the open sales.",
        "check": {
            "kind": "response",
            "list": {
                "items": {"query": {**OPEN_SALES, "measure": {"list": "id"}}},
                "allow_extra": True,
            },
        },
    },
    {
        "key": "looked-for-ana",
        "text": "Sales of ana are searched.",
        "check": {"kind": "tool_call", "tool": "searchSales"},
    },
]


@pytest.fixture
def content(tmp_path) -> TaskContent:
    return read_task(make_task_folder(tmp_path, reference=REFERENCE, rubric=RUBRIC))


@pytest.fixture
def subject(content) -> Subject:
    return subject_of(content)


def sentences(subject: Subject, kind: str) -> list[str]:
    return [mutation.sentence for mutation in KINDS[kind](subject)]


EXAMPLES = {
    "write-left-out": "Call 2, sell, is left out.",
    "write-twice": "Call 2, sell, is made twice.",
    "write-order": "Call 3, updateSale, is made before call 2, sell.",
    "write-target": "In call 2, sell, the item id is item chair instead of lamp.",
    "write-choice": "In call 3, updateSale, the status is void instead of paid.",
    "write-amount": "In call 2, sell, the qty is 3 instead of 2.",
    "write-text": "In call 2, sell, the buyer is “",
    "argument-left-out": "In call 2, sell, the qty is left out.",
    "answer-left-out": "The answer is left out.",
    "value-number": "In the answer stands “3” instead of “2”",
    "value-money": "In the answer stands “$25.01” instead of “$25.00”",
    "value-date": "In the answer stands “September 16” instead of “September 15”",
    "name-changed": "In the answer stands “sale-250901-002” instead of “sale-250901-001”",
    "word-changed": "stands “paid” instead of “open” (“sale-250901-002 and others: 2 open sales”).",
    "bound-value": "because it is forgotten that status is open.",
    "bound-list": "In the answer",
    "item-dropped": "In the answer the item “- Fine Lamp, 2 pieces, $25.00 in all” is missing.",
    "item-added": "In the answer stands an invented item: “- sale-250901-003 is paid",
    "values-swapped": "have changed places.",
    "claim-negated": "“- sale-250901-001 is paid and was void”",
    "read-left-out": "Call 1, searchSales, is left out.",
}


def test_every_kind_has_an_example_here():
    assert set(EXAMPLES) == set(KINDS)


@pytest.mark.parametrize(("kind", "said"), EXAMPLES.items(), ids=EXAMPLES)
def test_a_mutant_says_in_a_sentence_what_is_different(kind, said, subject):
    found = sentences(subject, kind)

    assert any(said in sentence for sentence in found), found
    assert all(re.fullmatch(r"[A-Z].*\.", sentence, re.DOTALL) for sentence in found)


def test_every_mutation_differs_from_the_reference(subject):
    own = [step.model_dump() for step in subject.steps]

    for name, kind in KINDS.items():
        for mutation in kind(subject):
            assert [step.model_dump() for step in mutation.steps] != own, (name, mutation.sentence)


def test_the_same_content_gives_the_same_mutants_in_the_same_order(content):
    first, second = (mutants_of(subject_of(content)) for _ in range(2))

    assert [m.id for m in first] == [m.id for m in second]
    assert [m.sentence for m in first] == [m.sentence for m in second]


def test_no_solution_comes_twice(subject):
    hashes = [mutant.hash for mutant in mutants_of(subject)]

    assert len(hashes) == len(set(hashes))


def test_kinds_take_turns_so_that_a_few_hold_some_of_each(subject):
    mutants = mutants_of(subject)
    kinds = {mutant.kind for mutant in mutants}

    assert {mutant.kind for mutant in mutants[: len(kinds)]} == kinds


def test_the_hash_of_a_mutant_is_that_of_its_world_and_solution():
    steps = (MessageStep(message="a"),)
    mutant = Mutant("kind", "It is so.", steps, "store@1")

    assert mutant.hash == Mutant("other", "It is not so.", steps, "store@1").hash
    assert mutant.hash != Mutant("kind", "It is so.", steps, "store@2").hash
    assert mutant.hash != Mutant("kind", "It is so.", (MessageStep(message="b"),), "store@1").hash


def test_reads_are_left_alone_where_no_criterion_looks_at_calls(tmp_path):
    content = read_task(make_task_folder(tmp_path, reference=REFERENCE, rubric=RUBRIC[:2]))

    assert sentences(subject_of(content), "read-left-out") == []


# editing solutions

CALLS = [
    CallStep(call="a"),
    CallStep(call="b", arguments={"of": {"$ref": "1.id"}}),
    CallStep(call="c", arguments={"of": {"$ref": "2.id"}, "in": [{"$ref": "1.0"}], "n": 1}),
    MessageStep(message="done"),
]


def arguments(steps) -> list:
    return [(step.call, step.arguments) for step in steps if isinstance(step, CallStep)]


def test_leaving_a_call_out_moves_references_and_drops_those_to_it():
    assert arguments(without(CALLS, 1)) == [("a", {}), ("c", {"in": [{"$ref": "1.0"}], "n": 1})]
    assert arguments(without(CALLS, 0)) == [("b", {}), ("c", {"of": {"$ref": "1.id"}, "n": 1})]


def test_a_call_made_twice_is_meant_the_first_time():
    found = arguments(doubled(CALLS, 0))

    assert [name for name, _ in found] == ["a", "a", "b", "c"]
    assert found[2][1] == {"of": {"$ref": "1.id"}}
    assert found[3][1]["of"] == {"$ref": "3.id"}


def test_calls_that_change_places_lose_what_they_cannot_know_yet():
    assert arguments(exchanged(CALLS, 1, 2)) == [
        ("a", {}),
        ("c", {"in": [{"$ref": "1.0"}], "n": 1}),
        ("b", {"of": {"$ref": "1.id"}}),
    ]


def test_an_argument_is_replaced_or_left_out():
    assert arguments(with_argument(CALLS, 2, "n", 5))[2][1]["n"] == 5
    assert "n" not in arguments(with_argument(CALLS, 2, "n", LOST))[2][1]


@given(st.lists(st.integers(1, 6), max_size=6), st.data())
def test_references_never_lead_forwards_whatever_is_left_out_or_doubled(back, data):
    steps = [CallStep(call="first")]
    for number, reach in enumerate(back, 2):
        target = max(1, number - reach)
        steps.append(CallStep(call="next", arguments={"of": {"$ref": f"{target}.id"}}))
    place = data.draw(st.integers(0, len(steps) - 1))

    for edited in (without(steps, place), doubled(steps, place)):
        for number, step in enumerate(edited, 1):
            assert all(1 <= target < number for target in refers_to(step.arguments))


# values


@given(st.integers(1, 10**7), st.sampled_from([Decimal(1), Decimal("0.01")]))
def test_wrong_numbers_are_wrong(number, step):
    value = number * step

    assert value not in list(wrong_numbers(value, step))


@pytest.mark.parametrize(
    ("value", "swapped"),
    [("27", "72"), ("153.50", "153.05"), ("7707.73", "7707.37"), ("11", None), ("10", None)],
)
def test_digits_are_swapped_near_the_end(value, swapped):
    assert digits_swapped(Decimal(value)) == (Decimal(swapped) if swapped else None)


@pytest.mark.parametrize(
    ("text", "value", "written"),
    [
        ("It is **$1,204.50**.", "99.9", "$99.90"),
        ("It is $99.90.", "1204.5", "$1,204.50"),
        ("27 refunds", "36", "36"),
        ("10 % less", "9", "9 %"),
    ],
)
def test_a_number_keeps_its_spelling(text, value, written):
    (found,) = written_in(text, 2025)

    assert with_number(found, Decimal(value)) == written


def test_a_number_in_a_name_is_no_number():
    assert written_in("your Orbit 916 works", 2025) == []


@pytest.mark.parametrize(
    ("day", "months", "moved"),
    [
        ("2025-07-31", 1, "2025-08-31"),
        ("2025-07-31", -1, "2025-06-30"),
        ("2025-01-30", 1, "2025-02-28"),
        ("2025-12-01", 1, "2026-01-01"),
        ("2025-08-31T23:59:59Z", -1, "2025-07-31T23:59:59Z"),
    ],
)
def test_the_last_day_of_a_month_stays_the_last(day, months, moved):
    assert month_on(day, months) == moved


@pytest.mark.parametrize(
    ("said", "denied"),
    [
        ("The fee is refunded.", "The fee is not refunded."),
        ("The fee is not refunded.", "The fee is refunded."),
        ("I cannot take it back.", "I can take it back."),
        ("Nobody was told.", "somebody was told."),
        ("Total: $5", "Total: $5"),
        ("It has been sent.", "It has not been sent."),
        ("We have refunded it.", "We have not refunded it."),
        ("As soon as we have the goods.", "As soon as we have the goods."),
    ],
)
def test_a_claim_is_turned_round(said, denied):
    assert negated(said) == denied


def test_every_pair_of_neighbours_changes_places_but_what_is_only_listed(tmp_path):
    answer = (
        "- ana: sale-250901-001\n- ben: sale-250901-002, sale-250901-003\n- cy: $5.00\n- di: $6.00"
    )
    reference = [*REFERENCE[:-1], {"message": answer}]

    subject = subject_of(read_task(make_task_folder(tmp_path, reference=reference, rubric=RUBRIC)))

    assert sentences(subject, "values-swapped") == [
        "In the answer “$5.00” and “$6.00” have changed places.",
        "In the answer “sale-250901-001” and “sale-250901-002” have changed places.",
    ]


def test_what_is_listed_changes_places_where_a_criterion_asks_for_the_order(tmp_path):
    keys = ["sale-250901-001", "sale-250901-002"]
    ordered = {
        "key": "in-order",
        "text": "The sales stand in this order.",
        "check": {"kind": "response", "list": {"items": keys, "ordered": True}},
    }
    reference = [*REFERENCE[:-1], {"message": f"Sales: {keys[0]}, {keys[1]}"}]

    folder = make_task_folder(tmp_path, reference=reference, rubric=[ordered])

    assert len(sentences(subject_of(read_task(folder)), "values-swapped")) == 1


# sibling queries


def found_siblings(subject: Subject, query: dict) -> dict[str, object]:
    check = {"value": {"query": query, "value": "?"}}
    (bound,) = bounds_in(check)
    return {sibling.words: sibling.value for sibling in siblings(bound, subject.start)}


def test_siblings_of_a_count(subject):
    found = found_siblings(subject, {**OPEN_SALES, "measure": "count"})

    assert found["it is forgotten that status is open"] == 3
    assert found["status paid is taken for open"] == 1


def test_siblings_of_an_extreme_are_the_next_one_and_the_other_end(subject):
    found = found_siblings(
        subject, {"entity_type": "item", "measure": {"min": "price", "of": "name"}}
    )

    assert found["the highest is taken"] == "Chair"


def test_siblings_move_a_period_by_a_month_or_a_day(subject):
    period = {"path": "createdAt", "op": "between", "value": ["2025-09-01", "2025-09-15"]}
    found = found_siblings(
        subject, {"entity_type": "sale", "where": [period], "measure": {"list": "id"}}
    )

    assert found["created at is taken without the last day"] == [
        "sale-250901-001",
        "sale-250901-002",
    ]


def test_siblings_never_have_the_value_itself(subject, content):
    for criterion in content.rubric.criteria:
        for bound in bounds_in(criterion.check):
            values = [
                list(s.value) if isinstance(s.value, list) else s.value
                for s in siblings(bound, subject.start)
            ]
            own = list(bound.value) if isinstance(bound.value, tuple) else bound.value
            assert own not in values
