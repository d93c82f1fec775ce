"""Who may write what to a task over REST: everybody comes with all scopes, nothing is sent, and
what was done is undone."""

import pytest
from django.db import transaction

from authoring.dry_runs.starting import start_dry_run
from authoring.models import Comment
from simulation import roles
from simulation.rest.scopes import AUTHOR, SCOPES
from tests.authoring.tasks import make_task
from tests.factories import make_user, make_world
from tests.web.rest import Script
from tests.web.scope_table import NEEDED, address, api_patterns

pytestmark = pytest.mark.django_db
PATTERNS = {str(pattern.name): pattern for pattern in api_patterns()}
REVIEW = (
    *("request-changes", "approve", "reveal", "ticks", "checklist", "comments", "replies"),
    *("resolve", "reopen", "dry-runs", "dry-run-cancel"),
)


WRITERS = {  # whether they write the task, and whether they review it
    "": (False, False),
    roles.RUNNER: (False, False),
    roles.ANALYST: (False, False),
    roles.AUTHOR: (False, False),
    roles.REVIEWER: (False, True),
    roles.ADMIN: (True, True),
    "owner": (True, True),
}


def test_what_is_written_to_a_task_is_for_those_whose_it_is():
    owner = make_user("owner", roles.AUTHOR)
    world = make_world(owner=owner, slug="store", version=1, prompts={"clerk": "."})
    task = make_task(owner, world, "task")
    thread = Comment.objects.create(task=task, place="task", body="Why?", author=owner)
    dry_run = start_dry_run(task, by=owner)
    numbers = {"dry-run-cancel": dry_run.pk, **dict.fromkeys(OF_THREADS, thread.pk)}

    wrong = []
    for role, (writes, reviews) in WRITERS.items():
        person = (
            owner if role == "owner" else make_user(role or "nobody", *([role] if role else []))
        )
        script = Script(person, *SCOPES)
        for method, name in WRITES:
            number = numbers.get(name, 1)
            url = address(PATTERNS[f"task-{name}"], slug="task", pk=number, number=1)
            is_in = _is_let_in(script, method, url)
            if is_in != (reviews if name in (*REVIEW, "detail") else writes):
                wrong.append((role, method, name, script.status))

    assert wrong == []


OF_THREADS = ("replies", "resolve", "reopen")
# there is nothing to decide in this dry run, which is not found for those who decide as well
NOT_HERE = ("list", "dry-run-decide")
WRITES = [
    (method, name.removeprefix("task-"))
    for name, methods in NEEDED.items()
    for method, scope in methods.items()
    if scope == AUTHOR and name.startswith("task-")
    if name.removeprefix("task-") not in NOT_HERE
]


def _is_let_in(script, method, url):
    with transaction.atomic():
        script.ask(method, url, {})
        transaction.set_rollback(True)
    return script.status != 404
