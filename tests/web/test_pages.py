"""What pages show, what they never show, and what they cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grading.models import Run
from simulation.episodes import claim_episode, park_episode
from tests.factories import (
    cancel,
    make_criterion,
    make_plan,
    make_rubric,
    make_world,
    reference,
    scripted,
    signed_in,
)
from tests.web.conftest import HOSTILE, SAYS_HOSTILE

SELL = ["sell", '{"buyer": "dee", "itemId": "lamp", "qty": 2}']


def episode_url(run: Run, **filters) -> str:
    rollout = run.rollouts.filter(**filters).first()
    return reverse("grading:episode", args=[run.pk, rollout.pk])


def text_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("name", ["agent", "task", "outcome", "page"])
@pytest.mark.parametrize("value", ["%00", "%ED%A0%80", "x" * 5000, "-1", "1'"])
def test_any_text_in_the_address_of_a_run_is_a_filter_that_finds_nothing_at_worst(
    name, value, run, page
):
    for place in ("", "progress/"):
        assert page(f"/runs/{run.pk}/{place}?{name}={value}").status_code == 200


def test_text_of_agents_is_never_executed(run, page):
    for url in (
        episode_url(run, agent="scripted"),
        reverse("grading:run", args=[run.pk]),
        reverse("home"),
    ):
        html = text_of(page(url))
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert "javascript:alert" not in html.replace("[here](javascript:alert(3))", "")


def test_every_page_carries_a_policy_that_forbids_foreign_and_inline_scripts(run, page):
    policy = page(episode_url(run)).headers["Content-Security-Policy"]

    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_no_page_has_inline_scripts_or_styles(run, page):
    urls = ["/", "/runs/", reverse("grading:run", args=[run.pk]), episode_url(run), "/styleguide/"]

    for url in urls:
        html = text_of(page(url))
        assert " style=" not in html
        assert "<style" not in html
        assert " onclick=" not in html


def test_an_episode_shows_its_calls_changes_criteria_and_answer(run, page):
    html = text_of(page(episode_url(run, agent="reference")))

    for shown in ("sell", "updateSale", "inStock", "lamp-sold", "met", "Sold and paid.", "100 %"):
        assert shown in html


def test_the_world_can_be_seen_as_of_any_step(run, page):
    rollout = run.rollouts.filter(agent="reference").first()
    sold = rollout.episode.steps.get(tool="sell").index

    html = text_of(page(f"{episode_url(run, agent='reference')}?at={sold}"))

    assert f"World as of step {sold}" in html


@pytest.mark.parametrize("at", ["-1", "x", "999999", "9" * 30, "", "٣"])
def test_any_moment_in_the_address_gives_a_page(at, run, page):
    assert page(f"{episode_url(run)}?at={at}").status_code == 200


def test_a_long_result_is_cut_and_can_be_shown_whole(launch, page, runner):
    items = {f"item-{n}": {"name": "x" * 150, "price": 1.0, "inStock": 1} for n in range(200)}
    sales = {
        f"sale-250901-{n:03d}": {
            "buyer": "ana", "lines": [{"itemId": f"item-{n % 200}", "qty": 1}], "status": "open",
            "createdAt": "2025-09-01T10:00:00Z",
        }
        for n in range(1, 200)
    }  # fmt: skip
    world = make_world({"item": items, "sale": sales}, owner=runner)
    agent = scripted({"calls": [["searchSales", '{"limit": 200}']]})
    run = launch([make_plan(world, agent=agent)])
    rollout = run.rollouts.get()
    step = rollout.episode.steps.get(kind="tool_call")
    whole = reverse("grading:step_payload", args=[run.pk, rollout.pk, step.index, "result"])

    html = text_of(page(episode_url(run)))

    assert "show all" in html
    assert whole in html
    assert "sale-250901-001" in text_of(page(whole))
    fragment = text_of(page(whole, headers={"HX-Request": "true"}))
    assert "<html" not in fragment


def test_an_incomplete_grading_says_so_and_shows_no_reward(launch, page, runner):
    broken = make_criterion("broken", check={"kind": "no-such-grader"})
    world = make_world(owner=runner)
    run = launch([make_plan(world, rubric=make_rubric(make_criterion(), broken))])

    html = text_of(page(episode_url(run)))

    assert "Grading is incomplete" in html
    assert "grader error" in html
    assert "0 %" not in html


def test_episodes_that_wait_or_stand_aside_say_why(launch, page):
    run = launch(is_finished=False)
    url = episode_url(run)
    episode_id = run.rollouts.get().episode_id

    assert "This episode is queued" in text_of(page(url))
    lease = claim_episode(episode_id)
    assert "This episode is running" in text_of(page(url))
    park_episode(episode_id, "the disk is full", lease=lease)
    assert "the disk is full" in text_of(page(url))
    cancel(episode_id, detail="no longer needed")
    assert "no longer needed" in text_of(page(url))


def test_a_live_run_polls_and_an_ended_one_does_not(launch, run, page):
    live = launch(is_finished=False)

    for each, polls in ((live, True), (run, False)):
        html = text_of(page(reverse("grading:run_progress", args=[each.pk])))
        assert ("hx-get" in html) == polls
        assert "<html" not in html


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 4),
        ("?agent=reference", 2),
        ("?outcome=pass", 2),
        ("?outcome=fail&agent=scripted", 2),
        ("?outcome=nonsense", 4),
        ("?agent=nobody", 0),
        ("?task=sell-lamps@1", 4),
        ("?page=77", 4),
    ],
)
def test_the_filters_of_a_run_stand_in_its_address(query, count, run, page):
    html = text_of(page(reverse("grading:run", args=[run.pk]) + query))

    assert html.count('id="rollout-') == count


def test_numbers_come_with_n_and_an_interval_over_tasks(launch, runner, page):
    world = make_world(owner=runner)
    plans = [
        make_plan(world, agent=agent, index=index, subject=task)
        for agent in (reference(), SAYS_HOSTILE)
        for index in (1, 2)
        for task in ("a@1", "b@1")
    ]

    run = launch(plans)

    html = text_of(page(reverse("grading:run", args=[run.pk])))
    assert "34–100 %" in html  # Wilson's of two tasks, not of four trials
    assert "0–66 %" in html
    assert "4 trials of 2 tasks" in html


def test_one_task_has_no_interval_and_the_page_says_why(run, page):
    html = text_of(page(reverse("grading:run", args=[run.pk])))

    assert "2 trials of 1 task" in html
    assert "none: one task does not say how others would go" in html


def test_a_run_without_rollouts_matching_offers_the_way_back(run, page):
    html = text_of(page(reverse("grading:run", args=[run.pk]) + "?agent=nobody"))

    assert "No rollout matches" in html


def test_an_empty_product_is_a_start_in_three_steps(page, author):
    html = text_of(page("/", author))

    assert "manage.py demo" in html
    assert "No runs yet" in text_of(page("/runs/", author))


def queries(page, url) -> int:
    with CaptureQueriesContext(connection) as captured:
        text_of(page(url))
    return len(captured)


def test_pages_cost_the_same_number_of_queries_however_much_there_is(launch, page, runner):
    world = make_world(owner=runner)
    small = launch([make_plan(world)])
    urls = ["/", "/runs/", reverse("grading:run", args=[small.pk]), episode_url(small)]
    before = {url: queries(page, url) for url in urls}
    plans = [make_plan(world, index=i, subject=f"task-{i % 5}@1") for i in range(2, 22)]

    large = launch(plans)
    launch([make_plan(world, agent=reference())])

    after = [queries(page, url) for url in urls[:2]]
    assert after[0] <= before["/"] + 2 * 2  # one picture a recent run, four at most
    assert after[1] == before["/runs/"]
    assert queries(page, reverse("grading:run", args=[large.pk])) <= before[urls[2]]
    assert queries(page, episode_url(large)) == before[urls[3]]


def test_hostile_labels_are_shown_as_they_are(run, page):
    html = text_of(page(episode_url(run)))

    assert HOSTILE.replace("<", "&lt;").replace(">", "&gt;") in html


@pytest.mark.parametrize("url", ["/runs/99999/", "/nowhere/"])
def test_what_is_not_there_is_a_friendly_404(url, page):
    response = page(url)

    assert response.status_code == 404
    assert "<h1" in response.content.decode()


@pytest.mark.parametrize("url", ["/api/v1/runs/99999/", "/api/v1/nowhere/"])
def test_what_is_not_there_is_one_error_shape_in_the_api(url, page):
    response = page(url)

    assert response.status_code == 404
    assert response.json()["error"]["code"] == "not_found"


def test_methods_that_are_not_there_are_refused_in_the_one_shape(runner):

    client = signed_in(runner)

    response = client.delete("/api/v1/runs/")

    assert response.status_code == 405
    assert response.json()["error"]["code"] == "method_not_allowed"


def test_a_page_whose_session_ended_goes_to_the_sign_in_page_as_a_whole(run, page):
    url = reverse("grading:run_progress", args=[run.pk])

    response = page(url, None, headers={"HX-Request": "true"})

    assert response.status_code == 204
    assert response.headers["HX-Redirect"] == "/login/"


def test_a_fault_of_ours_is_one_error_shape_in_the_api(run, runner, monkeypatch):

    monkeypatch.setattr("grading.api.runs.RunOut", None)
    monkeypatch.setattr("grading.api.runs.RunViewSet.serializer_class", None)
    client = signed_in(runner, raise_request_exception=False)

    response = client.get("/api/v1/runs/")

    assert response.status_code == 500
    assert response.json()["error"]["code"] == "server_error"


def test_all_text_of_a_very_long_episode_is_in_its_page_for_the_browsers_search(
    launch, page, runner
):
    look = {"calls": [["searchSales", "{}"]] * 60}
    agent = scripted(*[look] * 10, {"text": "enough"})
    run = launch([make_plan(make_world(owner=runner), agent=agent)])

    html = text_of(page(episode_url(run)))

    assert html.count("sale-250901-001") >= 600
    assert "show all" not in html
