"""What is served but not written here: unchanged as its table says, and all of it of use."""

import re
from hashlib import sha256

import pytest
from django.conf import settings

VENDOR = settings.BASE_DIR / "static" / "vendor"
TABLE = (VENDOR / "README.md").read_text()
HASHES = re.findall(r"^\| `([\w.-]+)` .*`([0-9a-f]{64})` \|$", TABLE, re.MULTILINE)
SYMBOLS = set(re.findall(r'<symbol id="([\w-]+)"', (VENDOR / "lucide.svg").read_text()))
OF_STATES = {name for name in SYMBOLS if name.startswith(("state-", "mark-"))}


@pytest.fixture(scope="module")
def sources() -> str:
    places = ("templates", "authoring", "grading", "simulation", "static/js")
    files = [file for place in places for file in (settings.BASE_DIR / place).rglob("*.*")]
    return "\n".join(f.read_text() for f in files if f.suffix in {".html", ".py", ".js"})


@pytest.mark.parametrize(("name", "expected"), HASHES)
def test_a_file_of_others_is_as_the_table_says(name, expected):
    assert sha256((VENDOR / name).read_bytes()).hexdigest() == expected


def test_every_icon_that_a_template_names_is_in_the_sprite(sources):
    named = set(re.findall(r'partials/icon\.html" with name="([\w-]+)" only', sources))

    assert len(named) > 30
    assert named <= SYMBOLS


def test_every_icon_of_the_sprite_is_named_somewhere(sources):
    named = set(re.findall(r"""["'#]([a-z][\w-]*)["']""", sources))

    assert SYMBOLS - OF_STATES - named == set()


def test_the_table_says_what_each_state_is_drawn_with():
    assert set(re.findall(r"^\| `((?:state|mark)-[\w-]+)` \|", TABLE, re.MULTILINE)) == OF_STATES
