"""How well the rules of words do on the golden sentences."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from authoring.lint.golden import Case, Tally, known_rules, load_cases, tallies
from grading.statistics.rates import Share, wilson

LEAST = 0.9  # of the precision of a rule that can speak as an error


class Command(BaseCommand):
    help = "Print precision and recall of each lint rule on the golden sentences."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON document")
        parser.add_argument("--verbose", action="store_true", help="list what was wrong as well")

    def handle(self, **options: Any) -> None:
        cases, rules = load_cases(), known_rules()
        held_out = [case for case in cases if case.held_out]
        parts = {"all": tallies(cases, rules), "held out": tallies(held_out, rules)}
        if options["json"]:
            facts = {name: _facts(part) for name, part in parts.items()}
            numbers = {"cases": len(cases), "held_out": len(held_out)}
            self.stdout.write(json.dumps({**numbers, "rules": facts}, ensure_ascii=False))
        else:
            self._write(cases, held_out, parts, is_verbose=options["verbose"])
        if weak := weak_rules(parts["all"]):
            raise CommandError(f"precision below {LEAST:.0%}: {', '.join(weak)}")

    def _write(
        self,
        cases: Sequence[Case],
        held_out: Sequence[Case],
        parts: Mapping[str, Mapping[str, Tally]],
        *,
        is_verbose: bool,
    ) -> None:
        self.stdout.write(f"{len(cases)} cases, {len(held_out)} of them held out")
        for name, part in parts.items():
            self.stdout.write(f"\n{name}\nrule   n    tp  fp  fn  precision        recall")
            for rule, tally in part.items():
                self.stdout.write(_line(rule, tally))
        for rule, tally in parts["all"].items() if is_verbose else ():
            for noun, names in (("false", tally.false), ("missed", tally.missed)):
                for name in names:
                    self.stdout.write(f"{rule} {noun}: {name}")


def weak_rules(part: Mapping[str, Tally]) -> list[str]:
    """Give the rules that speak as an error and are wrong too often when they do, or at all."""
    errors = {rule.removesuffix("!") for rule in part if rule.endswith("!")}
    judged = [rule for rule in part if rule.removesuffix("!") in errors]
    return [rule for rule in judged if (share := precision(part[rule])) and share.value < LEAST]


def precision(tally: Tally) -> Share | None:
    return wilson(tally.right, tally.right + len(tally.false))


def recall(tally: Tally) -> Share | None:
    return wilson(tally.right, tally.right + len(tally.missed))


def _line(rule: str, tally: Tally) -> str:
    positive = tally.right + len(tally.missed)
    numbers = f"{positive:3} {tally.right:5} {len(tally.false):3} {len(tally.missed):3}"
    return f"{rule:5} {numbers}  {_share(precision(tally)):16} {_share(recall(tally))}"


def _share(share: Share | None) -> str:
    if share is None:
        return "none"
    return f"{share.value:.2f} [{share.low:.2f}–{share.high:.2f}]"


def _facts(part: Mapping[str, Tally]) -> dict[str, Any]:
    return {rule: _fact(tally) for rule, tally in part.items()}


def _fact(tally: Tally) -> dict[str, Any]:
    shares = {"precision": precision(tally), "recall": recall(tally)}
    numbers = {
        "positive": tally.right + len(tally.missed),
        "true_positive": tally.right,
        "false_positive": len(tally.false),
        "false_negative": len(tally.missed),
    }
    return numbers | {
        name: share and {"value": share.value, "low": share.low, "high": share.high}
        for name, share in shares.items()
    }
