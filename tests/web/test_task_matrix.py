"""Every address of tasks × role × ownership × state: who is let in is written down in one table.

What one may not see is not found. GET and POST are asked of every address; what a POST would do is
rolled back, and whether it was let in is all that counts.
"""

import pytest
from django.db import transaction
from django.urls import get_resolver, reverse
from django.utils.timezone import now

from authoring.dry_runs.starting import start_dry_run
from authoring.models import Comment, Task
from authoring.strength.access import of_draft
from authoring.strength.reports import start_report
from simulation.roles import ADMIN, ANALYST, AUTHOR, REVIEWER, RUNNER
from tests.authoring.dry_runs import make_tried_task
from tests.authoring.tasks import make_revision
from tests.factories import LAMP, make_user, make_world, signed_in

# whose task, and its state: where somebody who owns it or may do everything sees the same in each
# state, one of them is asked
CASES = {
    "": [(False, "draft"), (False, "in_review"), (False, "approved")],
    AUTHOR: [(False, "draft"), (False, "in_review"), (False, "approved")],
    REVIEWER: [(True, "in_review"), (False, "in_review")],
    RUNNER: [(False, "draft"), (False, "in_review"), (False, "approved")],
    ANALYST: [(False, "draft"), (False, "in_review"), (False, "approved")],
    ADMIN: [(False, "in_review")],
}
CHANGE = {"op": "update", "entity_type": "item", "id": "lamp", "fields": {"price": 13}}
MADE = {"op": "create", "entity_type": "item", "id": "desk", "fields": dict(LAMP)}
OF_CRITERION = (
    *("save", "json", "preview", "move", "duplicate", "remove", "split", "turn", "bind", "pick"),
)


# who is let in, by role, whether the task is theirs, and its state


def sees_draft(role, own, state):
    return own or role in (REVIEWER, ADMIN)


def sees_rubric(role, own, state):
    readers = (AUTHOR, REVIEWER, ANALYST, ADMIN)
    return sees_draft(role, own, state) or (state == "approved" and role in readers)


def sees_prompt(role, own, state):
    return sees_draft(role, own, state) or state == "approved"


def edits(role, own, state):
    return own or role == ADMIN


def anybody(role, own, state):
    return True


def writes(role, own, state):
    return role in (AUTHOR, ADMIN)


def copies(role, own, state):
    return writes(role, own, state) and sees_rubric(role, own, state)


GET, POST = "get", "post"
TABLE = {
    GET: {
        anybody: [
            *("tasks:list", "inbox:inbox", "reviews:queue", "guide:index", "guide:criteria"),
            *("guide:checks", "guide:check", "guide:lint", "guide:review", "guide:keys"),
        ],
        writes: ["tasks:new"],
        sees_prompt: ["editor:prompt", "editor:frame", "editor:agent"],
        sees_rubric: [
            *("setup:page", "reference:page", "customer:page", "rubric:page", "history:page"),
            *(
                "history:compare",
                "reference:miss",
                "setup:world",
                "strength:page",
                "rubric:preview",
                "rubric:export",
            ),
        ],
        sees_draft: [
            *("lint:page", "dry_run:page", "dry_run:strip", "dry_run:progress", "dry_run:past"),
            *("review:page", "reference:try", "reference:try_tool"),
        ],
        edits: [
            *("setup:add", "setup:rows", "setup:find", "setup:json", "setup:new"),
            *("setup:change", "setup:drop", "setup:like", "setup:edit", "setup:duplicate"),
            *("reference:take", "reference:choose", "reference:new"),
            *("reference:repeat", "reference:step", "rubric:per_row", "rubric:per_field"),
            *("rubric:bind", "rubric:pick"),
        ],
    },
    POST: {
        sees_draft: [
            *("review:comment", "review:reply", "review:resolve", "review:reopen"),
            *("dry_run:start", "dry_run:cancel", "strength:cancel", "review:decide"),
            *("review:tick", "review:checklist", "review:reveal"),  # authors are told why not
        ],
        edits: [
            *("editor:save", "setup:json", "setup:amounts", "setup:new", "setup:change"),
            *("setup:drop", "setup:like", "setup:edit", "setup:move", "setup:duplicate"),
            *("setup:take_out", "reference:toolset", "reference:take", "reference:miss_add"),
            *("reference:miss_change", "reference:message", "reference:new", "reference:repeat"),
            *("reference:step", "reference:do", "customer:page", "rubric:add"),
            "customer:try",
            *("rubric:from_reference", "rubric:put_back", "rubric:per_row", "rubric:per_field"),
            *("rubric:save", "rubric:json", "rubric:move", "rubric:duplicate", "rubric:remove"),
            *("rubric:split", "rubric:turn", "rubric:bind", "lint:apply"),
            *("lint:keep", "lint:drop", "history:name", "history:resolve", "history:restore"),
            *("review:assign", "tasks:retire"),
        ],
        sees_rubric: ["strength:start"],
        copies: ["tasks:duplicate"],
    },
}


