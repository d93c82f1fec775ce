"""Scope × route of tasks and tokens: which scope reads, which writes; all else is 403 and names
what is missing."""

import re

import pytest
from django.db import transaction

from authoring.api import task_urls
from authoring.dry_runs.starting import start_dry_run
from authoring.models import Comment
from simulation import roles
from simulation.rest.scopes import ADMIN, AUTHOR, READ, SCOPES
from tests.authoring.tasks import make_task
from tests.factories import make_user, make_world
from tests.web.rest import Script

pytestmark = pytest.mark.django_db
NEEDED = {
    "tasks/": {"GET": READ, "POST": AUTHOR},
    "tasks/SLUG/": {"GET": READ, "PATCH": AUTHOR},
    "tasks/SLUG/retire/": {"POST": AUTHOR},
    "tasks/SLUG/bring-back/": {"POST": AUTHOR},
    "tasks/SLUG/draft/": {"GET": READ, "PUT": AUTHOR, "PATCH": AUTHOR},
    "tasks/SLUG/lint/": {"GET": READ},
    "tasks/SLUG/lint/keep/": {"POST": AUTHOR},
    "tasks/SLUG/lint/take-back/": {"POST": AUTHOR},
    "tasks/SLUG/lint/apply/": {"POST": AUTHOR},
    "tasks/SLUG/revisions/": {"GET": READ, "POST": AUTHOR},
    "tasks/SLUG/revisions/1/": {"GET": READ},
    "tasks/SLUG/revisions/1/differences/": {"GET": READ},
    "tasks/SLUG/revisions/1/restore/": {"POST": AUTHOR},
    "tasks/SLUG/submit/": {"POST": AUTHOR},
    "tasks/SLUG/withdraw/": {"POST": AUTHOR},
    "tasks/SLUG/request-changes/": {"POST": AUTHOR},
    "tasks/SLUG/approve/": {"POST": AUTHOR},
    "tasks/SLUG/review/": {"GET": READ},
    "tasks/SLUG/review/reveal/": {"POST": AUTHOR},
    "tasks/SLUG/review/ticks/": {"POST": AUTHOR},
    "tasks/SLUG/review/checklist/": {"POST": AUTHOR},
    "tasks/SLUG/comments/": {"GET": READ, "POST": AUTHOR},
    "tasks/SLUG/comments/1/": {"GET": READ},
    "tasks/SLUG/comments/1/replies/": {"POST": AUTHOR},
    "tasks/SLUG/comments/1/resolve/": {"POST": AUTHOR},
    "tasks/SLUG/comments/1/reopen/": {"POST": AUTHOR},
    "tasks/SLUG/dry-runs/": {"GET": READ, "POST": AUTHOR},
    "tasks/SLUG/dry-runs/1/": {"GET": READ},
    "tasks/SLUG/dry-runs/1/cancel/": {"POST": AUTHOR},
    "tasks/SLUG/dry-runs/1/decide/": {"POST": AUTHOR},
    "tokens/": {"GET": READ, "POST": ADMIN},
    "tokens/1/": {"GET": READ},
    "tokens/1/revoke/": {"POST": ADMIN},
    "me/": {"GET": READ},
}


def test_a_token_gets_in_with_the_scope_of_the_route_alone(admin_person):
    """Everything is theirs to see, so that only the scope decides; nothing is sent."""
    make_task(admin_person, make_world(slug="store", version=1, prompts={"clerk": "."}), "task")
    alone = {scope: Script(admin_person, scope, name=scope) for scope in (READ, AUTHOR, ADMIN)}
    others = {
        scope: Script(admin_person, *(SCOPES.keys() - {scope}), name=f"not {scope}")
        for scope in alone
    }

    wrong = []
    for address, methods in NEEDED.items():
        for method, needed in methods.items():
            for script in (alone[needed], others[needed]):
                # a list is no body of any of them: whoever gets in is told so, and writes nothing
                answer = script.ask(method, address.replace("SLUG", "task"), [])
                if not _is_right(script is alone[needed], needed, script.status, answer):
                    wrong.append((address, method, needed, script.status, answer))

    assert not wrong, "\n".join(map(str, wrong))


def _is_right(is_in, needed, status, answer):
    if is_in:
        return status not in (401, 403, 405) and status < 500
    return status == 403 and f"the token lacks the scope '{needed}'" in answer["error"]["message"]


def test_every_route_of_tasks_and_tokens_is_in_the_table():
    there_are = {_plain(pattern.pattern.regex.pattern) for pattern in task_urls.urlpatterns}

    assert there_are == set(NEEDED)


def _plain(pattern):
    plain = pattern.removeprefix("^").removesuffix("$")
    return re.sub(r"\(\?P<(slug|number|pk)>[^)]*\)", lambda m: _EXAMPLES[m[1]], plain)


_EXAMPLES = {"slug": "SLUG", "number": "1", "pk": "1"}


# who may write what: everybody comes with all scopes, nothing is sent, and what was done is undone

REVIEW = (
    *("request-changes/", "approve/", "review/reveal/", "review/ticks/", "review/checklist/"),
    *("comments/", "comments/1/replies/", "comments/1/resolve/", "comments/1/reopen/"),
    *("dry-runs/", "dry-runs/1/cancel/"),
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
    numbers = {"comments/1": f"comments/{thread.pk}", "dry-runs/1": f"dry-runs/{dry_run.pk}"}

    wrong = []
    for role, (writes, reviews) in WRITERS.items():
        person = (
            owner if role == "owner" else make_user(role or "nobody", *([role] if role else []))
        )
        script = Script(person, *SCOPES)
        for method, part in WRITES:
            is_in = _is_let_in(script, method, part, numbers)
            if is_in != (reviews if part in (*REVIEW, "") else writes):
                wrong.append((role, method, part, script.status))

    assert wrong == []


# there is nothing to decide in this dry run, which is not found for those who decide as well
WRITES = [
    (method, address.removeprefix("tasks/SLUG/"))
    for address, methods in NEEDED.items()
    for method, scope in methods.items()
    if scope == AUTHOR and address.startswith("tasks/SLUG/") and "decide" not in address
]


def _is_let_in(script, method, part, numbers):
    for example, real in numbers.items():
        part = part.replace(example, real)
    with transaction.atomic():
        script.ask(method, f"tasks/task/{part}", {})
        transaction.set_rollback(True)
    return script.status != 404
