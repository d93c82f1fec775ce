"""Deciding in memory: what a judge is shown, and what becomes of its answers."""

import json

import pytest

from grading.criteria import Outcome
from grading.judging import Stopped, decide
from tests.grading.evidence import make_evidence
from tests.grading.judging.judges import (
    answer,
    ask,
    asked_for,
    cite,
    decides,
    hasty,
    make_judge,
    make_judged,
    record_in,
    says,
    verdict,
)
from tests.model_server import Reply

pytestmark = pytest.mark.django_db
POLITE, KIND = make_judged("polite"), make_judged("kind")
SELL = ("sell", {"buyer": "dee", "itemId": "lamp", "qty": 2})


@pytest.fixture
def evidence():
    return make_evidence(SELL, answer="Dear Dee, the “lamps” are\nyours.")


@pytest.fixture
def judge(model_server):
    return make_judge(model_server.url)


def test_a_verdict_has_the_judges_outcome_reason_and_evidence(judge, evidence, model_server):
    quote = cite(evidence.last_word, "Dear Dee")
    decides(model_server, says("met", evidence=quote))

    found, calls = ask(judge, [POLITE], evidence)

    finding = found["polite"]
    assert (finding.outcome, finding.reason) == (Outcome.MET, "Because.")
    assert [(c.step, c.quote) for c in finding.evidence] == [(evidence.last_word, "Dear Dee")]
    assert len(finding.votes) == len(calls) == 1
    assert finding.votes[0].call == str(calls[0].id)
    assert len(finding.fingerprint) == 64


def test_a_call_is_accounted_with_its_tokens_cost_and_attempts(judge, evidence, model_server):
    usage = {"prompt_tokens": 1000, "completion_tokens": 100}
    model_server.replies.append(Reply(status=500, text="overloaded"))
    model_server.replies.append(answer(verdict("polite"), usage=usage))

    _, (call,) = ask(judge, [POLITE], evidence)

    assert (call.usage.prompt, call.usage.completion, str(call.cost)) == (1000, 100, "0.003000")
    assert [attempt.status for attempt in call.attempts] == [500, 200]
    assert json.loads(call.response)["verdicts"][0]["criterion"] == "polite"


@pytest.mark.parametrize(
    ("looks", "shown", "hidden"),
    [
        (["answer"], ["Dear Dee, the “lamps” are"], ['"itemId":', "inStock: 10 -> 8"]),
        (["changes"], ["inStock: 10 -> 8"], ["Dear Dee", '{"buyer": "dee"']),
        (["transcript"], ['{"buyer": "dee", "itemId": "lamp", "qty": 2}'], ["inStock: 10 -> 8"]),
    ],
)
def test_a_judge_is_shown_only_what_the_criterion_looks_at(
    looks, shown, hidden, judge, evidence, model_server
):
    decides(model_server, says("not_met"))

    ask(judge, [make_judged(look_at=looks)], evidence)

    record = "\n".join(record_in(model_server.requests[0].body))
    assert "Sell two lamps to Dee." in record
    assert [text for text in shown if text not in record] == []
    assert [text for text in hidden if text in record] == []


def test_a_judge_reads_statement_question_and_note(judge, evidence, model_server):
    decides(model_server, says("not_met"))
    criterion = make_judged(note="Thanks count.", question="Would you like to get it?")

    ask(judge, [criterion], evidence)

    text = model_server.requests[0].body["messages"][1]["content"]
    for words in ("The agent is polite.", "Thanks count.", "Would you like to get it?"):
        assert words in text


def test_reasons_come_before_decisions_in_the_schema(judge, evidence, model_server):
    decides(model_server, says("not_met"))

    ask(judge, [POLITE], evidence)

    form = model_server.requests[0].body["response_format"]["json_schema"]["schema"]
    names = list(form["properties"]["verdicts"]["items"]["properties"])
    assert names.index("rationale") < names.index("is_true") < names.index("outcome")
    assert model_server.requests[0].body["temperature"] == 0


# batches


