"""Worlds that do not hold together: the engine's own rules, and what a company adds to them."""

import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from rich.console import Console

from simulation import worlds
from simulation.environments import environment
from simulation.environments.mock_store.models import Item, Sale
from simulation.errors import Problems
from simulation.integrity.existence import RULES
from simulation.integrity.inspecting import inspect, refuse_errors
from simulation.integrity.parts import Severity, density, rule
from simulation.integrity.printing import printed
from simulation.models import World
from simulation.snapshots import from_document
from tests.factories import CHAIR, HIDDEN, LAMP, STORE, make_document, make_draft, make_world, sale

ENGINE = {each.name for each in RULES}
SURPRISE = "there is no item 'ghost'"


def report_of(manifest=(), **rows):
    return inspect(from_document(make_document(**rows)), manifest)


def found(report, *rules):
    """The findings as (severity, type, id, path), of some rules only when they are named."""
    return [
        (str(f.severity), f.entity_type, f.id, f.path)
        for f in report.findings
        if f.rule in (rules or ENGINE)
    ]


# the engine's own rules


def test_a_sound_world_has_nothing_but_its_row_after_the_clock():
    assert found(report_of()) == [("information", "sale", HIDDEN, "createdAt")]


@pytest.mark.parametrize(
    ("row", "path"),
    [
        (sale(item="ghost"), "lines.itemId"),
        (sale(replacesId="ghost"), "replacesId"),
    ],
)
def test_a_reference_that_leads_nowhere_is_an_error_at_top_level_and_inside_values(row, path):
    report = report_of(sale={"s": row})

    assert ("error", "sale", "s", path) in found(report)
    assert [finding.line.split(": ")[0] for finding in report.errors] == ["sale 's'"]


def test_a_hidden_row_is_checked_as_well():
    report = report_of(sale={"s": sale(item="ghost", at="2025-09-16T00:00:00Z")})

    assert [(f.id, f.sentence) for f in report.errors] == [("s", SURPRISE)]


@pytest.mark.parametrize(
    ("row", "path", "sentence"),
    [
        ({**LAMP, "price": "x"}, "price", "expected a number with at most 2 decimal places"),
        ({"name": "Pen", "price": 1.0}, "inStock", "is required"),
        ({**LAMP, "colour": "red"}, "colour", "item has no such field"),
        ({**LAMP, "price": 0.001}, "price", "at most"),
    ],
)
def test_a_row_that_an_import_would_refuse_is_an_error(row, path, sentence):
    (finding,) = report_of(item={"pen": row}).errors

    assert (finding.entity_type, finding.id, finding.path) == ("item", "pen", path)
    assert sentence in finding.sentence


def test_an_id_that_an_import_would_refuse_is_an_error():
    (finding,) = report_of(item={"x" * 201: LAMP}).errors

    assert "an id is text of 1 to 200 characters" in finding.sentence


def test_rows_of_a_type_that_the_company_lacks_are_an_error():
    (finding,) = report_of(ghost={"casper": {}}).errors

    assert finding.line == "ghost: there is no such entity type; there are item, sale"


def test_a_row_that_agents_see_should_not_refer_to_one_that_they_do_not():
    report = report_of(sale={"s": sale(replacesId=HIDDEN), "late": sale(at="2025-09-16T00:00:00Z")})

    assert found(report, "references_lead_to_what_agents_see") == [
        ("warning", "sale", "s", "replacesId")
    ]


@pytest.mark.parametrize("twin", ["LAMP", "la mp", "ｌａｍｐ", "lamp "])  # noqa: RUF001  on purpose
def test_ids_that_differ_in_their_spelling_only_are_a_warning(twin):
    report = report_of(item={twin: LAMP})

    assert len(found(report, "one_spelling_of_an_id")) == 1


@pytest.mark.parametrize(
    ("updated", "is_wrong"),
    [
        ("2025-09-01T10:00:00Z", False),
        ("2025-09-01T09:59:59.999Z", True),
        ("2025-09-15T19:00:00Z", False),
        ("2025-09-15T19:00:00.001Z", True),
    ],
)
def test_a_row_changes_between_its_creation_and_the_clock(updated, is_wrong):
    report = report_of(sale={"s": sale(updatedAt=updated)})

    assert found(report, "changed_after_it_was_made") == (
        [("warning", "sale", "s", "updatedAt")] * is_wrong
    )


