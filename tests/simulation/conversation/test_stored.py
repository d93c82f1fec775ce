"""Conversations that are stored are looked at again."""

import json

import pytest
from django.core.management import call_command

from simulation.conversation.stored import breaches_in
from simulation.episodes import record_steps
from tests.factories import make_running, make_spec, make_step
from tests.simulation.conversation.scenes import CUSTOMER, FACT

REFUSED = {"text": "As an AI", "problems": ["it leaves the role"]}
STEPS = [
    make_step(0, turn=0, kind="user", content="Two lamps, please."),
    make_step(1, content="Where to?"),
    make_step(2, kind="customer", content=f"To {FACT}.", exchange={"refused": [REFUSED]}),
    make_step(3, content="Who pays?"),
    make_step(4, kind="customer", exchange={"goes_on": True, "revealed": ["who pays"]}),
    make_step(5, kind="customer", content="Her firm pays, cost centre KX-4471."),
]


def test_what_was_said_too_early_is_found_and_what_was_asked_for_is_not():
    spec = make_spec(mode="conversation", customer=CUSTOMER)

    found = list(breaches_in(spec, STEPS, ()))

    assert [(each.step, each.is_said) for each in found] == [(2, False), (2, True)]
    assert found[1].says == "it tells what the customer was not asked about yet"


@pytest.mark.django_db
def test_the_command_names_it_and_says_so_by_its_status(capsys):
    episode, lease = make_running(mode="conversation", customer=CUSTOMER)
    record_steps(episode.pk, STEPS, lease=lease)

    with pytest.raises(SystemExit) as ended:
        call_command("check_customers")
    assert ended.value.code == 1
    said = capsys.readouterr().out
    assert f"episode {episode.pk}, step 2, SAID: it tells what" in said
    assert "1 conversation: 1 breaches said, 1 refused in time" in said

    with pytest.raises(SystemExit):
        call_command("check_customers", episode.pk, json=True)
    assert len(json.loads(capsys.readouterr().out)["breaches"]) == 2


@pytest.mark.django_db
def test_nothing_to_name_is_no_error(capsys):
    call_command("check_customers", latest=5)

    assert "0 conversations: 0 breaches said" in capsys.readouterr().out
