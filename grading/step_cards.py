"""The steps of an episode as cards of its page, with what came with a model's words."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grading import wording
from grading.customer_words import customer_error, customer_note
from grading.exchanges import model_answer
from grading.pages import (
    Argument,
    CriterionLink,
    Payload,
    PromptCard,
    StepCard,
    TimelineMark,
)
from grading.payloads import read_json, read_payload
from grading.people.look import Look
from grading.quotes import marked_html
from grading.world_rows import RowAddress
from simulation import markdown
from simulation.models import Step
from simulation.pages import change_rows, shortened
from simulation.state import read_changes
from simulation.transcript import TOKENS_IN_ALL
from simulation.wording import counted, milliseconds, size

SHOWN = 20_000  # characters of one payload before "show all"
LARGEST = 16_000_000  # characters of all payloads together; of more, each is shown shorter
SHORTEST = 500
SHORT_ARGUMENT = 60
LONGEST_LINE = 1000  # characters of an outcome or an error; what is whole is in the result
WORDS = {
    "system": "system",
    "user": "told",
    "customer": "customer",
    "message": "message",
    "read": "read",
    "write": "write",
    "error": "error",
    "answer": "answer",
}
FAULTS = {"tool_error": "failed on purpose", "delay": "delayed on purpose"}


def kind_of(step: Step, *, is_answer: bool) -> Any:
    if step.is_error or step.kind == Step.Kind.ERROR:
        return "error"
    if step.kind == Step.Kind.TOOL_CALL:
        return "write" if step.changes else "read"
    if step.kind == Step.Kind.ASSISTANT:
        return "answer" if is_answer else "message"
    return step.kind


def _shown_of_each(steps: Sequence[Step]) -> int:
    """Give how many characters of each payload are shown, so that the page stays quick."""
    total = sum(min(len(step.result), SHOWN) + len(step.arguments_raw) for step in steps)
    return SHOWN if total <= LARGEST else max(SHORTEST, SHOWN * LARGEST // total)


def prompt_card(step: Step) -> PromptCard:
    is_system = step.kind == Step.Kind.SYSTEM
    return PromptCard(
        word="System prompt" if is_system else "Prompt",
        size=size(len(step.content)),
        body_html=markdown.render(step.content),
        is_folded=is_system,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cards:
    """What all cards of one page share.

    base: what addresses of payloads begin with. moment: the step as of which the world is shown.
    quotes: what verdicts quote, by step. shown: characters of each payload. plain, raw, at: what
    follows addresses, the same for all.
    """

    address: RowAddress
    base: str
    episode_url: str
    moment: int
    quotes: Mapping[int, Sequence[str]]
    shown: int
    plain: str
    raw: str
    at: str

    def mark(self, step: Step, kind: Any, *, is_cited: bool) -> TimelineMark:
        tool = f": {step.tool}" if step.tool else ""
        return TimelineMark(
            index=step.index,
            kind=kind,
            word=WORDS[kind],
            label=f"Step {step.index}, {WORDS[kind]}{tool}",
            is_evidence=is_cited,
            is_later=step.index > self.moment,
        )

    def card(self, step: Step, kind: Any, cited: Sequence[CriterionLink]) -> StepCard:
        quoted = self.quotes.get(step.index, ())
        is_call, text = step.kind == Step.Kind.TOOL_CALL, step.content
        given = read_json(step.result) if is_call else None
        return StepCard(
            index=step.index,
            kind=kind,
            word=WORDS[kind],
            tool=step.tool,
            call=tuple(_arguments(step)),
            outcome="" if step.is_error or not is_call else _outcome(given, step.result),
            error=shortened(
                _error(step, given) if step.is_error else customer_error(step), LONGEST_LINE
            ),
            body_html=marked_html(markdown.render(text), quoted) if text else markdown.NOTHING,
            body_text="" if markdown.is_plain(text) else text,
            arguments=self._arguments(step, quoted) if is_call else None,
            result=self._payload(step.index, "result", step.result, given, quoted)
            if is_call
            else None,
            changes=change_rows(read_changes(step.changes), self.address) if step.changes else (),
            cited_by=tuple(cited),
            duration=milliseconds(step.duration_ms),
            tokens=_tokens(step),
            cost=wording.usd(step.cost) if step.cost else "",
            note=_note(step),
            fault=FAULTS.get(step.fault, step.fault.replace("_", " ")),
            model=model_answer(step) if step.exchange or step.reasoning else None,
            at_url=self._at(step.index),
            is_later=step.index > self.moment,
        )

    def _arguments(self, step: Step, quoted: Sequence[str]) -> Payload:
        value = read_json(step.arguments_raw)
        return self._payload(step.index, "arguments", step.arguments_raw, value, quoted)

    def _payload(
        self, index: int, part: str, text: str, value: Any, quoted: Sequence[str]
    ) -> Payload:
        base = f"{self.base}{index}/{part}/"
        return read_payload(
            text,
            value,
            whole_url=f"{base}{self.plain}",
            other_url=f"{base}{self.raw}",
            shown=self.shown,
            quotes=quoted,
        )

    def _at(self, index: int) -> str:
        return f"{self.episode_url}{self.at}{index}#step-{index}"


def _tokens(step: Step) -> str:
    """Count what went in and came out; cached and reasoning tokens are among these."""
    tokens = sum(step.tokens.get(kind, 0) for kind in TOKENS_IN_ALL)
    return counted(tokens, "token") if tokens else ""


def _note(step: Step) -> str:
    if step.kind == Step.Kind.CUSTOMER:
        return customer_note(step)
    note = step.note.removeprefix("on purpose: ") if step.fault else step.note  # it says so above
    note, _ = wording.split_price_note(note)  # said once, above
    return note or ("The agent said nothing." if _is_silent(step) else "")


def _is_silent(step: Step) -> bool:
    return step.kind == Step.Kind.ASSISTANT and not step.content and not _has_calls(step)


def _has_calls(step: Step) -> bool:
    return bool(step.exchange and step.exchange.get("calls"))


def _arguments(step: Step) -> Iterator[Argument]:
    for name, value in (step.arguments or {}).items():
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        yield Argument(name=name, value=shortened(text, SHORT_ARGUMENT))


def _outcome(value: Any, result: str) -> str:
    """Say in two words what a call gave. value: what its result means, None for nothing."""
    if isinstance(value, list):
        return counted(len(value), "row")
    if isinstance(value, dict):
        words = str(value["id"]) if "id" in value else ", ".join(value)
        return shortened(words, LONGEST_LINE)
    return shortened(result, SHORT_ARGUMENT)


def _error(step: Step, value: Any) -> str:
    error = value.get("error", {}) if isinstance(value, dict) else {}
    known = error if isinstance(error, dict) else {}
    return f"{known.get('code', 'error')}: {known.get('message', step.content)}"


def cards_of(
    look: Look,
    steps: Sequence[Step],
    *,
    base: str,
    episode_url: str,
    moment: int,
    quotes: Mapping[int, Sequence[str]],
    address: RowAddress,
) -> Cards:
    return Cards(
        address=address,
        base=base,
        episode_url=episode_url,
        moment=moment,
        quotes=quotes,
        shown=_shown_of_each(steps),
        plain=look.address(""),
        raw=look.address("", view="raw"),
        at=look.address("", at=""),
    )
