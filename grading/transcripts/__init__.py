"""Graded rollouts as files for training and analysis: one JSON object a line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from grading.transcripts.messages import as_messages
from grading.transcripts.reading import Transcript
from grading.transcripts.trajectories import as_trajectory


@dataclass(frozen=True)
class Form:
    """How a line is written. write: gives plain values, the same for the same transcript."""

    title: str
    purpose: str
    write: Callable[[Transcript], dict[str, Any]]


FORMS: Mapping[str, Form] = {
    "openai": Form(
        "OpenAI messages",
        "Messages and tools as chat models take them, with reward, mask and verdicts.",
        as_messages,
    ),
    "atif": Form(
        "ATIF",
        "Trajectories as Harbor, NeMo Gym and OpenEnv read them.",
        as_trajectory,
    ),
}
