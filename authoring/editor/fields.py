"""The plain fields of a task as forms: what they take, what is typed, and what that changes.

A form says with "base.FIELD" which of the fields it holds and what it saw of each.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict

from authoring.access import TaskLook
from authoring.content import CATEGORIES
from authoring.drafts.document import fingerprint
from authoring.drafts.saving import Edit
from simulation.environments import Environment
from simulation.fault_form import deviations, fault_fields
from simulation.forms.fields import Field
from simulation.forms.inputs import Form, Input
from simulation.forms.reading import read_inputs
from simulation.forms.writing import write_inputs
from simulation.labels import newest_rows
from simulation.models import World
from simulation.pages import Choice
from simulation.text import without_nulls
from simulation.transcript import MODES
from simulation.wording import spoken

BASE = "base."
DIFFICULTIES = ("easy", "medium", "hard")
ASKERS = ("customer", "employee")
PEOPLE = 60  # of each kind that are offered as who asks
LEVELS = tuple("12345")
TEXTS = ("text", "area")
LABELS = {
    "autonomous": "autonomous: nobody answers questions",
    "copilot": "copilot: an employee is helped",
    "conversation": "conversation: a customer is talked to",
}
BLANKS: dict[str, Any] = {
    "tags": [],
    "target_level": None,
    "asker": None,
    "budgets": {},
    "faults": None,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundInput:
    """An input and the fingerprint of the value that it was made of."""

    input: Input
    base: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldsForm:
    """One form of a tab; `name` is the anchor that a save leads back to."""

    name: str
    title: str
    inputs: tuple[BoundInput, ...]


def _field(name: str, label: str, kind: str = "text", **more: Any) -> Field:
    given = {"is_required": False, "hint": "", "expects": "", **more}
    return Field(name=name, label=label, kind=kind, **given)


PROMPT = (
    _field(
        "prompt",
        "prompt",
        "area",
        hint="What the agent is asked, in the words of who asks. Markdown; @ finds a row of the"
        " world.",
    ),
)
ABOUT = (
    _field("title", "title", hint="What people call the task; agents never see it."),
    _field("category", "category", "select", choices=CATEGORIES, is_required=True),
    _field("difficulty", "difficulty", "select", choices=DIFFICULTIES, is_required=True),
    _field(
        "target_level",
        "failure level aimed at",
        "select",
        choices=LEVELS,
        is_number=True,
        hint="Where you expect agents to fail: 1 tool use … 5 common sense.",
    ),
    _field("tags", "tags", hint="Words that group tasks, with commas between them."),
    _field("notes", "notes", "area", hint="Why it is hard; for people only."),
)


def setting_fields(
    written: str, company: Environment | None, prompts: Sequence[str]
) -> tuple[Field, ...]:
    """Give the fields that say where and as whom the agent works."""
    worlds = [str(world) for world in World.objects.published().order_by("slug", "-version")]
    choices = worlds if written in worlds or not written else [written, *worlds]
    toolsets = tuple(sorted(company.toolsets, key=lambda n: n != "default")) if company else ()
    return (
        _field("world", "world", "select", choices=tuple(choices), is_required=True),
        _field("mode", "mode", "select", choices=MODES, is_required=True),
        _field("system_prompt", "system prompt", "select", choices=tuple(prompts)),
        _field("toolset", "toolset", "select", choices=toolsets or ("default",), is_required=True),
        _field(
            "asker",
            "who asks",
            "group",
            hint="A customer or an employee of the world, or nobody.",
            members=(
                _field("asker.type", "type", "select", choices=ASKERS),
                _field("asker.id", "id", hint="A name finds it."),
            ),
        ),
        _field(
            "max_results",
            "most results of a search",
            "number",
            is_number=True,
            hint="Smaller makes agents search more than once.",
        ),
        _budgets(),
        _faults(),
    )


def _budgets() -> Field:
    named = (
        ("max_turns", "turns"),
        ("max_calls", "tool calls"),
        ("max_errors", "tool errors in a row"),
        ("wall_seconds", "seconds"),
        ("max_tokens", "tokens of all model calls"),
        ("max_cost", "US dollars"),
    )
    members = tuple(
        _field(f"budgets.{name}", label, "number", is_number=True) for name, label in named
    )
    return _field(
        "budgets",
        "budgets",
        "group",
        hint="When an episode is stopped although the agent would go on.",
        members=members,
    )


def _faults() -> Field:
    return _field(
        "faults",
        "faults",
        "group",
        hint="What goes wrong on purpose in every run of this task; left empty, a run may bring its"
        " own, and a rate of 0 keeps those away. The reference, near-misses and the agents that do"
        " nothing meet the shorter pages, but no failure and no delay.",
        members=fault_fields("faults"),
    )


def fields_of(look: TaskLook) -> dict[str, tuple[Field, ...]]:
    """Give the forms of the tab Prompt by their name."""
    snapshot = look.scene.snapshot
    company = snapshot.company if snapshot else None
    return {
        "prompt": PROMPT,
        "setting": setting_fields(look.content.world, company, tuple(look.scene.prompts)),
        "about": ABOUT,
    }


TITLES = {"prompt": "Prompt", "setting": "Who, where, with what", "about": "About the task"}


def forms_of(
    look: TaskLook, typed: QueryDict | None = None, problems: Mapping[str, str] | None = None
) -> tuple[FieldsForm, ...]:
    """typed: a form that was sent and not taken; its fields are shown as they were typed."""
    document = look.content.model_dump(mode="json")
    return tuple(
        _form(name, fields, look, document, typed, problems or {})
        for name, fields in fields_of(look).items()
    )


def _form(
    name: str,
    fields: Sequence[Field],
    look: TaskLook,
    document: Mapping[str, Any],
    typed: QueryDict | None,
    problems: Mapping[str, str],
) -> FieldsForm:
    is_sent = typed is not None and any(f"{BASE}{field.name}" in typed for field in fields)
    inputs = typed if is_sent and typed is not None else _inputs(fields, _written(document))
    made = _Form(look.scene.ready, inputs, problems if is_sent else {}).inputs(fields)
    return FieldsForm(
        name=name,
        title=TITLES[name],
        inputs=tuple(
            BoundInput(input=each, base=fingerprint(document[field.name]))
            for field, each in zip(fields, made, strict=True)
        ),
    )


def _inputs(fields: Sequence[Field], document: Mapping[str, Any]) -> QueryDict:
    """Write the inputs of a form; texts stand as they are, an empty one and one of blanks too."""
    inputs = write_inputs([f for f in fields if f.kind not in TEXTS], document)
    for field in fields:
        if field.kind in TEXTS:
            inputs[field.name] = document.get(field.name, "")
    return inputs


def _written(document: Mapping[str, Any]) -> dict[str, Any]:
    """Give what the inputs show; an empty text is one that is not written yet."""
    tags, budgets = ", ".join(document["tags"]), without_nulls(document["budgets"])
    faults: Any = deviations(document["faults"]) or ""  # none is an empty form, not an object
    written = {**document, "tags": tags, "budgets": budgets, "faults": faults}
    return {name: value for name, value in written.items() if value != ""}


class _Form(Form):
    """The form with words for its choices, and the ids of those who may ask."""

    def _input(self, field: Field, *, must: bool) -> Input:
        made = super()._input(field, must=must)
        choices = tuple(replace(c, label=_label(field, c.value)) for c in made.choices)
        return replace(made, choices=choices, blank="nobody" if field.name == "asker.type" else "")

    def _suggestions(self, field: Field) -> tuple[Choice, ...]:
        if field.name != "asker.id" or self.state is None:
            return super()._suggestions(field)
        # of both kinds: the page does not come again when the type is chosen
        return tuple(
            Choice(value=key, label=f"{label or key}, {kind}")
            for kind in reversed(ASKERS)
            if kind in self.state.entity_types
            for key, label in newest_rows(self.state.snapshot, kind, limit=PEOPLE)
        )


def _label(field: Field, value: str) -> str:
    if field.name in ("world", "system_prompt", "toolset"):
        return value
    return LABELS.get(value) or spoken(value)


@dataclass(frozen=True)
class Read:
    """What a form changes, and what in it could not be read, by the name of the input."""

    edits: tuple[Edit, ...]
    problems: Mapping[str, str]


def read_form(look: TaskLook, sent: QueryDict) -> Read:
    """Read those fields of the tab Prompt that a form holds."""
    fields = [
        field
        for fields in fields_of(look).values()
        for field in fields
        if f"{BASE}{field.name}" in sent
    ]
    values, problems = read_inputs(fields, sent)
    return Read(tuple(_edits(fields, values, problems, sent)), problems)


def _edits(
    fields: Sequence[Field], values: Mapping[str, Any], problems: Mapping[str, str], sent: QueryDict
) -> Iterator[Edit]:
    for field in fields:
        if any(name.partition(".")[0] == field.name for name in problems):
            continue
        value = values.get(field.name, BLANKS.get(field.name, ""))
        if field.name == "tags":
            value = list(dict.fromkeys(t.strip() for t in str(value or "").split(",") if t.strip()))
        if field.name == "prompt":
            value = sent.get("prompt", "").replace("\r\n", "\n")
        if field.name == "max_results" and value == "":
            continue
        yield Edit(path=field.name, value=value, base=sent.get(f"{BASE}{field.name}", ""))
