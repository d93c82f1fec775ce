"""Claims about layout: how a text is set out, whatever it says."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import groupby
from typing import Any, Literal, NamedTuple, get_args

from pydantic import Field, field_validator, model_validator

from grading.bounds import AT_LEAST_ONE, Bounds
from grading.claims import Claim, Judgement
from grading.claims.schemas import first_problem, make_validator, schema_problem
from grading.expected import ExpectedText, known, misfits, says
from grading.reading.embedded import embedded_in
from grading.reading.lines import Document, Line
from grading.reading.mail import Mail, read_mail
from grading.reading.plain import LIMIT, near_words, needle
from simulation.environments import Environment
from simulation.state import WorldState
from simulation.wording import counted, listed

Form = Literal["bullets", "numbered", "table", "json", "email"]
Part = Literal["subject", "greeting", "closing"]
PARTS: tuple[Part, ...] = get_args(Part)
QUOTE = 160
_NOUNS = {"bullets": "bullet", "numbered": "numbered item", "table": "row"}
_SAYS = {
    "bullets": "has bullets",
    "numbered": "is a numbered list",
    "table": "has a table",
    "json": "is JSON",
    "email": "is an e-mail",
}
_TAKES = {  # what can be asked of a form besides
    "items": ("bullets", "numbered", "table"),
    "columns": ("table",),
    "schema": ("json",),
    "parts": ("email",),
    "greets": ("email",),
    "alone": ("bullets", "numbered", "table", "json"),
}


class LayoutClaim(Claim):
    """How the text is set out: bullets, a numbered list, a table, JSON or an e-mail; and how many
    words it has.

    Bullets and numbered items are counted at the top level, rows of a table without its head.
    JSON is all of the text or stands in a fence. An e-mail has a subject line, then a greeting,
    then a closing. Marks of Markdown are no words."""

    EXAMPLE = {"form": "table", "columns": ["order", "total"], "items": {"gte": 3}}

    form: Form | None = Field(None, description="what it must be")
    items: Bounds | None = Field(None, description="how many bullets, numbered items or rows")
    columns: tuple[str, ...] = Field(
        (), max_length=30, description="words that stand in the heads of the table's columns"
    )
    json_schema: dict[str, Any] | None = Field(
        None, alias="schema", description="the JSON schema (2020-12) that the value must fit"
    )
    parts: tuple[Part, ...] = Field(
        PARTS, min_length=1, description="the parts that the e-mail must have"
    )
    greets: ExpectedText | None = Field(
        None, description="whom the e-mail greets; one word of a name is enough"
    )
    alone: bool = Field(False, description="the text says nothing besides")
    words: Bounds | None = Field(None, description="how many words the text has")

    @field_validator("columns")
    @classmethod
    def _words_of_columns(cls, columns: tuple[str, ...]) -> tuple[str, ...]:
        if not all(needle(column) for column in columns):
            raise ValueError("write words, not empty texts")
        return columns

    @field_validator("json_schema")
    @classmethod
    def _is_safe(cls, schema: dict[str, Any] | None) -> dict[str, Any] | None:
        if schema is not None and (problem := schema_problem(schema)):
            raise ValueError(problem)
        return schema

    @model_validator(mode="after")
    def _fits_together(self) -> "LayoutClaim":
        if self.form is None and self.words is None:
            raise ValueError(f"write a form ({', '.join(_SAYS)}) or words")
        given = {"schema" if name == "json_schema" else name for name in self.model_fields_set}
        for name, forms in _TAKES.items():
            if name in given and self.form not in forms:
                raise ValueError(f"{name} is for {listed(forms, 'or')}")
        if self.greets is not None and "greeting" not in self.parts:
            raise ValueError("greets: the e-mail must have a greeting; add it to parts")
        return self

    def judge(self, document: Document, world: WorldState) -> Judgement:
        judgements = [self._judge_words(document)] if self.words else []
        if self.form:
            judgements.insert(0, _JUDGES[self.form](self, document))
        broken = [each for each in judgements if not each.met]
        shown = broken or judgements
        quote = next((each.quote for each in shown if each.quote), "")
        return Judgement(not broken, "; ".join(each.reason for each in shown), quote)

    def says(self) -> str:
        form = f"{_SAYS[self.form]}{self._details()}" if self.form else ""
        words = f"has {self.words.says()} words" if self.words else ""
        return listed(filter(None, [form, words]))

    def problems(self, company: Environment) -> list[str]:
        return misfits(company, "greets", self.greets, kinds={"text"})

    def _details(self) -> str:
        parts = self.parts if self.form == "email" else ()
        details = [
            f"columns for {listed(self.columns)}" if self.columns else "",
            f"{self.items.says()} {self._noun}s" if self.items else "",
            "a fitting schema" if self.json_schema is not None else "",
            listed(f"a {part}" for part in parts) if parts else "",
            f"a greeting of {says(self.greets)}" if self.greets is not None else "",
            "nothing besides" if self.alone else "",
        ]
        said = listed(filter(None, details))
        return f" with {said}" if said else ""

    @property
    def _noun(self) -> str:
        return _NOUNS.get(self.form or "", "item")

    @cached_property
    def _validator(self) -> Any:
        return make_validator(self.json_schema or {})

    def _judge_words(self, document: Document) -> Judgement:
        bounds, number = self.words or AT_LEAST_ONE, count_words(document)
        met = bounds.hold(number)
        said = f"it has {counted(number, 'word')}"
        return Judgement(met, said if met else f"{said}, expected {bounds.says()}")

    def _judge_items(self, document: Document) -> Judgement:
        mark = "number" if self.form == "numbered" else "bullet"
        top = [line for line in document.lines if line.kind == "item" and line.depth == 0]
        items = [line for line in top if line.mark == mark]
        beside = [each.text for each in document.lines if _is_beside(each, ("item",))]
        return self._counted(items, beside)

    def _judge_table(self, document: Document) -> Judgement:
        tables = list(_tables(document))
        if not tables:
            return Judgement(False, "there is no table")
        beside = [each.text for each in document.lines if _is_beside(each, ("row", "head"))]
        judgements = [self._judge_one_table(table, beside) for table in tables]
        return next((each for each in judgements if each.met), judgements[0])

    def _judge_one_table(self, table: "Table", beside: Sequence[str]) -> Judgement:
        missing = [
            column
            for column in self.columns
            if not any(near_words((column,)).search(head) for head in table.heads)
        ]
        if missing:
            said = f"no column for {listed(missing)}, only {listed(table.heads)}"
            return Judgement(False, said, " | ".join(table.heads)[:QUOTE])
        return self._counted(table.rows, beside)

    def _counted(self, items: Sequence[Line], beside: Sequence[str]) -> Judgement:
        bounds = self.items or AT_LEAST_ONE
        said = f"there are {len(items)} {self._noun}s"
        if len(items) == 1:
            said = f"there is 1 {self._noun}"
        quote = items[0].text[:QUOTE] if items else ""
        if not bounds.hold(len(items)):
            return Judgement(False, f"{said}, expected {bounds.says()}", quote)
        if self.alone and beside:
            return Judgement(
                False, f"{said}, and besides: “{beside[0][:QUOTE]}”", beside[0][:QUOTE]
            )
        return Judgement(True, said, quote)

    def _judge_json(self, document: Document) -> Judgement:
        values = embedded_in(document.raw)
        if not values:
            return Judgement(False, "it is no JSON, and no fence has any")
        problem = ""
        for value in values:
            quote = value.source[:QUOTE]
            problem = first_problem(self._validator, value.value)
            if not problem and self.alone and not value.is_all:
                return Judgement(False, "it has JSON that fits, and something besides", quote)
            if not problem:
                fits = " that fits" if self.json_schema is not None else ""
                return Judgement(True, f"it has JSON{fits}", quote)
        return Judgement(False, f"its JSON does not fit: {problem}", values[-1].source[:QUOTE])

    def _judge_email(self, document: Document) -> Judgement:
        mail = read_mail(document.text)
        missing = [part for part in self.parts if getattr(mail, part) is None]
        if missing:
            found = [part.line for part in _parts(mail) if part]
            has = f"; it has “{found[0][:QUOTE]}”" if found else ""
            words = listed((f"a {part}" for part in missing), "or")
            return Judgement(False, f"the e-mail lacks {words}{has}", found[0] if found else "")
        greeting = mail.greeting.line[:QUOTE] if mail.greeting else ""
        if self.greets is not None and not _greets(mail, str(known(self.greets))):
            return Judgement(False, f"“{greeting}” does not greet {known(self.greets)}", greeting)
        lines = [part.line[:QUOTE] for part in _parts(mail) if part]
        return Judgement(True, f"it has {listed(f'“{line}”' for line in lines)}", lines[0])


class Table(NamedTuple):
    heads: Sequence[str]
    rows: Sequence[Line]


_JUDGES: Mapping[Form, Callable[[LayoutClaim, Document], Judgement]] = {
    "bullets": LayoutClaim._judge_items,
    "numbered": LayoutClaim._judge_items,
    "table": LayoutClaim._judge_table,
    "json": LayoutClaim._judge_json,
    "email": LayoutClaim._judge_email,
}


def count_words(document: Document) -> int:
    """Count what has a letter or a digit; marks of lists, headings and tables have none."""
    read = (word for line in document.lines for word in line.text.split())
    rest = document.raw[LIMIT:].split() if document.is_cut else ()
    return sum(any(map(str.isalnum, word)) for word in (*read, *rest))


def _tables(document: Document) -> Iterator[Table]:
    lines = (line for line in document.lines if line.kind in ("row", "head"))
    for _, group in groupby(lines, key=lambda line: line.group):
        first, *rows = group
        if first.kind == "head":
            yield Table([cell for cell in first.cells if cell], rows)


def _is_beside(line: Line, kinds: Sequence[str]) -> bool:
    return line.kind not in kinds and line.parent is None and bool(line.text.strip(" -*_="))


def _parts(mail: Mail) -> list[Any]:
    return [mail.subject, mail.greeting, mail.closing]


def _greets(mail: Mail, name: str) -> bool:
    """Tell whether only words of a name are greeted, and one at least."""
    return bool(mail.greeted) and mail.greeted <= frozenset(needle(name).split())
