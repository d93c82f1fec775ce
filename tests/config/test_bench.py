"""The benchmark: its yardstick is the specified one, and it prints what it promises."""

import hashlib
import json
from types import SimpleNamespace
from typing import Literal

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from rich.console import Console

from config.bench import growth
from config.bench.calls import accepted, unasked
from config.bench.corecraft import find_case, rubric, solution
from config.bench.measuring import Timing, measure, measure_beside
from config.bench.questions import indexed
from config.bench.report import COLUMNS, Report
from config.bench.rows import Row, Target, timed
from config.bench.scratch import database_url, scratch_database
from config.bench.yardstick import document
from grading.criteria import Outcome
from grading.graders import Evidence
from grading.verdicts import grade
from simulation.entities import Row as EntityRow
from simulation.environments import environment
from simulation.errors import Conflict
from simulation.play import play, prepare
from simulation.snapshots import from_document
from simulation.state import WorldState
from simulation.tools import tool
from simulation.transcript import AgentSpec, Spec
from simulation.values import Id

SIZE = 1_000_015
SHA256 = "31cdc9f1577ee6f348d3da1acd1012e71d08d560a0637426f0d5b945ddd206a3"
COLUMNS_OF_JSON = {"row", "what", "unit", "median", "p99", "r", "target", "reached", "n"}


@pytest.fixture(scope="module")
def world():
    generator = environment("corecraft").generator
    entities = generator.generate(seed=7, size=0.2).entities
    document = {
        "environment": "corecraft",
        "now": generator.NOW,
        "agentEmployeeId": generator.AGENT_EMPLOYEE_ID,
        "entities": entities,
    }
    return WorldState(from_document(document))


def test_the_yardstick_is_the_specified_document():
    text = document()

    assert len(text) == SIZE
    assert hashlib.sha256(text.encode()).hexdigest() == SHA256
    assert set(json.loads(text)[0]) == {"id", "name", "status", "tags", "price", "address"}


def test_every_tool_that_the_company_has_is_asked_and_answers(world):
    asked = {tool for tool, _ in accepted(world.snapshot, find_case(world))}

    assert asked == world.snapshot.company.tools.keys()


@tool(writes=False)
def look_up(world: WorldState, *, customer_id: Id, status: Literal["new"]) -> EntityRow:
    """A tool that appeared yesterday."""
    return world.need("customer", customer_id)


@tool(writes=False)
def refuse(world: WorldState, *, count: int) -> EntityRow:
    """A tool that never answers."""
    raise Conflict(f"not {count}")


@pytest.fixture
def new_tools(monkeypatch):
    tools = environment("corecraft").toolsets["all"]
    for new in (look_up, refuse):
        monkeypatch.setitem(tools, new.name, new)


def test_a_new_tool_is_asked_by_the_names_of_its_parameters_or_owned_up_to(world, new_tools):
    asked = {name for name, _ in accepted(world.snapshot, find_case(world))}

    row = unasked(world.snapshot, asked)

    assert "lookUp" in asked
    assert "refuse" not in asked
    assert (row.median, row.is_reached(yardstick=10.0)) == (1, False)
    assert "were not measured: refuse;" in row.what


def test_what_an_index_answers_is_asked_of_tools_that_there_are(world):
    tools = world.snapshot.company.tools

    growth._calls(world.snapshot)()
    assert len(indexed(find_case(world)).keys() & tools.keys()) >= 8


def test_growth_sets_a_world_of_ten_times_the_size_beside_the_usual_one():
    table = {row.name: row for row in growth.rows(SimpleNamespace(size=0.1))}

    assert table["snapshot-larger"].median > 2 * table["snapshot-usual"].median
    assert 0.5 < table["kept-growth"].median < 1.5
    assert table["kept-usual"].median > 1
    assert table["indexed-growth"].unit == "×"


