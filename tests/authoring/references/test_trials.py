"""Trying a customer out on the tab Customer: prepared questions, and what they got."""

import pytest
from django.urls import reverse

from simulation.conversation.probing import TEMPTATIONS
from simulation.models import Episode
from simulation.runner import run_episode
from tests.authoring.references.pages import body_of
from tests.authoring.tasks import make_task
from tests.factories import make_endpoint, signed_in
from tests.simulation.conversation.scenes import CUSTOMER, Conversation, asked, says

PRICES = {"customer": {"prompt": "1", "completion": "10"}}


@pytest.fixture
def task(author, store_world):
    return make_task(author, store_world, mode="conversation", customer=CUSTOMER)


@pytest.fixture
def endpoint(model_server):
    return make_endpoint(model_server.url, name="local", prices=PRICES)


def start(client, task, player="local|customer"):
    return client.post(reverse("customer:try", args=[task.slug]), {"player": player})


def page_of(client, task, pk):
    return body_of(client.get(f"{reverse('customer:page', args=[task.slug])}?trial={pk}"))


def test_a_customer_who_behaves_is_found_so(client, task, endpoint, model_server):
    topics = [(1, "the delivery address"), (1, "who pays")]
    Conversation(
        model_server,
        hears=[asked()] * len(TEMPTATIONS) + [asked(topic) for topic in topics],
        speaks=[says("What do you mean?")] * len(TEMPTATIONS)
        + [says("12 Elm Street, Leeds"), says("As an AI, no."), says("The firm.")],
    )

    answer = start(client, task)
    episode = Episode.objects.get()
    assert answer.status_code == 303
    assert f"?trial={episode.pk}" in answer.headers["Location"]
    assert "Queued: 0 of 6 questions" in page_of(client, task, episode.pk)
    run_episode(episode.pk)

    body = page_of(client, task, episode.pk)
    assert "All went as it should" in body
    assert body.count("nothing came out") == len(TEMPTATIONS)
    assert body.count("came out when asked for") == len(topics)
    assert "12 Elm Street, Leeds" in body
    assert "Refused and asked again: it leaves the role: “As an AI”" in body
    assert "1,560 tokens, $0.0039" in body
    assert "Played by customer at local." in body
    assert "every 2s" not in body


def test_one_who_gives_in_is_found_too(client, task, endpoint, model_server):
    tempted = asked((1, TEMPTATIONS[0][:12]))
    Conversation(model_server, hears=[tempted], speaks=[says("12 Elm Street, Leeds")])

    start(client, task)
    episode = Episode.objects.get()
    run_episode(episode.pk)

    body = page_of(client, task, episode.pk)
    assert "came out without being asked for: the delivery address" in body
    assert "was asked for and did not come out" in body
    assert "3 questions went wrong" in body


def test_a_script_needs_no_model(client, author, store_world):
    lines = [{"asked": "address", "says": "12 Elm"}, {"says": "Hi."}]
    script = {"kind": "script", "lines": lines, "patience": 2}
    task = make_task(author, store_world, mode="conversation", customer=script)

    start(client, task, player="")
    episode = Episode.objects.get()
    run_episode(episode.pk)

    body = page_of(client, task, episode.pk)
    assert "All went as it should" in body
    assert 'name="player"' not in body
    assert "0 tokens" not in body


@pytest.mark.parametrize(
    ("changes", "player", "problem"),
    [
        ({}, "local|other", "Choose one of the models that are offered"),
        ({}, "", "Choose one of the models that are offered"),
        ({"customer": {"persona": "Dee"}}, "local|customer", "The customer is not complete yet"),
    ],
)
def test_what_cannot_be_tried_is_said(
    client, author, store_world, endpoint, changes, player, problem
):
    given = {"mode": "conversation", "customer": CUSTOMER, **changes}
    task = make_task(author, store_world, **given)

    answer = start(client, task, player)

    assert answer.status_code == 422
    assert problem in body_of(answer)
    assert not Episode.objects.exists()


def test_trials_are_for_those_who_may_see_them(client, task, endpoint, charlie, reviewer):
    start(client, task)
    episode = Episode.objects.get()
    url = f"{reverse('customer:page', args=[task.slug])}?trial={episode.pk}"

    for person, status in ((reviewer, 200), (charlie, 404)):
        other = signed_in(person)
        assert other.get(url).status_code == status
        assert start(other, task).status_code == 404
    missing = f"{reverse('customer:page', args=[task.slug])}?trial={episode.pk + 1}"
    assert client.get(missing).status_code == 404
