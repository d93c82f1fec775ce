"""Files that cannot become a world: each fault by its exact words, all of them at once."""

import pytest

from simulation.errors import Problems
from simulation.models import World
from simulation.portability.files import sorted_out
from simulation.portability.imports import import_parcel, problem_lines
from simulation.portability.limits import (
    MAX_BESIDE_VALUES,
    MAX_PROMPTS,
    MAX_ROW_VALUES,
    MAX_ROWS,
    PROBLEMS_COUNTED,
    PROBLEMS_KEPT,
)
from simulation.portability.parcel import read_parcel
from tests.factories import LAMP, NOW, make_user, sale
from tests.simulation.portability.parcels import (
    bare_files,
    make_files,
    parcel_of,
    problems_of,
)

LONG = "x" * 300
DEEP = b"[" * 40 + b"]" * 40
ITEM, SALE = "entities/item.json", "entities/sale.json"
CLERK = "system-prompts/clerk.md"
MEMBERS = "slug, version, title, environment, now, agentEmployeeId, systemPrompts"
NOT_A_FILE = (
    "is no file of a world: it has world.json, entities/TYPE.json and system-prompts/NAME.md"
)


def item(**fields):
    return {"lamp": {**LAMP, **fields}}


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        ({"slug": None}, "slug: is missing: give the world a short name, such as my-company"),
        ({"slug": "a b"}, "slug: write 1 to 80 letters, digits, - and _, not 'a b'"),
        ({"slug": "../x"}, "slug: write 1 to 80 letters, digits, - and _, not '../x'"),
        ({"slug": 7}, "slug: write 1 to 80 letters, digits, - and _, not 7"),
        ({"version": 0}, "version: write a whole number from 1 on, or next, not 0"),
        ({"version": True}, "version: write a whole number from 1 on, or next, not True"),
        ({"version": 1.5}, "version: write a whole number from 1 on, or next, not 1.5"),
        ({"version": 2**31}, "version: write a whole number from 1 on, or next, not 2147483648"),
        ({"version": 2**63}, "version: a number is beyond 64 bits"),
        ({"title": ["x"]}, "title: write text of 1 to 200 characters, not ['x']"),
        ({"title": " "}, "title: write text of 1 to 200 characters, not ' '"),
        ({"environment": "ghost"},
         "environment: write one of corecraft, mock_store, not 'ghost'"),
        ({"now": None},
         "now: is missing: give the clock of the world, such as 2025-09-15T19:00:00Z"),
        ({"now": "2025-09-15"},
         "now: write an instant such as 2025-09-15T19:00:00Z, not '2025-09-15'"),
        ({"now": 5}, "now: write an instant such as 2025-09-15T19:00:00Z, not 5"),
        ({"now": "2025-02-30T10:00:00Z"},
         "now: day is out of range for month, not '2025-02-30T10:00:00Z'"),
        ({"agentEmployeeId": 5},
         "agentEmployeeId: write the id of an employee, text of 1 to 200 characters, not 5"),
        ({"systemPrompts": "clerk"}, "systemPrompts: write a list of names"),
        ({"systemPrompts": ["clerk", "clerk"]},
         "systemPrompts: a name stands there more than once"),
        ({"systemPrompts": ["clerk", "ghost"]},
         "systemPrompts: there is no file system-prompts/ghost.md"),
        ({"colour": "red"}, f"colour: there is no such field; it has {MEMBERS}"),
    ],
)  # fmt: skip
def test_a_bad_member_of_world_json_is_named(members, problem):
    problems = problems_of(make_files(**members))

    assert f"world.json: {problem}" in problems


