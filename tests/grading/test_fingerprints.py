"""Fingerprints: a verdict names all the code that it rests on."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grading.fingerprints import PACKAGES, ROOT, modules_behind
from grading.graders import GRADERS

IMPORTS_IT = """
import sys, django
from django.conf import settings
django.setup()
before = set(sys.modules)
for name in [n for n in sys.modules if n.partition(".")[0] == "grading"]:
    del sys.modules[name]
import grading.graders.{kind}
print(*[n for n in sys.modules if n.partition(".")[0] == "grading"])
"""


@pytest.mark.parametrize("kind", list(GRADERS))
def test_every_module_of_grading_that_a_grader_loads_is_behind_its_verdicts(kind):
    found = subprocess.run(
        [sys.executable, "-c", IMPORTS_IT.format(kind=kind)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "tests.settings", "PATH": ""},
    )
    loaded = set(found.stdout.split())

    assert f"grading.graders.{kind}" in loaded
    assert loaded <= set(modules_behind(f"grading.graders.{kind}"))


@pytest.mark.parametrize("kind", list(GRADERS))
def test_no_line_of_a_module_behind_a_verdict_imports_one_that_is_not(kind):
    behind = modules_behind(f"grading.graders.{kind}")
    lines = re.compile(r"^\s*(?:from|import) ((?:grading|simulation)[\w.]*)", re.MULTILINE)

    imported = {name for file in behind.values() for name in lines.findall(file.read_text())}

    assert imported
    assert imported <= set(behind)


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("state", {"grading.moments", "grading.bounds", "simulation.paths"}),
        ("unchanged", {"grading.allowances", "simulation.state"}),
        ("tool_call", {"grading.calls", "simulation.tools", "simulation.operators"}),
        ("response", {"grading.reading.values", "grading.claims.lists", "grading.reading"}),
    ],
)
def test_a_rule_rests_on_what_it_is_made_of(kind, names):
    assert names <= set(modules_behind(f"grading.graders.{kind}"))


def test_a_grader_does_not_rest_on_pages_or_on_other_graders():
    behind = set(modules_behind("grading.graders.state"))

    assert not behind & {"grading.views", "grading.run_page", "grading.graders.response"}


def test_imports_are_followed_however_they_are_written(tmp_path):
    package = tmp_path / PACKAGES[0]
    (package / "deep").mkdir(parents=True)
    for name, text in {
        "__init__": "",
        "a": "import grading.b\nfrom grading import c\n",
        "b": "def late():\n    from .deep import d\n",
        "c": "",
        "deep/__init__": "",
        "deep/d": "from ..e import anything\nimport json\n",
        "e": "from grading import a\n",
        "alone": "",
    }.items():
        (package / f"{name}.py").write_text(text)

    found = modules_behind("grading.a", Path(tmp_path))

    assert [*found] == [f"grading{n}" for n in ("", ".a", ".b", ".c", ".deep", ".deep.d", ".e")]
    shutil.rmtree(package)
