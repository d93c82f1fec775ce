"""Transcripts say what was sent, seen and decided, in forms that others read."""

import hashlib

import orjson
import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from authoring.tokens import make_token
from grading.models import Verdict
from grading.people.verdicts import Said, record_verdict
from grading.runs import cancel_run
from grading.transcripts import FORMS
from grading.transcripts.reading import Wanted, read_transcripts, wanted_rollouts
from grading.transcripts.turns import turns_of
from simulation.models import Step
from simulation.transcript import StepRecord
from tests.factories import make_plan, make_world, reference, scripted

URL = "/api/v1/transcripts/"


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.VAR = tmp_path


def body(response):
    return b"".join(response.streaming_content)


def rows(response):
    return [orjson.loads(line) for line in body(response).splitlines()]


def transcripts(user, **wanted):
    return list(read_transcripts(wanted_rollouts(user, Wanted(**wanted))))


def test_messages_are_what_was_sent_and_seen_to_the_letter(run, page):
    found = rows(page(f"{URL}?run={run.pk}"))

    assert [(r["agent"], r["index"]) for r in found] == [
        ("reference", 1), ("reference", 2), ("scripted", 1), ("scripted", 2),
    ]  # fmt: skip
    episode = run.rollouts.get(agent="reference", index=1).episode
    calls = Step.objects.filter(episode=episode, kind="tool_call").order_by("index")
    made = [c["function"] for m in found[0]["messages"] for c in m.get("tool_calls", [])]
    seen = [m["content"] for m in found[0]["messages"] if m["role"] == "tool"]
    assert [(c["name"], c["arguments"]) for c in made] == [(s.tool, s.arguments_raw) for s in calls]
    assert seen == [step.result for step in calls]
    assert found[0]["messages"][-1]["content"] == episode.final_response


def test_every_call_is_answered_once_before_anybody_speaks_again(run, page):
    for row in rows(page(f"{URL}?run={run.pk}")):
        open_ids: list[str] = []
        for message in row["messages"]:
            if message["role"] == "tool":
                assert message["tool_call_id"] == open_ids.pop(0)
            else:
                assert not open_ids
                open_ids = [call["id"] for call in message.get("tool_calls", [])]
        assert not open_ids


def test_reward_pass_and_verdicts_are_those_of_the_official_grading(run, page):
    first, *_, last = rows(page(f"{URL}?run={run.pk}"))

    assert (first["reward"], first["passed"], first["mask"]) == (1.0, True, False)
    assert (last["reward"], last["passed"], last["mask"]) == (0.0, False, False)
    stored = Verdict.objects.filter(assessment__rollout=last["rollout"])
    assert {v["criterion_id"]: v["outcome"] for v in last["verdicts"]} == {
        v.criterion_key: v.outcome for v in stored
    }


def test_a_failure_of_ours_is_masked_and_has_no_reward(launch, page):
    run = launch(is_finished=False)
    run.rollouts.get().episode.refresh_from_db()
    cancel_run(run)
    (row,) = rows(page(f"{URL}?run={run.pk}"))

    assert (row["outcome"], row["reward"], row["passed"], row["mask"]) == (
        "cancelled", None, None, True,
    )  # fmt: skip


def test_what_is_not_over_is_not_there(launch, page):
    run = launch(is_finished=False)

    assert rows(page(f"{URL}?run={run.pk}")) == []


def test_the_same_state_gives_the_same_file_and_a_verdict_another(run, page, reviewer):
    first = page(f"{URL}?run={run.pk}")
    rewards = [row["reward"] for row in rows(first)]
    again = page(f"{URL}?run={run.pk}")
    assessment = run.official.assessments.filter(rollout__agent="scripted").first()
    key = assessment.rubric.value.criteria[0].key
    said = Said(outcome="met", reason="It did.", is_authoritative=True)
    record_verdict(assessment.pk, key, said, author=reviewer)
    later = page(f"{URL}?run={run.pk}")

    assert first["ETag"] == again["ETag"] != later["ETag"]
    assert hashlib.sha256(body(again)).hexdigest() == first["ETag"].strip('"')
    assert [row["reward"] for row in rows(later)] != rewards


