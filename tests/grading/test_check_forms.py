"""Forms of checks: whoever does not program writes every check in them, and nothing is lost."""

import json

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from grading.check_forms.fields import form_of
from grading.check_forms.inputs import paths_of
from grading.check_forms.sheet import inputs_of, make_sheet
from grading.check_forms.typed import read_typed, write_typed
from grading.graders import GRADERS, read_check
from simulation.environments import environment
from simulation.errors import Problems
from simulation.operators import OPS
from simulation.paths import read_path
from simulation.state import WorldState
from tests.factories import make_snapshot

MOCK, CORECRAFT = environment("mock_store"), environment("corecraft")
STATE = WorldState(make_snapshot())
QUERY = {"query": {"entity_type": "sale", "measure": {"max": "createdAt", "of": "id"}}}
EQ = {"path": "status", "value": "paid"}


def typed(**inputs):
    """Type into the inputs of a form; `__` stands for a dot."""
    query = QueryDict(mutable=True)
    for name, text in inputs.items():
        query[f"check.{name.replace('__', '.')}"] = text
    return query


CHECKS = [
    *(dict(grader.EXAMPLE) for grader in GRADERS.values()),
    {"kind": "state", "entity_type": "sale", "id": "a", "expect": [EQ, {**EQ, "op": "ne"}]},
    {"kind": "state", "entity_type": "sale", "id": QUERY, "exists": True},
    {"kind": "state", "entity_type": "sale", "where": [EQ], "exists": False},
    {"kind": "state", "entity_type": "sale", "created": True, "count": {"gte": 1, "lte": 3}},
    {"kind": "state", "entity_type": "sale", "changed": [{"path": "status", "from": "open"}]},
    {
        "kind": "state",
        "entity_type": "sale",
        "expect": [{"path": "status", "op": "in", "value": ["paid"]}],
        "match": "any",
        "after": {"entity_type": "item", "where": [{"path": "inStock", "value": 3}]},
        "before": {"entity_type": "sale", "created": True, "fields": ["buyer", "status"]},
    },
    {
        "kind": "unchanged",
        "allow": [
            {"entity_type": "sale", "where": [EQ, {"path": "buyer", "op": "is_null"}]},
            {"entity_type": "sale", "created": True, "count": 2, "where": [{**EQ, "op": "ne"}]},
            {"entity_type": "item", "id": QUERY, "fields": ["inStock"]},
            {"entity_type": "item", "deleted": True},
        ],
    },
    {"kind": "unchanged"},
    {"kind": "unchanged", "allow": []},
    {"kind": "tool_call", "tool": "sell", "called": False},
    {"kind": "tool_call", "tool": "sell", "called": True, "failed_too": False},
    {"kind": "tool_call", "tool": "sell", "called": {"eq": 0}},
    {"kind": "tool_call", "total": "reads", "called": {"lte": 20}},
    {"kind": "tool_call", "total": "all", "repeats": {"at_most": 2, "counted": "in_a_row"}},
    {
        "kind": "tool_call",
        "tool": "sell",
        "arguments": [{"path": "qty", "op": "between", "value": [1, 3]}],
        "after": {"tool": "searchSales", "arguments": [{"path": "buyer", "value": "12"}]},
    },
    {"kind": "response", "text": {"any_of": ["paid", "12"], "none_of": [QUERY]}},
    {
        "kind": "response",
        "source": {"entity_type": "sale", "field": "buyer", "where": [EQ]},
        "money": {"value": 153.5, "near": ["total", "sum"], "tolerance": 0.01, "signed": True},
    },
    {"kind": "response", "source": "answer", "date": {"value": "2025-07-27"}},
    {"kind": "response", "list": {"items": [["a", "b"], "c"], "allow_extra": False}},
    {
        "kind": "response",
        "list": {
            "items": [
                {"item": ["Ana Lima", "ana-1"], "beside": ["ana@x.example", 2, "3", 1.5]},
                {"item": "a = b", "beside": ["c | d"]},
                ["single"],
                "12",
            ]
        },
    },
    {"kind": "response", "list": {"items": [{"item": "Bo", "beside": ["bo@x.example"]}]}},
    {
        "kind": "response",
        "list": {
            "items": {"query": {"entity_type": "sale", "measure": {"list": ["buyer", "id"]}}},
            "beside": ["id"],
        },
    },
]