def test_the_agent_must_be_somebody_where_there_are_employees():
    document = {"environment": "corecraft", "now": "2025-09-15T19:00:00Z", "entities": {}}

    report = inspect(from_document({**document, "agentEmployeeId": "nobody"}))

    assert [finding.rule for finding in report.errors] == ["the_agent_is_somebody"]
    assert not inspect(from_document(document)).errors


@pytest.mark.parametrize("kind", ["item", "ghost"])
def test_the_manifest_lists_rows_that_there_are(kind):
    report = report_of([{"type": kind, "id": "casper", "noise": "oversold"}])

    assert found(report, "the_manifest_lists_rows") == [("warning", kind, "casper", "")]


@pytest.mark.parametrize("entry", [None, "x", {}, {"type": "item", "id": 7, "noise": "oversold"}])
def test_a_manifest_that_is_none_is_a_warning_and_no_crash(entry):
    report = report_of([entry, {"type": "item", "id": "lamp", "noise": "oversold"}])

    assert found(report, "the_manifest_lists_rows") == [("warning", "manifest", "", "")]
    assert report.manifest == {"oversold": 1}


# what a company adds


OVERSOLD = {"lamp": {**LAMP, "inStock": -1}, "chair": {**CHAIR, "inStock": -2}}


def test_a_company_s_rule_gives_warnings():
    report = report_of(item=OVERSOLD)

    assert [(f.id, f.severity) for f in report.warnings] == [
        ("chair", Severity.WARNING),
        ("lamp", Severity.WARNING),
    ]
    assert report.warnings[0].line == "item 'chair': inStock: -2 in stock is below 0"


def test_what_the_manifest_lists_is_intended_and_counted_apart():
    report = report_of([{"type": "item", "id": "lamp", "noise": "oversold"}], item=OVERSOLD)

    assert [finding.id for finding in report.warnings] == ["chair"]
    assert [(f.id, f.intended) for f in report.intended] == [("lamp", "oversold")]
    assert [(len(g.findings), g.intended) for g in report.groups if g.rule.name not in ENGINE] == [
        (1, ""),
        (1, "oversold"),
    ]
    assert report.manifest == {"oversold": 1}


@pytest.mark.parametrize(
    "entry",
    [
        {"type": "item", "id": "lamp", "noise": "dusty"},
        {"type": "sale", "id": "lamp", "noise": "oversold"},
        {"type": "item", "id": "chair", "noise": "oversold"},
    ],
)
def test_another_noise_type_or_row_in_the_manifest_excuses_nothing(entry):
    report = report_of([entry], item={"lamp": OVERSOLD["lamp"]})

    assert [finding.id for finding in report.warnings if finding.rule not in ENGINE] == ["lamp"]


def test_a_density_says_what_there_is_and_whether_it_is_enough():
    (counted,) = report_of().densities
    (enough,) = report_of(item={"pen": LAMP}).densities

    assert counted.as_json() == {
        "name": "items_in_stock",
        "sentence": "Items of which one can be sold",
        "wanted": 3,
        "found": 2,
        "enough": False,
        "examples": ["chair", "lamp"],
    }
    assert enough.is_enough


def test_a_company_without_checks_is_fine(tmp_path, monkeypatch):
    company = environment("mock_store")
    bare = type(company)("mock_store")
    monkeypatch.setattr(type(company), "_package", "tests.config")

    assert (bare.checks.rules, bare.checks.densities) == ((), ())


@pytest.mark.parametrize("make", [rule(), density(wanted=1)])
def test_a_rule_without_words_is_refused(make):
    def nameless(inspection):
        yield

    with pytest.raises(TypeError, match="say in a docstring"):
        make(nameless)


# published worlds and drafts


@pytest.mark.django_db
def test_publishing_refuses_all_errors_at_once_and_no_warning():
    world = make_draft()
    worlds.import_entities(world, {"item": {"lamp": LAMP}, "sale": {"a": sale(), "b": sale()}})
    Item.objects.filter(world=world).update(in_stock=-1)
    Sale.objects.filter(world=world).update(lines=[{"itemId": "ghost", "qty": 1}, {"qty": 0}])

    with pytest.raises(Problems) as refusal:
        worlds.publish_world(world)
    Sale.objects.filter(world=world).update(lines=[])

    assert "sale 'a': lines.itemId: there is no item 'ghost'" in refusal.value.problems
    assert {line.split(":")[0] for line in refusal.value.problems} == {"sale 'a'", "sale 'b'"}
    assert len(refusal.value.problems) == 4
    assert worlds.publish_world(world).status == World.Status.PUBLISHED


