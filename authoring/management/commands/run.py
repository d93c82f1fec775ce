"""`manage.py run`: launch a run, follow it, and say what came of it."""

import sys
from typing import Any

import orjson
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console

from authoring.api.launch_wire import launch_out
from authoring.launching.check_page import length, money, tokens
from authoring.launching.estimating import estimate
from authoring.launching.following import follow, page_of, show_results
from authoring.launching.progress import as_json, left_of, progress_of, results_of
from authoring.launching.resolving import Launch, resolve
from authoring.launching.service import launch_found
from authoring.launching.wish import KINDS, read_wish
from authoring.splits import SPLITS
from grading.models import Run
from simulation.agent_settings import Limits
from simulation.errors import GymError, NotFound, Problems
from simulation.options import json_option, pairs_option
from simulation.people import find_user
from simulation.wording import counted

UNGRADED, REFUSED = 1, 2  # exit codes


class Command(BaseCommand):
    help = (
        "Launch a run, or attach to one, and wait for it. Workers play it: `manage.py up` starts"
        " some. Exit code 1: something is left without a reward; 2: refused, nothing was launched;"
        " 130: interrupted, the run goes on."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add = parser.add_argument
        add("--user", required=True, help="who launches it: a runner or an admin")
        add("--attach", type=int, metavar="RUN", help="follow a run that there is; launch nothing")
        add("--pack", help="a frozen version, such as basics@3; without a number the newest")
        add("--split", choices=SPLITS)
        add("--task", action="append", help="its name; repeat for several")
        add("--changed-since", type=int, metavar="RUN", help="leave out what that run tried as is")
        add("--agent", action="append", help="name@version, name, or a scripted one; repeat")
        add("--repeats", type=int, help="attempts at each task, 1 to 64; 1 when left out")
        add("--judge", help="name@version")
        add("--customer", metavar="ENDPOINT:MODEL", help="who plays customers without a script")
        add("--faults", metavar="JSON", help="what is made to go wrong")
        add("--limit", action="append", metavar="NAME=VALUE", help=", ".join(Limits.model_fields))
        add("--max-running", type=int, help="episodes at one time")
        add("--kind", choices=KINDS, help=f"{KINDS[0]} when left out")
        add("--title")
        add("--seed", type=int)
        add("--dry-run", action="store_true", help="say what it would be, and launch nothing")
        add("--json", action="store_true", help="figures as the last line of stdout")
        add("--wait", action="store_true", default=True, help="until all is graded (the default)")
        add("--no-wait", dest="wait", action="store_false", help="launch it and go")

    def handle(self, **options: Any) -> None:
        console = Console(stderr=bool(options["json"]), highlight=False)
        try:
            run = self._run(console, options)
        except GymError as error:
            raise CommandError(error.message, returncode=REFUSED) from None
        if run is None:
            return
        if options["wait"]:
            follow(run, console)
        self._results(console, run, options)

    def _run(self, console: Console, options: Any) -> Run | None:
        """Find or launch what is followed; None where nothing is."""
        person = find_user(options["user"])
        if options["attach"] is not None:
            return _attached(options, person)
        found = resolve(read_wish(_given(options)), person)
        _tell(console, found)
        if options["dry_run"]:
            self._estimate(console, found, as_line=options["json"])
            return None
        run = launch_found(found, by=person)
        console.print(f"Run {run.pk}: {counted(found.episodes, 'episode')}, {page_of(run)}")
        return _seen(run.pk, person)

    def _estimate(self, console: Console, found: Launch, *, as_line: bool) -> None:
        reckoned = estimate(found)
        if as_line:
            self._line(launch_out(found, estimate=reckoned))
            return
        console.print(
            f"{counted(found.episodes, 'episode')}; cost {money(reckoned.cost)};"
            f" tokens {tokens(reckoned.tokens)}; playing time {length(reckoned.seconds)}"
        )
        for part in reckoned.parts:
            console.print(f"  {part.name}: {money(part.cost)}, {part.basis}")

    def _results(self, console: Console, run: Run, options: Any) -> None:
        progress, results, left = progress_of(run), results_of(run), left_of(run)
        if options["wait"]:
            show_results(run, results, left, console)
        if options["json"]:
            self._line(as_json(run, progress, results, left))
        if options["wait"] and progress.ungraded:
            console.print(f"{counted(progress.ungraded, 'episode')} without a reward")
            sys.exit(UNGRADED)

    def _line(self, value: Any) -> None:
        self.stdout.write(orjson.dumps(value).decode())


def _attached(options: Any, person: User) -> Run:
    """Raises Problems for options of a launch beside the run that is attached to, and NotFound."""
    if given := sorted(_given(options)):
        raise Problems([f"{given[0]}: a run that is attached to stays as it was launched"])
    return _seen(options["attach"], person)


def _seen(number: int, person: User) -> Run:
    """Read a run as a person sees it. Raises NotFound."""
    run = Run.objects.visible_to(person).select_related("lane").filter(pk=number).first()
    if run is None:
        raise NotFound(f"there is no run {number}, or it is not {person}'s to see")
    return run


def _given(options: Any) -> dict[str, Any]:
    """Give what is said of a launch, as every launcher is asked. Raises Problems."""
    given = {
        "pack": options["pack"],
        "split": options["split"],
        "tasks": options["task"],
        "changed_since": options["changed_since"],
        "agents": options["agent"],
        "repeats": options["repeats"],
        "judge": options["judge"],
        "customer": _customer(options["customer"]),
        "faults": json_option("faults", options["faults"]),
        "limits": pairs_option(options["limit"]),
        "max_running": options["max_running"],
        "kind": options["kind"],
        "title": options["title"],
        "seed": options["seed"],
    }
    return {name: value for name, value in given.items() if value is not None}


def _customer(text: str | None) -> dict[str, str] | None:
    if text is None:
        return None
    endpoint, _, model = text.partition(":")
    return {"endpoint": endpoint, "model": model}


def _tell(console: Console, found: Launch) -> None:
    for left in found.left_out:
        names = f": {', '.join(left.names[:10])}" if left.names else ""
        console.print(f"left out {left.count}, {left.why}{names}", markup=False, soft_wrap=True)
    for warning in found.warnings:
        console.print(warning, markup=False, soft_wrap=True)