def test_two_things_are_timed_in_turn():
    done = []

    one, other = measure_beside(lambda: done.append("a"), lambda: done.append("b"))

    assert (one.n, other.n) == (200, 200)
    assert "".join(done[-6:]) == "ababab"


def test_the_solution_has_twenty_steps_and_meets_ten_criteria(world):
    case, spec = find_case(world), Spec(prompt="Settle it.")
    agent = AgentSpec(kind="reference", name="reference", config={"solution": solution(case)})
    playing = prepare(world.snapshot, spec)
    outcome = play(playing, agent, lambda steps: None)
    evidence = Evidence(spec, playing.steps, outcome.final_response, playing.world)
    findings = grade(rubric(case, world).criteria, evidence)

    assert len([step for step in playing.steps if step.turn]) == 20
    assert not any(step.is_error for step in playing.steps)
    assert [finding.outcome for finding in findings.values()] == [Outcome.MET] * 10


def test_quick_things_are_timed_two_hundred_times_and_slow_ones_thirty():
    assert measure(lambda: None).n == 200
    assert measure(lambda: sum(range(200_000))).n == 30


@pytest.mark.parametrize(
    ("target", "median", "reached"),
    [
        (Target("r", 0.5), 5.0, True),
        (Target("r", 0.5), 5.1, False),
        (Target("most", 5), 5.0, True),
        (Target("most", 5), 5.1, False),
        (Target("least", 5), 5.0, True),
        (Target("least", 5), 4.9, False),
        (None, 5.0, None),
    ],
)
def test_a_target_is_a_share_of_the_yardstick_or_a_limit(target, median, reached):
    row = Row(name="x", what="something", median=median, n=30, target=target)

    assert row.is_reached(yardstick=10.0) is reached


def report():
    timing = Timing([0.004] * 98 + [0.009] * 2)
    rows = [timed("clone", "a fresh world", timing, Target("r", 0.5))]
    rows.append(Row(name="queue", what="episodes", unit="/s", median=61.0, n=600))
    return Report("corecraft@1", 3521, [10.0, 11.0, 12.0], [(row, 10.0) for row in rows])


def test_the_json_has_the_promised_columns_and_the_yardstick_before_between_and_after():
    written = json.loads(json.dumps(report().as_json()))

    assert [set(row) for row in written["rows"]] == [COLUMNS_OF_JSON] * 2
    assert written["rows"][0]["median"] == pytest.approx(4)
    assert written["rows"][0]["p99"] == pytest.approx(9)
    assert written["rows"][0]["r"] == pytest.approx(0.4)
    assert written["rows"][0]["reached"] is True
    assert written["rows"][1]["r"] is None
    yardstick = written["yardstick"]
    assert (yardstick["bytes"], yardstick["sha256"]) == (SIZE, SHA256)
    assert [yardstick[f"{when}_ms"] for when in ("before", "between", "after")] == [10, [11], 12]


def test_the_table_shows_every_column():
    console = Console(width=200, record=True)
    console.print(report().heading, report().as_table())
    shown = console.export_text()

    assert all(column in shown for column in COLUMNS)
    assert "before 10.00, between 11.00, after 12.00" in shown
    assert "4.00 ms" in shown
    assert "R ≤ 0.5" in shown
    assert "61.0 /s" in shown


@pytest.mark.django_db(transaction=True)
def test_the_scratch_database_is_dropped_even_after_an_interruption():
    own = connection.settings_dict["NAME"]
    seen = []

    def interrupted():
        with scratch_database():
            seen.append(connection.settings_dict["NAME"])
            seen.append(database_url())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    scratch, url = seen

    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database")
        names = {name for (name,) in cursor.fetchall()}
    assert connection.settings_dict["NAME"] == own
    assert own in names
    assert scratch not in names
    assert f"dbname={scratch}" in url


@pytest.mark.parametrize("option", ["--size=0", "--pages=0"])
def test_a_size_that_is_none_is_refused(option):
    with pytest.raises(CommandError, match="above 0"):
        call_command("bench", option)
