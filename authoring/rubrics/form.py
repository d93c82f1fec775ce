"""A criterion as it is edited: what its form holds, and what is typed as a criterion again.

What cannot be read keeps the value that it had, and is named at its input.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString
from pydantic import ValidationError

from authoring.access import TaskLook
from authoring.content import DraftCriterion
from authoring.drafts.document import fingerprint
from authoring.rubrics.bounds import is_bound, sentence_of, value_words
from grading.check_forms.fields import KIND, PREFIX
from grading.check_forms.inputs import Ways
from grading.check_forms.sheet import CheckSheet, inputs_of, make_sheet
from grading.check_forms.typed import read_typed
from grading.checks_page import about
from grading.criteria import POINT_WORDS
from grading.graders import GRADERS
from simulation.pages import Choice
from simulation.text import clean_text
from simulation.wording import spoken

KINDS = ("state", "response", "tool_call", "unchanged", "judge", "human")  # the commonest first
CATEGORIES = ("correctness", "completeness", "constraint_satisfaction", "format_compliance")
OWN = {"text": 1000, "category": 80, "points": 10, "note": 4000}
BIND, PICK, LITERAL = "bind", "pick", "literal"
LISTS = ("items",)  # inputs that hold a list: no single field of a row fits


@dataclass(frozen=True, slots=True, kw_only=True)
class Typing:
    """What was typed and is not stored: a form that is shown again. added: a row asked for."""

    inputs: QueryDict
    problems: Mapping[str, str] = field(default_factory=dict)
    added: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionForm:
    """sheet: None where there is no world to check anything in."""

    key: str
    number: int
    base: str
    text: str
    note: str
    points: tuple[Choice, ...]
    categories: tuple[Choice, ...]
    kind: str
    kinds: tuple[Choice, ...]
    about: SafeString
    sheet: CheckSheet | None
    json: str
    json_problem: str
    problems: tuple[Choice, ...]
    own_problems: Mapping[str, str]
    warning: str


def form_of(
    look: TaskLook,
    criterion: DraftCriterion,
    number: int,
    *,
    kind: str = "",
    typing: Typing | None = None,
    messages: Sequence[str] = (),
    pasted: tuple[str, str] = ("", ""),
) -> CriterionForm:
    """kind: another one than the criterion has. messages: what graders say is wrong with it.
    pasted: JSON that could not be taken, and why."""
    data = criterion.model_dump(mode="json")
    chosen = kind if kind in GRADERS else criterion.kind
    inputs = typing.inputs if typing else _own_inputs(data)
    problems = typing.problems if typing else {}
    sheet = _sheet(look, criterion, chosen, typing, messages if chosen == criterion.kind else ())
    return CriterionForm(
        key=criterion.key,
        number=number,
        base=inputs.get("base") or fingerprint(data),
        text=inputs.get("text", ""),
        note=inputs.get("note", ""),
        points=points_choices(inputs.get("points", "")),
        categories=category_choices(inputs.get("category", "")),
        kind=chosen,
        kinds=_kinds(look.task.slug, criterion.key, chosen),
        about=about(chosen) if chosen in GRADERS else SafeString(),
        sheet=sheet,
        json=pasted[0] or json.dumps(criterion.check, ensure_ascii=False, indent=2),
        json_problem=pasted[1],
        problems=_all_problems(problems, sheet if typing else None),
        own_problems=problems,
        warning=_warning(criterion, chosen),
    )


@dataclass(frozen=True)
class ReadCriterion:
    """value: the criterion as far as it can be read. problems: by the name of the input."""

    value: dict[str, Any]
    problems: Mapping[str, str]


def read_criterion(look: TaskLook, old: Mapping[str, Any], sent: QueryDict) -> ReadCriterion:
    """old: the criterion as it is stored."""
    value, problems = _read_own(old, sent)
    kind, ready = sent.get(KIND, ""), look.scene.ready
    if kind not in GRADERS or ready is None:
        return ReadCriterion(value, problems)
    company = ready.snapshot.company
    typed = read_typed(kind, company, sent)
    if typed.problems:
        was = old["check"] if old["check"].get(KIND) == kind else {KIND: kind}
        mended = _mended(sent, inputs_of(kind, ready, was), typed.problems)
        problems |= {name or "text": text for name, text in typed.problems.items()}
        typed = read_typed(kind, company, mended)
    return ReadCriterion({**value, "check": typed.data}, problems)


def kinds_in_order() -> list[str]:
    known = [kind for kind in KINDS if kind in GRADERS]
    return known + [kind for kind in GRADERS if kind not in known]


def points_choices(chosen: str) -> tuple[Choice, ...]:
    known = {str(points): word for points, word in POINT_WORDS.items()}
    if chosen and chosen not in known:
        known[chosen] = "other"
    return tuple(
        Choice(
            value=points,
            label=f"{word.capitalize()} ({points.replace('-', '−')})",
            is_selected=points == (chosen or "1"),
        )
        for points, word in known.items()
    )


def category_choices(chosen: str) -> tuple[Choice, ...]:
    return tuple(
        Choice(value=each, label=spoken(each), is_selected=each == (chosen or CATEGORIES[0]))
        for each in CATEGORIES
    )


def ways_to(name: str, value: str) -> tuple[tuple[Choice, ...], str, str]:
    """Say how an expected value is filled from the world, and where it comes from if it does."""
    bound = read_bound(value)
    if bound is None:
        ask = Choice(value=f"{BIND}:{name}", label="Bind to a question")
        pick = Choice(value=f"{PICK}:{name}", label="Pick from a list")
        return (ask, pick) if name.rpartition(".")[2] not in LISTS else (ask,), "", ""
    change = Choice(value=f"{BIND}:{name}", label="Change the question")
    free = Choice(value=f"{LITERAL}:{name}", label="Unbind: keep only the value")
    return (change, free), value_words(bound), f"bound to {sentence_of(bound)}"


def read_bound(text: str) -> dict[str, Any] | None:
    """Read what is typed as a bound value; None when it is another one."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return data if is_bound(data) else None


