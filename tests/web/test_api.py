"""The API gives exactly what happened."""

from django.utils import timezone
from jsonschema import Draft202012Validator

from grading.models import Verdict
from simulation.models import Episode, Step


def test_steps_come_in_order_with_exactly_what_was_sent_and_seen(run, page):
    rollout = run.rollouts.filter(agent="reference").first()

    body = page(f"/api/v1/episodes/{rollout.episode_id}/steps/").json()

    stored = list(Step.objects.filter(episode=rollout.episode).order_by("index"))
    assert [step["index"] for step in body["results"]] == [step.index for step in stored]
    assert [step["arguments_raw"] for step in body["results"]] == [s.arguments_raw for s in stored]
    assert [step["result"] for step in body["results"]] == [step.result for step in stored]


def test_steps_carry_what_a_model_thought_cost_and_asked_for_but_no_secrets(run, page):
    episode = run.rollouts.first().episode
    asked = {"id": "c1", "name": "sell", "arguments": "{}"}
    failed = {"status": 503, "error": "busy", "waited_s": 0.0, "duration_ms": 4.0}
    shown = {"finish": "length", "model": "m", "left_out": [asked], "attempts": [failed]}
    secret = {"refused": [{"text": "The code is 7."}], "why": "7", "reasoning_details": "signed"}
    Step.objects.create(
        episode=episode,
        index=90,
        turn=9,
        kind="assistant",
        content="So",
        tokens={"prompt": 5},
        cost="0.25",
        reasoning="Hm.",
        exchange={**shown, **secret},
        started_at=timezone.now(),
    )

    *others, step = page(f"/api/v1/episodes/{episode.pk}/steps/").json()["results"]

    assert step["exchange"] == shown
    assert (step["cost"], step["reasoning"], step["tokens"]) == ("0.250000", "Hm.", {"prompt": 5})
    assert others[0]["exchange"] is None


def test_an_episode_tells_what_its_agent_and_its_customer_used_up(launch, page):
    episode = launch(is_finished=False).rollouts.get().episode
    Episode.objects.filter(pk=episode.pk).update(
        usage={"prompt": 7}, cost="1.5", customer_usage={"prompt": 3}, customer_cost="0.25",
        stop_reason="token_budget", stop_detail="9 of 8 tokens", status="ended",
        state_hash="0" * 64, ended_at=timezone.now(),
    )  # fmt: skip

    said = page(f"/api/v1/episodes/{episode.pk}/").json()

    assert (said["usage"], said["cost"]) == ({"prompt": 7}, "1.500000")
    assert (said["customer_usage"], said["customer_cost"]) == ({"prompt": 3}, "0.250000")
    assert (said["is_truncated"], said["stop_detail"]) == (True, "9 of 8 tokens")
    assert said["forgotten_at"] is None


def test_rollouts_carry_reward_and_pass_of_the_official_grading(run, page):
    rows = page(f"/api/v1/runs/{run.pk}/rollouts/").json()["results"]

    assert {(row["agent"], row["reward"], row["passed"]) for row in rows} == {
        ("reference", 1.0, True),
        ("scripted", 0.0, False),
    }


def test_rewards_of_unfinished_rollouts_are_null_never_zero(launch, page):
    run = launch(is_finished=False)

    (row,) = page(f"/api/v1/runs/{run.pk}/rollouts/").json()["results"]

    assert (row["outcome"], row["reward"], row["passed"]) == ("queued", None, None)


def test_verdicts_say_why(run, page):
    rows = page(f"/api/v1/runs/{run.pk}/verdicts/").json()["results"]

    assert len(rows) == Verdict.objects.count() == 4
    assert all(row["rationale"] and row["source"] == "check" for row in rows)


def test_long_lists_go_on_by_cursor(launch, page, settings):
    for _ in range(3):
        launch()

    first = page("/api/v1/runs/").json()

    assert [row["title"] for row in first["results"]] == ["A run"] * 3
    assert set(first) == {"next", "previous", "results"}


def test_the_schema_is_an_openapi_document_of_these_routes(page):
    response = page("/api/v1/schema/?format=json")

    schema = response.json()
    assert schema["openapi"].startswith("3.")
    assert "/api/v1/episodes/{id}/steps/" in schema["paths"]
    Draft202012Validator.check_schema(schema["components"]["schemas"]["StepOut"])
