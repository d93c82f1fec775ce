"""What pages and transcripts say of a customer: the words as theirs, the cost apart, the blame."""

import re

import pytest
from django.urls import reverse

from grading.graders import Evidence
from grading.graders.judge import Look
from grading.judging.showing import show
from grading.models import RolloutOutcome, Run, TaskReport, Verdict
from grading.transcripts import FORMS
from grading.transcripts.reading import Wanted, read_transcripts, wanted_rollouts
from simulation.chat import Retries
from simulation.conversation.played import ModelCustomer
from tests.factories import chatting, make_endpoint, make_plan, make_spec, make_world
from tests.model_server import Reply
from tests.simulation.conversation.scenes import (
    Conversation,
    asked,
    player_of,
    says,
    spec_of,
)

ASKS, ANSWERS = "Where should they go?", "To 12 Elm Street in Leeds."


@pytest.fixture
def talk(model_server):
    return Conversation(
        model_server,
        agent=[ASKS, "On their way."],
        hears=[asked((1, "Where should they go"))],
        speaks=[says(ANSWERS), says("Thanks!", "satisfied")],
    )


@pytest.fixture
def converse(talk, launch, runner, model_server, monkeypatch):
    """Run and grade a conversation; gives its rollout."""
    monkeypatch.setattr(ModelCustomer, "retries", Retries(most=1))

    def run():
        world = make_world(owner=runner)
        spec = make_spec(world, **spec_of(player_of(model_server.url)))
        agent = chatting(make_endpoint(model_server.url))
        return launch([make_plan(world, spec=spec, agent=agent)]).rollouts.get()

    return run


def page_of(rollout, page):
    url = reverse("grading:episode", args=[rollout.run_id, rollout.pk])
    return page(url).content.decode()


def test_the_page_tells_what_was_asked_and_what_the_customer_cost(converse, page):
    body = page_of(converse(), page)

    assert ANSWERS in body
    assert "was asked about the delivery address: “Where should they go”" in body
    assert "the customer is satisfied" in body
    facts = dict(re.findall(r"<dt>(.+?)</dt><dd>(.+?)</dd>", body))
    assert facts["customer’s tokens"] == "480"  # four questions
    assert facts["customer’s cost"] == "$0.0012"  # at the prices of the customer's model
    assert facts["customer"].startswith("customer at endpoint-")
    assert facts["tokens"] == "30"  # two answers of the agent's


def test_transcripts_have_the_customers_words_as_a_users(converse, admin_person):
    rollout = converse()
    wanted = Wanted(run=rollout.run_id)
    (transcript,) = read_transcripts(wanted_rollouts(admin_person, wanted))

    lines = {name: form.write(transcript) for name, form in FORMS.items()}

    messages = next(line["messages"] for line in lines.values() if "messages" in line)
    assert [(m["role"], m["content"]) for m in messages[-4:]] == [
        ("assistant", ASKS),
        ("user", ANSWERS),
        ("assistant", "On their way."),
        ("user", "Thanks!"),
    ]
    steps = next(line["steps"] for line in lines.values() if "steps" in line)
    assert [step["source"] for step in steps[-4:]] == ["agent", "user", "agent", "user"]


def test_a_judge_is_shown_them_as_the_customers(converse, admin_person):
    rollout = converse()
    (transcript,) = read_transcripts(wanted_rollouts(admin_person, Wanted(run=rollout.run_id)))
    evidence = Evidence(transcript.spec, transcript.steps, rollout.episode.final_response, None)

    looks: list[Look] = ["transcript"]
    text = show(evidence, looks, limit=10_000).text("")

    assert f"customer says\n| {ANSWERS}" in text
    assert text.count("customer says") == 2


def test_a_failed_customer_is_a_fault_of_ours(converse, talk, page):
    talk.speaks = [says(""), says("")]

    rollout = converse()

    body = page_of(rollout, page)
    assert "The simulated customer failed: not counted" in body
    assert "customer failed: the customer&#x27;s answer could not be used" in body
    assert "That is a fault of ours, not the agent&#x27;s." in body
    assert "being graded" not in body
    assert "It is not graded: the agent does not answer for how it ended." in body
    run = Run.objects.get(pk=rollout.run_id)
    outcome = run.rollouts.with_outcome(run.official_id).get().outcome
    assert outcome == RolloutOutcome.MASKED
    assert not Verdict.objects.exists()
    assert rollout.assessments.get().reward is None


def test_a_server_that_is_down_gives_no_verdict(converse, talk):
    talk.hears = [Reply(status=503, text="later")]

    rollout = converse()

    rollout.episode.refresh_from_db()
    assert (rollout.episode.status, rollout.episode.stop_reason) == ("ended", "customer_failed")
    assert not Verdict.objects.exists()


def test_the_customer_can_be_blamed(converse, page, runner, client):
    rollout = converse()
    assert "the simulated customer" in page_of(rollout, page)
    client.force_login(runner)

    url = reverse("grading:report_task", args=[rollout.run_id, rollout.pk])
    client.post(url, {"fault": "customer", "text": "They told the address at once."})

    assert TaskReport.objects.get().fault == TaskReport.Fault.CUSTOMER
