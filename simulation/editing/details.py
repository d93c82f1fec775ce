"""The pages on which a draft itself is changed: what it says of itself, and its end."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulation.browser.head import WorldHead, head_of
from simulation.browser.links import Links
from simulation.drafts import details_of
from simulation.editing.sheet import Sheet, Typed, make_sheet
from simulation.forms.fields import Field
from simulation.forms.writing import write_inputs
from simulation.models import World
from simulation.wording import counted, spoken

PREFIX = "details"


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailsPage:
    head: WorldHead
    form_url: str
    cancel_url: str
    discard_url: str
    sheet: Sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscardPage:
    """`problem` says what is wrong with the name that was typed."""

    head: WorldHead
    name: str
    rows: str
    typed: str
    problem: str


def details_fields(world: World) -> tuple[Field, ...]:
    """Give the fields; prompts are numbered, because their names may be anything."""
    has_employees = "employee" in world.company.entity_types
    fields = (
        _field("title", "text", hint="for people; agents do not see it"),
        _field("now", "moment", label="clock", hint="agents see no row that was created after it"),
        _field(
            "agentEmployeeId",
            "text",
            label="agents are",
            is_required=False,
            hint="the employee that agents act as",
            target="employee" if has_employees else "",
        ),
    )
    prompts = tuple(
        _field(f"prompts.{number}", "area", label=spoken(name), is_markdown=True)
        for number, name in enumerate(world.prompts)
    )
    if not prompts:
        return fields
    return (*fields, _field("prompts", "group", label="system prompts", members=prompts))


def stored_details(world: World) -> dict[str, Any]:
    """Give the values of the form as they are stored."""
    details = details_of(world)
    prompts = {str(n): text for n, text in enumerate(details["prompts"].values())}
    return {**details, "prompts": prompts}


def given_details(world: World, values: Mapping[str, Any]) -> dict[str, Any]:
    """Give what was typed as the service takes it."""
    prompts = values.get("prompts", {})
    return {
        "title": str(values.get("title", "")),
        "now": str(values.get("now", "")),
        "agent_employee_id": str(values.get("agentEmployeeId", "")),
        "prompts": {
            name: str(prompts.get(str(number), "")) for number, name in enumerate(world.prompts)
        },
    }


def placed_messages(world: World, messages: Sequence[str]) -> tuple[str, ...]:
    """Give messages that begin with the path of their input: prompts have numbers there."""
    paths = {f"prompt {name}": f"prompts.{number}" for number, name in enumerate(world.prompts)}
    beginning = re.compile("|".join(map(re.escape, paths)) or "(?!)")
    return tuple(beginning.sub(lambda hit: paths[hit[0]], line, count=1) for line in messages)


def details_page(links: Links, typed: Typed | None, *, base: str) -> DetailsPage:
    """base: the fingerprint of the details that the form was opened on."""
    fields, stored = details_fields(links.world), stored_details(links.world)
    sheet = make_sheet(
        links.state,
        fields,
        stored,
        typed or Typed(inputs=write_inputs(fields, stored)),
        base=base,
        prefix=PREFIX,
        rows_url=f"{links.base}query/rows/?hidden=1&",
    )
    return DetailsPage(
        head=head_of(links, "Browse"),
        form_url=f"{links.base}edit/",
        cancel_url=links.base,
        discard_url=f"{links.base}discard/",
        sheet=sheet,
    )


def discard_page(links: Links, *, typed: str = "", problem: str = "") -> DiscardPage:
    total = sum(len(links.whole.rows(name)) for name in links.company.entity_types)
    return DiscardPage(
        head=head_of(links),
        name=str(links.world),
        rows=counted(total, "row"),
        typed=typed,
        problem=problem,
    )


def _field(
    path: str,
    kind: str,
    *,
    label: str = "",
    hint: str = "",
    is_required: bool = True,
    is_markdown: bool = False,
    target: str = "",
    members: tuple[Field, ...] = (),
) -> Field:
    return Field(
        name=f"{PREFIX}.{path}",
        label=label or path,
        kind=kind,
        is_required=is_required,
        hint=hint,
        expects="",
        is_markdown=is_markdown,
        target=target,
        members=members,
    )