@pytest.mark.parametrize(("batch", "calls"), [("one", [1, 1, 1]), ("all", [3]), (2, [2, 1])])
def test_criteria_are_asked_for_in_batches(batch, calls, evidence, model_server):
    judge = make_judge(model_server.url, batch=batch)
    decides(model_server, says("not_met"))

    found, _ = ask(judge, [make_judged(f"c-{n}") for n in range(3)], evidence)

    sizes = sorted((len(asked_for(r.body)) for r in model_server.requests), reverse=True)
    assert (sizes, len(found)) == (calls, 3)


def test_criteria_that_look_at_other_parts_never_share_a_call(judge, evidence, model_server):
    decides(model_server, says("not_met"))

    ask(judge, [make_judged("a", look_at=["answer"]), KIND, POLITE], evidence)

    asked = sorted(asked_for(request.body) for request in model_server.requests)
    assert asked == [["a"], ["kind", "polite"]]


# what is wrong with an answer, and its repair

GOOD = {"evidence": [{"step": 0, "quote": "Sell two lamps to Dee."}]}


def wrong(name, said, problem):
    return pytest.param(said, problem, id=name)


def of(**fields):
    return answer(verdict("polite", **fields))


BAD_ANSWERS = [
    wrong("no JSON", Reply(text="They are polite."), "not one JSON object"),
    wrong("empty", Reply(text=""), "it is empty"),
    wrong("nothing", Reply(text=None), "it is empty"),
    wrong("a refusal", Reply(text=None, message={"refusal": "I will not."}), "not one JSON"),
    wrong("truncated", Reply(text='{"verdicts": [', finish="length"), "cut off at 4000 tokens"),
    wrong("filtered", Reply(text="", finish="content_filter"), "content filter"),
    wrong("another form", Reply(text='{"answer": []}'), 'single member "verdicts"'),
    wrong("no list", Reply(text='{"verdicts": {}}'), "single member"),
    wrong("a list", Reply(text="[]"), "single member"),
    wrong("NaN", Reply(text='{"verdicts": NaN}'), "NaN"),
    wrong("too deep", Reply(text="[" * 100_000), "nested too deeply"),
    wrong("one name twice", Reply(text='{"verdicts": [], "verdicts": []}'), "twice"),
    wrong("missing", answer(), "there is no verdict on it"),
    wrong("doubled", answer(verdict("polite"), verdict("polite")), "more than one verdict, 1 and"),
    wrong("extra", answer(verdict("polite"), verdict("rude")), "verdict 2 is about none"),
    wrong("nameless", answer({"outcome": "met"}), "verdict 1 is about none"),
    wrong("a list for a name", answer({"criterion": ["polite"]}), "verdict 1 is about none"),
    wrong("no object", answer("met"), "verdict 1 is about none"),
    wrong("no reason", of(rationale=""), "rationale"),
    wrong("blank reason", of(rationale=" \n"), "rationale is empty"),
    wrong("unknown outcome", answer({**verdict("polite"), "outcome": "yes"}), "outcome"),
    wrong("ours", answer({**verdict("polite"), "outcome": "grader_error"}), "outcome"),
    wrong("a member too many", of(score=1), "a member too many"),
    wrong("truth as text", of(is_true="false"), "is_true"),
    wrong("contradictory", of(outcome="met", is_true=False, **GOOD), "contradict each other"),
    wrong("contradictory too", of(is_true=True), "is_true is true and outcome is not_met"),
    wrong("undecided yet decided", of(is_true=None), "is_true is null and outcome is not_met"),
    wrong("met on nothing", of(outcome="met"), "met needs evidence"),
    wrong("met on the task alone", of(outcome="met", **GOOD), "met needs evidence"),
    wrong("no such step", of(evidence=cite(99, "Dear Dee")), "no step 99"),
    wrong("a negative step", of(evidence=cite(-1, "Dear Dee")), "no step -1"),
    wrong("step as text", answer(verdict("polite", evidence=cite("3", "x"))), "step"),
    wrong("an invented quote", of(evidence=cite(2, "Thank you")), "does not occur in step 2"),
    wrong("a quote from elsewhere", of(evidence=cite(1, "Dear Dee")), "does not occur in step 1"),
    wrong("an empty quote", of(evidence=cite(2, " ")), "the quote is empty"),
    wrong("other letters", of(evidence=cite(2, "dear dee")), "does not occur"),
]