@pytest.mark.parametrize(
    ("path", "data", "problem"),
    [
        ("world.json", b"[]", "write one object, not []"),
        ("world.json", b'{"slug": "a", "slug": "b"}', "slug: stands there more than once"),
        ("world.json", b"{", "is not valid JSON: Expecting property name enclosed in double quotes"
         " in line 1, column 2"),
        (ITEM, b"\xff{}", "is not UTF-8: byte 0 cannot be read; save it as UTF-8"),
        (ITEM, b"\xef\xbb\xbf\xff", "is not UTF-8: byte 3 cannot be read; save it as UTF-8"),
        (ITEM, '{"a": 1}'.encode("utf-16"),
         "is not UTF-8: byte 0 cannot be read; save it as UTF-8"),
        (ITEM, b'{"a\0b": 1}',
         "is not valid JSON: Invalid control character in line 1, column 4"),
        (ITEM, b"", "is not valid JSON: Expecting value in line 1, column 1"),
        (ITEM, b"{} {}", "is not valid JSON: Extra data in line 1, column 4"),
        (ITEM, b"[]", "write one object of ids and rows, not []"),
        (ITEM, b"null", "write one object of ids and rows, not None"),
        (ITEM, b"[" * 100_000, "is nested deeper than 32 levels"),
        (ITEM, b"[" + b"0," * 1_000_001 + b"0]", "holds more than 1,000,000 values"),
        (ITEM, b'{"a": {}, "a": {}}', "'a': this id stands there more than once"),
        (ITEM, {"": LAMP}, "an id is text of 1 to 200 characters that can be stored"),
        (ITEM, {LONG: LAMP},
         f"'{'x' * 79}…: an id is text of 1 to 200 characters that can be stored"),
        (ITEM, b'{"a\\u0000": {}}', "'a\ufffd': an id is text of 1 to 200 characters that can be"
         " stored"),
        (ITEM, b'{"\\ud800": {}}', "'\ufffd': an id is text of 1 to 200 characters that can be"
         " stored"),
        (ITEM, {"pen": []}, "'pen': write an object of field names and values, not []"),
        (ITEM, {"pen": 5}, "'pen': write an object of field names and values, not 5"),
        (ITEM, item(colour="red"),
         "'lamp': colour: item has no such field; it has name, price, inStock, note"),
        (ITEM, item(id="lamp"), "'lamp': id: the id is the key of the row: leave it out inside"),
        (ITEM, item(price="12"),
         "'lamp': price: expected a number with at most 2 decimal places, got '12'"),
        (ITEM, item(price=0.001), "'lamp': price: at most 2 decimal places, got 0.001"),
        (ITEM, item(name=None),
         "'lamp': name: is required; expected text of 1 to 200 characters"),
        (ITEM, b'{"lamp": {"price": NaN}}', "'lamp': price: NaN is not a number that JSON has"),
        (ITEM, b'{"lamp": {"price": -Infinity}}',
         "'lamp': price: -Infinity is not a number that JSON has"),
        (ITEM, b'{"lamp": {"price": 1e999}}', "'lamp': price: a number is too large"),
        (ITEM, b'{"lamp": {"inStock": 9223372036854775808}}',
         "'lamp': inStock: a number is beyond 64 bits"),
        (ITEM, b'{"lamp": {"inStock": ' + b"9" * 5000 + b"}}",
         "'lamp': inStock: a number is beyond 64 bits"),
        (ITEM, b'{"lamp": {"price": 1, "price": 2}}',
         "'lamp': price: stands there more than once"),
        (SALE, b'{"s": {"lines": [{"qty": 1, "qty": 2}]}}',
         "'s': lines.0.qty: stands there more than once"),
        (SALE, b'{"s": {"lines": ' + DEEP + b"}}",
         f"'s': lines{'.0' * 32}: is nested deeper than 32 levels"),
        (SALE, {"s": sale(lines=[{"itemId": "lamp"}])}, "'s': lines.0.qty: is required, got"),
        (SALE, {"s": sale(lines=[{"itemId": "lamp", "qty": 1, "no": 1}])},
         "'s': lines.0.no: there is no such field"),
        (SALE, {"s": sale(status="lost")},
         "'s': status: expected one of open, paid, void, got 'lost'"),
        (SALE, {"s": sale(createdAt="yesterday")},
         "'s': createdAt: write an instant such as 2025-09-15T19:00:00Z, got 'yesterday'"),
        (SALE, {"s": sale(item="ghost")}, "'s': lines.itemId: there is no item 'ghost'"),
        (SALE, {"s": sale(replacesId="ghost")}, "'s': replacesId: there is no sale 'ghost'"),
        ("entities/ghost.json", b"{}", "mock_store has no entity type 'ghost'; it has item, sale"),
        ("entities/deep/item.json", b"{}", NOT_A_FILE),
        ("entities/item.csv", b"", NOT_A_FILE),
        ("item.json", b"{}", NOT_A_FILE),
        ("run.sh", b"", NOT_A_FILE),
        ("system-prompts/other.md", b"", "is not named in systemPrompts of world.json"),
        (CLERK, b"\xff", "is not UTF-8: byte 0 cannot be read; save it as UTF-8"),
        (CLERK, b"x" * 1_000_001, "is longer than 1,000,000 characters"),
        ("system-prompts/Big Boss.md", b"",
         "a prompt's name is 1 to 80 small letters, digits, - and _"),
        ("manifest.json", b"{}", "write a list of objects"),
        ("manifest.json", b'[{"type": "item"}]',
         "0: write an object of type, id and noise, each of them text"),
    ],
)  # fmt: skip
def test_a_fault_in_a_file_is_named_with_its_place(path, data, problem):
    problems = problems_of(make_files({path: data}))

    told = f"{path}: {problem}".removesuffix(", got")
    assert [line for line in problems if line == told or line.startswith(f"{told}, got")], problems


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"slug": "a b"}, "options: slug: write 1 to 80 letters, digits, - and _, not 'a b'"),
        (
            {"version": "new"},
            "options: version: write a whole number from 1 on, or next, not 'new'",
        ),
        (
            {"version": "٣"},
            "options: version: write a whole number from 1 on, or next, not '٣'",
        ),
        ({"now": "now"}, "options: now: write an instant such as 2025-09-15T19:00:00Z, not 'now'"),
        ({"environment": "x"}, "options: environment: write one of corecraft, mock_store, not 'x'"),
    ],
)
def test_a_bad_option_is_named(options, problem):
    assert problems_of(make_files(), **options) == [problem]


