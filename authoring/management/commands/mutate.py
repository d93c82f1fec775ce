"""Measure how strong rubrics are: mutants of the reference that must not pass."""

import json
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from authoring.content import TaskContent
from authoring.loading import LIBRARY, read_task
from authoring.models import Task
from authoring.mutants.judges import decided_by, named_judge
from authoring.mutants.measure import Decide, Strength, measure
from authoring.mutants.scores import Score, counts_of, document, score_of
from authoring.strength.access import of_draft
from authoring.strength.marks import equivalent_hashes
from simulation.errors import GymError
from simulation.wording import counted


class Command(BaseCommand):
    help = "Measure how strong rubrics are: mutants of the reference that must not pass."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("task", nargs="?", default="", help="slug of a task")
        parser.add_argument("--all", action="store_true", help="every shipped task, from its file")
        parser.add_argument("--judge", default="", help="decides what no rule does: NAME@VERSION")
        parser.add_argument("--json", action="store_true", help="one JSON document a task, a line")

    def handle(self, *, task: str, **options: Any) -> None:
        if bool(task) == options["all"]:
            raise CommandError("name one task, or write --all for every shipped task")
        try:
            decide = decided_by(named_judge(options["judge"]))
            for slug, content in _contents(task):
                self._measure(slug, content, decide, as_json=options["json"])
        except GymError as error:
            raise CommandError(error.message) from None

    def _measure(
        self, slug: str, content: TaskContent, decide: Decide | None, *, as_json: bool
    ) -> None:
        strength = measure(content, decide=decide)
        owner = Task.objects.filter(slug=slug).first()
        marks = equivalent_hashes(owner) if owner else frozenset()
        score = score_of(strength.results, strength.criteria, marks)
        if as_json:
            facts = {"task": slug, "world": content.world, "content_hash": content.hash}
            facts |= {"rubric_hash": content.rubric.hash}
            found = document(strength.results, counts_of(strength), score, marks)
            self.stdout.write(json.dumps({**facts, **found}, ensure_ascii=False))
        else:
            self._write(slug, strength, score, marks)

    def _write(self, slug: str, strength: Strength, score: Score, marks: frozenset[str]) -> None:
        share = score.share
        rate = f"{share.value:.1%} ({share.low:.0%} to {share.high:.0%})" if share else "no score"
        mutants = counted(len(strength.results), "mutant")
        self.stdout.write(f"{slug}  {rate}  {mutants} of {strength.found}")
        notes = {
            "same as the reference": strength.same,
            "ending as another does": strength.repeated,
            "undecided": score.undecided,
            "equivalent": score.equivalent,
        }
        said = ", ".join(f"{number} {word}" for word, number in notes.items() if number)
        if said:
            self.stdout.write(f"  {said}")
        for result in strength.results:
            if result.fate != "killed" and result.hash not in marks:
                self.stdout.write(f"  {result.fate}: {result.sentence}  [{result.id}]")
        for kills in score.criteria:
            if not kills.kills:
                self.stdout.write(f"  kills nothing: {kills.criterion}")


def _contents(slug: str) -> Iterator[tuple[str, TaskContent]]:
    """Give one task of the database, or all that are shipped. Raises GymError."""
    if not slug:
        for file in sorted(LIBRARY.glob("**/task.yaml")):
            yield file.parent.name, read_task(file.parent)
        return
    task = Task.objects.filter(slug=slug).first()
    if task is None:
        raise CommandError(f"there is no task {slug!r}")
    yield slug, of_draft(task).content
