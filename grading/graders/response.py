"""response: what the agent told people, in its answer or in what it wrote into the world."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field, model_validator

from grading import expectations
from grading.claims import Claim
from grading.claims.lists import ListClaim
from grading.claims.text import TextClaim
from grading.claims.values import DateClaim, MoneyClaim, NumberClaim
from grading.expectations import Expectation, first_broken, says_all
from grading.graders import GRADERS, Check, Cited, Evidence, Finding, decided
from grading.reading.lines import read
from simulation.environments import Environment
from simulation.errors import InvalidArgument
from simulation.paths import read_path
from simulation.values import Frozen
from simulation.wording import plural, spoken, spoken_path

CLAIMS = ("text", "number", "money", "date", "list")
Lines = list[str]  # a field below is named list


class Written(Frozen):
    """A text field of the rows that the agent made, such as the body of its messages to
    customers."""

    entity_type: str
    field: str = Field(min_length=1, max_length=200)
    where: tuple[Expectation, ...] = ()

    def says(self) -> str:
        rows = f"{spoken_path(self.field)} of the new {plural(self.entity_type)}"
        return f"{rows} where {says_all(self.where)}" if self.where else rows

    def texts(self, evidence: Evidence) -> dict[str, str]:
        """Give the texts by the id of their row."""
        world = evidence.world
        path = read_path(world.snapshot.company, self.entity_type, self.field)
        return {
            row["id"]: "\n\n".join(map(str, path.values(world, row)))
            for row in evidence.made(self.entity_type)
            if not first_broken(world, self.entity_type, row, self.where)
        }

    def problems(self, company: Environment) -> list[str]:
        try:
            shape = read_path(company, self.entity_type, self.field).shape
        except InvalidArgument as error:
            return [f"source.field: {error.message}"]
        wrong = [] if shape.kind == "text" else [f"source.field: {self.field} is {shape.in_words}"]
        return wrong + expectations.problems_of(
            company, "source.where", self.entity_type, self.where
        )


@GRADERS.add("response")
class ResponseCheck(Check):
    """Read what the agent said: its final answer, or a text field of rows that it made (`source`).

    Ask for one thing. `text`: words that are there, or are not. `number`, `money`, `date`: a
    value, found as a value and not as a part of something else; with `near`, in the same sentence,
    line or table row as one of these words, and the same words must not carry another value
    elsewhere. `list`: all items, and nothing else of the kind. Case, spaces, typographic quotes
    and dashes and Markdown never count."""

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
    source: Literal["answer"] | Written = "answer"
    text: TextClaim | None = None
    number: NumberClaim | None = None
    money: MoneyClaim | None = None
    date: DateClaim | None = None
    list: ListClaim | None = None

    @model_validator(mode="after")
    def _one_claim(self) -> "ResponseCheck":
        if len([name for name in CLAIMS if getattr(self, name) is not None]) != 1:
            raise ValueError(f"write exactly one of {', '.join(CLAIMS)}")
        return self

    def grade(self, evidence: Evidence) -> Finding:
        source = self.source
        if isinstance(source, Written):
            texts = source.texts(evidence)
            cited = [c for key in texts for c in evidence.writes_of(source.entity_type, key)]
        else:
            texts = {"": evidence.final_response}
            cited = [] if evidence.last_word is None else [Cited(evidence.last_word)]
        text = "\n\n".join(texts.values())
        judgement = self._claim.judge(read(text), evidence.world)
        reason = judgement.reason if text.strip() else f"{self._nothing}: {judgement.reason}"
        quote = judgement.quote if judgement.quote in text else ""
        return decided(judgement.met, reason, [Cited(c.step, quote) for c in cited])

    def sentence(self) -> str:
        teller = "The answer" if self.source == "answer" else self.source.says()
        return f"{teller[0].upper()}{teller[1:]} {self._claim.says()}."

    def problems(self, company: Environment) -> "Lines":
        source = self.source.problems(company) if isinstance(self.source, Written) else []
        name = next(name for name in CLAIMS if getattr(self, name) is not None)
        return source + [f"{name}.{line}" for line in self._claim.problems(company)]

    @property
    def _claim(self) -> Claim:
        claims = (self.text, self.number, self.money, self.date, self.list)
        return next(claim for claim in claims if claim is not None)

    @property
    def _nothing(self) -> str:
        if isinstance(self.source, Written):
            return f"no new {spoken(self.source.entity_type)} has such a text"
        return "the answer is empty"