@pytest.mark.parametrize("check", CHECKS, ids=json.dumps)
@pytest.mark.parametrize("company", [None, MOCK, CORECRAFT], ids=str)
def test_a_check_that_is_written_into_its_form_reads_back_as_it_was(check, company):
    kind = check["kind"]
    read_check(check)

    typed = read_typed(kind, company, write_typed(kind, company, check))

    assert typed.problems == {}
    assert json.dumps(typed.data, sort_keys=True) == json.dumps(check, sort_keys=True)


@pytest.mark.parametrize("kind", list(GRADERS))
def test_every_kind_of_check_has_a_form_without_programming(kind):
    def unreadable(fields):
        for field in fields:
            if field.kind == "json":
                yield field.name
            yield from unreadable(field.members)

    assert form_of(kind, MOCK)
    by_experts = {"check.layout.schema"}  # a JSON schema is JSON
    assert set(unreadable(form_of(kind, MOCK))) <= by_experts


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("Ana Lima\n\nBo Chen", ["Ana Lima", "Bo Chen"]),
        ("Ana Lima | ana-1\nBo Chen|bo-2", [["Ana Lima", "ana-1"], ["Bo Chen", "bo-2"]]),
        (
            "Ana Lima | ana-1 = ana@x.example | 2\n12 = 2025-07-27",
            [
                {"item": ["Ana Lima", "ana-1"], "beside": ["ana@x.example", 2]},
                {"item": "12", "beside": ["2025-07-27"]},
            ],
        ),
        ('Ana Lima = "2" | 1.5', [{"item": "Ana Lima", "beside": ["2", 1.5]}]),
        ('["Ana Lima", "Bo Chen"]', ["Ana Lima", "Bo Chen"]),
        ('{"query": {"entity_type": "sale"}}', {"query": {"entity_type": "sale"}}),
    ],
)
def test_items_of_a_list_are_typed_one_a_line_with_the_values_beside_them(text, items):
    typed_in = read_typed("response", MOCK, typed(list__items=text))

    assert typed_in.problems == {}
    assert typed_in.data["list"]["items"] == items


# what people type

storable = st.characters(codec="utf-8", exclude_characters="\0")
texts = st.text(storable, max_size=12) | st.sampled_from(
    ["12", "007", "1e3", "true", " a", "[x", "{", '"', '"12"', "a\nb", "−5", "null", "1.50"]
)
scalars = texts.filter(str.strip) | st.integers(-(10**9), 10**9) | st.booleans()
scalars |= st.floats(-1e6, 1e6).map(lambda number: number + 0.0)  # nothing has no sign
pairs = st.lists(scalars, min_size=1, max_size=4)
queries = st.fixed_dictionaries({"query": st.just(QUERY["query"])})
expectations = st.one_of(
    st.fixed_dictionaries({"path": texts.filter(str.strip), "value": scalars | queries}),
    st.fixed_dictionaries({"path": st.just("a.b"), "op": st.just("in"), "value": pairs}),
    st.fixed_dictionaries({"path": st.just("a"), "op": st.sampled_from(["is_null", "not_null"])}),
)
some = st.lists(expectations, min_size=1, max_size=3)
allowances = st.fixed_dictionaries(
    {"entity_type": st.sampled_from(["sale", "item", "cat"])},
    optional={"where": some, "created": st.booleans(), "count": st.integers(1, 9)},
)
checks = st.one_of(
    st.fixed_dictionaries(
        {"kind": st.just("state"), "entity_type": st.just("sale"), "expect": some},
        optional={"where": some, "match": st.sampled_from(["one", "all", "any"])},
    ),
    st.fixed_dictionaries(
        {"kind": st.just("unchanged"), "allow": st.lists(allowances, min_size=1, max_size=3)}
    ),
    st.fixed_dictionaries(
        {"kind": st.just("tool_call"), "tool": st.just("sell"), "arguments": some},
        optional={
            "called": st.booleans() | st.fixed_dictionaries({"eq": st.integers(0, 9)}),
            "before": st.fixed_dictionaries({"tool": st.just("sell"), "arguments": some}),
        },
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("response"),
            "text": st.fixed_dictionaries({"any_of": st.lists(queries | texts, min_size=1)}),
        }
    ),
)


