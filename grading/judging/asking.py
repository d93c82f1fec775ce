"""One call to a judge: a question becomes decisions, or a question for what must be mended.

Nothing here knows a database; a call is kept as a record by whoever asked for it.
"""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from typing import Any

from grading.criteria import Criterion
from grading.judge_settings import JudgeSettings
from grading.judging.answers import Decision, Reading, read_answer, schema_of
from grading.judging.prompts import Prompt, mending, opening
from grading.judging.showing import Shown
from simulation.chat import (
    Attempt,
    ChatAnswer,
    ChatRequest,
    ContextOverflow,
    ModelClient,
    ModelFailed,
    Usage,
)
from simulation.fences import nonce_of
from simulation.text import canonical, clean_text

REPAIRS = 1
RESPONSE_LIMIT = 20_000  # characters of an answer that are kept
PROBLEM_LIMIT = 2000
UNFINISHED = {
    "length": "it was cut off at {limit} tokens; write less, above all in rationale",
    "content_filter": "a content filter of the server stopped it",
}


@dataclass(frozen=True, kw_only=True)
class Question:
    """Criteria that one call decides, and the conversation so far."""

    criteria: tuple[Criterion, ...]
    vote: int
    shown: Shown
    messages: tuple[Mapping[str, str], ...]
    repair: int = 0


@dataclass(frozen=True, kw_only=True)
class CallRecord:
    """What was asked, what came, what it cost."""

    id: uuid.UUID = field(default_factory=uuid.uuid4)
    criteria: tuple[str, ...]
    vote: int
    repair: int
    request_hash: str
    response: str = ""
    finish_reason: str = ""
    failure: str = ""
    problems: tuple[str, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    model: str = ""
    usage: Usage = field(default_factory=Usage)
    cost: Decimal = Decimal(0)
    duration_ms: float = 0.0

    def columns(self) -> dict[str, Any]:
        """Give the values as rows hold them."""
        kept = {name: getattr(self, name) for name in _PLAIN}
        tokens = {f"{name}_tokens": count for name, count in asdict(self.usage).items()}
        lists = {"criteria": list(self.criteria), "problems": list(self.problems)}
        return {**kept, **tokens, **lists, "attempts": [asdict(each) for each in self.attempts]}


_PLAIN = (
    "id", "vote", "repair", "request_hash", "response", "finish_reason", "failure", "model",
    "cost", "duration_ms",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What one call gave.

    decisions: by criterion. failed: why there is none, by criterion. again: what is asked next.
    is_down: the model's server gives no answer, so further questions are useless.
    """

    record: CallRecord
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    failed: Mapping[str, str] = field(default_factory=dict)
    again: Question | None = None
    is_down: bool = False


def first_question(
    prompt: Prompt, criteria: Sequence[Criterion], shown: Shown, *, vote: int, judge: str
) -> Question:
    """judge: the judge's hash, so that no two of them share the word of a fence."""
    keys = ",".join(criterion.hash for criterion in criteria)
    nonce = nonce_of(judge, keys, str(vote), shown.hash)
    messages = opening(prompt, shown.text(nonce), criteria, nonce)
    return Question(criteria=tuple(criteria), vote=vote, shown=shown, messages=tuple(messages))


def ask(
    question: Question, *, client: ModelClient, model: str, settings: JudgeSettings, prompt: Prompt
) -> Heard:
    """Ask once. A model that gives no answer is no verdict of anybody: it is told in words."""
    request = _request(question, model, settings)
    record = CallRecord(
        criteria=tuple(criterion.key for criterion in question.criteria),
        vote=question.vote,
        repair=question.repair,
        request_hash=_hash(request),
    )
    try:
        answer = client.ask(request)
    except ModelFailed as failure:
        return _no_answer(record, failure)
    reading = _reading(answer, question, settings)
    return _heard(question, _told(record, answer, reading), answer.text, reading, prompt)


def _request(question: Question, model: str, settings: JudgeSettings) -> ChatRequest:
    seed = None if settings.seed is None else settings.seed + question.vote - 1
    return ChatRequest(
        model=model,
        messages=question.messages,
        response_schema=schema_of(question.criteria),
        schema_name="verdicts",
        temperature=settings.temperature,
        max_tokens=settings.max_output_tokens,
        seed=seed,
    )


def _reading(answer: ChatAnswer, question: Question, settings: JudgeSettings) -> Reading:
    if unfinished := UNFINISHED.get(answer.finish_reason):
        return Reading(whole=unfinished.format(limit=settings.max_output_tokens))
    return read_answer(answer.text, question.criteria, question.shown)


def _heard(
    question: Question, record: CallRecord, text: str, reading: Reading, prompt: Prompt
) -> Heard:
    bad = tuple(c for c in question.criteria if c.key not in reading.decisions)
    if not bad:
        return Heard(record=record, decisions=reading.decisions)
    if question.repair < REPAIRS:
        again = _again(question, bad, text, reading, prompt)
        return Heard(record=record, decisions=reading.decisions, again=again)
    failed = {c.key: _why(c.key, reading) for c in bad}
    return Heard(record=record, decisions=reading.decisions, failed=failed)


def _again(
    question: Question, bad: tuple[Criterion, ...], text: str, reading: Reading, prompt: Prompt
) -> Question:
    said = {"role": "assistant", "content": text or "(nothing)"}
    messages = (*question.messages, said, mending(prompt, reading.lines, bad))
    return replace(question, criteria=bad, messages=messages, repair=question.repair + 1)


def _why(key: str, reading: Reading) -> str:
    wrong = reading.whole or "; ".join(reading.problems[key])
    return f"the judge's answer could not be used, nor could its repair: {wrong}"


def _no_answer(record: CallRecord, failure: ModelFailed) -> Heard:
    why = f"the judge gave no answer: {failure.message}"
    if isinstance(failure, ContextOverflow):
        why = (
            f"the record is longer than the judge's model reads ({failure.message});"
            " a judge with a lower transcript limit is needed"
        )
    why = clean_text(why, limit=PROBLEM_LIMIT)[0]
    record = replace(
        record,
        failure=why,
        attempts=failure.attempts,
        duration_ms=sum(a.duration_ms + 1000 * a.waited_s for a in failure.attempts),
    )
    is_down = bool(failure.attempts) and _is_down(failure.attempts[-1].status)
    return Heard(record=record, failed=dict.fromkeys(record.criteria, why), is_down=is_down)


def _is_down(status: int | None) -> bool:
    """Tell whether the server, and not this one question, was the trouble."""
    return status is None or status >= 500 or status in (401, 403, 404, 429)


def _told(record: CallRecord, answer: ChatAnswer, reading: Reading) -> CallRecord:
    problems = (clean_text(line, limit=PROBLEM_LIMIT)[0] for line in reading.lines)
    return replace(
        record,
        response=clean_text(answer.text, limit=RESPONSE_LIMIT)[0],
        finish_reason=answer.finish_reason,
        problems=tuple(problems),
        attempts=answer.attempts,
        model=answer.model,
        usage=answer.usage,
        cost=answer.cost,
        duration_ms=answer.duration_ms,
    )


def _hash(request: ChatRequest) -> str:
    asked = {
        "model": request.model,
        "messages": [dict(message) for message in request.messages],
        "schema": dict(request.response_schema or {}),
        "temperature": request.temperature,
        "max_tokens": request.max_tokens,
        "seed": request.seed,
    }
    return hashlib.sha256(canonical(asked)).hexdigest()
