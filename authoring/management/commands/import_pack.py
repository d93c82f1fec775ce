"""Bring a bundle in."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from authoring.bundles.bundle import Bundle
from authoring.bundles.importing import gate_problems, import_bundle, refuse
from authoring.bundles.permission import check_may_import_this
from authoring.bundles.plan import ImportPlan, plan_import
from authoring.bundles.reading import bundle_at
from authoring.bundles.wording import said_of
from simulation.errors import GymError
from simulation.people import find_user


class Command(BaseCommand):
    help = "Make worlds, tasks and, with --approve, the frozen version of a pack of a bundle."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="a folder or a zip file")
        parser.add_argument("--owner", required=True, help="username; whose it will be")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen")
        parser.add_argument(
            "--approve", action="store_true", help="approve its tasks and freeze its version"
        )
        parser.add_argument("--slug", default="", help="another name for the pack here")

    def handle(self, *, path: Path, owner: str, **options: Any) -> None:
        try:
            person, bundle = find_user(owner), bundle_at(path)
            choice = {"approve": options["approve"], "slug": options["slug"]}
            check_may_import_this(bundle, person, approve=options["approve"])
            plan = plan_import(bundle, by=person, **choice)
            if options["dry_run"]:
                self._write(bundle, plan)
                refuse((*plan.problems, *(gate_problems(bundle) if plan.approve else ())))
            else:
                done = import_bundle(bundle, owner=person, **choice)
                self._write(bundle, plan)
                self.stdout.write(said_of(done, bundle.name))
        except GymError as error:
            raise CommandError(error.message) from None

    def _write(self, bundle: Bundle, plan: ImportPlan) -> None:
        for note in bundle.notes:
            self.stderr.write(str(note))
        for world in plan.worlds:
            self.stdout.write(f"{world.fate:8} {world.name}")
        for task in plan.tasks:
            self.stdout.write(f"{task.fate:8} {task.packed.slug}@{task.number}")
        if plan.approve:
            self.stdout.write(f"{plan.fate:8} {plan.version}  {plan.hash}")
