"""People's verdicts as lines of JSON: what goes out comes in again."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, Literal

import orjson
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import F
from pydantic import Field, ValidationError

from grading.agreement.items import MACHINES, Scope, counting_rollouts
from grading.models import Rubric, Verdict
from grading.verdicts import standing
from simulation.errors import Problems
from simulation.text import clean_text
from simulation.values import Frozen

MAX_LINES = 20_000
MAX_LINE = 40_000  # bytes
MAX_BYTES = 8_000_000
CHUNK = 1000
NAMED = 100  # problems that are named


class LabelLine(Frozen):
    """One verdict of one person on one criterion of one rollout.

    rollout and criterion say what was decided, criterion_hash what it said then: a changed
    criterion takes no old label. The members from `run` on are only for reading.
    """

    rollout: int = Field(ge=1)
    criterion: str = Field(min_length=1, max_length=80)
    criterion_hash: str = Field("", max_length=64)
    outcome: Literal["met", "not_met", "cannot_tell"]
    reason: str = Field(min_length=1, max_length=4000)
    author: str = Field("", max_length=150, description="username; without it, who imports")
    is_authoritative: bool = False
    is_blind: bool = False
    created_at: dt.datetime | None = None
    run: int | None = None
    subject: str = ""
    agent: str = ""
    index: int | None = None
    criterion_text: str = ""
    check: str = ""
    machine: dict[str, Any] | None = None


def export_lines(user: User | AnonymousUser, scope: Scope) -> Iterator[bytes]:
    """Give everybody's standing verdicts in scope, one line each, in the order in which they were
    given; the same verdicts give the same bytes."""
    human = standing().filter(
        source=Verdict.Source.HUMAN, assessment__rollout__in=counting_rollouts(user, scope)
    )
    official = human.filter(assessment__grading=F("assessment__rollout__run__official"))
    rows = official.select_related("author", "assessment__rollout").order_by("pk")
    chunk: list[Verdict] = []
    for verdict in rows.iterator(chunk_size=CHUNK):
        chunk.append(verdict)
        if len(chunk) == CHUNK:
            yield from _lines(chunk)
            chunk = []
    yield from _lines(chunk)


def read_lines(data: bytes) -> dict[int, LabelLine]:
    """Read a file: its lines by number. Raises Problems that name every bad one."""
    if len(data) > MAX_BYTES:
        raise Problems([f"the file is larger than {MAX_BYTES:,} bytes: split it"])
    numbered = [(n, raw) for n, raw in enumerate(data.splitlines(), start=1) if raw.strip()]
    if not numbered:
        raise Problems(["the file has no line: write one JSON object a line"])
    if len(numbered) > MAX_LINES:
        raise Problems([f"the file has more than {MAX_LINES:,} lines: split it"])
    lines: dict[int, LabelLine] = {}
    problems: list[str] = []
    for number, raw in numbered:
        try:
            lines[number] = _read_line(raw)
        except ValueError as error:
            problems.append(f"line {number}: {_words(error)}")
    if problems:
        raise Problems(problems[:NAMED])
    return lines


def _read_line(raw: bytes) -> LabelLine:
    if len(raw) > MAX_LINE:
        raise ValueError(f"is longer than {MAX_LINE:,} bytes")
    data = orjson.loads(raw)
    if not isinstance(data, dict):
        raise ValueError("is no JSON object")  # noqa: TRY004  one type for all that is wrong
    texts = {k: clean_text(v)[0] if isinstance(v, str) else v for k, v in data.items()}
    return LabelLine.model_validate(texts)


def _words(error: ValueError) -> str:
    if isinstance(error, ValidationError):
        return "; ".join(
            f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()[:3]
        )
    return f"is no JSON ({error})" if isinstance(error, orjson.JSONDecodeError) else str(error)


def _lines(verdicts: Sequence[Verdict]) -> Iterator[bytes]:
    """Write a chunk, in two queries."""
    rubrics = Rubric.objects.in_bulk({v.assessment.rubric_id for v in verdicts})
    criteria = {(pk, c.key): c for pk, rubric in rubrics.items() for c in rubric.value.criteria}
    machines = _machines(verdicts)
    for verdict in verdicts:
        assessment, key = verdict.assessment, verdict.criterion_key
        criterion, rollout = criteria[assessment.rubric_id, key], assessment.rollout
        line = LabelLine(
            rollout=rollout.pk,
            criterion=key,
            criterion_hash=criterion.hash,
            outcome=verdict.outcome,
            reason=verdict.rationale or "–",
            author=verdict.author.get_username() if verdict.author else "",
            is_authoritative=verdict.is_authoritative,
            is_blind=verdict.was_blind,
            created_at=verdict.created_at,
            run=rollout.run_id,
            subject=rollout.subject,
            agent=rollout.agent,
            index=rollout.index,
            criterion_text=criterion.text,
            check=criterion.kind,
            machine=machines.get((assessment.pk, key)),
        )
        yield orjson.dumps(line.model_dump(mode="json")) + b"\n"


def _machines(verdicts: Sequence[Verdict]) -> dict[tuple[int, str], dict[str, Any]]:
    ids = {verdict.assessment_id for verdict in verdicts}
    found = Verdict.objects.filter(assessment__in=ids, source__in=MACHINES).order_by("round", "pk")
    return {
        (v.assessment_id, v.criterion_key): {"source": v.source, "outcome": v.outcome}
        for v in found.only("assessment_id", "criterion_key", "source", "outcome", "round")
    }
