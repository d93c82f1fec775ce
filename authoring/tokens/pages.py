"""What the pages of tokens show, as plain values. None of them but `MadePage` knows a token's
text."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils import timezone

from authoring.models import ApiToken, ApiTokenQuerySet
from authoring.tokens.making import LONGEST_DAYS, MOST_LIVE, USUAL_DAYS, Issued
from simulation.pages import Choice, Mark, Pager
from simulation.rest.scopes import GRANTED, SCOPES
from simulation.roles import ADMIN, has_role
from simulation.wording import counted

EACH_PAGE = 50
SOON = dt.timedelta(days=7)
MOST_PEOPLE = 300  # that the form proposes


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRow:
    """A token in a list. revoke_url: "" for one that has ended. made_by: "" for its person."""

    name: str
    start: str
    person: str
    scopes: tuple[str, ...]
    mark: Mark
    expires_at: dt.datetime | None
    is_soon: bool
    last_used_at: dt.datetime | None
    created_at: dt.datetime
    made_by: str
    revoke_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokensPage:
    """all_url: of everybody's tokens, for admins. shows_people: whether rows name their person."""

    title: str
    rows: tuple[TokenRow, ...]
    count: str
    new_url: str
    all_url: str
    shows_people: bool
    person: str = ""
    pager: Pager | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeChoice:
    """A scope as a box to tick. note: why it cannot be ticked, "" when it can."""

    value: str
    words: str
    is_selected: bool
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What the form holds."""

    name: str = ""
    person: str = ""
    scopes: Sequence[str] = ("read",)
    until: str = ""
    is_for_ever: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTokenPage:
    typed: Typed
    scopes: tuple[ScopeChoice, ...]
    first_day: str
    last_day: str
    is_admin: bool
    people: tuple[str, ...]
    limits: str
    problems: tuple[Choice, ...] = ()
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class MadePage:
    """A token that was just made, with its text: shown in one answer and never again."""

    name: str
    person: str
    text: str
    scopes: tuple[Choice, ...]
    expires_at: dt.datetime | None
    list_url: str
    example_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokePage:
    row: TokenRow
    back_url: str


def own_page(user: User) -> TokensPage:
    """All tokens of one person: those that work first."""
    tokens = list(_newest(ApiToken.objects.filter(user=user)))
    tokens.sort(key=lambda token: not token.is_live)
    live = sum(token.is_live for token in tokens)
    return TokensPage(
        title="API tokens",
        rows=tuple(token_row(token) for token in tokens),
        count=f"{live} of {counted(len(tokens), 'token')} in use" if tokens else "",
        new_url=reverse("tokens:new"),
        all_url=reverse("tokens:all") if has_role(user, ADMIN) else "",
        shows_people=False,
    )


def everybodys_page(tokens: ApiTokenQuerySet, *, person: str, page: int) -> TokensPage:
    """person: whose tokens, "" for everybody's."""
    found = _newest(tokens.filter(user__username=person) if person else tokens)
    sheet = Paginator(found, EACH_PAGE).get_page(page)
    return TokensPage(
        title="Everybody's API tokens",
        rows=tuple(token_row(token) for token in sheet),
        count=counted(sheet.paginator.count, "token"),
        new_url=reverse("tokens:new"),
        all_url="",
        shows_people=True,
        person=person,
        pager=_pager(sheet, person),
    )


def new_page(user: User, typed: Typed | None, problems: Iterable[tuple[str, str]]) -> NewTokenPage:
    """problems: field and what is wrong with it; "" is about no field."""
    is_admin = has_role(user, ADMIN)
    found = list(problems)
    today = timezone.now().date()
    people = User.objects.filter(is_active=True).order_by("username")
    names = people.values_list("username", flat=True)[:MOST_PEOPLE] if is_admin else ()
    usual = today + dt.timedelta(days=USUAL_DAYS)
    typed = typed or Typed(until=usual.isoformat(), person=user.get_username() if is_admin else "")
    return NewTokenPage(
        typed=typed,
        scopes=tuple(_scopes(typed.scopes, is_admin=is_admin)),
        first_day=today.isoformat(),
        last_day="" if is_admin else (today + dt.timedelta(days=LONGEST_DAYS)).isoformat(),
        is_admin=is_admin,
        people=tuple(names),
        limits=f"At most {MOST_LIVE} tokens of one person work at a time.",
        problems=tuple(
            Choice(value=f"id_{name}" if name else "", label=why) for name, why in found
        ),
        errors={name: why for name, why in found if name},
    )


def made_page(issued: Issued, *, host: str) -> MadePage:
    token = issued.token
    return MadePage(
        name=token.name,
        person=token.user.get_username(),
        text=issued.text,
        scopes=tuple(Choice(value=scope, label=SCOPES[scope]) for scope in token.scopes),
        expires_at=token.expires_at,
        list_url=reverse("tokens:list"),
        example_url=f"{host}{reverse('api:me')}",
    )


def token_row(token: ApiToken) -> TokenRow:
    expires_at = token.expires_at
    made_by = token.made_by if token.made_by_id not in (None, token.user_id) else None
    return TokenRow(
        name=token.name,
        start=token.start,
        person=token.user.get_username(),
        scopes=tuple(token.scopes),
        mark=_mark(token),
        expires_at=expires_at,
        is_soon=bool(token.is_live and expires_at and expires_at < timezone.now() + SOON),
        last_used_at=token.last_used_at,
        created_at=token.created_at,
        made_by=made_by.get_username() if made_by else "",
        revoke_url=reverse("tokens:revoke", args=[token.pk]) if token.is_live else "",
    )


def _newest(tokens: ApiTokenQuerySet) -> ApiTokenQuerySet:
    return tokens.select_related("user", "made_by").order_by("-pk")


def _mark(token: ApiToken) -> Mark:
    if token.is_revoked:
        return Mark(state="cancelled", word="revoked")
    if token.is_expired:
        return Mark(state="ended", word="expired")
    return Mark(state="pass", word="works")


def _scopes(chosen: Sequence[str], *, is_admin: bool) -> Iterator[ScopeChoice]:
    for scope, words in SCOPES.items():
        is_given = scope in GRANTED and not is_admin
        yield ScopeChoice(
            value=scope,
            words=words,
            is_selected=scope in chosen and not is_given,
            note="Only an admin gives it: ask one for such a token." if is_given else "",
        )


def _pager(sheet: "Page[ApiToken]", person: str) -> Pager | None:
    if sheet.paginator.num_pages < 2:
        return None
    base = f"?{urlencode({'person': person})}&page=" if person else "?page="
    return Pager(
        text=f"{sheet.start_index():,} to {sheet.end_index():,} of {sheet.paginator.count:,}",
        previous_url=f"{base}{sheet.previous_page_number()}" if sheet.has_previous() else "",
        next_url=f"{base}{sheet.next_page_number()}" if sheet.has_next() else "",
    )
