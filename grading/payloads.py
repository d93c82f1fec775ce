"""Arguments and results of calls, as an episode's page and a page of their own show them."""

import json
from collections.abc import Sequence
from typing import Any

import orjson
from django.urls import reverse
from django.utils.safestring import SafeString

from grading.models import Rollout
from grading.pages import Payload, PayloadPage
from grading.people.look import Look
from grading.quotes import marked_text
from simulation.models import Step
from simulation.wording import size

SAME_DIGITS = bytes.maketrans(b"123456789", b"000000000")
LONG_NUMBER = b"0" * 19
UNMARKED = SafeString()


def payload_page(
    rollout: Rollout, look: Look, step: Step, part: str, *, raw: bool, quotes: Sequence[str]
) -> PayloadPage:
    """Show all of one step's arguments or result on a page of its own.

    part: arguments or result.
    """
    episode = reverse("grading:episode", args=[rollout.run_id, rollout.pk])
    base = reverse("grading:step_payload", args=[rollout.run_id, rollout.pk, step.index, part])
    return PayloadPage(
        title=f"Step {step.index}, {step.tool}: {part}",
        back_url=f"{look.address(episode)}#step-{step.index}",
        payload=payload(look, step, part, base=base, shown=None, raw=raw, quotes=quotes),
    )


def payload(
    look: Look,
    step: Step,
    part: str,
    *,
    base: str,
    shown: int | None,
    raw: bool = False,
    quotes: Sequence[str] = (),
) -> Payload:
    """base: its own address. shown: so many characters at most; None for all. quotes: what is
    marked in them."""
    text = step.arguments_raw if part == "arguments" else step.result
    value = None if raw else read_json(text)
    other = look.address(base) if raw else look.address(base, view="raw")
    return read_payload(
        text, value, whole_url=look.address(base), other_url=other, shown=shown, quotes=quotes
    )


def read_payload(
    text: str,
    value: Any,
    *,
    whole_url: str,
    other_url: str,
    shown: int | None,
    quotes: Sequence[str],
) -> Payload:
    """Show a text, or laid out what it means; value: that, None to show the text as it is."""
    is_json = value is not None
    whole = laid_out(value) if is_json else text
    is_cut = shown is not None and len(whole) > shown
    visible = whole[:shown] if is_cut else whole
    return Payload(
        text=visible,
        size=size(len(text)),
        is_json=is_json,
        marked_html=marked_text(visible, quotes) if quotes else UNMARKED,
        more_url=whole_url if is_cut else "",
        more_label=f"show all {size(len(text))}" if is_cut else "",
        other_url=other_url,
        other_label="raw" if other_url.endswith("view=raw") else "readable",
    )


def read_json(text: str) -> Any:
    """Read JSON; None for what is none."""
    try:
        return json.loads(text) if _has_long_number(text) else orjson.loads(text)
    except (ValueError, RecursionError):
        return _read_slowly(text)


def _has_long_number(text: str) -> bool:
    """Tell whether a number may have more digits than the quick reader keeps."""
    return LONG_NUMBER in text.encode().translate(SAME_DIGITS)


def laid_out(value: Any) -> str:
    """Write JSON over lines, for people to read."""
    try:
        return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
    except TypeError:
        return json.dumps(value, ensure_ascii=False, indent=2)


def _read_slowly(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
