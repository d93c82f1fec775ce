"""Judges are made and retired here, by admins. A version never changes: another is made of it."""

import hashlib
import re
from collections.abc import Mapping
from typing import Annotated, Any

from django.contrib.auth.models import User
from django.db import transaction
from pydantic import AfterValidator, Field

from grading.judge_settings import JudgeSettings
from grading.judging.prompts import NEWEST, PROMPTS
from grading.models import Judge
from simulation.endpoints import endpoint_named
from simulation.errors import Conflict, Forbidden, NotFound
from simulation.models.endpoints import NAME
from simulation.numbering import hold, next_number
from simulation.roles import ADMIN, INSPECTORS, has_role
from simulation.text import canonical, clean_json, without_nulls
from simulation.validating import line_of, read_as
from simulation.values import Frozen

TAKEN_WORDS = ("new",)  # addresses of pages
_LOCK = 20_261_126  # one version after the other


def _name(value: str) -> str:
    if not re.fullmatch(NAME, value) or value in TAKEN_WORDS:
        raise ValueError("write small letters, digits and single hyphens, such as strict-judge")
    return value


class JudgeContent(Frozen):
    """What an admin writes about a judge. endpoint: its name."""

    name: Annotated[str, Field(max_length=60), AfterValidator(_name)]
    endpoint: str = Field(min_length=1, max_length=60)
    model: str = Field(min_length=1, max_length=200)
    settings: JudgeSettings = Field(default_factory=JudgeSettings)
    note: str = Field("", max_length=4000)


def read_judge(given: Mapping[str, Any]) -> JudgeContent:
    """Make content of what was typed. Raises Problems that name every bad field."""
    return read_as(JudgeContent, clean_json(given), line=_line)


def content_of(judge: Judge) -> dict[str, Any]:
    """Give what is stored as it is typed."""
    settings = without_nulls(judge.value.model_dump(mode="json"))
    settings["temperature"] = _short(judge.value.temperature)
    given = {"name": judge.name, "endpoint": judge.endpoint.name, "model": judge.model}
    return {**given, "settings": settings, **({"note": judge.note} if judge.note else {})}


def may_make_judges(user: User) -> bool:
    return has_role(user, ADMIN)


def check_may_see(user: User) -> None:
    """Raises Forbidden for everybody but inspectors."""
    if not has_role(user, *INSPECTORS):
        raise Forbidden("only reviewers, analysts and admins see judges")


def check_may_make(user: User) -> None:
    """Raises Forbidden for everybody but admins."""
    if not may_make_judges(user):
        raise Forbidden("only admins make and retire judges")


@transaction.atomic
def make_judge(given: Mapping[str, Any], *, by: User) -> Judge:
    """Store the next version of the name that is given.

    Raises Forbidden, Problems, or Conflict when that version would decide as an existing one does.
    """
    check_may_make(by)
    content = read_judge(given)
    hold(_LOCK)
    endpoint = endpoint_named(content.endpoint)
    versions = Judge.objects.filter(name=content.name)
    judge_hash = _hash(content)
    if same := versions.filter(hash=judge_hash).first():
        raise Conflict(f"{same} decides exactly so already; change something, or use that one")
    return Judge.objects.create(
        name=content.name,
        version=next_number(versions, "version"),
        endpoint=endpoint,
        model=content.model,
        settings=content.settings.model_dump(mode="json"),
        prompt=NEWEST,
        note=content.note,
        hash=judge_hash,
        created_by=by,
    )


def retire_judge(judge: Judge, *, by: User) -> bool:
    """Offer a judge for no further run; what it decides already goes on. False when it was so."""
    check_may_make(by)
    retired = Judge.objects.filter(pk=judge.pk, is_retired=False).update(is_retired=True)
    return bool(retired)


def find_judge(text: str) -> Judge:
    """Find a judge by "name@version", or its newest version in use by its name.

    Raises NotFound.
    """
    name, _, version = text.partition("@")
    known = Judge.objects.in_use().filter(name=name).order_by("-version")
    if version:
        known = known.filter(version=int(version)) if version.isdecimal() else known.none()
    judge = known.select_related("endpoint").first()
    if judge is None:
        raise NotFound(f"there is no judge {text!r} in use", field="judge")
    return judge


def _short(number: float) -> float:
    """Write a whole number without places."""
    return int(number) if number.is_integer() else number


def _hash(content: JudgeContent) -> str:
    """Hash all that decides verdicts and is ours to keep: what it is called and for is not."""
    settings = content.settings.model_dump(mode="json", exclude={"concurrency"})
    parts = [content.endpoint, content.model, settings, NEWEST, PROMPTS[NEWEST].hash]
    return hashlib.sha256(canonical(parts)).hexdigest()


def _line(problem: Any) -> str:
    words = [part for part in problem["loc"] if not str(part).startswith(("literal", "const"))]
    if words[:2] == ["settings", "batch"]:
        return "settings.batch: write one, all, or a number from 2 to 100"
    return line_of({**problem, "loc": words})