parts = texts.filter(lambda text: text.strip())
beside = st.lists(parts | st.integers(-999, 999), min_size=1, max_size=3)
spelled = parts | st.lists(parts, min_size=1, max_size=3)
items = spelled | st.fixed_dictionaries({"item": spelled, "beside": beside})


@given(st.lists(items, min_size=1, max_size=4))
def test_whatever_items_a_list_has_survive_the_form(items):
    check = {"kind": "response", "list": {"items": items}}

    typed = read_typed("response", None, write_typed("response", None, check))

    assert typed.problems == {}
    assert json.dumps(typed.data, sort_keys=True) == json.dumps(check, sort_keys=True)


@given(checks)
def test_whatever_a_check_compares_with_survives_the_form(check):
    typed = read_typed(check["kind"], None, write_typed(check["kind"], None, check))

    assert typed.problems == {}
    assert json.dumps(typed.data, sort_keys=True) == json.dumps(check, sort_keys=True)


@pytest.mark.parametrize(
    ("text", "op", "value"),
    [
        ("paid", "", "paid"),
        ("12", "", "12"),
        ("true", "", "true"),
        ('"12"', "", "12"),
        ("paid", "in", ["paid"]),
        ("paid\nopen\n", "in", ["paid", "open"]),
        ('["paid"]', "in", ["paid"]),
        ('{"query": {"entity_type": "item"}}', "", {"query": {"entity_type": "item"}}),
    ],
)
def test_what_is_compared_with_a_text_field_is_text(text, op, value):
    inputs = typed(entity_type="sale", expect__0__path="status", expect__0__value=text)
    if op:
        inputs["check.expect.0.op"] = op

    (expectation,) = read_typed("state", MOCK, inputs).data["expect"]

    assert expectation["value"] == value


@pytest.mark.parametrize(
    ("text", "value"), [("3", 3), ("12.50", 12.5), ("-1", -1), ("three", "three")]
)
def test_what_is_compared_with_a_number_is_a_number_where_it_is_one(text, value):
    inputs = typed(entity_type="item", expect__0__path="inStock", expect__0__value=text)

    assert read_typed("state", MOCK, inputs).data["expect"] == [{"path": "inStock", "value": value}]


def test_an_argument_of_a_tool_is_compared_as_the_tool_takes_it():
    inputs = typed(
        tool="sell",
        arguments__0__path="buyer",
        arguments__0__value="12",
        arguments__1__path="qty",
        arguments__1__value="12",
    )

    arguments = read_typed("tool_call", MOCK, inputs).data["arguments"]

    assert [each["value"] for each in arguments] == ["12", 12]


def test_what_cannot_be_read_is_named_at_its_input():
    inputs = typed(entity_type="sale", expect__0__path="status", expect__0__value="{x")

    problems = read_typed("state", MOCK, inputs).problems

    assert problems.keys() == {"check.expect.0.value"}
    assert "is no JSON" in problems["check.expect.0.value"]


def test_who_chooses_and_fills_in_is_asked_which_is_meant():
    problems = read_typed("tool_call", MOCK, typed(tool="sell", called="false", called__eq="2"))

    assert problems.problems == {
        "check.called": "choose here or fill in what is below it, not both"
    }


# problems, words and choices


def shown(kind, data, *, messages=()):
    return make_sheet(kind, STATE, inputs_of(kind, STATE, data), messages=messages)


def refused(data):
    with pytest.raises(Problems) as refusal:
        read_check(data).bound(STATE)
    return refusal.value.problems


