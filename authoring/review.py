"""The whole workflow of review: one table of moves and one function."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from authoring.gates import approval_problems
from authoring.models import ReviewEvent, Revision
from simulation.errors import Conflict, Forbidden, Problems
from simulation.roles import ADMIN, AUTHOR, REVIEWER, has_role

State = Revision.State


@dataclass(frozen=True)
class Move:
    """From where to where, and whose it is.

    A judgement is never for the author of what is judged.
    """

    sources: frozenset[str]
    target: str
    roles: tuple[str, ...]
    is_judgement: bool = False


MOVES: dict[str, Move] = {
    "submit": Move(frozenset({State.SAVED, State.WITHDRAWN}), State.IN_REVIEW, (AUTHOR, ADMIN)),
    "withdraw": Move(
        frozenset({State.IN_REVIEW, State.CHANGES_REQUESTED}), State.WITHDRAWN, (AUTHOR, ADMIN)
    ),
    "request_changes": Move(
        frozenset({State.IN_REVIEW}), State.CHANGES_REQUESTED, (REVIEWER, ADMIN), is_judgement=True
    ),
    "approve": Move(
        frozenset({State.IN_REVIEW}), State.APPROVED, (REVIEWER, ADMIN), is_judgement=True
    ),
}


@transaction.atomic
def move(revision: Revision, action: str, *, actor: User, comment: str = "") -> Revision:
    """Make one move and record it. Approval passes the gates and supersedes the approved revision.

    Raises Conflict when the revision is not where the move starts, Forbidden when the move is not
    this person's, Problems when a gate stands against approval, KeyError for a move there is none
    of.
    """
    step = MOVES[action]
    _check_actor(revision, action, step, actor)
    if revision.state not in step.sources:
        raise Conflict(f"{revision}: cannot {action} from {revision.state}")
    if action == "approve":
        _pass_gates(revision)
        _supersede(revision, actor)
    try:
        with transaction.atomic():
            moved = Revision.objects.filter(pk=revision.pk, state__in=step.sources).update(
                state=step.target
            )
    except IntegrityError:
        raise Conflict(f"{revision}: another revision of the task is {step.target}") from None
    if not moved:
        raise Conflict(f"{revision}: somebody else moved it; look at it again")
    ReviewEvent.objects.create(revision=revision, actor=actor, action=action, comment=comment)
    revision.refresh_from_db(fields=["state"])
    return revision


def _check_actor(revision: Revision, action: str, step: Move, actor: User) -> None:
    if not has_role(actor, *step.roles):
        raise Forbidden(f"to {action} needs the role {' or '.join(step.roles)}")
    is_own = actor.pk in (revision.author_id, revision.task.owner_id)
    if step.is_judgement and is_own:
        raise Forbidden(f"{revision}: its author cannot {action} it")
    if not step.is_judgement and not is_own and not has_role(actor, ADMIN):
        raise Forbidden(f"{revision}: only its author can {action} it")


def _pass_gates(revision: Revision) -> None:
    if problems := approval_problems(revision):
        raise Problems([f"{revision}: {problem}" for problem in problems])


def _supersede(revision: Revision, actor: User) -> None:
    before = Revision.objects.filter(task=revision.task, state=State.APPROVED).first()
    if before and Revision.objects.filter(pk=before.pk, state=State.APPROVED).update(
        state=State.SUPERSEDED
    ):
        ReviewEvent.objects.create(revision=before, actor=actor, action="supersede")
