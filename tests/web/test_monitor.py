"""The page of a run while it runs, and what can be done there and over REST."""

import pytest
from django.test import Client
from django.urls import reverse

from simulation import episodes
from simulation.models import Episode, Step
from simulation.stops import StopReason
from tests.factories import make_outcome, make_plan, make_step, make_world
from tests.web.conftest import HOSTILE

pytestmark = pytest.mark.django_db


@pytest.fixture
def live(launch, runner):
    """Three rollouts: one runs, one is masked, one is parked."""
    world = make_world(owner=runner)
    run = launch([make_plan(world, index=n) for n in (1, 2, 3)], is_finished=False)
    ids = list(run.rollouts.order_by("index").values_list("episode_id", flat=True))
    leases = [episodes.claim_episode(pk) for pk in ids]
    lost = make_outcome(StopReason.PROVIDER_ERROR, detail=HOSTILE)
    episodes.finish_episode(ids[1], lost, lease=leases[1])
    episodes.park_episode(ids[2], f"no key {HOSTILE}", lease=leases[2])
    return run


@pytest.fixture
def person(runner):
    client = Client()
    client.force_login(runner)
    return client


def url(name, run, **filters):
    if not filters:
        return reverse(f"grading:{name}", args=[run.pk])
    return reverse(f"grading:{name}", args=[run.pk, run.rollouts.get(**filters).pk])


def text(client, address, **options):
    response = client.get(address, **options)
    assert response.status_code == 200
    return response.content.decode()


def test_a_live_run_says_what_went_wrong_and_offers_what_helps(live, person):
    for place in ("run", "run_progress"):
        html = text(person, url(place, live))

        for words in ("the model’s server failed", "masked: not counted", "no key",
                      "Release it", "Pause", "Retry 1 masked", "Cancel 2 episodes",
                      "Slowest episodes"):  # fmt: skip
            assert words in html, words
        assert "<script>alert" not in html


def test_who_may_only_look_is_offered_nothing(live, reviewer):
    client = Client()
    client.force_login(reviewer)

    html = text(client, url("run", live))

    for words in ("Pause", "Retry 1 masked", "Cancel 2", "Release"):
        assert words not in html


@pytest.mark.parametrize(
    ("action", "says"),
    [
        ("pause", "The run is paused"),
        ("resume", "The run goes on"),
        ("retry_masked", "1 masked rollout will be tried again"),
        ("release", "1 episode released"),
        ("cancel", "2 episodes were cancelled"),
    ],
)
def test_each_form_says_what_it_did(action, says, live, person):
    response = person.post(url(f"run_{action}", live), follow=True)

    assert says in response.content.decode()


def test_a_paused_run_says_so_and_offers_to_go_on(live, person):
    person.post(url("run_pause", live))

    html = text(person, url("run", live))

    assert "The run is paused." in html
    assert 'id="speed"' not in html  # nothing ends while it is paused
    assert "Resume" in html
    assert "paused" in text(person, reverse("grading:runs"))


@pytest.mark.parametrize("typed", ["x", "0", "-3", "1.5", "9" * 12, "٣"])
def test_a_limit_that_is_none_is_shown_again_with_why(typed, live, person):
    response = person.post(url("run_limit", live), {"max_running": typed})

    assert response.status_code == 422
    html = response.content.decode()
    assert f'value="{typed}"' in html
    assert "why-max-running" in html


@pytest.mark.parametrize(("typed", "kept"), [("7", 7), ("", None), (" 12 ", 12)])
def test_a_limit_is_kept(typed, kept, live, person):
    assert person.post(url("run_limit", live), {"max_running": typed}).status_code == 303

    live.lane.refresh_from_db()
    assert live.lane.max_running == kept


def test_rollouts_are_listed_by_what_stopped_them(live, person):
    html = text(person, f"{url('run', live)}?stop=provider_error")

    assert html.count('id="rollout-') == 1


@pytest.mark.parametrize(("action", "index"), [("retry", 2), ("release", 3)])
def test_one_episode_is_released_or_tried_again_on_its_page(action, index, live, person):
    page = url("episode", live, index=index)
    form = url(f"episode_{action}", live, index=index)
    assert form in text(person, page)

    assert person.post(form).status_code == 303

    assert live.rollouts.get(index=index).episode.status == "queued"
    again = person.post(form, follow=True)
    assert "message" in again.content.decode()


def test_a_running_episode_is_followed_step_by_step(live, person):
    episode = live.rollouts.get(index=1).episode
    steps = [make_step(0, turn=0, kind="user", content="Sell"), make_step(1, content="I look.")]
    episodes.record_steps(episode.pk, steps, lease=episode.lease)
    page = text(person, url("episode", live, index=1))
    news = f"{url('episode_live', live, index=1)}?after=1"
    assert news in page
    episodes.record_steps(episode.pk, [make_step(2, content="I sell.")], lease=episode.lease)

    html = text(person, news, headers={"HX-Request": "true"})

    assert "I sell." in html
    assert "I look." not in html
    assert "after=2" in html
    assert "hx-get" not in text(person, url("episode", live, index=2)).split("episode-live")[1][:80]