@pytest.mark.parametrize(("said", "problem"), BAD_ANSWERS)
def test_an_answer_that_is_wrong_twice_is_no_verdict(said, problem, judge, evidence, model_server):
    model_server.replies.extend([said, said])
    if "polite" not in str(said.text):
        model_server.answer = lambda body: said

    found, calls = ask(judge, [POLITE], evidence)

    assert found["polite"].outcome == Outcome.GRADER_ERROR
    assert problem in found["polite"].reason
    assert [call.repair for call in calls] == [0, 1]
    assert all(problem in " ".join(call.problems) for call in calls)


@pytest.mark.parametrize(("said", "problem"), BAD_ANSWERS)
def test_an_answer_that_is_wrong_once_is_mended(said, problem, judge, evidence, model_server):
    model_server.replies.extend([said, answer(verdict("polite", "cannot_tell"))])

    found, calls = ask(judge, [POLITE], evidence)

    assert found["polite"].outcome == Outcome.CANNOT_TELL
    assert [bool(call.problems) for call in calls] == [True, False]
    conversation = model_server.requests[1].body["messages"]
    assert [message["role"] for message in conversation] == ["system", "user", "assistant", "user"]
    assert problem in conversation[-1]["content"]


@pytest.mark.parametrize(
    "quote",
    ["Dear Dee, the", 'the "lamps" are', "the “lamps” are", "are yours.", "Dear\u00a0Dee,  the"],
)
def test_white_space_and_typographic_quotes_do_not_count(quote, judge, evidence, model_server):
    decides(model_server, says("met", evidence=cite(evidence.last_word, quote)))

    found, _ = ask(judge, [POLITE], evidence)

    assert found["polite"].outcome == Outcome.MET


def test_an_answer_in_a_block_of_code_is_read(judge, evidence, model_server):
    text = answer(verdict("polite")).text
    model_server.replies.append(Reply(text=f"```json\n{text}\n```"))

    found, calls = ask(judge, [POLITE], evidence)

    assert (found["polite"].outcome, len(calls)) == (Outcome.NOT_MET, 1)


def test_what_only_looks_at_changes_may_be_met_because_there_are_none(judge, model_server):
    decides(model_server, says("met"))
    evidence = make_evidence(answer="Hello.")

    found, _ = ask(judge, [make_judged("unchanged", look_at=["changes"]), POLITE], evidence)

    assert found["unchanged"].outcome == Outcome.MET
    assert found["polite"].outcome == Outcome.GRADER_ERROR


def test_what_a_silent_agent_did_not_do_needs_no_quote(judge, model_server):
    decides(model_server, says("met"))

    found, _ = ask(judge, [make_judged(look_at=["answer"])], make_evidence(answer=""))

    assert found["polite"].outcome == Outcome.MET


def test_a_changed_row_is_cited_by_the_step_that_wrote_it(judge, evidence, model_server):
    step = next(step.index for step in evidence.steps if step.changes)
    decides(model_server, says("met", evidence=cite(step, "inStock: 10 -> 8")))

    found, _ = ask(judge, [make_judged(look_at=["changes"])], evidence)

    assert found["polite"].outcome == Outcome.MET


def test_one_bad_criterion_of_a_batch_spoils_only_itself(judge, evidence, model_server):
    bad = verdict("kind", evidence=cite(2, "invented"))
    model_server.replies.extend([answer(verdict("polite"), bad), answer(bad)])

    found, calls = ask(judge, [POLITE, KIND], evidence)

    assert (found["polite"].outcome, found["kind"].outcome) == ("not_met", "grader_error")
    assert [call.criteria for call in calls] == [("polite", "kind"), ("kind",)]
    assert asked_for(model_server.requests[1].body) == ["kind"]


def test_a_repair_that_touches_what_was_decided_is_refused(judge, evidence, model_server):
    model_server.replies.append(answer(verdict("polite")))
    model_server.replies.append(answer(verdict("polite"), verdict("kind")))

    found, _ = ask(judge, [POLITE, KIND], evidence)

    assert (found["polite"].outcome, found["kind"].outcome) == ("not_met", "grader_error")


# votes


def outcomes(*words):
    return [answer(verdict("polite", word)) if word else Reply(text="?") for word in words]


