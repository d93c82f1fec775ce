"""response: what the agent told people, in its answer or in what it wrote into the world."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar, Literal, NamedTuple, Self

from pydantic import Field, model_validator

from grading import expectations
from grading.claims import Claim, Judgement
from grading.claims.amounts import MoneyClaim
from grading.claims.dates import DateClaim
from grading.claims.entities import EntityClaim
from grading.claims.layout import LayoutClaim
from grading.claims.lists import ListClaim
from grading.claims.moments import MomentClaim
from grading.claims.numbers import NumberClaim
from grading.claims.patterns import PatternClaim
from grading.claims.text import TextClaim
from grading.expectations import Expectation, first_broken, says_all
from grading.graders import GRADERS, Check, Cited, Evidence, Finding, decided
from grading.reading.lines import read
from grading.reading.quotes import in_original
from simulation.entities import Row
from simulation.environments import Environment
from simulation.errors import InvalidArgument, Problems
from simulation.paths import read_path
from simulation.state import Change, WorldState
from simulation.values import Frozen
from simulation.wording import counted, plural, spoken, spoken_path

CLAIMS: tuple[str, ...] = (
    *("text", "number", "money", "date", "date_time", "entity", "list", "layout", "matches"),
)
Lines = list[str]  # a field below is named list
_EACH = {"together": "", "any": "at least one ", "all": "each "}
_ROWS = {"new": "new", "changed": "changed", "new_or_changed": "new or changed"}


class Told(NamedTuple):
    """A text that the agent gave, and the steps that gave it."""

    text: str
    steps: Sequence[Cited]


class Written(Frozen):
    """A text field of the rows that the agent made or changed, such as the body of its messages
    to customers."""

    entity_type: str = Field(description="the type of the rows, such as slack_message")
    field: str = Field(min_length=1, max_length=200, description="the field that has the text")
    where: tuple[Expectation, ...] = Field((), description="which of the rows are read")
    rows: Literal["new", "changed", "new_or_changed"] = Field(
        "new", description="rows that the agent made, or those whose text it changed"
    )
    texts: Literal["together", "any", "all"] = Field(
        "together",
        description="several texts are read as one, or one of them must say it, or each of them",
    )

    def says(self) -> str:
        of = f"the {_ROWS[self.rows]} {plural(self.entity_type)}"
        rows = (
            f"{spoken_path(self.field)} of {_EACH[self.texts]}{'of ' if self._is_each else ''}{of}"
        )
        return f"{rows} where {says_all(self.where)}" if self.where else rows

    def told(self, evidence: Evidence) -> list[Told]:
        """Give the texts, row by row."""
        world = evidence.world
        return [
            Told(text, evidence.writes_of(self.entity_type, change.id))
            for change in evidence.diff
            if change.entity_type == self.entity_type
            and change.after
            and (text := self._text_of(world, change))
            and not first_broken(world, self.entity_type, change.after, self.where)
        ]

    def problems(self, company: Environment) -> list[str]:
        try:
            shape = read_path(company, self.entity_type, self.field).shape
        except InvalidArgument as error:
            return [f"source.field: {error.message}"]
        wrong = [] if shape.kind == "text" else [f"source.field: {self.field} is {shape.in_words}"]
        return wrong + expectations.problems_of(
            company, "source.where", self.entity_type, self.where
        )

    @property
    def _is_each(self) -> bool:
        return self.texts != "together"

    def _text_of(self, world: WorldState, change: Change) -> str:
        """Give what the agent wrote into a row; "" when the text stood there before."""
        if (change.before is None) != (self.rows == "new") and self.rows != "new_or_changed":
            return ""
        after = self._read(world, change.after)
        return "" if after == self._read(world, change.before) else after

    def _read(self, world: WorldState, row: Row | None) -> str:
        if row is None:
            return ""
        path = read_path(world.snapshot.company, self.entity_type, self.field)
        return "\n\n".join(map(str, path.values(world, row)))


@GRADERS.add("response")
class ResponseCheck(Check):
    """Read what the agent said: its final answer, or a text field of rows that it wrote (`source`).

    Ask for one thing. `text`: words that are there, or are not. `number`, `money`, `date`,
    `date_time`: a value, found as a value and not as a part of something else; with `near`, in the
    same sentence, line or table row as one of these words, and the same words must not carry
    another value elsewhere. `entity`: a row of the world by its id or name. `list`: all items, and
    nothing else of the kind. `layout`: how the text is set out. `matches`: a regular expression.
    Except for `layout` and `matches`, case, spaces, typographic quotes and dashes and Markdown
    never count."""

    EXAMPLE: ClassVar[Mapping[str, Any]] = {
        "kind": "response",
        "number": {
            "value": {
                "query": {
                    "entity_type": "refund",
                    "where": [
                        {"path": "status", "value": "processed"},
                        {
                            "path": "processedAt",
                            "op": "between",
                            "value": ["2025-07-01", "2025-07-31"],
                        },
                    ],
                    "measure": "count",
                }
            },
            "near": ["refund", "processed"],
        },
    }

    kind: Literal["response"]
    source: Literal["answer"] | Written = Field(
        "answer", description="the final answer, or a text field of rows that the agent wrote"
    )
    text: TextClaim | None = Field(None, description="words")
    number: NumberClaim | None = Field(None, description="a number")
    money: MoneyClaim | None = Field(None, description="an amount of money")
    date: DateClaim | None = Field(None, description="a day")
    date_time: MomentClaim | None = Field(None, description="a day with a time")
    entity: EntityClaim | None = Field(None, description="a row of the world")
    list: ListClaim | None = Field(None, description="a list of items")
    layout: LayoutClaim | None = Field(None, description="how the text is set out")
    matches: PatternClaim | None = Field(None, description="a regular expression")

    @model_validator(mode="after")
    def _one_claim(self) -> "ResponseCheck":
        if len([name for name in CLAIMS if getattr(self, name) is not None]) != 1:
            raise ValueError(f"write exactly one of {', '.join(CLAIMS)}")
        return self

    def grade(self, evidence: Evidence) -> Finding:
        told = self._told(evidence)
        if isinstance(self.source, Written) and self.source.texts != "together" and told:
            return self._grade_each(told, evidence.world, wants_all=self.source.texts == "all")
        text = "\n\n".join(each.text for each in told)
        judgement = self._judge(text, evidence.world)
        reason = judgement.reason if text.strip() else f"{self._nothing}: {judgement.reason}"
        return decided(judgement.met, reason, list(_cited(told, judgement)))

    def sentence(self) -> str:
        teller = "The answer" if self.source == "answer" else self.source.says()
        return f"{teller[0].upper()}{teller[1:]} {self._claim.says()}."

    def problems(self, company: Environment) -> "Lines":
        source = self.source.problems(company) if isinstance(self.source, Written) else []
        return source + [f"{self._name}.{line}" for line in self._claim.problems(company)]

    def bound(self, world: WorldState) -> Self:
        """Give the check with every query's result filled in.

        Raises Problems also for a row that is not there.
        """
        check = super().bound(world)
        if lacking := self._claim.unresolved(world):
            raise Problems([f"check.{self._name}.{line}" for line in lacking])
        return check

    @cached_property
    def _name(self) -> str:
        return next(name for name in CLAIMS if getattr(self, name) is not None)

    @cached_property
    def _claim(self) -> Claim:
        claim: Claim = getattr(self, self._name)
        return claim

    @property
    def _nothing(self) -> str:
        if isinstance(self.source, Written):
            return f"no {_ROWS[self.source.rows]} {spoken(self.source.entity_type)} has such a text"
        return "the answer is empty"

    def _told(self, evidence: Evidence) -> "Sequence[Told]":
        if isinstance(self.source, Written):
            return self.source.told(evidence)
        cited = [] if evidence.last_word is None else [Cited(evidence.last_word)]
        return [Told(evidence.final_response, cited)]

    def _judge(self, text: str, world: WorldState) -> Judgement:
        return self._claim.judge(read(text), world)

    def _grade_each(self, told: "Sequence[Told]", world: WorldState, *, wants_all: bool) -> Finding:
        """Judge each text by itself; cite the ones that decided."""
        judged = [(each, self._judge(each.text, world)) for each in told]
        met = [pair for pair in judged if pair[1].met]
        broken = [pair for pair in judged if not pair[1].met]
        is_met = not broken if wants_all else bool(met)
        deciding = met if is_met else broken
        said = (
            f"{len(met)} of {counted(len(judged), 'text')} {'says' if len(met) == 1 else 'say'} so"
        )
        cited = [cite for each, judgement in deciding for cite in _cited([each], judgement)]
        return decided(is_met, f"{said}: {deciding[0][1].reason}", cited)


def _cited(told: Sequence[Told], judgement: Judgement) -> Iterator[Cited]:
    """Cite the steps of the texts, with the words that decided where they stand."""
    for each in told:
        quote = in_original(each.text, judgement.quote)
        yield from (Cited(cited.step, quote) for cited in each.steps)
