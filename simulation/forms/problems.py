"""Which input a message is about. Messages begin with a dotted path: `lineItems.0.qty: …`."""

import re
from collections.abc import Iterator, Mapping, Sequence

from django.http import QueryDict

from simulation.forms.fields import Field
from simulation.forms.reading import is_json
from simulation.forms.repeated import count_rows, in_row
from simulation.pages import Choice

Places = Mapping[str, str]


def places(fields: Sequence[Field], typed: QueryDict) -> Places:
    """Give every input of a form as it is typed, with the words for it: "line items 2, qty"."""
    return dict(_places(fields, typed, ""))


def placed(
    messages: Sequence[str], there: Places, typed: QueryDict, *, prefix: str
) -> dict[str, str]:
    """Give the messages by the name of their input; "" has those that are about none."""
    found: dict[str, str] = {}
    for message in messages:
        path, _, text = message.partition(": ")
        name = _nearest(f"{prefix}.{path}", text, there, typed) if text else ""
        said = text if name else message
        found[name] = f"{found[name]}; {said}" if name in found else said
    return found


def linked(problems: Mapping[str, str], there: Places) -> tuple[Choice, ...]:
    """Give (id of the input, what is wrong) for the summary above the form."""
    return tuple(
        Choice(
            value=f"id_{name}" if name else "",
            label=f"{there.get(name, '')}: {text}".removeprefix(": "),
        )
        for name, text in problems.items()
    )


def _places(fields: Sequence[Field], typed: QueryDict, before: str) -> Iterator[tuple[str, str]]:
    for field in fields:
        words = f"{before}, {field.label}" if before else field.label
        yield field.name, words
        if is_json(field, typed):
            continue
        if field.kind in ("group", "either"):
            yield from _places(field.members, typed, words)
        elif field.kind == "rows":
            least = 0 if field.starts_empty else 1
            for row in range(max(count_rows(field, typed), least)):
                members = [in_row(member, field, row) for member in field.members]
                yield from _places(members, typed, f"{words} {row + 1}")


def _nearest(name: str, text: str, there: Places, typed: QueryDict) -> str:
    """Give the input of that name, the row that is meant, or what the place is inside of."""
    if name in there:
        return name
    if in_rows := [each for each in there if _without_numbers(each) == name]:
        named = (each for each in in_rows if repr(typed.get(each, "").strip()) in text)
        return next(named, in_rows[0])
    outer, dot, _ = name.rpartition(".")
    return _nearest(outer, text, there, typed) if dot else ""


def _without_numbers(name: str) -> str:
    return re.sub(r"\.\d+(?=\.)", "", name)
