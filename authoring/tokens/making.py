"""Making tokens: who may make which, for whom, until when."""

import datetime as dt
import hashlib
import logging
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from authoring.models import ApiToken
from simulation.errors import Conflict, Forbidden, InvalidArgument, Problems
from simulation.rest.scopes import GRANTED, READ, SCOPES
from simulation.roles import ADMIN, has_role
from simulation.text import clean_text

logger = logging.getLogger(__name__)
PREFIX = "egt_"
USUAL_DAYS, LONGEST_DAYS = 90, 365
MOST_LIVE = 50  # tokens of one person
LONGEST_NAME = 100  # characters
FAR = 100 * 366  # days: whoever writes more means for ever


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a token shall be. days or until, its last day; for ever is both None."""

    name: str
    scopes: Sequence[str] = (READ,)
    days: int | None = None
    until: dt.date | None = None

    @property
    def expires_at(self) -> dt.datetime | None:
        """When it ends: after so many days, or with the last day in UTC."""
        if self.until:
            return dt.datetime.combine(self.until, dt.time(), dt.UTC) + dt.timedelta(days=1)
        return timezone.now() + dt.timedelta(days=self.days) if self.days else None


@dataclass(frozen=True, kw_only=True)
class Issued:
    """A token that was just made. text: what nobody can be shown again."""

    token: ApiToken
    text: str


def make_token(
    user: User,
    *,
    name: str,
    scopes: Sequence[str] = (READ,),
    days: int | None = USUAL_DAYS,
    by: User | None = None,
) -> str:
    """Make a token and give its text: the only time that anybody sees it.

    days: how long it is valid; None for ever. by: who asks for it; None is whoever runs the
    commands of this machine, who may everything that an admin may.
    """
    return issue_token(user, Order(name=name, scopes=scopes, days=days), by=by).text


@transaction.atomic
def issue_token(
    user: User, order: Order, *, by: User | None, using: ApiToken | None = None
) -> Issued:
    """Make a token for a person.

    using: the token that `by` asks with; what is made is no stronger and ends no later.

    Raises Forbidden for what only admins make, Problems for what cannot be, Conflict for a name
    that the person has used and for one token too many.
    """
    name = " ".join(clean_text(order.name)[0].split())
    if problems := [*_problems(name, order)]:
        raise Problems(problems)
    _check_may_make(user, order, by)
    if using is not None:
        _check_no_stronger(order, using)
    User.objects.select_for_update().get(pk=user.pk)  # two at once are counted one after the other
    if ApiToken.objects.valid().filter(user=user).count() >= MOST_LIVE:
        raise Conflict(f"{user} has {MOST_LIVE} tokens that work: revoke one first")
    issued = _store(user, name, order, by)
    scopes = " ".join(issued.token.scopes)
    said = {"token": issued.token.pk, "person": user.pk, "by": by.pk if by else None}
    logger.info("token made: %s", scopes, extra=said)
    return issued


def hash_of(text: str) -> str:
    """Give what is stored of a token."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _store(user: User, name: str, order: Order, by: User | None) -> Issued:
    text = PREFIX + secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            token = ApiToken.objects.create(
                user=user,
                name=name,
                hash=hash_of(text),
                start=text[: ApiToken.START],
                scopes=[scope for scope in SCOPES if scope in order.scopes],
                expires_at=order.expires_at,
                made_by=by,
            )
    except IntegrityError:
        raise Conflict(
            f"there is a token {name!r} of {user} already; revoked ones keep their names",
            field="name",
        ) from None
    return Issued(token=token, text=text)


def _problems(name: str, order: Order) -> Iterator[str]:
    if not 0 < len(name) <= LONGEST_NAME:
        yield f"name: say in 1 to {LONGEST_NAME} characters what it is for"
    if unknown := sorted(set(order.scopes) - set(SCOPES)):
        yield f"scopes: there is no scope {unknown[0]!r}; there are {', '.join(SCOPES)}"
    if not order.scopes:
        yield "scopes: choose what it may do"
    if order.days is not None and order.until:
        yield "days: write a number of days, or the last day, not both"
    elif order.days is not None and not 0 < order.days <= FAR:
        yield f"days: write a number from 1 to {FAR}"
    elif order.until and not _is_ahead(order.until):
        yield "until: write a day that is not over"


def _is_ahead(day: dt.date) -> bool:
    return 0 <= (day - timezone.now().date()).days <= FAR


def _check_may_make(user: User, order: Order, by: User | None) -> None:
    if by is None or has_role(by, ADMIN):
        return
    if user.pk != by.pk:
        raise Forbidden("only admins make tokens for others", field="person")
    if granted := [scope for scope in GRANTED if scope in order.scopes]:
        raise Forbidden(
            f"the scope {granted[0]!r} is given by admins: ask one for the token", field="scopes"
        )
    latest = timezone.now() + dt.timedelta(days=LONGEST_DAYS + 1)
    if order.expires_at is None or order.expires_at > latest:
        raise InvalidArgument(
            f"at most {LONGEST_DAYS} days: only admins make tokens for longer", field="until"
        )


def _check_no_stronger(order: Order, using: ApiToken) -> None:
    if more := [scope for scope in order.scopes if scope not in using.scopes]:
        raise Forbidden(
            f"your token lacks the scope {more[0]!r}, so it makes none that has it", field="scopes"
        )
    ends = order.expires_at
    if using.expires_at and (ends is None or ends > using.expires_at):
        last = f"{using.expires_at:%Y-%m-%d %H:%M} UTC"
        raise Forbidden(f"your token ends {last}: it makes none that outlives it", field="until")
