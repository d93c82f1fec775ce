"""Parts by name, and the companies that are found by walking a folder."""

from pathlib import Path

import pytest

from simulation import environments
from simulation.agents import AGENTS
from simulation.environments import environment, slugs
from simulation.errors import Conflict, GymError, InvalidArgument, Problems
from simulation.registry import Registry


def test_parts_are_found_by_importing_the_package():
    assert {"reference", "null", "echo", "claims_only"} <= set(AGENTS)
    assert list(AGENTS) == sorted(AGENTS)


def test_a_missing_part_is_answered_with_the_names_there_are():
    with pytest.raises(KeyError, match=r"no agent is named 'ghost'; there are chat, claims_only"):
        AGENTS["ghost"]


def test_two_parts_cannot_claim_one_name():
    registry = Registry("part", "simulation.agents")
    registry.add("one")(object())

    with pytest.raises(ValueError, match="two parts are named 'one'"):
        registry.add("one")(object())


def test_a_missing_company_is_answered_with_those_there_are():
    assert {"corecraft", "mock_store"} <= set(slugs())
    with pytest.raises(KeyError, match="there are corecraft, mock_store"):
        environment("ghost")


def test_toolsets_name_groups_of_tools_and_all_holds_every_one():
    company = environment("mock_store")

    assert set(company.toolsets) == {"all", "default"}
    assert company.toolsets["all"] == company.tools


def test_the_tools_hash_differs_between_toolsets_and_companies():
    hashes = [environment(slug).tools_hash("all") for slug in ("mock_store", "corecraft")]

    assert len({*hashes}) == 2
    assert all(len(hash_) == 64 for hash_ in hashes)


@pytest.mark.parametrize("slug", slugs())
def test_the_tools_hash_covers_all_code_of_the_company_but_what_makes_and_checks_its_data(slug):
    folder = Path(environments.__file__).parent / slug
    others = {"checks", "generator", "migrations"}
    modules = [path for path in folder.rglob("*.py") if not others & set(path.parts)]

    assert len(modules) > 4
    assert [path for path in modules if path.read_bytes() not in environment(slug)._sources] == []


def test_errors_have_one_shape():
    assert Conflict("no", field="qty").as_json() == {
        "error": {"code": "conflict", "message": "no", "field": "qty"}
    }
    assert "field" not in GymError("no").as_json()["error"]


def test_problems_are_an_invalid_argument_with_one_line_each():
    problems = Problems(["a", "b"])

    assert isinstance(problems, InvalidArgument)
    assert (problems.message, problems.problems) == ("a\nb", ("a", "b"))