def test_options_come_before_world_json():
    files = make_files(slug="a b", version=0, now="never", environment="ghost", title=5)
    given = {"slug": "fine", "version": "3", "now": NOW, "environment": "mock_store", "title": "T"}

    parcel = read_parcel(files, given)

    assert parcel.problems == ()
    assert (parcel.identity.slug, parcel.identity.version) == ("fine", 3)


def test_a_bare_folder_without_options_says_what_it_lacks():
    assert problems_of(bare_files()) == [
        "options: slug: is missing: give the world a short name, such as my-company",
        "options: now: is missing: give the clock of the world, such as 2025-09-15T19:00:00Z",
    ]


def test_types_of_no_company_ask_for_the_company():
    problems = problems_of(bare_files({"ghost": {}}), slug="x", now=NOW)

    assert problems == ["options: environment: is missing: write one of corecraft, mock_store"]


def test_an_agent_who_is_not_there_is_named():
    files = make_files(environment="corecraft", agentEmployeeId="nobody", base={})

    assert problems_of(files) == ["world.json: agentEmployeeId: there is no employee 'nobody'"]
    assert problems_of(files, agentEmployeeId="none") == [
        "options: agentEmployeeId: there is no employee 'none'"
    ]


def test_every_fault_of_a_parcel_is_named_at_once():
    files = make_files(
        {ITEM: {"a": {"colour": 1}, "b": LAMP}, SALE: {"s": sale(item="ghost", status="lost")}},
        slug="a b",
    )

    places = {(p.file, p.id, p.field) for p in read_parcel(files).problems}

    assert places == {
        ("world.json", "", "slug"),
        (ITEM, "a", "colour"),
        (ITEM, "a", "name"),
        (ITEM, "a", "price"),
        (ITEM, "a", "inStock"),
        (SALE, "s", "status"),
    }


def test_every_bad_line_of_one_field_is_named():
    lines = [{"itemId": "lamp", "qty": 0}, {"itemId": "lamp"}, 5]

    problems = parcel_of({SALE: {"s": sale(lines=lines)}}).problems

    assert [problem.field for problem in problems] == ["lines.0.qty", "lines.1.qty", "lines.2"]


def test_alternatives_that_were_tried_are_one_fault():
    product = {
        "name": "Fan", "brand": "Fan", "sku": "F", "category": "cpu", "price": 1.0,
        "inventory": {"inStock": 1, "backorderable": False},
        "specs": {"cpu": {"socket": "A", "cores": 1, "tdpWatts": "x", "baseClockGhz": 1,
                          "boostClockGhz": 1}},
    }  # fmt: skip
    files = make_files(environment="corecraft", base={"product": {"fan": product}})

    assert [p.field for p in read_parcel(files).problems] == ["specs.cpu.tdpWatts"]


def test_references_to_bad_rows_and_into_broken_files_are_not_called_dangling():
    for bad in ({"lamp": {}, "chair": {}}, b"{"):
        problems = parcel_of({ITEM: bad}).problems

        assert problems
        assert {problem.file for problem in problems} == {ITEM}


