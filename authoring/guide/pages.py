"""The pages of the guide: texts from files, criteria before and after, rules from themselves."""

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from django.urls import reverse
from django.utils.safestring import SafeString

from authoring.lint import RULES
from authoring.rubrics.form import kinds_in_order
from grading.check_pages import KindCard
from grading.checks_page import checks_page
from simulation import markdown
from simulation.markdown import Document
from simulation.pages import Choice
from simulation.wording import spoken

TEXTS = Path(__file__).parent / "texts"
PARTS = (
    ("index", "A good task"),
    ("criteria", "Ten criteria, before and after"),
    ("checks", "Kinds of checks"),
    ("lint", "What lint finds"),
    ("review", "How review goes"),
    ("keys", "Keys"),
)
TITLES = dict(PARTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewriting:
    """A criterion before and after, the ids of the rules that it broke, and why it is better."""

    number: int
    before: str
    after: str
    why: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCard:
    """A rule of lint in its own words."""

    name: str
    title: str
    about: SafeString


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidePage:
    """One page of the guide: a text, or what is listed below it."""

    title: str
    parts: tuple[Choice, ...]
    text: Document | None = None
    rewritings: tuple[Rewriting, ...] = ()
    cards: tuple[KindCard, ...] = ()
    rules: tuple[RuleCard, ...] = ()
    is_one_kind: bool = False


def text_page(name: str) -> GuidePage:
    """name: of a file in texts/."""
    part = "index" if name == "good-task" else name
    return GuidePage(title=TITLES[part], parts=_parts(part), text=read_text(name))


def criteria_page() -> GuidePage:
    return GuidePage(
        title=TITLES["criteria"],
        parts=_parts("criteria"),
        text=read_text("criteria"),
        rewritings=read_rewritings(),
    )


def check_pages(kind: str = "") -> GuidePage:
    """kind: of one kind of check, "" for what each of them is for."""
    made = {card.kind: card for card in checks_page().cards}
    cards = tuple(made[each] for each in kinds_in_order() if kind in ("", each))
    return GuidePage(
        title=spoken(kind).capitalize() if kind else TITLES["checks"],
        parts=_parts("checks", kind),
        text=None if kind else read_text("checks"),
        cards=cards,
        is_one_kind=bool(kind),
    )


def lint_page() -> GuidePage:
    return GuidePage(
        title=TITLES["lint"],
        parts=_parts("lint"),
        text=read_text("lint"),
        rules=tuple(_rule(name) for name in sorted(RULES)),
    )


@cache
def read_text(name: str) -> Document:
    return markdown.render_document((TEXTS / f"{name}.md").read_text("utf-8"))


@cache
def read_rewritings() -> tuple[Rewriting, ...]:
    rows = yaml.safe_load((TEXTS / "criteria.yaml").read_text("utf-8"))
    return tuple(
        Rewriting(number=n, **{**row, "rules": tuple(row["rules"])})
        for n, row in enumerate(rows, start=1)
    )


def _parts(current: str, kind: str = "") -> tuple[Choice, ...]:
    return tuple(_links(current, kind))


def _links(current: str, kind: str) -> Iterator[Choice]:
    """Give the contents of the guide; the kinds of checks stand below their page."""
    for name, label in PARTS:
        is_here = name == current and not kind
        yield Choice(value="", label=label, url=reverse(f"guide:{name}"), is_selected=is_here)
        if name == "checks":
            for each in kinds_in_order():
                url = reverse("guide:check", args=[each])
                label = spoken(each)
                yield Choice(value="sub", label=label, url=url, is_selected=each == kind)


def _rule(name: str) -> RuleCard:
    """Read a rule's docstring: its first sentence is the title, without the id."""
    rule = RULES[name]
    written = inspect.getdoc(rule) or inspect.getdoc(inspect.getmodule(rule)) or ""
    first, _, rest = written.partition("\n\n")
    title = re.sub(rf"^{re.escape(name)}\b[:.,]?\s*", "", " ".join(first.split()))
    return RuleCard(name=name, title=title or name, about=markdown.render(rest))