def own_text(sent: QueryDict, name: str) -> str:
    plain = sent.get(name, "").replace("\r\n", "\n").replace("\r", "\n")
    return clean_text(plain, limit=OWN[name] + 4000)[0]


WAYS: Ways = ways_to


def _sheet(
    look: TaskLook,
    criterion: DraftCriterion,
    kind: str,
    typing: Typing | None,
    messages: Sequence[str],
) -> CheckSheet | None:
    ready = look.scene.ready
    if ready is None or kind not in GRADERS:
        return None
    stored = criterion.check if criterion.kind == kind else {KIND: kind}
    sheet = make_sheet(
        kind,
        ready,
        typing.inputs if typing else inputs_of(kind, ready, stored),
        messages=messages,
        problems=_of_check(typing.problems) if typing else {},
        added=typing.added if typing else "",
        ways=WAYS,
    )
    return sheet


def _of_check(problems: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in problems.items() if name.startswith(f"{PREFIX}.")}


def _all_problems(problems: Mapping[str, str], sheet: CheckSheet | None) -> tuple[Choice, ...]:
    own = [
        Choice(value=f"id_{name}", label=f"{name}: {text}")
        for name, text in problems.items()
        if not name.startswith(f"{PREFIX}.")
    ]
    return (*own, *(sheet.problems if sheet else ()))


def _warning(criterion: DraftCriterion, kind: str) -> str:
    if not criterion.kind or kind == criterion.kind:
        return ""
    return (
        f"Its check is of the kind {spoken(criterion.kind)} until you fill in something here; then"
        " this one takes its place."
    )


def _kinds(slug: str, key: str, chosen: str) -> tuple[Choice, ...]:
    page = reverse("rubric:page", args=[slug])
    return tuple(
        Choice(
            value=kind,
            label=spoken(kind),
            is_selected=kind == chosen,
            url=f"{page}?edit={key}&kind={kind}#criterion-{key}",
        )
        for kind in kinds_in_order()
    )


def _own_inputs(data: Mapping[str, Any]) -> QueryDict:
    inputs = QueryDict(mutable=True)
    for name in OWN:
        inputs[name] = str(data[name])
    return inputs


def _read_own(old: Mapping[str, Any], sent: QueryDict) -> tuple[dict[str, Any], dict[str, str]]:
    value, problems = dict(old), {}
    for name in OWN:
        if name not in sent:
            continue
        typed = own_text(sent, name)
        try:
            read = DraftCriterion.model_validate({**old, "check": {}, name: typed})
        except ValidationError as error:
            problems[name] = str(error.errors()[0]["msg"]).removeprefix("Value error, ")
        else:
            value[name] = getattr(read, name)
    return value, problems


def _mended(sent: QueryDict, was: QueryDict, wrong: Mapping[str, str]) -> QueryDict:
    """Put what was stored in the place of what cannot be read, or nothing where the row is another
    one."""
    mended = sent.copy()
    for name in wrong:
        row = name.rpartition(".")[0]
        is_same = sent.get(f"{row}.path") == was.get(f"{row}.path")
        for each in (name, f"{name}:as"):
            mended.setlist(each, was.getlist(each) if is_same else [])
    return mended


def freed(sent: QueryDict, name: str) -> QueryDict:
    """Write the value of a bound input in the place of its question."""
    bound = read_bound(sent.get(name, ""))
    if bound is None:
        return sent
    changed = sent.copy()
    changed[name] = _as_typed(bound.get("value"))
    return changed


def _as_typed(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(map(_as_typed, value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