# the scene: a task of each state, theirs and somebody else's, with all that addresses name


def make_scene(owner, world, state):
    """Give the task and the arguments of its addresses by name."""
    number = Task.objects.count()
    task = make_tried_task(owner, world, slug=f"task-{number}", setup=[CHANGE, MADE])
    revision = make_revision(task, state="saved" if state == "draft" else state)
    dry_run = start_dry_run(task, by=owner)
    report = start_report(task, of_draft(task), by=owner)
    comment = Comment.objects.create(task=task, place="prompt", body="Why?", author=owner)
    solved = Comment.objects.create(
        task=task, place="setup", body="Done", author=owner, resolved_by=owner, resolved_at=now()
    )
    more = {f"setup:{name}": ["item", "lamp"] for name in ("change", "drop", "like")}
    more |= {f"rubric:{name}": ["sale-is-paid"] for name in OF_CRITERION}
    more |= {f"setup:{name}": [1] for name in ("edit", "move", "duplicate", "take_out")}
    more |= {
        "setup:rows": ["item"],
        "setup:new": ["item"],
        "reference:try_tool": ["sell"],
        "reference:new": ["sell"],
        "reference:repeat": ["sell"],
        "reference:step": [1],
        "reference:do": [1],
        "reference:miss": [1],
        "reference:miss_change": [1],
        "dry_run:progress": [dry_run.pk],
        "dry_run:cancel": [dry_run.pk],
        "dry_run:decide": [dry_run.pk],
        "review:reply": [comment.pk],
        "review:resolve": [comment.pk],
        "review:reopen": [solved.pk],
        "history:restore": [revision.number],
        "strength:progress": [report.pk],
        "strength:cancel": [report.pk],
    }
    return task, more


QUERIES = {
    "rubric:export": "?form=csv",
    "rubric:bind": "?at=check.expect.0.value",
    "rubric:pick": "?at=check.expect.0.value",
    "rubric:per_field": "?of-type=item&of-row=lamp",
}
SENT = {
    "toolset": "default",
    "what": "duplicate",
    "revision": "1",
    "criterion": "sale-is-paid",
    "action": "comment",
}


def address(name, task, more):
    if name.partition(":")[0] in ("guide", "inbox", "reviews") or name in (
        "tasks:list",
        "tasks:new",
    ):
        return reverse(name, args=["state"] if name == "guide:check" else [])
    return reverse(name, args=[task.slug, *more.get(name, [])]) + QUERIES.get(name, "")


def is_let_in(client, method, url, sent):
    """Ask, and undo whatever the answer did."""
    with transaction.atomic():
        status = getattr(client, method)(url, sent if method == POST else None).status_code
        transaction.set_rollback(True)
    return status not in (403, 404, 405)


@pytest.mark.parametrize("role", CASES)
def test_every_address_of_tasks_lets_in_whom_the_table_says(role, db):
    person = make_user("person", *([role] if role else []))
    other = make_user("other", AUTHOR)
    world = make_world(owner=other, slug="store", version=1, prompts={"clerk": "You sell."})
    client = signed_in(person)

    wrong = []
    for own, state in CASES[role]:
        task, more = make_scene(person if own else other, world, state)
        for method, classes in TABLE.items():
            for may, names in classes.items():
                for name in names:
                    expected = may(role, own, state)
                    found = is_let_in(client, method, address(name, task, more), SENT)
                    if found != expected:
                        wrong.append(
                            (method, name, role, "own" if own else "other's", state, found)
                        )

    assert not wrong, "\n".join(map(str, wrong))


# moves and what only reviewers decide have tables of their own: test_review, test_dry_run_pages
ELSEWHERE = {
    *("review:submit", "review:withdraw", "dry_run:decide", "strength:mark", "strength:unmark"),
    *("strength:progress", "reference:try_reset", "tasks:bulk", "tasks:undo", "tasks:bring_back"),
    *("inbox:open", "inbox:read", "add_row:choose"),
}
PARTS = (
    *("tasks", "editor", "setup", "reference", "customer", "rubric", "lint", "dry_run", "review"),
    *("history", "strength", "reviews", "inbox", "guide", "add_row"),
)


def test_no_address_of_tasks_is_missing_from_the_table():
    there_are = {
        f"{prefix}{name}"
        for prefix, pattern in named(get_resolver())
        for name in [pattern.name]
        if prefix.rstrip(":") in PARTS
    }
    listed = {name for classes in TABLE.values() for names in classes.values() for name in names}

    assert there_are - ELSEWHERE == listed - ELSEWHERE


def named(resolver, prefix=""):
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from named(pattern, f"{pattern.namespace}:" if pattern.namespace else prefix)
        elif pattern.name:
            yield prefix, pattern
