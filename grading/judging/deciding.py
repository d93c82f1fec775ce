"""Deciding criteria by a judge, in memory."""

import hashlib
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grading.criteria import Criterion, Outcome
from grading.graders import Evidence, read_check
from grading.graders.judge import WHERE, JudgeCheck, Look
from grading.judging.asking import CallRecord, Heard, Question, ask, first_question
from grading.judging.prompts import PROMPTS
from grading.judging.showing import Shown, show
from grading.judging.votes import Judged, Vote, counted_out
from simulation.chat import ModelClient, ModelFailed, client_for
from simulation.text import canonical

if TYPE_CHECKING:
    from grading.models import Judge

LOOK_AGAIN_SECONDS = 5.0  # how often, while a model thinks, is asked whether to go on
NOT_ASKED = "the judge was not asked, because its server gave no answer before: "
Keep = Callable[[CallRecord], object]


class Stopped(Exception):
    """Whoever wanted the verdicts does not want them any more; what was paid is kept."""


def decide(
    judge: "Judge",
    criteria: Sequence[Criterion],
    evidence: Evidence,
    *,
    keep: Keep,
    client: ModelClient | None = None,
    goes_on: Callable[[], bool] = lambda: True,
) -> dict[str, Judged]:
    """Let a judge decide criteria of its kind. Whatever it fails at is a grader_error with words.

    keep: is given every call as soon as it was made, in this thread; see `grading.judging.costs`.
    client: the client of the judge's endpoint unless given.
    goes_on: asked before each call and now and then; no call follows a False, and Stopped is
    raised.
    """
    shown = shown_to(judge, criteria, evidence)
    prints = {c.key: fingerprint(judge, c, shown[looks_of(c)]) for c in criteria}
    try:
        found = client or client_for(judge.endpoint)
    except ModelFailed as failure:
        reason = f"the judge cannot be asked: {failure.message}"
        return {key: _failed(reason, print_) for key, print_ in prints.items()}
    session = _Session(judge, found, keep, goes_on)
    votes = session.votes(list(_questions(judge, criteria, shown)))
    return {key: counted_out(votes[key], print_) for key, print_ in prints.items()}


def shown_to(
    judge: "Judge", criteria: Sequence[Criterion], evidence: Evidence
) -> dict[tuple[Look, ...], Shown]:
    """Give what this judge is shown, by the parts that criteria look at."""
    limit = judge.value.transcript_limit
    return {looks: show(evidence, looks, limit=limit) for looks in set(map(looks_of, criteria))}


def looks_of(criterion: Criterion) -> tuple[Look, ...]:
    """Give the parts that a criterion looks at, in one order."""
    check = read_check(criterion.check)
    asked = check.look_at if isinstance(check, JudgeCheck) else tuple(WHERE)
    return tuple(look for look in WHERE if look in asked)


def fingerprint(judge: "Judge", criterion: Criterion, shown: Shown) -> str:
    """Name all that a verdict rests on: equal ones may stand for each other.

    The endpoint is part of it as it is now: its address may have changed since the judge was made.
    """
    endpoint = [judge.endpoint.base_url, judge.endpoint.capabilities]
    parts = [judge.hash, endpoint, criterion.hash, shown.hash]
    return hashlib.sha256(canonical(parts)).hexdigest()


def _questions(
    judge: "Judge", criteria: Sequence[Criterion], shown: Mapping[tuple[Look, ...], Shown]
) -> Iterator[Question]:
    """Give the first questions of all votes; criteria that look at other parts never share one."""
    prompt, settings = PROMPTS[judge.prompt], judge.value
    groups: defaultdict[tuple[Look, ...], list[Criterion]] = defaultdict(list)
    for criterion in criteria:
        groups[looks_of(criterion)].append(criterion)
    for vote in range(1, settings.votes + 1):
        for looks, group in groups.items():
            for start in range(0, len(group), settings.batch_size):
                batch = group[start : start + settings.batch_size]
                yield first_question(prompt, batch, shown[looks], vote=vote, judge=judge.hash)


def _failed(reason: str, print_: str) -> Judged:
    return Judged(Outcome.GRADER_ERROR, reason, fingerprint=print_)


@dataclass
class _Session:
    """The calls for one episode: some at a time, each kept, none after a stop."""

    judge: "Judge"
    client: ModelClient
    keep: Keep
    goes_on: Callable[[], bool]
    found: defaultdict[str, list[Vote]] = field(default_factory=lambda: defaultdict(list))
    down: str = ""
    is_stopped: bool = False

    def votes(self, questions: Sequence[Question]) -> Mapping[str, Sequence[Vote]]:
        """Raises Stopped."""
        waiting, calls = deque(questions), dict[Future[Heard], Question]()
        with ThreadPoolExecutor(self.judge.value.concurrency) as pool:
            while waiting or calls:
                self._send(pool, waiting, calls)
                done, _ = wait(calls, LOOK_AGAIN_SECONDS, FIRST_COMPLETED)
                for call in sorted(done, key=list(calls).index):
                    self._hear(calls.pop(call), call.result(), waiting)
                if not done:
                    self._look()
        if self.is_stopped:
            raise Stopped
        return {key: sorted(votes, key=lambda v: v.number) for key, votes in self.found.items()}

    def _send(
        self,
        pool: ThreadPoolExecutor,
        waiting: deque[Question],
        calls: dict[Future[Heard], Question],
    ) -> None:
        """Send as many questions as may be under way at one time."""
        while waiting and len(calls) < self.judge.value.concurrency:
            question = waiting.popleft()
            if self.down:
                self._note(question, {c.key: NOT_ASKED + self.down for c in question.criteria})
            elif self._look():
                calls[pool.submit(self._ask, question)] = question

    def _ask(self, question: Question) -> Heard:
        """Ask, in a thread of the pool: nothing here may touch the database."""
        judge = self.judge
        prompt = PROMPTS[judge.prompt]
        return ask(
            question, client=self.client, model=judge.model, settings=judge.value, prompt=prompt
        )

    def _look(self) -> bool:
        self.is_stopped = self.is_stopped or not self.goes_on()
        return not self.is_stopped

    def _hear(self, question: Question, heard: Heard, waiting: deque[Question]) -> None:
        self.keep(heard.record)
        call = str(heard.record.id)
        for key, decision in heard.decisions.items():
            outcome = Outcome(decision.outcome)
            vote = Vote(question.vote, outcome, decision.rationale, decision.cited, call)
            self.found[key].append(vote)
        self._note(question, heard.failed, call)
        if heard.again:
            waiting.appendleft(heard.again)
        if heard.is_down:
            self.down = heard.record.failure

    def _note(self, question: Question, failed: Mapping[str, str], call: str = "") -> None:
        for key, reason in failed.items():
            vote = Vote(question.vote, Outcome.GRADER_ERROR, reason, (), call)
            self.found[key].append(vote)
