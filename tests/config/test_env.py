"""Settings are read from the environment, and bad values are refused in words."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env

NAME = "EG_EXAMPLE"


def refusal(call, *arguments, **options) -> str:
    with pytest.raises(ImproperlyConfigured) as refused:
        call(*arguments, **options)
    return str(refused.value)


@pytest.mark.parametrize(
    ("reader", "options", "written", "expected"),
    [
        pytest.param(env.text, {}, "hello", "hello", id="text"),
        pytest.param(env.text, {"default": "other"}, " hello ", "hello", id="text trimmed"),
        pytest.param(env.flag, {}, "TRUE", True, id="true"),
        pytest.param(env.flag, {}, "off", False, id="off"),
        pytest.param(env.whole_number, {}, "-3", -3, id="negative number"),
        pytest.param(env.whole_number, {"minimum": 1, "maximum": 5}, "5", 5, id="largest number"),
        pytest.param(env.whole_number, {"minimum": 1, "maximum": 5}, "1", 1, id="smallest number"),
        pytest.param(env.seconds, {}, "30", 30.0, id="plain seconds"),
        pytest.param(env.seconds, {}, "500ms", 0.5, id="milliseconds"),
        pytest.param(env.seconds, {}, "1.5 m", 90.0, id="minutes"),
        pytest.param(env.choice, {"options": ["a", "b"]}, "b", "b", id="choice"),
        pytest.param(env.names, {}, "a, b", ["a", "b"], id="names"),
        pytest.param(
            env.url,
            {"schemes": ["redis", "rediss"]},
            "rediss://u:p@host:6379/0",
            "rediss://u:p@host:6379/0",
            id="address",
        ),
        pytest.param(
            env.url,
            {"schemes": ["unix"]},
            "unix:///run/redis.sock",
            "unix:///run/redis.sock",
            id="address of a socket",
        ),
    ],
)
def test_a_good_value_is_read(monkeypatch, reader, options, written, expected):
    monkeypatch.setenv(NAME, written)

    assert reader(NAME, **options) == expected


@pytest.mark.parametrize(
    ("reader", "options", "default"),
    [
        pytest.param(env.text, {}, "fallback", id="text"),
        pytest.param(env.text, {}, "", id="empty text"),
        pytest.param(env.flag, {}, True, id="flag"),
        pytest.param(env.whole_number, {}, 7, id="number"),
        pytest.param(env.seconds, {}, 2.5, id="seconds"),
        pytest.param(env.choice, {"options": ["a", "b"]}, "a", id="choice"),
        pytest.param(env.url, {"schemes": ["redis"]}, "", id="address"),
        pytest.param(env.names, {}, ["a"], id="names"),
        pytest.param(env.names, {}, [], id="no names"),
    ],
)
@pytest.mark.parametrize("written", [None, "", "  "], ids=["unset", "empty", "blank"])
def test_what_is_not_set_takes_the_default(monkeypatch, reader, options, default, written):
    if written is None:
        monkeypatch.delenv(NAME, raising=False)
    else:
        monkeypatch.setenv(NAME, written)

    assert reader(NAME, **options, default=default) == default


@pytest.mark.parametrize(
    ("reader", "options"),
    [
        pytest.param(env.text, {}, id="text"),
        pytest.param(env.flag, {}, id="flag"),
        pytest.param(env.whole_number, {}, id="number"),
        pytest.param(env.seconds, {}, id="seconds"),
        pytest.param(env.choice, {"options": ["a"]}, id="choice"),
        pytest.param(env.url, {"schemes": ["redis"]}, id="address"),
        pytest.param(env.names, {}, id="names"),
    ],
)
def test_what_has_no_default_is_required(monkeypatch, reader, options):
    monkeypatch.delenv(NAME, raising=False)

    assert refusal(reader, NAME, **options) == f"{NAME} is not set, and there is no default for it"


@pytest.mark.parametrize(
    ("reader", "options", "written", "right"),
    [
        pytest.param(env.flag, {}, "maybe", "write true or false", id="flag"),
        pytest.param(env.whole_number, {}, "1.5", "write a whole number", id="fraction"),
        pytest.param(env.whole_number, {}, "²", "write a whole number", id="not a digit of ours"),
        pytest.param(env.whole_number, {"minimum": 1}, "0", "1 or more", id="too small"),
        pytest.param(env.whole_number, {"maximum": 9}, "10", "9 or less", id="too large"),
        pytest.param(
            env.whole_number, {"minimum": 1, "maximum": 9}, "10", "from 1 to 9", id="outside"
        ),
        pytest.param(env.seconds, {}, "0", "a duration above 0", id="no time"),
        pytest.param(env.seconds, {}, "-1", "a duration above 0", id="negative time"),
        pytest.param(env.seconds, {}, "5 weeks", "as 30, 500ms, 2m or 1h", id="unknown unit"),
        pytest.param(env.choice, {"options": ["a", "b"]}, "A", "write one of a, b", id="choice"),
        pytest.param(env.names, {}, "a,,b", "one comma between two", id="names"),
    ],
)
def test_a_bad_value_is_refused_with_what_would_be_right(
    monkeypatch, reader, options, written, right
):
    monkeypatch.setenv(NAME, written)

    message = refusal(reader, NAME, **options)

    assert message.startswith(f"{NAME}={written!r}: ")
    assert right in message


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("mysql://me:hunter2@host/db", id="wrong scheme"),
        pytest.param("hunter2", id="no address"),
        pytest.param("redis://", id="nothing after the scheme"),
        pytest.param("redis://[hunter2", id="broken host"),
    ],
)
def test_a_bad_address_is_refused_without_showing_its_password(monkeypatch, written):
    monkeypatch.setenv("REDIS_URL", written)

    message = refusal(env.url, "REDIS_URL", ["redis", "rediss"])

    assert "redis://… or rediss://…" in message
    assert "hunter2" not in message


def test_the_value_of_a_secret_is_never_shown(monkeypatch):
    monkeypatch.setenv("EG_SECRET_KEY", "hunter2")

    assert "hunter2" not in refusal(env.choice, "EG_SECRET_KEY", ["a"])


def test_a_folder_is_absolute_and_a_file_is_refused(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(NAME, "var")

    assert env.folder(NAME, tmp_path / "other") == tmp_path / "var"

    (tmp_path / "var").touch()
    assert "this is a file" in refusal(env.folder, NAME, tmp_path)


@pytest.mark.parametrize(
    ("value", "rate"),
    [("1200/minute", (1200, 60)), ("1/second", (1, 1)), ("5/Day", (5, 86_400)), ("off", None)],
)
def test_a_rate_is_so_many_a_time(value, rate, monkeypatch):
    monkeypatch.setenv("EG_RATE", value)

    assert env.rate("EG_RATE", "1/hour") == rate


@pytest.mark.parametrize("value", ["0/minute", "10", "10/week", "-1/minute", "1.5/hour", "x/hour"])
def test_what_is_no_rate_is_refused(value, monkeypatch):
    monkeypatch.setenv("EG_RATE", value)

    with pytest.raises(ImproperlyConfigured, match="write a rate as 1200/minute"):
        env.rate("EG_RATE", "1/hour")
