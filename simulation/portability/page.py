"""What the pages of an import show: where to choose files, and what they would become."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from django.utils.text import capfirst

from simulation.environments import environment, slugs
from simulation.models import Upload
from simulation.pages import Choice, Fact, Mark, Notice
from simulation.portability.identity import MISSING, NEXT, Identity
from simulation.portability.limits import LIMITS, MAX_ARCHIVE
from simulation.portability.parcel import Parcel, read_parcel
from simulation.portability.plan import Plan, TypeCount, plan_import
from simulation.portability.problems import ARCHIVE, OPTIONS, WORLD_FILE, Problem
from simulation.portability.uploads import upload_files
from simulation.values import INSTANT_EXAMPLE
from simulation.wording import counted, size, spoken

FIELDS = ("slug", "version", "title", "environment", "now", "agentEmployeeId")
REQUIRED = ("slug", "environment", "now")
IDS_SHOWN = 6
_LABELS = {
    "slug": ("Short name", "Letters, digits, - and _: the world's name in addresses."),
    "version": ("Version", "Empty: the next free one."),
    "title": ("Title", ""),
    "environment": ("Company", ""),
    "now": ("Clock", f"Such as {INSTANT_EXAMPLE}. It never moves."),
    "agentEmployeeId": ("Agent", "The id of the employee that agents act as; may be empty."),
}
_PROMPT_WORDS = {
    "new": "new", "changed": "changed", "same": "unchanged", "gone": "not in the files",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoosePage:
    """Where files are chosen; `error` says what was wrong with those that were."""

    limits: tuple[Fact, ...]
    largest: str
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportField:
    """One member of the identity as a form field."""

    name: str
    label: str
    value: str
    hint: str
    error: str
    is_required: bool
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemRow:
    """One fault and the ids of all rows that have it; `more_ids`: too many to show at once."""

    field: str
    text: str
    ids: tuple[str, ...]
    count: str
    more_ids: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemGroup:
    """The problems of one file; `anchor` is where the summary leads to."""

    file: str
    anchor: str
    count: str
    rows: tuple[ProblemRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountRow:
    """Rows of one type; the last three are "" where nothing differs, or nothing is compared."""

    label: str
    rows: str
    before: str
    added: str
    changed: str
    removed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewPage:
    """What an upload would become. `can_import`: nothing but the form stands against it."""

    title: str
    name: str
    mark: Mark
    facts: tuple[Fact, ...]
    notices: tuple[Notice, ...]
    fields: tuple[ImportField, ...]
    wrong: tuple[ImportField, ...]
    groups: tuple[ProblemGroup, ...]
    more: str
    counts: tuple[CountRow, ...]
    compared_with: str
    prompts: tuple[Fact, ...]
    notes: tuple[ProblemGroup, ...]
    ignored: tuple[str, ...]
    can_import: bool


def choose_page(error: str = "") -> ChoosePage:
    limits = tuple(Fact(label=label, value=value) for label, value in LIMITS)
    return ChoosePage(limits=limits, largest=f"{MAX_ARCHIVE // 1_000_000} MB", error=error)


def preview_page(
    upload: Upload, typed: Mapping[str, str], *, refusals: Sequence[str] = ()
) -> PreviewPage:
    """Read an upload and show it.

    typed: what the person wrote over world.json; nothing at the first look.
    refusals: why an import was refused; told where files and form do not tell it already.
    """
    files = upload_files(upload)
    plan = plan_import(read_parcel(files, typed))
    notices: tuple[Notice, ...] = ()
    if not typed and not plan.is_free:
        notices = (_moved(plan),)
        plan = _as_version(plan, plan.next_free)
    elsewhere = [problem for problem in plan.parcel.problems if not _field_of(problem)]
    fields = tuple(_fields(plan, typed))
    wrong = tuple(field for field in fields if field.error)
    if not wrong and not elsewhere:
        notices = (*notices, *_refused(refusals))
    return PreviewPage(
        title=plan.parcel.identity.title or "A world without a name yet",
        name=upload.name,
        mark=_mark(plan.parcel, fields, has_elsewhere=bool(elsewhere)),
        facts=tuple(_facts(upload, plan)),
        notices=notices,
        fields=fields,
        wrong=wrong,
        groups=tuple(problem_groups(elsewhere)),
        more=_more(plan.parcel),
        counts=tuple(map(_count_row, plan.counts)),
        compared_with=plan.compared_with,
        prompts=tuple(_prompts(plan)),
        notes=tuple(problem_groups(plan.parcel.notes)),
        ignored=plan.parcel.ignored,
        can_import=not elsewhere,
    )


def _moved(plan: Plan) -> Notice:
    world = f"{plan.parcel.identity.slug}@{plan.version}"
    text = f"A version never changes, so this becomes version {plan.next_free}."
    return Notice(tone="info", title=f"{world} exists.", text=text)


def _as_version(plan: Plan, version: int) -> Plan:
    identity = replace(plan.parcel.identity, version=version)
    parcel = replace(plan.parcel, identity=identity)
    return replace(plan, parcel=parcel, version=version, is_free=True)


def _refused(refusals: Sequence[str]) -> tuple[Notice, ...]:
    title = "Nothing was imported."
    return tuple(Notice(tone="bad", title=title, text=text) for text in refusals)


def _field_of(problem: Problem) -> str:
    """Name the form field in which a problem can be cured."""
    is_field = problem.file in (WORLD_FILE, OPTIONS) and problem.field in FIELDS
    return problem.field if is_field else ""


def _fields(plan: Plan, typed: Mapping[str, str]) -> Iterator[ImportField]:
    errors = _errors(plan)
    for name in FIELDS:
        label, hint = _LABELS[name]
        value = typed.get(name) or _value(plan.parcel.identity, name)
        value = "" if value == NEXT else value
        error = errors.get(name, "").removeprefix(MISSING)
        if not typed and not value:  # nobody is blamed for what nobody was asked for
            hint, error = f"{capfirst(error)}." if error else hint, ""
        yield ImportField(
            name=name,
            label=label,
            value=value,
            hint=hint,
            error=error,
            is_required=name in REQUIRED,
            choices=_companies(value) if name == "environment" else (),
        )


def _errors(plan: Plan) -> dict[str, str]:
    parcel = plan.parcel
    errors = {_field_of(problem): problem.text for problem in reversed(parcel.problems)}
    if parcel.identity.slug and not plan.is_free:
        errors["version"] = (
            f"version {plan.version} exists and never changes: "
            f"write {plan.next_free}, or leave this empty"
        )
    return errors


def _value(identity: Identity, name: str) -> str:
    attribute = {"agentEmployeeId": "agent_employee_id"}.get(name, name)
    return str(getattr(identity, attribute) or "")


def _companies(chosen: str) -> tuple[Choice, ...]:
    known = [(slug, environment(slug).title) for slug in slugs()]
    options = known if chosen in slugs() else [("", "Choose one"), *known]
    return tuple(
        Choice(value=value, label=label, is_selected=value == chosen) for value, label in options
    )


def _mark(parcel: Parcel, fields: tuple[ImportField, ...], *, has_elsewhere: bool) -> Mark:
    if has_elsewhere:
        return Mark(state="fail", word=counted(parcel.problem_count, "problem"))
    if any(field.error or (field.is_required and not field.value) for field in fields):
        return Mark(state="incomplete", word="not complete")
    return Mark(state="pass", word="ready to import")


def _facts(upload: Upload, plan: Plan) -> Iterator[Fact]:
    slug = plan.parcel.identity.slug
    yield Fact(label="becomes", value=f"{slug}@{plan.version}" if slug else "–")
    rows = sum(count.rows for count in plan.counts)
    kinds = sum(count.rows > 0 for count in plan.counts)
    yield Fact(label="rows", value=f"{rows:,}", detail=f"of {counted(kinds, 'type')}")
    yield Fact(label="upload", value=size(len(upload.data)), detail=f"sha256 {upload.sha256[:12]}")
    yield Fact(label="kept until", value=f"{upload.expires_at:%-d %b %H:%M} UTC")


def problem_groups(problems: Iterable[Problem]) -> Iterator[ProblemGroup]:
    """Show problems file by file."""
    by_file = sorted(problems, key=lambda problem: problem.file)
    for number, (file, found) in enumerate(groupby(by_file, lambda problem: problem.file), 1):
        of_file = list(found)
        yield ProblemGroup(
            file={OPTIONS: "The form", ARCHIVE: "The archive"}.get(file, file),
            anchor=f"problems-{number}",
            count=counted(len(of_file), "problem"),
            rows=tuple(_rows(of_file)),
        )


def _rows(problems: Iterable[Problem]) -> Iterator[ProblemRow]:
    """Say once what is wrong in the same way with many rows."""
    ids: dict[tuple[str, str], list[str]] = defaultdict(list)
    for problem in problems:
        ids[problem.field, problem.text] += [problem.id] if problem.id else []
    for (field, text), found in ids.items():
        yield ProblemRow(
            field=field,
            text=text,
            ids=tuple(found),
            count=counted(len(found), "row"),
            more_ids=len(found) > IDS_SHOWN,
        )


def _more(parcel: Parcel) -> str:
    more = parcel.problem_count - len(parcel.problems)
    return f"and {more:,} more at least; repair these first" if more else ""


def _count_row(count: TypeCount) -> CountRow:
    figures = {"added": count.added, "changed": count.changed, "removed": count.removed}
    shown = {name: f"{number:,}" if number else "" for name, number in figures.items()}
    return CountRow(
        label=spoken(count.name), rows=f"{count.rows:,}", before=f"{count.before:,}", **shown
    )


def _prompts(plan: Plan) -> Iterator[Fact]:
    source = "" if plan.parcel.has_own_prompts else "the company's own"
    for name, state in plan.prompts.items():
        word = _PROMPT_WORDS[state] if plan.compared_with or not source else ""
        yield Fact(label=name, value=word or source, detail=source if word else "")
