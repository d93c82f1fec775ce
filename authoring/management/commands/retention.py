"""Remove the transcripts of old runs; rewards and verdicts stay."""

import datetime as dt
import re
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError, CommandParser

from authoring.retention import rule_of
from grading.models import Run
from grading.retention import KINDS, Forecast, Rule, forecast, forget
from simulation.errors import GymError
from simulation.forgetting import Amount, bytes_of_a_step
from simulation.people import answering_user
from simulation.wording import counted, size


class Command(BaseCommand):
    help = "Remove the steps of old runs; shows what would go, unless --yes is said."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--older-than", default="90d", help="days since its end, such as 90d")
        parser.add_argument(
            "--kinds",
            default=",".join(KINDS),
            help=f"some of {', '.join(Run.Kind.values)}, with commas; {','.join(KINDS)}",
        )
        parser.add_argument(
            "--with-packs", action="store_true", help="evaluations of frozen packs too"
        )
        parser.add_argument("--yes", action="store_true", help="do it")
        parser.add_argument("--owner", default="", help="who does it; an admin without it")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, **options: Any) -> None:
        try:
            rule = rule_of(
                older_than=_days(options["older_than"]),
                kinds=tuple(dict.fromkeys(filter(None, options["kinds"].split(",")))),
                with_packs=options["with_packs"],
            )
            found, each = forecast(rule), bytes_of_a_step()
            if not options["json"]:
                self._tell(rule, found, each)
            removed = self._forget(rule, options) if options["yes"] else Amount()
        except GymError as error:
            raise CommandError(error.message) from None
        if options["json"]:
            self.stdout.write(orjson.dumps(_as_json(found, removed, each)).decode())
        elif not options["yes"]:
            self.stdout.write("Nothing was removed: say --yes to do it.")

    def _tell(self, rule: Rule, found: Forecast, each: float) -> None:
        self.stdout.write(f"{rule}:")
        for kind, amount in {**found.by_kind, "in all": found.total}.items():
            self.stdout.write(f"  {kind}: {_said(amount, each)}")
        for why, count in found.kept.items():
            self.stdout.write(f"  kept, {why}: {counted(count, 'episode')}")

    def _forget(self, rule: Rule, options: dict[str, Any]) -> Amount:
        actor = answering_user(options["owner"])
        removed = Amount()
        for batch in forget(rule, actor=actor):
            removed += batch
            if not options["json"]:
                self.stdout.write(f"removed {removed.episodes:,} episodes, {removed.steps:,} steps")
        return removed


def _days(written: str) -> dt.timedelta:
    found = re.fullmatch(r"([1-9]\d{0,4})d?", written)
    if found is None:
        raise CommandError(f"--older-than {written!r}: write days, such as 90d")
    return dt.timedelta(days=int(found[1]))


def _said(amount: Amount, each: float) -> str:
    steps = counted(amount.steps, "step")
    return f"{counted(amount.episodes, 'episode')}, {steps}, about {size(amount.about_bytes(each))}"


def _as_json(found: Forecast, removed: Amount, each: float) -> dict[str, Any]:
    def told(amount: Amount) -> dict[str, int]:
        about = amount.about_bytes(each)
        return {"episodes": amount.episodes, "steps": amount.steps, "about_bytes": about}

    return {
        "by_kind": {kind: told(amount) for kind, amount in found.by_kind.items()},
        "in_all": told(found.total),
        "kept": dict(found.kept),
        "removed": told(removed),
    }
