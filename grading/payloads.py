"""Arguments and results of calls, as an episode's page and a page of their own show them."""

import json
from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from grading.models import Rollout
from grading.pages import Payload, PayloadPage
from grading.people.look import Look
from grading.quotes import marked_text
from simulation.models import Step
from simulation.wording import size


def payload_page(
    rollout: Rollout, look: Look, step: Step, part: str, *, raw: bool, quotes: Sequence[str]
) -> PayloadPage:
    """Show all of one step's arguments or result on a page of its own.

    part: arguments or result.
    """
    episode = reverse("grading:episode", args=[rollout.run_id, rollout.pk])
    return PayloadPage(
        title=f"Step {step.index}, {step.tool}: {part}",
        back_url=f"{look.address(episode)}#step-{step.index}",
        payload=payload(rollout, look, step, part, shown=None, raw=raw, quotes=quotes),
    )


def payload(
    rollout: Rollout,
    look: Look,
    step: Step,
    part: str,
    *,
    shown: int | None,
    raw: bool = False,
    quotes: Sequence[str] = (),
) -> Payload:
    """shown: so many characters at most; None for all. quotes: what is marked in them."""
    text = step.arguments_raw if part == "arguments" else step.result
    value = None if raw or shown == 0 else read_json(text)
    is_json = value is not None
    whole = json.dumps(value, ensure_ascii=False, indent=2) if is_json else text
    is_cut = shown is not None and len(whole) > shown
    visible = whole[:shown] if is_cut else whole
    base = reverse("grading:step_payload", args=[rollout.run_id, rollout.pk, step.index, part])
    return Payload(
        text=visible,
        size=size(len(text)),
        is_json=is_json,
        marked_html=marked_text(visible, quotes),
        more_url=look.address(base) if is_cut else "",
        more_label=f"show all {size(len(text))}" if is_cut else "",
        other_url=look.address(base) if raw else look.address(base, view="raw"),
        other_label="readable" if raw else "raw",
    )


def read_json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
