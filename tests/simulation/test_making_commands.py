"""Endpoints and agents by command: what a first run of a model needs."""

import pytest
from django.core.management import CommandError, call_command

from simulation.models import AgentConfiguration, ModelEndpoint
from tests.model_server import Reply

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("admin_person")]
KEY = "EG_MODEL_KEY_OF_NOBODY"
NOWHERE = "http://127.0.0.1:9/v1"


def test_an_endpoint_is_made_and_tried(model_server, capsys):
    model_server.replies.append(Reply(text="ready"))
    prices = ["*=0.5/1.5", "org/a=b=1/2"]

    call_command("make_endpoint", "mine", model_server.url, price=prices, max_running=8, test="m")

    made = ModelEndpoint.objects.get()
    assert (made.base_url, made.max_running, made.created_by.username) == (
        model_server.url, 8, "adam",
    )  # fmt: skip
    assert made.prices == {
        "*": {"prompt": "0.5", "completion": "1.5"},
        "org/a=b": {"prompt": "1", "completion": "2"},
    }
    assert "The model answers. ready" in capsys.readouterr().out


def test_a_server_that_does_not_answer_is_an_exit_code_and_the_endpoint_stays():
    with pytest.raises(CommandError, match="is it running, and is the address right"):
        call_command("make_endpoint", "down", NOWHERE, test="m")
    assert ModelEndpoint.objects.filter(name="down").exists()


def test_a_key_that_is_not_set_is_told(capsys):
    call_command("make_endpoint", "keyed", NOWHERE, key_variable=KEY)

    assert f"{KEY} is not set" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"price": ["3"]}, r"price: write MODEL=PROMPT/COMPLETION .*, not '3'"),
        ({"price": ["m=a/2"]}, "prices.0.prompt: Input should be a valid decimal"),
        ({"key_variable": "sk-secret"}, "never the key itself"),
        ({"capabilities": "{"}, "capabilities: is no JSON"),
        ({"capabilities": '{"tool": "json"}'}, "capabilities.tool"),
        ({"max_running": 0}, "max_running"),
        ({"user": "ruth"}, "only admins"),
        ({"user": "nobody-here"}, "there is no user"),
    ],
)
def test_bad_endpoints_are_refused_by_name(runner, options, says):
    with pytest.raises(CommandError, match=says):
        call_command("make_endpoint", "mine", NOWHERE, **options)
    assert not ModelEndpoint.objects.exists()


def test_agents_are_made_version_by_version(runner, capsys):
    call_command("make_endpoint", "mine", NOWHERE)
    call_command("make_agent", "small", "mine", "m", user="ruth", limit=["max_calls=50"])
    call_command("make_agent", "small", "mine", "m", temperature=0.5, extra='{"top_p": 0.9}')

    first, second = AgentConfiguration.objects.order_by("version")
    assert (first.limits["max_calls"], first.created_by) == (50, runner)
    assert (second.settings["temperature"], second.settings["extra"]) == (0.5, {"top_p": 0.9})
    assert capsys.readouterr().out.splitlines()[-2:] == ["small@1", "small@2"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({}, "endpoint: there is none named 'mine'"),
        ({"limit": ["max_calls=few"]}, "limits.max_calls"),
        ({"limit": ["most=3"]}, "limits.most"),
        ({"temperature": 9}, "settings.temperature"),
        ({"extra": "["}, "settings.extra: is no JSON"),
    ],
)
def test_bad_agents_are_refused_by_name(options, says):
    with pytest.raises(CommandError, match=says):
        call_command("make_agent", "small", "mine", "m", **options)
