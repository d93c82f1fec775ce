"""The form of a judge."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from grading.judge_settings import JudgeSettings
from simulation.forms.by_hand import field_below
from simulation.forms.fields import Field
from simulation.text import without_nulls

PREFIX = "judge"
_field = partial(field_below, PREFIX)


def judge_fields(endpoints: Sequence[str]) -> tuple[Field, ...]:
    """endpoints: the names that can be chosen."""
    return (
        _field("name", "text", hint="the same name again makes its next version"),
        _field("endpoint", "select", choices=tuple(endpoints), hint="where the model is asked"),
        _field("model", "text", hint="as the endpoint calls it"),
        _field("settings", "group", label="how it is asked", members=_settings()),
        _field(
            "note", "area", is_required=False, hint="what this version is for, or why it was made"
        ),
    )


def new_judge() -> dict[str, Any]:
    """Give what the form of a new judge begins with."""
    return {"settings": without_nulls(JudgeSettings().model_dump(mode="json"))}


def _settings() -> tuple[Field, ...]:
    inside = "settings."
    return (
        _field(
            f"{inside}votes",
            "number",
            hint="how often each criterion is asked: 1, 3, 5, 7 or 9. A majority decides, and all"
            " votes are kept. More than one says little at temperature 0.",
        ),
        _field(
            f"{inside}batch",
            "text",
            label="criteria a call",
            hint="one, all, or a number from 2 to 100",
        ),
        _field(f"{inside}temperature", "number", hint="0 is what judges are usually asked with"),
        _field(
            f"{inside}max_output_tokens",
            "number",
            label="most tokens of an answer",
            hint="100 to 200000; models that reason need more",
        ),
        _field(
            f"{inside}seed", "number", is_required=False, hint="each further vote adds one to it"
        ),
        _field(
            f"{inside}transcript_limit",
            "number",
            label="most characters of a part",
            hint="of transcript, changes and answer each; longer ones lose their middle, visibly",
        ),
        _field(
            f"{inside}concurrency",
            "number",
            label="calls at one time",
            hint="for one episode; it decides no verdict",
        ),
    )