def test_reasoning_and_exchange_of_a_step_are_shown_and_escaped(live, person):
    episode = live.rollouts.get(index=1).episode
    attempts = [
        {"status": 429, "error": "slow down", "waited_s": 0, "duration_ms": 20.0},
        {"status": 200, "error": "", "waited_s": 3.5, "duration_ms": 900.0},
    ]
    exchange = {
        "model": "big", "finish": "length", "stop": "max_tokens", "attempts": attempts,
        "left_out": [{"id": "a", "name": "sell", "arguments": HOSTILE}],
    }  # fmt: skip
    said = make_step(0, content="Hm.", reasoning=f"I think {HOSTILE}", exchange=exchange)
    failed = make_step(1, kind="tool_call", tool="sell", fault="tool_error", is_error=True)
    episodes.record_steps(episode.pk, [said, failed], lease=episode.lease)
    assert Step.objects.filter(episode=episode).count() == 2

    html = text(person, url("episode", live, index=1))

    for words in ("no grader or judge is shown it", "I think &lt;script&gt;", "HTTP 429, slow down",
                  "after waiting 3.5 s", "asked for and not executed: sell", "1 call left out",
                  "ended the episode: answer cut off", "failed on purpose"):  # fmt: skip
        assert words in html, words
    assert "<script>alert" not in html


API = "/api/v1/runs"


def test_the_progress_of_a_run_is_there_for_scripts(live, person):
    given = person.get(f"{API}/{live.pk}/progress/").json()

    assert (given["total"], given["ended"], given["is_live"]) == (3, 1, True)
    assert given["outcomes"] == {"running": 1, "masked": 1, "parked": 1}
    assert given["stops"][0]["reason"] == "provider_error"
    assert given["agents"][0]["used"]["agent_tokens"] == 0


@pytest.mark.parametrize(
    ("action", "answer"),
    [
        ("pause", {"is_paused": True, "max_running": None}),
        ("resume", {"is_paused": False, "max_running": None}),
        ("retry-masked", {"changed": 1}),
        ("release", {"changed": 1}),
        ("cancel", {"changed": 2}),
    ],
)
def test_a_run_is_steered_over_rest(action, answer, live, person):
    response = person.post(f"{API}/{live.pk}/{action}/")

    assert (response.status_code, response.json()) == (200, answer)


@pytest.mark.parametrize(("most", "status"), [(5, 200), (None, 200), (0, 400), ("5", 400)])
def test_a_limit_is_said_over_rest(most, status, live, person):
    body = {"max_running": most}

    response = person.post(f"{API}/{live.pk}/limit/", body, content_type="application/json")

    assert response.status_code == status


def test_who_may_look_may_not_steer(live, reviewer):
    client = Client()
    client.force_login(reviewer)

    assert client.get(f"{API}/{live.pk}/progress/").status_code == 200
    assert client.post(f"{API}/{live.pk}/cancel/").status_code == 403
    assert not Episode.objects.filter(status="cancelled").exists()


IN_PLACE = {"HX-Request": "true"}


@pytest.mark.parametrize(
    ("action", "says"), [("pause", "What runs rests once"), ("release", "1 episode released")]
)
def test_with_scripts_only_the_part_that_changed_is_answered_and_says_what_was_done(
    action, says, live, person
):
    address = f"{url(f'run_{action}', live)}?stop=provider_error"

    html = text_posted(person, address)

    assert "<html" not in html
    assert html.count(says) == 2  # seen, and read aloud
    assert 'id="live"' in html
    assert f"{url('run_progress', live)}?stop=provider_error" in html
    assert html.count('id="rollout-') == 1  # filtered as it was
    assert says not in text(person, url("run", live))  # nor once more on the next page


def text_posted(client, address):
    response = client.post(address, headers=IN_PLACE)
    assert response.status_code == 200
    return response.content.decode()


def test_with_scripts_what_cannot_be_done_is_said_in_place(live, person):
    person.post(url("run_cancel", live))

    html = text_posted(person, url("run_pause", live))

    assert "has ended: there is nothing to pause" in html
    assert "tone-error" in html


def test_with_scripts_a_limit_that_is_none_is_shown_again_in_place(live, person):
    response = person.post(url("run_limit", live), {"max_running": "x"}, headers=IN_PLACE)

    assert response.status_code == 422
    assert "why-max-running" in response.content.decode()
    assert b"<html" not in response.content


def test_without_scripts_the_filter_outlives_an_action(live, person):
    address = f"{url('run_pause', live)}?agent=a&outcome=nonsense"

    response = person.post(address)

    assert (response.status_code, response["Location"]) == (303, f"{url('run', live)}?agent=a")


def test_a_run_that_was_paused_and_is_over_is_not_called_paused(live, person):
    person.post(url("run_pause", live))
    person.post(url("run_cancel", live))

    html = text(person, url("run", live))

    assert "<strong>The run is paused.</strong>" not in html
    assert "Resume" not in html


def test_who_steers_is_told_how_much_of_it_is_held_out_and_acts_on_that_too(live, person, reviewer):
    Episode.objects.filter(rollout__run=live, rollout__index__gt=1).update(is_held_out=True)
    looker = Client()
    looker.force_login(reviewer)

    shown = text(person, url("run", live))

    for words in ("Retry 1 masked", "Release it", "Cancel 2 episodes",
                  "2 held-out rollouts that you are not shown: 1 masked, 1 parked"):  # fmt: skip
        assert words in shown, words
    assert "no key" not in shown
    assert "held-out rollouts that you" not in text(looker, url("run", live))
    person.post(url("run_retry_masked", live))
    assert "not shown: 1 not ended, 1 parked" in text(person, url("run", live))
