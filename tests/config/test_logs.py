"""Log lines of every form are without the keys of endpoints."""

import logging

import pytest
from structlog.stdlib import ProcessorFormatter

from config.logs import logging_settings

KEY = "sk-0123456789"


@pytest.mark.parametrize("form", ["console", "json"])
def test_no_line_has_a_key_in_it(form, monkeypatch):
    monkeypatch.setenv("EG_MODEL_KEY_TEST", f" {KEY}\n")
    made = logging_settings(form=form, level="INFO")["formatters"]["structured"]
    options = {name: value for name, value in made.items() if name != "()"}
    try:
        raise ValueError(KEY)  # noqa: TRY301
    except ValueError as error:
        told = (type(error), error, error.__traceback__)
    record = logging.LogRecord("a", logging.ERROR, "a.py", 1, "asked with %s", (KEY,), told)

    line = ProcessorFormatter(**options).format(record)

    assert KEY not in line
    assert line.count("[key removed]") == 2
