"""The agent that a model plays, at any endpoint."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, ClassVar

from simulation.agent_settings import AgentSettings
from simulation.agents import AGENTS
from simulation.agents.answers import turn_of
from simulation.agents.messages import messages_of
from simulation.chat import (
    PATIENT,
    ChatAnswer,
    ChatRequest,
    ContentRefused,
    ContextOverflow,
    EndpointUnusable,
    ModelFailed,
    Pace,
    Retries,
    client_for,
)
from simulation.faults import faults_of
from simulation.models import ModelEndpoint
from simulation.outages import give_back_connection
from simulation.stops import StopReason
from simulation.tools import Tool, function_definitions
from simulation.transcript import Spec, StepRecord, Turn
from simulation.values import Frozen

NUDGE = (
    "You have neither said anything nor called a tool. Go on with the task; when it is done,"
    " say what came of it."
)


class ChatConfig(Frozen):
    """What an agent of this kind is made of.

    endpoint: its name when the episode was queued. Address, key, prices and capabilities are read
    when it is asked.
    """

    configuration_id: int | None = None
    endpoint_id: int
    endpoint: str = ""
    model: str
    settings: AgentSettings = AgentSettings()


@AGENTS.add("chat")
class ChatAgent:
    """config: see ChatConfig. retries, pace: how it is asked again, and what time is."""

    waits: ClassVar[bool] = True
    converses: ClassVar[bool] = True
    retries: ClassVar[Retries] = PATIENT
    pace: ClassVar[Pace] = Pace()

    def __init__(self, spec: Spec, config: Mapping[str, Any], tools: Mapping[str, Tool]) -> None:
        self._seed = spec.seed
        self._config = ChatConfig.model_validate(config)
        self._tools = tuple(faults_of(spec).shown(function_definitions(tools)))

    @property
    def nudge(self) -> str:
        return NUDGE if self._config.settings.nudge else ""

    def turn(self, steps: Sequence[StepRecord]) -> Turn:
        """Give the next turn. Raises EndpointUnusable for what a person has to mend."""
        try:
            answer = self._ask(steps)
        except ContextOverflow as failure:
            return _unspoken(failure, StopReason.CONTEXT_OVERFLOW)
        except ContentRefused as failure:
            return _unspoken(failure, StopReason.CONTENT_FILTER)
        except ModelFailed as failure:
            if failure.needs_admin:
                raise EndpointUnusable(failure.message) from failure
            return _unspoken(failure, StopReason.PROVIDER_ERROR)
        return turn_of(answer, steps)

    def _ask(self, steps: Sequence[StepRecord]) -> ChatAnswer:
        client = client_for(self._endpoint(), retries=self.retries, pace=self.pace)
        give_back_connection()
        return client.ask(self._request(steps))

    def _endpoint(self) -> ModelEndpoint:
        found = ModelEndpoint.objects.filter(pk=self._config.endpoint_id).first()
        if found is None:
            raise EndpointUnusable(f"the endpoint {self._config.endpoint} is there no more")
        return found

    def _request(self, steps: Sequence[StepRecord]) -> ChatRequest:
        settings = self._config.settings
        return ChatRequest(
            model=self._config.model,
            messages=messages_of(steps, settings.instructions),
            tools=self._tools,
            temperature=settings.temperature,
            max_tokens=settings.max_output_tokens,
            seed=self._seed if settings.seeded else None,
            extra=settings.extra,
        )


def _unspoken(failure: ModelFailed, stop: StopReason) -> Turn:
    """Give the turn in which no answer came, with all that was tried."""
    attempts = [asdict(attempt) for attempt in failure.attempts]
    return Turn(
        kind="error",
        text=failure.message,
        stop=stop,
        detail=failure.message,
        exchange={"attempts": attempts},
    )
