"""The customer of a conversation as a form, and what an author should look at in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.http import QueryDict

from authoring.access import TaskLook
from authoring.content import DraftContent
from authoring.drafts.document import fingerprint
from simulation.conversation.leaks import told_by
from simulation.customers import KINDS, PLAYED, read_customer
from simulation.errors import Problems
from simulation.forms.fields import Field, Place, Traits, inlined, members
from simulation.forms.inputs import Form, Input
from simulation.forms.problems import linked, placed, places
from simulation.forms.reading import read_inputs
from simulation.forms.writing import write_inputs
from simulation.pages import Choice, Notice

PREFIX = "customer"
LONG = ("persona", "goal", "fact", "says", "otherwise")
LABELS = {
    "facts_known": "facts they know",
    "facts_withheld": "facts withheld until asked",
    "asked": "when the agent asks about",
    "says": "the customer says",
    "otherwise": "when no line fits",
    "patience": "patience, in messages",
}
HINTS = {
    "persona": "Who they are and how they write, such as: Dee, owns a café, writes short messages.",
    "goal": "What they want and when they have it, such as: a date for her desk.",
    "facts_known": "What they know and may say at once, one fact a line.",
    "facts_withheld": "What they say only when the agent asks about it.",
    "topic": "What the agent has to ask about, such as: her order number.",
    "fact": "What the customer then tells.",
    "lines": "What they say: a line with words in its first field waits until the agent uses them,"
    " the others are said one after the other.",
    "asked": "Words of the agent’s message, in any form, with commas between alternatives; empty"
    " for what is said next, in order.",
    "says": "",
    "otherwise": "Empty: I do not know that.",
    "patience": "After so many messages of theirs, the prompt among them, they give up. Empty: 10.",
}
TITLES = {PLAYED: "played by a model", "script": "a script"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerPage:
    """The form. missing: what a finished task needs and this one has not.

    is_used: whether the task is a conversation at all. replaces: what another kind of customer the
    task has, which goes when this one is saved.
    """

    is_used: bool
    may_edit: bool
    kind: str
    kinds: tuple[Choice, ...]
    inputs: tuple[Input, ...]
    base: str
    missing: tuple[Choice, ...]
    problems: tuple[Choice, ...]
    notices: tuple[Notice, ...]
    has_customer: bool
    replaces: str = ""
    shown: tuple[tuple[str, str], ...] = ()


@cache
def fields_of(kind: str) -> tuple[Field, ...]:
    """Give the form of a kind of customer, without the kind itself."""
    schema = inlined(KINDS[kind].model_json_schema())
    properties = {name: part for name, part in schema["properties"].items() if name != "kind"}
    required = [name for name in schema.get("required", ()) if name != "kind"]
    traits = Traits(
        target=lambda _: "",
        is_long=lambda path, _: path.rpartition(".")[2] in LONG,
        label=lambda path: _label(path.rpartition(".")[2]),
    )
    place = Place(name=PREFIX, path="", is_required=True)
    found = members({"properties": properties, "required": required}, place, traits)
    return tuple(map(_with_hint, found))


def _with_hint(field: Field) -> Field:
    """Explain a value to authors; what the schema says of it is for programs."""
    inside = tuple(map(_with_hint, field.members))
    return replace(field, hint=HINTS.get(field.key, field.hint), members=inside)


def read_customer_form(kind: str, typed: QueryDict) -> tuple[dict[str, Any], dict[str, str]]:
    """Give the customer as far as it is written, and what cannot be read by its input."""
    values, problems = read_inputs(fields_of(kind), typed)
    return {"kind": kind, **values}, problems


def customer_page(
    look: TaskLook,
    *,
    kind: str = "",
    typed: QueryDict | None = None,
    added: str = "",
    problems: Mapping[str, str] | None = None,
    url: str = "",
) -> CustomerPage:
    """kind: the form to show; "" takes that of the customer there is."""
    customer = look.content.customer or {}
    own = customer.get("kind", PLAYED)
    kind = kind if kind in KINDS else own if own in KINDS else PLAYED
    fields = fields_of(kind)
    inputs = typed
    if inputs is None:
        inputs = write_inputs(fields, customer if own == kind else _kept(customer, fields))
    there = places(fields, inputs)
    missing = placed(_problems(customer, kind), there, inputs, prefix=PREFIX)
    form = Form(None, inputs, problems or {}, added)
    return CustomerPage(
        is_used=look.content.mode == "conversation",
        may_edit=look.may_edit,
        kind=kind,
        kinds=tuple(
            Choice(value=name, label=label, url=f"{url}?kind={name}", is_selected=name == kind)
            for name, label in TITLES.items()
        ),
        inputs=form.inputs(fields),
        base=inputs.get(f"base.{PREFIX}") or fingerprint(look.content.customer),
        missing=linked(missing, there) if customer and own == kind else (),
        problems=linked(problems or {}, there),
        notices=tuple(notices_of(look.content)),
        has_customer=bool(customer),
        replaces=TITLES[own] if customer and own in TITLES and own != kind else "",
        shown=tuple(in_words(customer)),
    )


def notices_of(content: DraftContent) -> Iterator[Notice]:
    """Name what gives away what is to be asked for."""
    customer = content.customer or {}
    withheld = [each for each in _several(customer, "facts_withheld") if isinstance(each, dict)]
    known = [str(each) for each in _several(customer, "facts_known")]
    places = {
        "the prompt": content.prompt,
        "the facts that they know": "\n".join(known),
    }
    for each in withheld:
        fact = str(each.get("fact", ""))
        for place, text in places.items():
            if told := told_by(text, fact):
                yield Notice(
                    tone="warn",
                    title=f"“{fact}” is to be asked for.",
                    text=f"But look at {place}: {told}.",
                )


def _problems(customer: Mapping[str, Any], kind: str) -> tuple[str, ...]:
    if not customer or customer.get("kind", PLAYED) != kind:
        return ()
    try:
        read_customer(customer)
    except Problems as error:
        return error.problems
    return ()


def _kept(customer: Mapping[str, Any], fields: tuple[Field, ...]) -> dict[str, Any]:
    """Give what the other kind of customer has of these fields."""
    names = {field.key for field in fields}
    return {name: value for name, value in customer.items() if name in names}


def _several(customer: Mapping[str, Any], name: str) -> list[Any]:
    value = customer.get(name)
    return list(value) if isinstance(value, list | tuple) else []


def _label(name: str) -> str:
    return LABELS.get(name, name.replace("_", " "))


def in_words(customer: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Give a customer to those who only read: (what, its text), in the order of the form."""
    kind = str(customer.get("kind", PLAYED)) if customer else ""
    if kind in TITLES:
        yield "customer", TITLES[kind]
    known = [each.key for each in fields_of(kind)] if kind in KINDS else []
    for name in [*filter(customer.__contains__, known), *sorted({*customer} - {*known, "kind"})]:
        value = customer[name]
        if value not in (None, "", [], {}):
            yield _label(name), _text(value)


def _text(value: Any) -> str:
    return (
        "\n".join(f"– {_line(item)}" for item in value) if isinstance(value, list) else str(value)
    )


def _line(item: Any) -> str:
    """Write a fact or a line of a script: "the address: 12 Elm Street"."""
    if not isinstance(item, dict):
        return str(item)
    parts = (str(item.get(name, "")) for name in ("topic", "asked", "fact", "says"))
    return ": ".join(filter(None, parts))
