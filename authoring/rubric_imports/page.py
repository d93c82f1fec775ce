"""What the page of importing criteria shows, as plain values."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from authoring.access import TaskLook
from authoring.rubric_imports import FORMATS
from authoring.rubric_imports.imports import base_of
from authoring.rubric_imports.looking import Found
from authoring.rubric_imports.planning import ADD, REPLACE, Plan, Planned, State, plan
from authoring.rubrics.cards import Weight, weight_of
from grading.criteria import POINT_WORDS
from simulation.pages import Choice
from simulation.wording import counted, spoken

SHOWN = 50  # problems
STATES = {State.NEW: "", State.THERE: "there already", State.KEPT: "keeps its key"}


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person gave: it is shown again whatever comes of it."""

    text: str = ""
    form: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One criterion as it would be. before: its points where it comes from."""

    number: int
    place: str
    text: str
    key: str
    before: str
    weight: Weight
    category: str
    note: str
    state: str
    hints: tuple[str, ...]

    @property
    def is_there(self) -> bool:
        return self.state == STATES[State.THERE]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """add, replace: what pressing says, "" with the reason beside it. going: what a person agrees
    to who replaces the rubric."""

    title: str
    count: str
    rows: tuple[Row, ...]
    notices: tuple[str, ...]
    add: str
    add_problem: str
    replace: str
    replace_problem: str
    going: str
    known: int
    base: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPage:
    slug: str
    typed: Typed
    formats: tuple[Choice, ...]
    shapes: tuple[Choice, ...]
    parts: tuple[Choice, ...]
    problems: tuple[Choice, ...]
    preview: Preview | None


def import_page(
    look: TaskLook, typed: Typed, found: Found | None = None, *, refused: Sequence[Choice] = ()
) -> ImportPage:
    """refused: why an import that was asked for was not done."""
    reading = found.reading if found else None
    is_ready = bool(reading and reading.criteria and not reading.problems)
    return ImportPage(
        slug=look.task.slug,
        typed=typed,
        formats=tuple(_formats(typed.form)),
        shapes=tuple(Choice(value=each.title, label=each.shape) for each in FORMATS.values()),
        parts=tuple(_parts(found)) if found else (),
        problems=(*refused, *(_problems(reading.problems, found) if reading else ())),
        preview=_preview(look, found) if found and is_ready else None,
    )


def _formats(chosen: str) -> Iterator[Choice]:
    yield Choice(value="", label="Recognise it", is_selected=not chosen)
    for name, each in FORMATS.items():
        yield Choice(value=name, label=each.title, is_selected=name == chosen)


def _parts(found: Found) -> Iterator[Choice]:
    if found.parts:
        whole = "Choose one" if FORMATS[found.format].must_choose else "The whole tree"
        yield Choice(value="", label=whole, is_selected=not found.part)
    for each in found.parts:
        yield Choice(value=each.value, label=each.label, is_selected=each.value == found.part)


def _problems(problems: Sequence[str], found: Found | None) -> Iterator[Choice]:
    target = "id_part" if found and found.needs_part else "id_content"
    for each in problems[:SHOWN]:
        yield Choice(value=target, label=each)
    if (more := len(problems) - SHOWN) > 0:
        yield Choice(value="", label=f"and {more:,} more")


def _preview(look: TaskLook, found: Found) -> Preview:
    document = look.content.model_dump(mode="json")
    plans = {mode: plan(mode, document, found.reading.criteria) for mode in (ADD, REPLACE)}
    adding, replacing = plans[ADD], plans[REPLACE]
    there = len(look.content.rubric.criteria)
    kept = sum(each.state == State.KEPT for each in replacing.criteria)
    shown = replacing if adding.problems and not replacing.problems else adding
    return Preview(
        title=FORMATS[found.format].title,
        count=counted(len(found.reading.criteria), "criterion", "criteria"),
        rows=tuple(_rows(shown)),
        notices=found.reading.notices,
        add="" if adding.problems else _added(adding.new),
        add_problem="; ".join(adding.problems[:SHOWN]),
        replace="" if replacing.problems or not there else "Replace the rubric",
        replace_problem="; ".join(replacing.problems[:SHOWN]) if there else "",
        going=_going(there - kept),
        known=sum(each.state == State.THERE for each in adding.criteria),
        base=base_of(document),
    )


def _added(count: int) -> str:
    return f"Add {counted(count, 'criterion', 'criteria')}"


def _going(count: int) -> str:
    if not count:
        return "Give those that are there the points and the order of these"
    return f"Remove {counted(count, 'criterion that is', 'criteria that are')} there now"


def _rows(planned: Plan) -> Iterator[Row]:
    for number, each in enumerate(planned.criteria, start=1):
        yield _row(number, each, each.criterion)


def _row(number: int, each: Planned, criterion: Mapping[str, object]) -> Row:
    points = each.incoming.points
    return Row(
        number=number,
        place=each.incoming.place,
        text=each.incoming.text,
        key=str(criterion["key"]),
        before=each.incoming.before,
        weight=weight_of(points, POINT_WORDS.get(points, "")),
        category=spoken(each.incoming.category),
        note=each.incoming.note,
        state=STATES[each.state],
        hints=(*each.incoming.hints, *each.hints),
    )
