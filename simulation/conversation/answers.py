"""What a model may answer that plays a customer, and what is wrong with what it did answer."""

import json
from collections.abc import Sequence
from typing import Any, Literal, TypeVar

from pydantic import Field, StrictInt, StrictStr, ValidationError

from simulation.chat.blocks import unblocked
from simulation.conversation.leaks import plain
from simulation.errors import InvalidArgument, Problems
from simulation.text import clean_json
from simulation.values import Frozen

MOST_TOPICS = 50
OTHER_FORM = "the answer does not have the form that was asked for"


class TopicAsked(Frozen):
    topic: StrictInt
    quote: StrictStr = Field(min_length=1, max_length=1000)


class Hearing(Frozen):
    """What a message asks about: topics by number, with its words."""

    asked: tuple[TopicAsked, ...] = Field(max_length=MOST_TOPICS)


class Saying(Frozen):
    """What the customer says next."""

    why: StrictStr = Field("", max_length=4000)
    ends: Literal["no", "satisfied", "gives_up"]
    says: StrictStr = Field(max_length=20_000)


Answer = TypeVar("Answer", bound=Frozen)


def hearing_schema(topics: int) -> dict[str, Any]:
    numbers = {"type": "integer", "minimum": 1, "maximum": topics}
    item = _object({"topic": numbers, "quote": {"type": "string"}})
    return _object({"asked": {"type": "array", "items": item}})


def saying_schema() -> dict[str, Any]:
    ends = {"type": "string", "enum": ["no", "satisfied", "gives_up"]}
    return _object({"why": {"type": "string"}, "ends": ends, "says": {"type": "string"}})


def read_hearing(text: str, message: str, topics: Sequence[str]) -> Hearing:
    """Read which topics a message asks about, once each and by its own words. Raises Problems."""
    hearing = _read(text, Hearing)
    there = plain(message)
    problems: list[str] = []
    for number, item in enumerate(hearing.asked, 1):
        if not 1 <= item.topic <= len(topics):
            problems.append(f"asked {number}: there is no topic {item.topic}")
        if not plain(item.quote) or plain(item.quote) not in there:
            problems.append(f"asked {number}: the quote does not occur in the last message")
    if len({item.topic for item in hearing.asked}) < len(hearing.asked):
        problems.append("a topic stands there twice")
    if problems:
        raise Problems(problems)
    return hearing


def read_saying(text: str) -> Saying:
    """Read what the customer says. Raises Problems."""
    return _read(text, Saying)


def _read(text: str, form: type[Answer]) -> Answer:
    if not text.strip():
        raise Problems(["the answer is empty"])
    try:
        value = clean_json(json.loads(unblocked(text)))
        return form.model_validate(value)
    except ValidationError as error:
        raise Problems([_line(problem) for problem in error.errors()]) from None
    except InvalidArgument as error:
        raise Problems([error.message]) from None
    except (ValueError, RecursionError):
        raise Problems([OTHER_FORM]) from None


def _line(problem: Any) -> str:
    place = ".".join(map(str, problem["loc"]))
    return f"{place}: {problem['msg']}" if place else OTHER_FORM


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
