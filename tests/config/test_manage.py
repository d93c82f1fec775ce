"""Which commands bring the embedded servers up."""

import pytest

from manage import needs_servers


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        ([], False),
        (["--version"], False),
        (["check"], False),
        (["check", "--database", "default"], True),
        (["migrate", "--help"], False),
        (["migrate"], True),
        (["import_world", "folder", "--version", "3"], True),
    ],
)
def test_a_command_that_talks_to_the_database_brings_the_servers_up(arguments, answer):
    assert needs_servers(arguments) is answer
