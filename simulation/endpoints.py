"""Endpoints are made and changed here, by admins. A change never touches what was asked before:
what an answer cost is reckoned and kept when it comes.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from pydantic import AfterValidator, Field, model_validator

from simulation.chat.addresses import check_address
from simulation.chat.capabilities import Capabilities
from simulation.chat.client import key_of
from simulation.chat.prices import Price
from simulation.drafts import fingerprint
from simulation.errors import Conflict, Forbidden, InvalidArgument, Problems
from simulation.models import ModelEndpoint
from simulation.models.endpoints import KEY_VARIABLE, LONGEST_CONNECT, LONGEST_TIMEOUT, NAME
from simulation.roles import ADMIN, has_role
from simulation.text import clean_json, without_nulls
from simulation.validating import read_as
from simulation.values import Frozen

TAKEN_WORDS = ("new",)  # addresses of pages
MAX_PRICES = 50
MOST_RUNNING = 100_000  # episodes at one time; more than that is no limit
EXAMPLE_VARIABLE = "EG_MODEL_KEY_OPENAI"


def _name(value: str) -> str:
    if not re.fullmatch(NAME, value) or value in TAKEN_WORDS:
        raise ValueError("write small letters, digits and single hyphens, such as local-vllm")
    return value


def _address(value: str) -> str:
    try:
        return check_address(value)
    except InvalidArgument as error:
        raise ValueError(error.message) from None


def _variable(value: str) -> str:
    if value and not re.fullmatch(KEY_VARIABLE, value):
        raise ValueError(
            f"write the name of a variable such as {EXAMPLE_VARIABLE}, never the key itself;"
            " nothing for a server that needs no key"
        )
    return value


class PriceRow(Price):
    model: str = Field(min_length=1, max_length=200)


class EndpointContent(Frozen):
    """What an admin writes about an endpoint."""

    name: Annotated[str, Field(max_length=60), AfterValidator(_name)]
    base_url: Annotated[str, AfterValidator(_address)]
    key_variable: Annotated[str, Field(max_length=100), AfterValidator(_variable)] = ""
    is_active: bool = True
    timeout_s: int = Field(120, ge=1, le=LONGEST_TIMEOUT)
    connect_timeout_s: int = Field(5, ge=1, le=LONGEST_CONNECT)
    max_running: int | None = Field(None, ge=1, le=MOST_RUNNING)
    capabilities: Capabilities = Field(default_factory=Capabilities)
    prices: list[PriceRow] = Field(default_factory=list, max_length=MAX_PRICES)

    @model_validator(mode="after")
    def _one_price_a_model(self) -> "EndpointContent":
        names = [row.model for row in self.prices]
        if twice := [name for name in names if names.count(name) > 1]:
            raise ValueError(f"prices: {twice[0]} has two prices; leave one")
        return self


def read_endpoint(given: Mapping[str, Any]) -> EndpointContent:
    """Make content of what was typed. Raises Problems that name every bad field."""
    return read_as(EndpointContent, clean_json(given))


def content_of(endpoint: ModelEndpoint) -> dict[str, Any]:
    """Give what is stored as it is typed."""
    capabilities = Capabilities.model_validate(endpoint.capabilities).model_dump(mode="json")
    prices = [{"model": name, **price} for name, price in endpoint.prices.items()]
    return _without_blanks(
        {
            "name": endpoint.name,
            "base_url": endpoint.base_url,
            "key_variable": endpoint.key_variable,
            "is_active": endpoint.is_active,
            "timeout_s": endpoint.timeout_s,
            "connect_timeout_s": endpoint.connect_timeout_s,
            "max_running": endpoint.max_running,
            "capabilities": _without_blanks(capabilities),
            "prices": prices,
        }
    )


def may_manage(user: User) -> bool:
    return has_role(user, ADMIN)


def check_may_manage(user: User) -> None:
    """Raises Forbidden for everybody but admins."""
    if not may_manage(user):
        raise Forbidden("only admins see and make endpoints of models")


def make_endpoint(given: Mapping[str, Any], *, by: User) -> ModelEndpoint:
    """Raises Forbidden, Problems, or Conflict for a name that is taken."""
    check_may_manage(by)
    endpoint = ModelEndpoint(created_by=by, **_columns(read_endpoint(given)))
    return _saved(endpoint)


@transaction.atomic
def change_endpoint(
    endpoint: ModelEndpoint, given: Mapping[str, Any], *, by: User, base: str
) -> ModelEndpoint:
    """base: the fingerprint of the content that the change was made on.

    Raises Forbidden, Problems, or Conflict for a name that is taken and when somebody else changed
    the endpoint meanwhile.
    """
    check_may_manage(by)
    columns = _columns(read_endpoint(given))
    stored = ModelEndpoint.objects.select_for_update().get(pk=endpoint.pk)
    if base != fingerprint(content_of(stored)):
        raise Conflict("somebody else changed this endpoint meanwhile")
    for name, value in columns.items():
        setattr(stored, name, value)
    return _saved(stored)


def endpoint_named(name: str) -> ModelEndpoint:
    """Raises Problems when there is none of that name."""
    endpoint = ModelEndpoint.objects.filter(name=name).first()
    if endpoint is None:
        raise Problems([f"endpoint: there is none named {name!r}"])
    return endpoint


def warning_of(endpoint: ModelEndpoint) -> str:
    """Tell what will keep an endpoint from working in this process, "" for nothing."""
    if endpoint.key_variable and not key_of(endpoint.key_variable):
        return (
            f"{endpoint.key_variable} is not set in the web server's environment."
            " Set it there and for the workers, and start both again."
        )
    return ""


def _saved(endpoint: ModelEndpoint) -> ModelEndpoint:
    try:
        with transaction.atomic():
            endpoint.save()
    except IntegrityError:
        if not ModelEndpoint.objects.filter(name=endpoint.name).exclude(pk=endpoint.pk).exists():
            raise
        raise Conflict(
            f"there is an endpoint {endpoint.name!r} already; choose another name", field="name"
        ) from None
    return endpoint


def _columns(content: EndpointContent) -> dict[str, Any]:
    capabilities = content.capabilities.model_dump(mode="json")
    return {
        **content.model_dump(exclude={"capabilities", "prices"}),
        "capabilities": without_nulls(capabilities),
        "prices": {row.model: _price(row) for row in content.prices},
    }


def _price(row: PriceRow) -> dict[str, str]:
    prices = {"prompt": row.prompt, "cached": row.cached, "completion": row.completion}
    return {name: _plain(value) for name, value in prices.items() if value is not None}


def _without_blanks(values: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what a form shows as nothing typed."""
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")