def test_errors_alone_are_refused():
    refuse_errors(from_document(make_document(item=OVERSOLD)))

    with pytest.raises(Problems, match="there is no item 'ghost'"):
        refuse_errors(from_document(make_document(sale={"s": sale(item="ghost")})))


@pytest.mark.django_db
def test_a_draft_is_checked_as_it_stands():
    world = make_draft()
    worlds.import_entities(world, STORE)
    before = worlds.check_world(world)
    Item.objects.filter(world=world, key="lamp").update(in_stock=-1)
    worlds.touch_draft(world)

    assert not before.warnings
    assert [finding.id for finding in worlds.check_world(world).warnings] == ["lamp"]


@pytest.mark.django_db
@pytest.mark.parametrize("count", [3, 300])
def test_a_check_asks_the_database_as_often_for_few_rows_as_for_many(
    count, django_assert_num_queries
):
    world = make_draft()
    worlds.import_entities(world, {"item": {f"item-{n}": LAMP for n in range(count)}})

    with django_assert_num_queries(3):
        assert worlds.check_world(world).entities == count


# the command


def check(capsys, *arguments):
    """Run the command; give its exit status and what it wrote."""
    status = 0
    try:
        call_command("check_world", *arguments)
    except SystemExit as end:
        status = end.code
    return status, capsys.readouterr().out


@pytest.fixture
def broken(db):
    """A draft with two dangling references and two surprises."""
    world = make_draft(slug="broken", manifest=[{"type": "item", "id": "pen", "noise": "oversold"}])
    short = {**LAMP, "inStock": -1}
    items = {"lamp": short, "chair": short, "pen": short}
    worlds.import_entities(world, {"item": items, "sale": {"a": sale(), "b": sale()}})
    Sale.objects.filter(world=world).update(lines=[{"itemId": "ghost", "qty": 1}])
    worlds.touch_draft(world)
    return world


def test_the_command_prints_by_rule_with_counts_and_ends_with_an_error(broken, capsys):
    status, out = check(capsys, "broken", "--examples", "1")

    assert status == 1
    assert "broken@1: 2 errors, 2 warnings, 0 for information, 1 intended" in out
    assert "those inside values too: broken 2 times" in out
    assert "sale 'a': lines.itemId: there is no item 'ghost'" in out
    assert "sale 'b'" not in out
    assert "… and 1 more, shown by --all" in out
    assert "broken once as oversold" in out
    assert "Items of which one can be sold" in out
    assert "too few" in out
    assert "Listed in the manifest: 1 oversold" in out


def test_the_command_shows_everything_when_asked(broken, capsys):
    _, out = check(capsys, "broken@1", "--all")

    assert "sale 'b': lines.itemId" in out
    assert "more, shown" not in out


def test_the_command_prints_json(broken, capsys):
    status, out = check(capsys, "broken", "--json")
    written = json.loads(out)

    assert status == 1
    assert (written["world"], written["errors"], written["warnings"]) == ("broken@1", 2, 2)
    assert written["intended"] == {"oversold": 1}
    assert written["findings"][0] == {
        "severity": "error",
        "rule": "references_lead_to_rows",
        "entity_type": "sale",
        "id": "a",
        "path": "lines.itemId",
        "sentence": "there is no item 'ghost'",
        "intended": "",
    }
    assert written["densities"][0]["name"] == "items_in_stock"


@pytest.mark.django_db
def test_a_sound_world_ends_well(capsys):
    make_world(slug="sound")

    status, out = check(capsys, "sound")

    assert status == 0
    assert "no errors, no warnings, 1 for information, 0 intended" in out


@pytest.mark.django_db
def test_a_world_that_is_not_there_is_named(capsys):
    with pytest.raises(CommandError, match="there is no world 'nowhere'"):
        check(capsys, "nowhere")


def test_a_terminal_does_not_obey_what_rows_say():
    report = report_of(sale={"\x1b[2J\u202evil[/]": sale(item="ghost\x9b31m")})
    console = Console(width=200, record=True)
    console.print(printed("[red]name[/]", report, examples=None))
    shown = console.export_text()

    assert "\x1b" not in shown
    assert "\x9b" not in shown
    assert "\u202e" not in shown
    assert "vil[/]" in shown
    assert "[red]name[/]" in shown
