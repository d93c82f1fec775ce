"""The reference of the kinds of checks, made from the graders themselves."""

import inspect
import json
from collections.abc import Iterator, Sequence

from django.utils.safestring import SafeString

from grading.check_forms.fields import PREFIX, form_of
from grading.check_pages import ChecksPage, FieldRow, KindCard
from grading.graders import GRADERS, read_check
from simulation import markdown
from simulation.forms.fields import Field
from simulation.wording import spoken

_TAKES = {
    "select": "one of {choices}",
    "truth": "yes or no",
    "number": "a number",
    "text": "text",
    "area": "text",
    "moment": "a moment",
    "day": "a date",
    "lines": "texts",
    "group": "a group",
    "rows": "rows, each with",
    "values": "values, one a line, typed or bound to a query",
    "either": "{choices}, or a group",
    "boxes": "some of {choices}",
    "json": "JSON",
}
_VALUES = {
    "any": "a value, typed or bound to a query",
    "text": "text, typed or bound to a query",
    "number": "a number, typed or bound to a query",
    "date": "a date, typed or bound to a query",
}


def checks_page() -> ChecksPage:
    return ChecksPage(cards=tuple(map(_card, GRADERS)))


def about(kind: str) -> SafeString:
    """Give what a kind of check does, in the words of its grader."""
    return markdown.render(" \n".join(_paragraphs(inspect.getdoc(GRADERS[kind]) or "")))


def _card(kind: str) -> KindCard:
    example = dict(GRADERS[kind].EXAMPLE)
    return KindCard(
        kind=kind,
        title=spoken(kind),
        about=about(kind),
        sentence=read_check(example).sentence(),
        example=json.dumps(example, ensure_ascii=False, indent=2),
        fields=tuple(_rows(form_of(kind), 0)),
    )


def _rows(fields: Sequence[Field], depth: int) -> Iterator[FieldRow]:
    for field in fields:
        yield FieldRow(
            name=field.name.removeprefix(f"{PREFIX}."),
            label=field.label,
            takes=_takes(field),
            hint=field.hint,
            depth=depth,
            is_required=field.is_required,
        )
        yield from _rows(field.members, depth + 1)


def _takes(field: Field) -> str:
    if field.kind == "value":
        return _VALUES[field.typed]
    choices = "yes or no" if field.plain == "truth" else ", ".join(field.choices)
    return _TAKES[field.kind].format(choices=choices)


def _paragraphs(text: str) -> Iterator[str]:
    """Join the lines of each paragraph: their breaks are those of the source."""
    for paragraph in text.split("\n\n"):
        yield " ".join(paragraph.split()) + "\n"
