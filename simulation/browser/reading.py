"""What agents and people of a company can read: its policy, its prompts, and all Markdown rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from simulation.browser.head import WorldHead, head_of
from simulation.browser.links import Links, RowLink
from simulation.browser.values import Shown, Values
from simulation.entities import EntityType, Row
from simulation.markdown import Document, render_document
from simulation.pages import Notice
from simulation.titles import markdown_fields, path_label, title_field, title_of
from simulation.wording import counted, listed, spoken

COMPANY = "company"
PROMPTS = "prompts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One text to read. `mark` says why it is not in force: "superseded", "deprecated"."""

    label: str
    url: str
    detail: str = ""
    mark: str = ""
    is_current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Texts that belong together: those of one section of one kind."""

    label: str
    section: str
    count: str
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingList:
    head: WorldHead
    shelves: tuple[Shelf, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingPage:
    """One text set for reading; `mentions` are the rows that it names, `entity_url` is "" for what
    is no row."""

    head: WorldHead
    shelves: tuple[Shelf, ...]
    label: str
    title: str
    notice: Notice | None
    facts: tuple[tuple[str, str], ...]
    mentions: tuple[tuple[str, Shown], ...]
    documents: tuple[Document, ...]
    list_url: str
    entity_url: str


def reading_list(links: Links, current: str = "") -> ReadingList:
    """current: the address of the text that is being read."""
    return ReadingList(head=head_of(links, "Policies"), shelves=tuple(_shelves(links, current)))


def company_page(links: Links) -> ReadingPage:
    """The rules of the company as its code has them, and which prompts carry them."""
    policy = links.company.policy
    told = [spoken(name) for name, text in links.snapshot.prompts.items() if policy in text]
    if told:
        text = f"It is part of the {listed(told)} {'prompts' if len(told) > 1 else 'prompt'}."
        notice = Notice(tone="info", title="Agents are told this.", text=text)
    else:
        text = "No system prompt of this world contains it word for word: read the prompts below."
        notice = Notice(tone="warn", title="Agents of this world are not told this.", text=text)
    return _text_page(links, f"{links.base}policies/{COMPANY}/", "Company", policy, notice=notice)


def prompt_page(links: Links, name: str) -> ReadingPage | None:
    text = links.snapshot.prompts.get(name)
    if text is None:
        return None
    return _text_page(links, _prompt_url(links, name), "System prompt", text, title=spoken(name))


def row_page(links: Links, kind: EntityType, row: Row) -> ReadingPage:
    names = markdown_fields(kind)
    values = Values(links, kind)
    left_out = {*names, title_field(kind)}
    facts: list[tuple[str, str]] = []
    mentions: list[tuple[str, Shown]] = []
    for name, field in kind.fields.items():
        if name not in row or name in left_out or row[name] is False:
            continue
        if field.references:
            mentions.append((path_label(name), values.shown(name, row[name])))
        else:
            facts.append((path_label(name), values.brief(name, row[name])))
    url = _row_url(links, kind, row["id"])
    return ReadingPage(
        head=head_of(links, "Policies"),
        shelves=reading_list(links, url).shelves,
        label=kind.label.capitalize(),
        title=title_of(kind, row) or row["id"],
        notice=_notice(links, kind, row),
        facts=tuple(facts),
        mentions=tuple(mentions),
        documents=tuple(render_document(row[name]) for name in names if name in row),
        list_url=f"{links.base}policies/",
        entity_url=links.row_url(kind.name, row["id"]),
    )


def _text_page(
    links: Links,
    url: str,
    label: str,
    text: str,
    *,
    title: str = "",
    notice: Notice | None = None,
) -> ReadingPage:
    heading, _, rest = text.partition("\n")
    if heading.startswith("# ") and not title:
        title, text = heading.removeprefix("# ").strip(), rest
    return ReadingPage(
        head=head_of(links, "Policies"),
        shelves=reading_list(links, url).shelves,
        label=label,
        title=title or "Policy",
        notice=notice,
        facts=(),
        mentions=(),
        documents=(render_document(text),),
        list_url=f"{links.base}policies/",
        entity_url="",
    )


def _shelves(links: Links, current: str) -> Iterator[Shelf]:
    company = f"{links.base}policies/{COMPANY}/"
    policy = Reading(label="Policy of the company", url=company, is_current=company == current)
    prompts = [_prompt_reading(links, name, current) for name in links.snapshot.prompts]
    yield Shelf(label="What agents are told", section="", count="", readings=(policy, *prompts))
    for kind in links.company.entity_types.values():
        if markdown_fields(kind):
            yield from _row_shelves(links, kind, current)


def _prompt_reading(links: Links, name: str, current: str) -> Reading:
    url = _prompt_url(links, name)
    label = f"System prompt: {spoken(name)}"
    return Reading(label=label, url=url, is_current=url == current)


def _row_shelves(links: Links, kind: EntityType, current: str) -> Iterator[Shelf]:
    rows = links.whole.rows(kind.name)
    section = _section_field(links, kind)
    sections: dict[str, list[Reading]] = {}
    for key, row in sorted(rows.items(), key=lambda pair: title_of(kind, pair[1]).casefold()):
        reading = _row_reading(links, kind, key, current)
        sections.setdefault(str(row.get(section or "", "")), []).append(reading)
    for number, (name, readings) in enumerate(sorted(sections.items())):
        yield Shelf(
            label=kind.label_plural.capitalize() if number == 0 else "",
            section=name,
            count=counted(len(rows), "text") if number == 0 else "",
            readings=tuple(readings),
        )


def _row_reading(links: Links, kind: EntityType, key: str, current: str) -> Reading:
    row = links.whole.rows(kind.name)[key]
    url = _row_url(links, kind, key)
    marks = [word for word, _ in _marks(links, kind, row)]
    return Reading(
        label=title_of(kind, row) or key,
        url=url,
        mark=", ".join(marks),
        is_current=url == current,
    )


def _marks(links: Links, kind: EntityType, row: Row) -> Iterator[tuple[str, RowLink | None]]:
    """Say why a text is not in force: another of its kind stands in for it, or a flag says so."""
    for name, field in kind.fields.items():
        if field.target == kind.name and name in row:
            yield _first_word(name), links.row(kind.name, row[name])
        elif row.get(name) is True and name.startswith("is"):
            yield spoken(name).removeprefix("is "), None
    if links.is_hidden(kind.name, row["id"]):
        yield "not yet visible to agents", None


def _first_word(name: str) -> str:
    return spoken(name).split()[0]


def _notice(links: Links, kind: EntityType, row: Row) -> Notice | None:
    marks = [*_marks(links, kind, row)]
    if not marks:
        return None
    words = listed(word for word, _ in marks)
    others = [f"“{link.label}” stands in its place." for _, link in marks if link]
    return Notice(tone="warn", title=f"This text is {words}.", text=" ".join(others))


def _section_field(links: Links, kind: EntityType) -> str | None:
    """Find a short text that groups the rows of a kind: one with far fewer values than rows."""
    rows = links.whole.rows(kind.name)
    for name, field in kind.fields.items():
        if name == title_field(kind) or field.target or not _is_short_text(field.expects):
            continue
        values = {row.get(name) for row in rows.values()}
        if 1 < len(values) <= len(rows) / 2:
            return name
    return None


def _is_short_text(expects: str) -> bool:
    return expects.startswith(("text of 1 to 200 ", "one of "))


def _prompt_url(links: Links, name: str) -> str:
    return f"{links.base}policies/{PROMPTS}/{quote(name, safe='')}/"


def _row_url(links: Links, kind: EntityType, key: str) -> str:
    return f"{links.base}policies/{kind.name}/{quote(key, safe='')}/"