def test_world_json_that_cannot_be_read_is_not_also_called_incomplete():
    assert [p.field for p in parcel_of({"world.json": b"{"}).problems] == [""]


def test_text_that_cannot_be_stored_is_replaced_and_noted():
    data = b'{"lamp": {"name": "L\\u0000mp\\ud800", "price": 1, "inStock": 1}, "chair": {"name":'
    data += b' "Chair", "price": 1, "inStock": 1}}'

    parcel = parcel_of({ITEM: data, "system-prompts/clerk.md": b"a\0b"})

    assert parcel.problems == ()
    assert parcel.entities["item"]["lamp"]["name"] == "L\ufffdmp\ufffd"
    assert parcel.prompts == {"clerk": "a\ufffdb"}
    assert [(note.file, note.id, note.field) for note in parcel.notes] == [
        (ITEM, "lamp", "name"),
        ("system-prompts/clerk.md", "", ""),
    ]


def test_a_byte_order_mark_is_left_out_and_noted():
    parcel = parcel_of({"system-prompts/clerk.md": b"\xef\xbb\xbfHello"})

    assert (parcel.problems, parcel.prompts) == ((), {"clerk": "Hello"})
    assert "byte order mark" in parcel.notes[0].text


def test_harmless_files_are_left_out_and_a_folder_around_everything_too():
    files = {f"my-world/{path}": data for path, data in make_files().contents.items()}
    litter = {"my-world/.DS_Store": b"x", "__MACOSX/my-world/._world.json": b"x",
              "my-world/README.md": b"x"}  # fmt: skip

    parcel = read_parcel(sorted_out({**files, **litter}))

    assert parcel.problems == ()
    assert parcel.ignored == tuple(sorted(litter))


def test_a_prompt_may_be_named_readme():
    parcel = parcel_of({"system-prompts/readme.md": b"x"}, systemPrompts=["clerk", "readme"])

    assert (parcel.problems, parcel.prompts["readme"]) == ((), "x")


def test_many_problems_are_counted_and_the_first_ones_told():
    parcel = parcel_of({ITEM: {f"i{n}": [] for n in range(PROBLEMS_KEPT + 500)}})

    assert len(parcel.problems) == PROBLEMS_KEPT
    assert parcel.problem_count == PROBLEMS_KEPT + 500 + 4  # and four sales of items not given
    assert problem_lines(parcel)[-1] == "and 504 more, at least"


def test_reading_ends_when_more_problems_would_change_nothing():
    rows = {f"i{n}": {"lines": [{}] * 9, "colour": 1} for n in range(5_000)}

    parcel = parcel_of({SALE: rows})

    assert PROBLEMS_COUNTED <= parcel.problem_count < PROBLEMS_COUNTED + 50


@pytest.mark.parametrize(
    ("path", "data", "problem"),
    [
        (ITEM, {f"i{n}": LAMP for n in range(MAX_ROWS + 1)},
         "brings the world to more than 50,000 rows"),
        (SALE, {"s": {"lines": [{}] * MAX_ROW_VALUES}}, "'s': holds more than 10,000 values"),
        ("world.json", {"systemPrompts": ["x"] * MAX_BESIDE_VALUES},
         "holds more than 200,000 values"),
        ("manifest.json", [{}] * (MAX_BESIDE_VALUES + 1), "holds more than 200,000 values"),
    ],
)  # fmt: skip
def test_too_much_of_anything_is_refused(path, data, problem):
    assert f"{path}: {problem}" in problems_of(make_files({path: data}))


def test_prompts_without_end_are_refused():
    more = {f"system-prompts/p{n}.md": b"x" for n in range(MAX_PROMPTS)}

    problems = problems_of(make_files(more, systemPrompts=None))

    assert problems == [f"system-prompts: there are more than {MAX_PROMPTS} prompts"]


@pytest.mark.django_db
def test_nothing_is_imported_of_a_parcel_with_one_bad_row():
    parcel = parcel_of({ITEM: {"lamp": LAMP, "chair": {**LAMP, "price": "x"}}})

    with pytest.raises(Problems, match=r"entities/item\.json: 'chair': price: expected a number"):
        import_parcel(parcel, owner=make_user(), publish=True)

    assert not World.objects.exists()