@pytest.mark.parametrize(
    ("query", "agents"),
    [
        ("agent=scripted", {"scripted"}),
        ("outcome=pass", {"reference"}),
        ("outcome=masked", set()),
        ("task=sell-lamps", {"reference", "scripted"}),
        ("task=another", set()),
    ],
)
def test_the_filters_of_a_run_choose(query, agents, run, page):
    subject = run.rollouts.first().subject.partition("@")[0]

    found = rows(page(f"{URL}?run={run.pk}&{query.replace('sell-lamps', subject)}"))

    assert {row["agent"] for row in found} == agents


def test_bad_wishes_are_named(run, page):
    for query, field in (("form=csv", "form"), ("agnet=x", "agnet"), ("run=x", "run")):
        answer = page(f"{URL}?{query}")
        assert (answer.status_code, answer.json()["error"]["field"]) == (400, field)


def test_downloading_needs_the_scope_train_and_the_right_to_see_the_run(run, runner, charlie):
    def asked(person, *scopes):
        token = make_token(person, name="-".join(scopes), scopes=scopes)
        headers = {"Authorization": f"Bearer {token}"}
        answer = Client().get(f"{URL}?run={run.pk}", headers=headers)
        return answer.status_code, answer.streaming and len(body(answer)) > 0

    assert asked(runner, "read") == (403, False)
    assert asked(runner, "read", "train") == (200, True)
    assert asked(charlie, "train") == (404, False)


def test_turns_keep_words_and_calls_together_and_every_id_is_another():
    def step(index, turn, kind, content="", call_id=""):
        return StepRecord(index, turn, kind, content=content, tool="t", call_id=call_id)

    steps = [
        step(0, 0, "user", "Hello"),
        step(1, 1, "assistant", "I look."),
        step(2, 1, "tool_call", call_id="a"),
        step(3, 1, "tool_call", call_id="a"),
        step(4, 2, "tool_call"),
        step(5, 3, "assistant", "What else?"),
        step(6, 3, "customer", "Nothing."),
        step(7, 4, "assistant", "Done."),
    ]

    said = list(turns_of(steps))

    assert [(s.role, s.text, [c.id for c in s.calls]) for s in said] == [
        ("user", "Hello", []),
        ("assistant", "I look.", ["a", "a_3"]),
        ("assistant", "", ["call_4"]),
        ("assistant", "What else?", []),
        ("user", "Nothing.", []),
        ("assistant", "Done.", []),
    ]


def test_hostile_calls_are_lines_of_json_all_the_same(launch, runner):
    world = make_world(owner=runner)
    agent = scripted(
        {"calls": [{"tool": "nothing", "arguments": '{"a": "\u2028</script>'}]},
        {"text": 'He said "\u0007" and left\n'},
    )
    run = launch([make_plan(world, agent=agent)])

    for form in FORMS.values():
        for transcript in transcripts(runner, run=run.pk):
            line = orjson.dumps(form.write(transcript))
            assert b"\n" not in line
            assert orjson.loads(line)


def test_a_number_of_queries_that_does_not_grow(launch, runner, django_assert_max_num_queries):
    world = make_world(owner=runner)
    plans = [make_plan(world, agent=reference(), index=i) for i in range(1, 13)]
    run = launch(plans)

    with django_assert_max_num_queries(8):
        assert len(transcripts(runner, run=run.pk)) == 12


def test_the_command_writes_the_same_lines(run, page, admin_person, tmp_path, capsys):
    path = tmp_path / "transcripts.jsonl"

    call_command("export_transcripts", path, run=run.pk)

    assert path.read_bytes() == body(page(f"{URL}?run={run.pk}"))
    assert "4 transcripts" in capsys.readouterr().out
    with pytest.raises(CommandError, match="--replace"):
        call_command("export_transcripts", path, run=run.pk)
