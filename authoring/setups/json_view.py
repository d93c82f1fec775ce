"""The whole setup as JSON, for people who know what they write."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from json import JSONDecodeError
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from authoring.access import TaskLook, edit_task
from authoring.drafts.document import fingerprint
from authoring.drafts.saving import Edit
from authoring.editor.answers import answer_save
from authoring.setups.views import show
from simulation.errors import GymError
from simulation.setup import MEMBERS, apply_setup
from simulation.text import clean_json
from simulation.views.lookup import SignedIn

PATH = "setup"
INDENT = 2


@dataclass(frozen=True)
class TextRead:
    """What a text says: operations, or why it says none. complaints: about single operations."""

    operations: tuple[Any, ...]
    problem: str = ""
    complaints: tuple[str, ...] = ()


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def as_json(request: SignedIn, slug: str) -> HttpResponse:
    look = edit_task(request.user, slug)
    if request.method != "POST":
        text = json.dumps(look.content.setup, ensure_ascii=False, indent=INDENT)
        return _show(request, look, text, _wrong(look, text, look.content.setup))
    text = request.POST.get(PATH, "").replace("\r\n", "\n")
    text = text if text.strip() else "[]"
    read = read_text(look, text)

    def show_again(_: Mapping[str, str]) -> HttpResponse:
        fresh = edit_task(request.user, slug)
        lines = (read.problem,) if read.problem else read.complaints
        return _show(request, fresh, text, lines, is_kept=not read.problem, status=422)

    return answer_save(
        request,
        look,
        [] if read.problem else [_edit(request, read)],
        show=show_again,
        back=reverse("setup:page", args=[slug]),
        problems={PATH: read.problem} if read.problem else None,
        complaints={PATH: "; ".join(read.complaints)} if read.complaints else None,
    )


def read_text(look: TaskLook, text: str) -> TextRead:
    """Read a text as a setup, and try it in the world of the task."""
    try:
        found = json.loads(text)
    except JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        return TextRead((), f"{place}: this is no JSON ({error.msg})")
    except RecursionError:
        return TextRead((), "this is no JSON that can be read: it is nested too deeply")
    if not isinstance(found, list):
        return TextRead((), f"write a list of operations: [{{{', '.join(MEMBERS)}}}, …]")
    lines = starts(text)
    for number, each in enumerate(found, start=1):
        if not isinstance(each, dict):
            place = f"setup {number} (line {lines[number - 1]})"
            return TextRead((), f"{place}: write an object with {', '.join(MEMBERS)}")
    try:
        operations = tuple(clean_json(found))
    except GymError as error:
        return TextRead((), error.message)
    return TextRead(operations, complaints=tuple(_wrong(look, text, operations)))


def starts(text: str) -> list[int]:
    """Give the lines on which the items of a JSON list begin."""
    decoder, place = json.JSONDecoder(), text.index("[") + 1
    found: list[int] = []
    while True:
        while text[place] in " \t\r\n,":
            place += 1
        if text[place] == "]":
            return found
        found.append(text.count("\n", 0, place) + 1)
        _, place = decoder.raw_decode(text, place)


def _edit(request: SignedIn, read: TextRead) -> Edit:
    return Edit(path=PATH, value=list(read.operations), base=request.POST.get(f"base.{PATH}", ""))


def _wrong(look: TaskLook, text: str, operations: Sequence[Any]) -> Iterator[str]:
    """Say what is wrong with single operations, and on which line each begins."""
    if look.scene.snapshot is None:
        return
    lines = starts(text) if operations else []
    _, problems = apply_setup(look.scene.snapshot, operations)
    for problem in problems:
        place, _, said = problem.partition(": ")
        number = int(place.removeprefix("setup "))
        yield f"{place} (line {lines[number - 1]}): {said}"


def _show(
    request: SignedIn,
    look: TaskLook,
    text: str,
    problems: Iterator[str] | Sequence[str],
    *,
    is_kept: bool = True,
    status: int = 200,
) -> HttpResponse:
    base = fingerprint([dict(each) for each in look.content.setup])
    return show(
        request,
        look,
        "setup_json.html",
        status=status,
        text=text,
        base=base,
        problems=tuple(problems),
        is_kept=is_kept,
    )
