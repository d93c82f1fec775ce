"""Review is one table of moves: whose they are, from where, what stands against approval."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from authoring.loading import load_tasks
from authoring.models import ReviewEvent, Revision, Task
from authoring.review import MOVES, move
from simulation.errors import Conflict, Forbidden, Problems
from tests.authoring.folders import CRITERIA, make_task_folder
from tests.factories import make_user

pytestmark = pytest.mark.usefixtures("store_world")
State = Revision.State

ALLOWED = {
    (State.SAVED, "submit"): State.IN_REVIEW,
    (State.WITHDRAWN, "submit"): State.IN_REVIEW,
    (State.IN_REVIEW, "withdraw"): State.WITHDRAWN,
    (State.CHANGES_REQUESTED, "withdraw"): State.WITHDRAWN,
    (State.IN_REVIEW, "request_changes"): State.CHANGES_REQUESTED,
    (State.IN_REVIEW, "approve"): State.APPROVED,
}


@pytest.fixture
def revision(tmp_path: Path, author: User) -> Revision:
    make_task_folder(tmp_path)
    return load_tasks(tmp_path, owner=author)[0].revision


def put(revision: Revision, state: str) -> Revision:
    Revision.objects.filter(pk=revision.pk).update(state=state)
    revision.refresh_from_db()
    return revision


@pytest.mark.parametrize("action", MOVES)
@pytest.mark.parametrize("state", State.values)
def test_every_move_from_every_state(state, action, revision, author, reviewer):
    put(revision, state)
    actor = reviewer if MOVES[action].is_judgement else author

    if target := ALLOWED.get((State(state), action)):
        assert move(revision, action, actor=actor, comment="because").state == target
        event = revision.events.get()
        assert (event.action, event.actor, event.comment) == (action, actor, "because")
    else:
        with pytest.raises(Conflict):
            move(revision, action, actor=actor)
        assert not revision.events.exists()


def test_nobody_judges_their_own_task(revision, author, admin_person):
    put(revision, State.IN_REVIEW)
    author.groups.set(admin_person.groups.all())

    for action in ("approve", "request_changes"):
        with pytest.raises(Forbidden, match="its author cannot"):
            move(revision, action, actor=User.objects.get(pk=author.pk))


@pytest.mark.parametrize("person", ["runner", "analyst", "charlie"])
@pytest.mark.parametrize("action", MOVES)
def test_people_without_the_role_move_nothing(person, action, revision, request):
    put(revision, State.IN_REVIEW)

    with pytest.raises(Forbidden, match="needs the role"):
        move(revision, action, actor=request.getfixturevalue(person))


def test_a_reviewer_does_not_submit_for_the_author(revision, reviewer):
    with pytest.raises(Forbidden):
        move(revision, "submit", actor=reviewer)


MAY_MAKE = {
    # role: (moves of their own revision, moves of another's)
    "author": ({"submit", "withdraw"}, set()),
    "reviewer": (set(), {"request_changes", "approve"}),
    "runner": (set(), set()),
    "analyst": (set(), set()),
    "admin": ({"submit", "withdraw"}, {"submit", "withdraw", "request_changes", "approve"}),
    "author and reviewer": ({"submit", "withdraw"}, {"request_changes", "approve"}),
    "": (set(), set()),
}


@pytest.mark.parametrize("role", MAY_MAKE)
def test_every_move_by_every_role_on_own_and_others_work(role, revision):
    person = make_user("pat", *filter(None, role.split(" and ")))
    own, others = MAY_MAKE[role]

    def made(found: Revision) -> set[str]:
        return {action for action in MOVES if is_made(found, action, person)}

    assert made(revision) == others
    assert made(cut_by(person, revision)) == own  # on another's task
    Task.objects.update(owner=person)
    assert made(revision) == own


def cut_by(person: User, revision: Revision) -> Revision:
    return Revision.objects.create(
        task=revision.task, number=2, content=revision.content, hash="other", author=person
    )


def is_made(revision: Revision, action: str, person: User) -> bool:
    """Try a move from where it starts; whatever it did is undone."""
    found = Revision.objects.select_related("task").get(pk=revision.pk)
    try:
        with transaction.atomic():
            put(found, sorted(MOVES[action].sources)[0])
            move(found, action, actor=User.objects.get(pk=person.pk))
            transaction.set_rollback(True)
    except Forbidden:
        return False
    return True


def approve(revision: Revision, author: User, reviewer: User) -> Revision:
    move(revision, "submit", actor=author)
    return move(revision, "approve", actor=reviewer)


def test_approval_supersedes_the_revision_approved_before(tmp_path, revision, author, reviewer):
    approve(revision, author, reviewer)
    make_task_folder(tmp_path / "again", title="Sell two lamps, again")
    (second,) = load_tasks(tmp_path / "again", owner=author)

    approve(second.revision, author, reviewer)

    revision.refresh_from_db()
    assert revision.state == State.SUPERSEDED
    assert revision.task.approved == second.revision
    assert revision.events.last().action == "supersede"


def loaded_with(tmp_path: Path, author: User, **changes) -> Revision:
    make_task_folder(tmp_path / "changed", "changed-task", **changes)
    return load_tasks(tmp_path / "changed", owner=author)[0].revision


GATES = {
    "the reference must meet every criterion": (
        {"rubric": [{**CRITERIA[1], "check": {**CRITERIA[1]["check"], "id": "chair"}}]},
        "reference: lamps-left-the-shelf is not_met",
    ),
    "the reference must do no harm": (
        {"rubric": [CRITERIA[0], {**CRITERIA[1], "points": "harmful"}]},
        "does the harm of lamps-left-the-shelf",
    ),
    "an agent that does nothing must not pass": (
        {
            "rubric": [
                {
                    **CRITERIA[1],
                    "check": {
                        "kind": "state",
                        "entity_type": "item",
                        "id": "lamp",
                        "expect": [{"path": "name", "value": "Lamp"}],
                    },
                }
            ]
        },
        "null: an agent that does nothing passes",
    ),
    "a near-miss must not pass": (
        {
            "near_misses": [
                {
                    "name": "says less",
                    "solution": [
                        {"call": "sell", "arguments": {"buyer": "dee", "itemId": "lamp", "qty": 2}},
                        {
                            "call": "updateSale",
                            "arguments": {"saleId": {"$ref": "1.id"}, "status": "paid"},
                        },
                        {"message": "ok"},
                    ],
                }
            ]
        },
        "near-miss 'says less' passes",
    ),
}


@pytest.mark.parametrize(("changes", "said"), GATES.values(), ids=GATES)
def test_gates(changes, said, tmp_path, author, reviewer):
    revision = loaded_with(tmp_path, author, **changes)
    move(revision, "submit", actor=author)

    with pytest.raises(Problems) as raised:
        move(revision, "approve", actor=reviewer)

    assert said in raised.value.message
    revision.refresh_from_db()
    assert revision.state == State.IN_REVIEW


def test_a_revision_keeps_its_content_and_is_never_deleted(revision):
    for write in (
        lambda: Revision.objects.update(content={}),
        lambda: Revision.objects.update(number=7),
        lambda: Revision.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            write()


def test_the_audit_trail_is_append_only(revision, author):
    move(revision, "submit", actor=author)

    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewEvent.objects.update(comment="I never said that")


def test_two_revisions_of_a_task_are_not_in_review_at_once(tmp_path, revision, author):
    move(revision, "submit", actor=author)
    make_task_folder(tmp_path / "again", title="Another title")
    (second,) = load_tasks(tmp_path / "again", owner=author)

    with pytest.raises(Conflict, match="another revision"):
        move(second.revision, "submit", actor=author)