@pytest.mark.parametrize(
    ("data", "place", "words"),
    [
        (
            {"kind": "state", "entity_type": "sale", "expect": [EQ, {"path": "x", "value": 1}]},
            "id_check.expect.1.path",
            "Expect 2, path: x: sale has no field",
        ),
        (
            {"kind": "state", "entity_type": "sales", "exists": True},
            "id_check.entity_type",
            "it has item, sale",
        ),
        ({"kind": "state", "entity_type": "sale"}, "", "say what must be true"),
        (
            {"kind": "state", "entity_type": "sale", "expect": [{"path": "status", "op": "in"}]},
            "id_check.expect.0",
            "write a value",
        ),
        (
            {
                "kind": "unchanged",
                "allow": [{"entity_type": "sale", "where": [{"path": "x", "value": 1}]}],
            },
            "id_check.allow.0.where.0.path",
            "sale has no field",
        ),
        (
            {"kind": "unchanged", "allow": [{"entity_type": "sale", "count": 0}]},
            "id_check.allow.0.count",
            "write 1 or more",
        ),
        ({"kind": "tool_call", "tool": "buy"}, "id_check.tool", "no such tool"),
        ({"kind": "tool_call"}, "", "write tool or total"),
        (
            {"kind": "tool_call", "tool": "sell", "before": {"tool": "buy"}},
            "id_check.before.tool",
            "no such tool",
        ),
        (
            {"kind": "tool_call", "tool": "sell", "called": {"eq": 1, "lte": 3}},
            "id_check.called",
            "eq stands alone",
        ),
        (
            {"kind": "response", "number": {"value": "many"}},
            "id_check.number.value",
            "write a number without quotes",
        ),
    ],
)
def test_every_problem_leads_to_the_input_that_it_is_about(data, place, words):
    sheet = shown(data["kind"], data, messages=refused(data))

    problem = next(each for each in sheet.problems if words.lower() in each.label.lower())
    assert problem.value.startswith(place)
    assert bool(problem.value) == bool(place)


def flat(inputs):
    for each in inputs:
        yield each
        yield from flat(each.members)
        for row in each.items:
            yield from flat(row.members)


def test_operators_and_truth_are_words():
    sheet = shown("state", {"kind": "state", "entity_type": "sale", "expect": [EQ]})
    inputs = {each.name: each for each in flat(sheet.inputs)}

    ops = inputs["check.expect.0.op"]
    assert [choice.value for choice in ops.choices] == list(OPS)
    assert [choice.label for choice in ops.choices][:3] == ["is", "is not", "is one of"]
    assert ops.blank == "is"
    assert [choice.label for choice in inputs["check.created"].choices] == ["yes", "no"]
    assert inputs["check.created"].blank == "no"


def test_types_tools_paths_arguments_and_ids_of_the_company_are_offered():
    state = shown("state", {"kind": "state", "entity_type": "sale", "expect": [EQ]})
    inputs = {each.name: each for each in flat(state.inputs)}
    call = {"kind": "tool_call", "tool": "sell", "arguments": [{"path": "qty", "value": 1}]}
    of_call = {each.name: each for each in flat(shown("tool_call", call).inputs)}

    def offered(each):
        return [choice.value for choice in each.choices or each.suggestions]

    assert offered(inputs["check.entity_type"]) == ["item", "sale"]
    assert {"status", "lines.itemId", "replacesId.buyer"} <= set(
        offered(inputs["check.expect.0.path"])
    )
    assert "sale-250901-001" in offered(inputs["check.id"])
    assert "sell" in offered(of_call["check.tool"])
    assert offered(of_call["check.arguments.0.path"]) == ["buyer", "item_id", "qty"]


@pytest.mark.parametrize("company", [MOCK, CORECRAFT], ids=str)
def test_every_path_that_is_offered_is_one(company):
    for kind in company.entity_types.values():
        for path in paths_of(company, kind):
            read_path(company, kind.name, path)


def test_a_type_that_there_is_not_stays_in_the_form_to_be_mended():
    sheet = shown("state", {"kind": "state", "entity_type": "cat", "exists": True})
    entity_type = next(each for each in sheet.inputs if each.name == "check.entity_type")

    assert [c.value for c in entity_type.choices if c.is_selected] == ["cat"]


def test_rows_inside_rows_begin_empty_and_grow_when_asked():
    data = {"kind": "unchanged", "allow": [{"entity_type": "sale"}]}
    (allow,) = shown("unchanged", data).inputs
    where = next(each for each in allow.items[0].members if each.name == "check.allow.0.where")
    assert where.items == ()

    sheet = make_sheet("unchanged", STATE, inputs_of("unchanged", STATE, data), added=where.name)
    (allow,) = sheet.inputs
    where = next(each for each in allow.items[0].members if each.name == "check.allow.0.where")
    assert where.items[0].members[0].name == "check.allow.0.where.0.path"