@pytest.mark.parametrize(
    ("replies", "outcome", "reason"),
    [
        (outcomes("not_met", "not_met", "not_met"), "not_met", "Because."),
        (
            outcomes("not_met", "not_met", "cannot_tell"),
            "not_met",
            "2 of 3 votes (2 not met, 1 can’t tell): Because.",
        ),
        (outcomes("cannot_tell", "not_met", "cannot_tell"), "cannot_tell", "Because."),
        (outcomes("not_met", "", "", "not_met"), "not_met", "Because."),
        (outcomes("not_met", "", "", "cannot_tell"), "grader_error", "no majority among"),
        (outcomes("not_met", "", "", "", ""), "grader_error", "could not be used"),
    ],
)
def test_a_majority_of_all_votes_decides(replies, outcome, reason, evidence, model_server):
    judge = make_judge(model_server.url, votes=3, concurrency=1)
    model_server.replies.extend(replies)

    found, _ = ask(judge, [POLITE], evidence)

    assert found["polite"].outcome == outcome
    assert reason in found["polite"].reason
    assert [vote.number for vote in found["polite"].votes] == [1, 2, 3]


def test_split_votes_are_told_as_such(evidence, model_server):
    judge = make_judge(model_server.url, votes=3, concurrency=1)
    met = answer(verdict("polite", "met", evidence=cite(evidence.last_word, "Dear")))
    model_server.replies.extend([met, *outcomes("not_met", "cannot_tell")])

    found, _ = ask(judge, [POLITE], evidence)

    assert found["polite"].outcome == Outcome.CANNOT_TELL
    assert found["polite"].reason == "the votes are split: 1 met, 1 not met, 1 can’t tell"


def test_each_vote_is_asked_with_a_seed_and_a_fence_of_its_own(evidence, model_server):
    judge = make_judge(model_server.url, votes=3, seed=7, temperature=1)
    decides(model_server, says("not_met"))

    ask(judge, [POLITE], evidence)

    bodies = [request.body for request in model_server.requests]
    assert sorted(body["seed"] for body in bodies) == [7, 8, 9]
    assert len({body["messages"][0]["content"] for body in bodies}) == 3


# a server that fails


def test_a_server_that_is_down_is_not_asked_for_every_criterion(evidence):
    judge = make_judge(batch="one", concurrency=1)  # nobody listens there

    found, calls = ask(judge, [POLITE, KIND], evidence, client=hasty(judge, most=2))

    assert [f.outcome for f in found.values()] == ["grader_error", "grader_error"]
    assert "gave no answer" in found["polite"].reason
    assert "was not asked" in found["kind"].reason
    assert len(calls) == 1
    assert len(calls[0].attempts) == 2


def test_an_endpoint_that_is_switched_off_is_told(evidence):
    judge = make_judge()
    judge.endpoint.is_active = False

    found = decide(judge, [POLITE], evidence, keep=lambda call: None)

    assert found["polite"].outcome == "grader_error"
    assert "switched off" in found["polite"].reason


def test_a_record_longer_than_the_model_reads_is_told(judge, evidence, model_server):
    error = {"message": "context is too long", "code": "context_length_exceeded"}
    model_server.answer = lambda body: Reply(status=400, error=error)

    found, _ = ask(judge, [POLITE], evidence)

    assert found["polite"].outcome == "grader_error"
    assert "lower transcript limit" in found["polite"].reason


def test_a_slow_server_is_an_error_with_words(evidence, model_server):
    judge = make_judge(model_server.url)
    judge.endpoint.timeout_s = 0.2
    model_server.answer = lambda body: Reply(delay=1)

    found, (call,) = ask(judge, [POLITE], evidence, client=hasty(judge, most=1))

    assert found["polite"].outcome == "grader_error"
    assert call.failure


def test_nobody_is_asked_any_more_once_it_does_not_go_on(evidence, model_server):
    judge = make_judge(model_server.url, batch="one", concurrency=1)
    decides(model_server, says("not_met"))
    goes_on = iter([True, False])

    with pytest.raises(Stopped):
        ask(judge, [POLITE, KIND], evidence, goes_on=lambda: next(goes_on, False))

    assert len(model_server.requests) == 1
