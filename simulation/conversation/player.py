"""Who plays a customer: a model at an endpoint, as a frozen value of the episode's spec."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field, ValidationError

from simulation.chat.prices import ANY_MODEL
from simulation.conversation.prompts import NEWEST, PROMPTS
from simulation.errors import InvalidArgument, Problems
from simulation.models import ModelEndpoint
from simulation.text import clean_json
from simulation.values import Frozen


class PlayerSettings(Frozen):
    """How the model is asked. seeded: with the seed of the episode, so that rollouts repeat."""

    temperature: float | None = Field(0.0, ge=0, le=2)
    max_output_tokens: int = Field(800, ge=100, le=100_000)
    seeded: bool = True


class CustomerPlayer(Frozen):
    """A model that plays customers. prompt, prompt_hash: the words that it is asked with."""

    endpoint_id: int
    endpoint: str = Field(min_length=1, max_length=60)
    model: str = Field(min_length=1, max_length=200)
    settings: PlayerSettings = Field(default_factory=PlayerSettings)
    prompt: int = NEWEST
    prompt_hash: str = PROMPTS[NEWEST].hash

    def __str__(self) -> str:
        return f"{self.model} at {self.endpoint}"


class _Choice(Frozen):
    """What is said of a player when a run is launched."""

    endpoint: str = Field(min_length=1, max_length=60)
    model: str = Field(min_length=1, max_length=200)
    settings: PlayerSettings = Field(default_factory=PlayerSettings)


def read_player(data: Mapping[str, Any]) -> CustomerPlayer:
    """Make a player of what a spec holds. Raises Problems that name every bad field."""
    try:
        player = CustomerPlayer.model_validate(clean_json(data))
    except ValidationError as error:
        raise Problems([_line(problem) for problem in error.errors()]) from None
    if player.prompt not in PROMPTS:
        raise Problems([f"prompt: there are {', '.join(map(str, PROMPTS))}"])
    return player


def choose_player(data: Mapping[str, Any]) -> CustomerPlayer:
    """Make a player of {"endpoint", "model", "settings"?}; the endpoint is named.

    Raises Problems that name every bad field, and an endpoint that there is none of.
    """
    try:
        choice = _Choice.model_validate(clean_json(data))
    except (ValidationError, InvalidArgument) as error:
        raise Problems(_lines(error)) from None
    endpoint = ModelEndpoint.objects.active().filter(name=choice.endpoint).first()
    if endpoint is None:
        raise Problems([f"endpoint: there is none in use named {choice.endpoint!r}"])
    return CustomerPlayer(endpoint_id=endpoint.pk, **choice.model_dump())


def offered_players() -> list[dict[str, str]]:
    """Give the models that may be chosen by those who need not know more of an endpoint than its
    name: those that have a price."""
    endpoints = ModelEndpoint.objects.active().only("name", "prices").order_by("name")
    return [
        {"endpoint": endpoint.name, "model": model}
        for endpoint in endpoints
        for model in sorted(endpoint.prices)
        if model != ANY_MODEL  # a price, not a name
    ]


def _lines(error: ValidationError | InvalidArgument) -> list[str]:
    if isinstance(error, InvalidArgument):
        return [error.message]
    return [_line(problem) for problem in error.errors()]


def _line(problem: Any) -> str:
    place = ".".join(map(str, problem["loc"]))
    message = "is required" if problem["type"] == "missing" else problem["msg"]
    return f"{place}: {message}"
